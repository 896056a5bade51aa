from datetime import timedelta

import pytest
from tests.build import NOW
from tests.notify.situations import situation

from felhom_hub.notify.for_operator import heading_of, operator_letter, time_words
from felhom_hub.notify.letter import Letter


def test_the_letter_says_what_since_when_what_it_means_and_what_to_do() -> None:
    assert operator_letter(situation()) == Letter(
        language="en",
        tone="down",
        tag="ERROR",
        subject="[ERROR] Kovács Péter: backup failed",
        heading="Kovács Péter: backup failed",
        preview="restic: exit status 1",
        greeting="",
        paragraphs=("restic: exit status 1", "What was added since the last good backup has no copy."),
        facts=(
            ("Server", "Kovács Péter, Pécs (kovacs-peter)"),
            ("When", "Mon 23 Nov 2026, 13:00 Budapest time"),
            ("Address", "kovacs-peter.example.hu"),
            ("Controller", "v0.30.1"),
            ("Last backup", "Sun 22 Nov 2026, 03:00"),
            ("Phone", "+36 20 555 0142"),
        ),
        steps_heading="Next steps",
        steps=(
            "Read the message above; room and reach of the backup drive are the usual causes.",
            "The next try runs in the coming night by itself.",
        ),
        link_label="Open Kovács Péter",
        link="https://hub.example.hu/customers/kovacs-peter",
        closing=(),
        footer=(
            "You get this because operator mail is on for warnings and errors.",
            "At most one mail an hour for each customer and event type.",
        ),
        why_link="https://hub.example.hu/why/48213",
    )


def test_a_silent_server_is_silent_since_its_last_report() -> None:
    facts = dict(operator_letter(situation(event_type="node_down", message="")).facts)

    assert facts["Silent since"] == "Mon 23 Nov 2026, 12:00 Budapest time"
    assert "When" not in facts


def test_where_little_is_known_little_is_said() -> None:
    bare = situation(
        event_type="node_down", message="", name="", town="", domain="", phone="", controller_version="",
        last_report_at=None, last_backup_at=None, hub_url="",
    )  # fmt: skip
    letter = operator_letter(bare)

    assert letter.facts == (("Server", "kovacs-peter"), ("When", "Mon 23 Nov 2026, 13:00 Budapest time"))
    assert (letter.subject, letter.link) == ("[DOWN] kovacs-peter: no report", "")
    assert letter.paragraphs[0] == "The server is silent and may be out of reach."


def test_an_event_of_the_fleet_has_no_server() -> None:
    fleet = situation(customer_id="", name="", event_type="hub_deaf", message="12 servers are silent")
    letter = operator_letter(fleet)

    assert letter.subject == "[WARNING] The fleet: the hub could not hear"
    assert (letter.link_label, letter.link) == ("Open the hub", "https://hub.example.hu")
    assert letter.footer == ("You get this because operator mail is on for warnings and errors.",)


def test_an_incidents_mail_leads_to_the_incident() -> None:
    letter = operator_letter(
        situation(customer_id="", name="", town="", event_type="hub_incident_began", incident="318")
    )

    assert (letter.link_label, letter.link) == ("Open incident 318", "https://hub.example.hu/incidents/318")
    assert letter.facts[0] == ("Incident", "318")
    assert letter.why_link == "https://hub.example.hu/why/48213"


def test_why_it_came_can_be_looked_up_where_there_is_an_event_and_an_address() -> None:
    assert operator_letter(situation()).why_link == "https://hub.example.hu/why/48213"
    assert operator_letter(situation(event_pk=None)).why_link == ""
    assert operator_letter(situation(hub_url="")).why_link == ""


@pytest.mark.parametrize(
    ("event_type", "subject", "why"),
    [
        ("test", "[TEST] The hub: test message", "You get this because a test of this channel was asked for."),
        (
            "hub_alarm_test",
            "[ALARM TEST] The hub: the alarm path works",
            "You get this once a day, as the proof that alarms reach you.",
        ),
    ],
)
def test_what_the_hub_sends_to_prove_itself_is_marked(event_type: str, subject: str, why: str) -> None:
    letter = operator_letter(situation(customer_id="", name="", event_type=event_type, severity="info", message=""))

    assert (letter.subject, letter.footer) == (subject, (why,))


def test_what_was_held_back_and_what_came_late_is_told() -> None:
    late = situation(held_back=1, now=NOW + timedelta(hours=6))

    assert operator_letter(late).paragraphs[2:] == (
        "It happened 1 more time since the last message; those were held back.",
        "This message could not be sent for 6 h.",
    )


def test_a_recovery_is_green_and_says_why_it_came() -> None:
    letter = operator_letter(situation(event_type="node_recovered", severity="info", message="", is_recovery=True))

    assert (letter.tone, letter.tag) == ("ok", "RECOVERED")
    assert letter.footer[0] == "You get this because you were told of the alarm that is over now."


@pytest.mark.parametrize(
    ("event_type", "words"), [("disk_critical", "a drive is nearly full"), ("never_seen", "never seen")]
)
def test_every_type_has_a_heading(event_type: str, words: str) -> None:
    assert heading_of(event_type) == words


def test_times_do_not_depend_on_the_machines_language() -> None:
    assert time_words(situation(), NOW + timedelta(days=40)) == "Sat 2 Jan 2027, 13:00"
    assert time_words(situation(), None) == ""


def test_an_alarm_that_is_told_late_because_it_was_held_back_says_so() -> None:
    later = situation(later="held", since=NOW - timedelta(hours=5), now=NOW, at=NOW - timedelta(hours=5))
    letter = operator_letter(later)

    assert (letter.tag, letter.subject.partition("]")[0]) == ("STILL ERROR", "[STILL ERROR")
    assert letter.paragraphs[0] == (
        "You were not told of this when it began. It has stood since Mon 23 Nov 2026, 08:00, for 5 h, and what held "
        "the message back is over."
    )
    assert not any("could not be sent" in each for each in letter.paragraphs)


def test_a_reminder_says_how_it_ends() -> None:
    letter = operator_letter(situation(later="reminder", since=NOW - timedelta(days=2)))

    assert letter.paragraphs[0] == (
        "This is a reminder: the alarm has stood since Sat 21 Nov 2026, 13:00, for 2 d. It ends when you acknowledge "
        "it on the dashboard."
    )
