"""Rotating and revoking keys by command; beside a running hub they are in tests/flows/test_key_rotation.py."""

from datetime import timedelta

import pytest
from tests.cli.test_customer import PETER, Place, place

from felhom_hub.base.instants import parse_rfc3339, utc_now

__all__ = ["place"]


def numbers(place: Place) -> list[int]:
    return [key["number"] for key in place.document("revoke-key", "kovacs-peter")["keys"]]


def test_a_rotated_key_is_printed_and_the_older_one_holds_for_the_overlap(place: Place) -> None:
    old = place.document("add", *PETER)["api_key"]

    rotated = place.document("rotate-key", "kovacs-peter", "--overlap", "12h")

    assert rotated["api_key"] != old
    assert place.document("show", "kovacs-peter", "--reveal")["api_key"] == rotated["api_key"]
    end = parse_rfc3339(rotated["older_keys_hold_until"])
    assert end is not None
    assert timedelta(hours=11) < end - utc_now() <= timedelta(hours=12)
    newest, older = place.document("revoke-key", "kovacs-peter")["keys"]
    assert (newest["number"], newest["holds_until"], newest["used_at"]) == (rotated["number"], None, None)
    assert older["holds_until"] == rotated["older_keys_hold_until"]


def test_a_key_is_revoked_by_its_number_or_all_but_the_newest(place: Place) -> None:
    place.customer("add", *PETER)
    for _ in range(3):
        place.customer("rotate-key", "kovacs-peter")
    newest, *older = numbers(place)

    assert place.customer("revoke-key", "kovacs-peter", str(older[0])).startswith("Revoked.\nkey")
    assert numbers(place) == [newest, *older[1:]]
    assert place.document("revoke-key", "kovacs-peter", "--all-but-newest")["changed"] is True
    assert numbers(place) == [newest]
    assert place.document("revoke-key", "kovacs-peter", "--all-but-newest")["changed"] is False


def test_who_has_no_key_left_is_told(place: Place) -> None:
    place.customer("add", *PETER)
    (only,) = numbers(place)

    done = place.run("customer", "revoke-key", "kovacs-peter", str(only))

    assert (done.returncode, done.stdout) == (0, "Revoked.\n")
    assert done.stderr == "No key holds: the box can report with the global key alone.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("rotate-key", "nobody"), "There is no customer nobody"),
        (("rotate-key", "kovacs-peter", "--overlap", "a week"), "is no span such as 7d, 12h or 0"),
        (("rotate-key", "kovacs-peter", "--overlap", "-1d"), "is no span such as 7d, 12h or 0"),
        (("rotate-key", "kovacs-peter", "--overlap", "91d"), "The overlap must be from 0 to 90 days"),
        (("revoke-key", "nobody", "1"), "There is no customer nobody"),
        (("revoke-key", "kovacs-peter", "1", "--all-but-newest"), "either a key's number or --all-but-newest"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(place: Place, arguments: tuple[str, ...], words: str) -> None:
    place.customer("add", *PETER)
    before = numbers(place)

    done = place.run("customer", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert numbers(place) == before
