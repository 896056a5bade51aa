from datetime import timedelta

import pytest
from tests.build import NOW
from tests.servers.browser import PASSWORD_HASH

from felhom_hub.operators.audit import Actor
from felhom_hub.operators.digests import digest
from felhom_hub.operators.models import AuditEntry, Session
from felhom_hub.operators.open_sessions import (
    MOST_LISTED,
    OpenSession,
    end_all_sessions,
    end_other_sessions,
    open_sessions,
    revoke_session,
)
from felhom_hub.operators.sessions import SESSION_LIFE, open_session, operator_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_password")]

HOUR = timedelta(hours=1)
BY = Actor("operator", "192.0.2.7")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def signed_in(address: str = "192.0.2.7", *, hours_ago: int = 0, password_hash: str = PASSWORD_HASH) -> str:
    return open_session(password_hash=password_hash, address=address, user_agent=FIREFOX, now=NOW - hours_ago * HOUR)


def audited() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.values_list("action", "detail"))


def test_a_session_is_shown_with_all_but_its_token() -> None:
    token = signed_in(hours_ago=3)

    assert open_sessions(current=digest(token), now=NOW) == [
        OpenSession(
            reference=digest(token)[:16],
            device="Firefox, Linux",
            address="192.0.2.7",
            created_at=NOW - 3 * HOUR,
            last_seen_at=NOW - 3 * HOUR,
            expires_at=NOW - 3 * HOUR + SESSION_LIFE,
            is_current=True,
        )
    ]


def test_this_browser_comes_first_then_the_ones_seen_last_and_no_ended_one() -> None:
    signed_in("192.0.2.1", hours_ago=2)
    own = signed_in("192.0.2.2", hours_ago=9)
    signed_in("192.0.2.3", hours_ago=1)
    signed_in("192.0.2.4", hours_ago=7 * 24)
    signed_in("192.0.2.5", password_hash="an earlier one")

    listed = open_sessions(current=digest(own), now=NOW)

    assert [session.address for session in listed] == ["192.0.2.2", "192.0.2.3", "192.0.2.1"]


def test_the_list_is_bounded() -> None:
    for _ in range(MOST_LISTED + 1):
        signed_in()

    assert len(open_sessions(current="", now=NOW)) == MOST_LISTED


def test_a_revoked_session_lets_nobody_in_and_is_written_down() -> None:
    lost, kept = signed_in("198.51.100.9"), signed_in()

    assert revoke_session(digest(lost)[:16], by=BY, now=NOW)

    assert (operator_of(lost, now=NOW), operator_of(kept, now=NOW) is not None) == (None, True)
    assert audited() == [("session_revoked", "Firefox, Linux, signed in from 198.51.100.9")]
    assert not revoke_session(digest(lost)[:16], by=BY, now=NOW)


@pytest.mark.parametrize("reference", ["", "%", "0" * 15, "0" * 17, "G" * 16, "0" * 16])
def test_what_names_no_session_ends_none(reference: str) -> None:
    signed_in()

    assert not revoke_session(reference, by=BY, now=NOW)
    assert Session.objects.count() == 1
    assert audited() == []


def test_the_others_end_and_this_one_stays() -> None:
    own = signed_in()
    others = [signed_in(), signed_in()]

    assert end_other_sessions(current=digest(own), by=BY, now=NOW) == 2
    assert operator_of(own, now=NOW) is not None
    assert [operator_of(token, now=NOW) for token in others] == [None, None]
    assert audited() == [("signed_out_others", "2 ended")]


def test_everywhere_means_here_too() -> None:
    own, other = signed_in(), signed_in()

    assert end_all_sessions(by=BY, now=NOW) == 2
    assert [operator_of(token, now=NOW) for token in (own, other)] == [None, None]
    assert audited() == [("signed_out_everywhere", "2 ended")]
