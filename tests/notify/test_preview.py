from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW

from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.notify.policy import AUDIENCES, Audience
from felhom_hub.notify.preview import Specimen, entries_for, specimen_of, types_for

BUDAPEST = ZoneInfo("Europe/Budapest")


def specimen(audience: str, event_type: str) -> Specimen:
    found = specimen_of(audience, event_type, now=NOW, zone=BUDAPEST, hub_url="https://hub.example.hu")
    assert found is not None
    return found


def test_every_type_of_the_catalogue_has_its_preview() -> None:
    assert set(CATALOGUE) <= set(types_for("operator"))
    of_the_hub = {entry.name for entry in CATALOGUE.values() if entry.category == "hub"}
    assert set(CATALOGUE) - of_the_hub == set(CATALOGUE) & set(types_for("customer"))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_preview_can_be_made_and_says_the_same_in_both_forms(audience: Audience) -> None:
    for event_type in types_for(audience):
        found = specimen(audience, event_type)
        assert f"<title>{found.letter.subject}</title>".replace("'", "&#x27;") in found.html
        assert found.letter.heading in " ".join(found.text.split())
        assert max(len(line) for line in found.text.splitlines() if "://" not in line) <= 72


def test_the_operator_reads_english_and_the_customer_hungarian() -> None:
    assert specimen("operator", "node_down").letter.subject == "[DOWN] Kovács Péter: no report"
    assert specimen("customer", "node_down").letter.subject == "Nem érjük el az otthoni szerverét"
    assert specimen("customer", "node_down").text.startswith(
        "Nem érjük el az otthoni szerverét\n\nKedves Kovács Péter!"
    )


def test_what_is_of_the_hub_names_no_customer_and_a_customers_test_does() -> None:
    assert specimen("operator", "hub_deaf").letter.subject == "[WARNING] The fleet: the hub could not hear"
    assert specimen("operator", "test").letter.subject == "[TEST] The hub: test message"
    assert "Kedves Kovács Péter!" in specimen("customer", "test").text
    assert specimen("operator", "node_recovered").letter.tone == "ok"


def test_several_in_one_are_previewed_too() -> None:
    assert specimen("operator", "hub_messages_held_up").letter.heading == "4 messages were held up"
    assert specimen("operator", "hub_alarms_stand").letter.heading == "3 alarms still stand"
    assert "Összefoglaló" in specimen("customer", "hub_messages_held_up").letter.subject


@pytest.mark.parametrize(
    ("audience", "event_type"), [("nobody", "node_down"), ("customer", "hub_deaf"), ("operator", "no_such_type")]
)
def test_what_is_never_sent_has_no_preview(audience: str, event_type: str) -> None:
    assert specimen_of(audience, event_type, now=NOW, zone=BUDAPEST, hub_url="") is None


def test_the_list_has_the_subject_of_each() -> None:
    entries = entries_for("operator", now=NOW, zone=BUDAPEST, hub_url="")

    first = entries[0]
    assert (first.event_type, first.label, first.tone) == ("node_stale", "Reports are late", "warn")
    assert first.subject == "[LATE] Kovács Péter: reports are late"
    assert [entry.event_type for entry in entries] == types_for("operator")


def test_what_the_hub_tells_of_a_customer_names_it() -> None:
    assert (
        specimen("operator", "hub_mail_bounced").letter.subject
        == "[WARNING] Kovács Péter: mail to the customer came back"
    )
    assert specimen("operator", "hub_deaf").letter.subject == "[WARNING] The fleet: the hub could not hear"
