from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from felhom_hub.base.errors import Impossible
from felhom_hub.events.catalogue import CATALOGUE, TYPE_FORM
from felhom_hub.notify.payload import MAX_ENABLED_EVENTS, PreferencesFacts, read_preferences

EMAIL_RULE = "email must be one address such as anna@example.hu"
COOLDOWN_RULE = "cooldown_hours must be a whole number from 0 to 168"
TEXTS = st.text(st.characters(codec=None, exclude_categories=()))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | st.sampled_from(list(CATALOGUE)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ADDRESSES = st.builds("{}@{}".format, TEXTS, TEXTS | st.just("example.hu"))


def read(**members: Any) -> PreferencesFacts:
    return read_preferences(members, customer_id="a")


def refusal(**members: Any) -> str:
    with pytest.raises(Impossible) as caught:
        read(**members)
    return caught.value.sentence


def test_whole_preferences_are_read() -> None:
    found = read(email=" anna@example.hu ", enabled_events=["backup_failed", "node_down"], cooldown_hours=12)

    assert found == PreferencesFacts("a", "anna@example.hu", ("backup_failed", "node_down"), 12)


def test_what_is_missing_was_not_said() -> None:
    assert read() == PreferencesFacts("a", None, None, None)


def test_null_is_nothing_and_the_default_cooldown() -> None:
    assert read(email=None, enabled_events=None, cooldown_hours=None) == PreferencesFacts("a", "", (), 6)


@pytest.mark.parametrize("email", ["", " ", "\t\n"])
def test_an_empty_address_is_none(email: str) -> None:
    assert read(email=email).email == ""


@pytest.mark.parametrize(
    "email",
    [
        "anna", "anna@localhost", "a@b.hu, c@d.hu", "Anna <a@b.hu>", "a@b.hu\nBcc: c@d.hu", "a@b.hu\x00", "a@\ud800.hu",
        f"{'a' * 250}@b.hu", 0, 7, True, False, [], ["a@b.hu"], {}, {"address": "a@b.hu"},
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(email: Any) -> None:
    assert refusal(email=email) == EMAIL_RULE


def test_unknown_types_and_the_hubs_own_are_kept_each_once_in_their_order() -> None:
    named = ["fan_too_loud", "node_down", "backup_success", "node_down", "fan_too_loud", "test"]

    assert read(enabled_events=named).enabled_events == ("fan_too_loud", "node_down", "backup_success", "test")


def test_what_no_type_can_look_like_is_read_over() -> None:
    odd = ["Backup", "a", "", " test", "x" * 65, "\x00abc", 7, None, True, [], {"name": "test"}, "disk_warning"]

    assert read(enabled_events=odd).enabled_events == ("disk_warning",)


@pytest.mark.parametrize("value", ["backup_failed", "[]", 0, True, {}, {"backup_failed": True}])
def test_types_that_are_no_list_are_refused(value: Any) -> None:
    assert refusal(enabled_events=value) == "enabled_events must be a list of event types"


def test_types_are_bounded() -> None:
    types = [f"type_{number}" for number in range(MAX_ENABLED_EVENTS + 1)]

    assert len(read(enabled_events=types[1:]).enabled_events or ()) == MAX_ENABLED_EVENTS
    assert refusal(enabled_events=types) == "enabled_events must name at most 500 event types"


@pytest.mark.parametrize(("value", "hours"), [(0, 0), (1, 1), (168, 168), (6.0, 6), ("24", 24), (-0.0, 0)])
def test_cooldowns(value: Any, hours: int) -> None:
    assert read(cooldown_hours=value).cooldown_hours == hours


@pytest.mark.parametrize("value", [-1, 169, 1.5, 10**400, 1e300, "", "six", "1.5", True, False, [], {}])
def test_other_cooldowns_are_refused(value: Any) -> None:
    assert refusal(cooldown_hours=value) == COOLDOWN_RULE


@given(st.fixed_dictionaries({}, optional={"email": VALUES | ADDRESSES, "enabled_events": VALUES | st.lists(VALUES),
                                           "cooldown_hours": VALUES}))  # fmt: skip
def test_any_shape_is_read_within_bounds_or_refused(document: dict[str, Any]) -> None:
    found, refused = outcome(document)

    assert refused in (None, *document)
    assert found.email is None or (len(found.email) <= 254 and found.email.isprintable())
    assert all(TYPE_FORM.fullmatch(each) for each in found.enabled_events or ())
    assert found.cooldown_hours is None or 0 <= found.cooldown_hours <= 168


def outcome(document: dict[str, Any]) -> tuple[PreferencesFacts, str | None]:
    """What is read, or nothing and the member that a refusal names."""
    try:
        return read_preferences(document, customer_id="a"), None
    except Impossible as error:
        return read(), error.sentence.split()[0]
