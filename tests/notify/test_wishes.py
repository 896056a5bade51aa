import pytest
from tests.build import NOW, make_customer

from felhom_hub.base.errors import NotFound
from felhom_hub.notify.models import Preferences
from felhom_hub.notify.payload import PreferencesFacts
from felhom_hub.notify.queries import StoredPreferences, preferences_of
from felhom_hub.notify.wishes import read_wishes, save_wishes
from felhom_hub.operators.audit import Actor
from felhom_hub.operators.models import AuditEntry

OPERATOR = Actor("operator", "192.0.2.7")
FACTS = PreferencesFacts("kiss-anna", "anna@example.hu", ("node_down", "fan_too_loud"), 12)


def test_a_form_is_read_by_the_rules_of_the_boxes() -> None:
    read = read_wishes(
        "kiss-anna", {"email": " anna@example.hu ", "cooldown_hours": "12"}, ["node_down", "fan_too_loud", "NOT a type"]
    )

    assert (read.facts, read.problems) == (FACTS, {})
    assert read_wishes("kiss-anna", {"email": "", "cooldown_hours": "0"}, []).facts == PreferencesFacts(
        "kiss-anna", "", (), 0
    )


@pytest.mark.parametrize(
    ("values", "enabled", "problems"),
    [
        ({"email": "no address", "cooldown_hours": "6"}, [], {"email": "Must be one address such as anna@example.hu."}),
        (
            {"email": "a@b.hu", "cooldown_hours": "200"},
            [],
            {"cooldown_hours": "Must be a whole number from 0 to 168."},
        ),
        ({"email": "a@b.hu", "cooldown_hours": ""}, [], {"cooldown_hours": "Must be a whole number from 0 to 168."}),
        (
            {"email": "a@b.hu", "cooldown_hours": "6"},
            [f"type_{number}" for number in range(501)],
            {"enabled_events": "Must name at most 500 event types."},
        ),
    ],
)
def test_what_cannot_be_says_why_field_by_field(
    values: dict[str, str], enabled: list[str], problems: dict[str, str]
) -> None:
    assert read_wishes("kiss-anna", values, enabled).problems == problems


def test_two_fields_are_told_together() -> None:
    assert set(read_wishes("kiss-anna", {"email": "x", "cooldown_hours": "-1"}, []).problems) == {
        "email",
        "cooldown_hours",
    }


@pytest.mark.django_db
def test_what_the_operator_enters_holds_and_is_in_the_audit() -> None:
    anna = make_customer("kiss-anna")
    make_customer("other")

    save_wishes(FACTS, now=NOW, by=OPERATOR)

    expected = StoredPreferences("anna@example.hu", ("node_down", "fan_too_loud"), 12, "operator", NOW)
    assert preferences_of(anna.pk) == expected
    assert Preferences.objects.count() == 1
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.customer_id, entry.actor) == ("preferences_changed", "kiss-anna", "operator")
    assert "anna@example.hu" not in entry.detail


@pytest.mark.django_db
def test_what_is_the_same_is_not_stored_again() -> None:
    anna = make_customer("kiss-anna")
    Preferences.objects.create(
        customer=anna, email="anna@example.hu", enabled_events='["fan_too_loud", "node_down"]', cooldown_hours=12,
        set_by="controller", updated_at=NOW,
    )  # fmt: skip

    save_wishes(FACTS, now=NOW, by=OPERATOR)

    stored = preferences_of(anna.pk)
    assert stored is not None
    assert stored.set_by == "controller"
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_nobody_is_made_by_a_form() -> None:
    make_customer("kiss-anna", deleted_at=NOW)

    for customer_id in ("kiss-anna", "nobody", "no id\x00"):
        with pytest.raises(NotFound):
            save_wishes(PreferencesFacts(customer_id, "a@b.hu", (), 6), now=NOW, by=OPERATOR)
    assert not Preferences.objects.exists()
