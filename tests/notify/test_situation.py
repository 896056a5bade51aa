from datetime import timedelta

import pytest
from tests.build import NOW
from tests.notify.situations import situation

from felhom_hub.notify.situation import incident_of, is_damped, one_line


@pytest.mark.parametrize(("minutes", "is_late"), [(0, False), (14, False), (15, True), (360, True)])
def test_a_message_is_late_after_a_quarter_of_an_hour(minutes: int, is_late: bool) -> None:
    assert situation(now=NOW + timedelta(minutes=minutes)).is_late is is_late


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  hdd1\r\nis\x00full\u2028now ", "hdd1 is full now"),
        ("Árvíztűrő", "Árvíztűrő"),
        ("1234567890", "1234567890"),
        ("1234567890 1", "123456789…"),
        ("12345678 90", "12345678…"),
        ("", ""),
    ],
)
def test_what_a_box_said_is_one_bounded_line(text: str, line: str) -> None:
    assert one_line(text, 20 if len(line) > 10 else 10) == line


@pytest.mark.parametrize(
    ("details", "incident"),
    [
        ('{"incident": 318}', "318"),
        ('{"incident": "a-1", "nodes": 12}', "a-1"),
        ('{"incident": null}', ""),
        ('{"incident": {"id": 1}}', ""),
        ('{"incident": ', ""),
        ('["incident"]', ""),
        ("", ""),
    ],
)
def test_the_incident_is_what_the_details_name(details: str, incident: str) -> None:
    assert incident_of("node_down", details) == incident


def test_what_a_box_says_of_incidents_and_unsteadiness_is_not_the_hubs_word() -> None:
    assert incident_of("disk_critical", '{"incident": 318}') == ""
    assert not is_damped("disk_critical", '{"unsteady": true}')


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ('{"unsteady": true}', True),
        ('{"unsteady": 1}', False),
        ('{"unsteady"', False),
        ('["unsteady"]', False),
        ("", False),
    ],
)
def test_a_damped_event_says_so_in_its_details(details: str, expected: bool) -> None:
    assert is_damped("node_stale", details) is expected
