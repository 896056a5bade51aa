from datetime import timedelta

from tests.build import NOW
from tests.notify.situations import situation

from felhom_hub.notify.summary_letters import HeldUp, customer_summary, operator_standing, operator_summary

HOUR = timedelta(hours=1)
HELD_UP = [
    HeldUp(NOW, "Kovács Péter", "node_down"),
    HeldUp(NOW + HOUR, "Kovács Péter", "node_recovered"),
    HeldUp(NOW + 2 * HOUR, "", "fan_failed"),
]


def test_the_operator_reads_each_with_its_time() -> None:
    letter = operator_summary(situation(), HELD_UP)

    assert letter.subject == "[HELD UP] 3 messages were held up"
    assert letter.facts == (
        ("Mon 23 Nov 2026, 13:00", "Kovács Péter: no report"),
        ("Mon 23 Nov 2026, 14:00", "Kovács Péter: reports again"),
        ("Mon 23 Nov 2026, 15:00", "The fleet: fan failed"),
    )
    assert len(letter.paragraphs) == 1


def test_a_long_list_is_cut_and_says_so() -> None:
    letter = operator_summary(situation(), [HELD_UP[0]] * 51)

    assert (letter.heading, len(letter.facts)) == ("51 messages were held up", 50)
    assert letter.paragraphs[1] == "The first 50 are listed; the hub has them all."


def test_the_customer_reads_an_apology_and_what_happened() -> None:
    letter = customer_summary(situation(), HELD_UP)

    assert letter.greeting == "Kedves Kovács Péter!"
    assert letter.paragraphs == (
        (
            "Levelezési hiba miatt 3 értesítést csak most, egy levélben tudunk elküldeni Önnek. Elnézést kérünk a "
            "késésért."
        ),
    )
    assert letter.facts == (
        ("2026. november 23., hétfő 13:00", "Nem érjük el az otthoni szerverét"),
        ("2026. november 23., hétfő 14:00", "A szervere újra elérhető"),
        ("2026. november 23., hétfő 15:00", "A szervere üzenetet küldött."),
    )


def test_alarms_that_stand_are_listed_by_when_they_began() -> None:
    standing = [
        HeldUp(NOW, "Kiss Anna", "node_down"),
        HeldUp(NOW - timedelta(hours=2), "", "hub_incident_began"),
        *(HeldUp(NOW, f"Customer {number}", "backup_failed") for number in range(49)),
    ]
    letter = operator_standing(situation(event_type="hub_alarms_stand", hub_url="https://hub.example.hu"), standing)

    assert (letter.subject, letter.tone) == ("[STILL] 51 alarms still stand", "down")
    assert letter.facts[0][0] == "Mon 23 Nov 2026, 11:00"
    assert letter.facts[0][1].startswith("The fleet: ")
    assert (len(letter.facts), letter.link) == (50, "https://hub.example.hu/events")
    assert "The first 50 are listed; the hub has them all." in letter.paragraphs
