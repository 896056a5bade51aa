import pytest
from tests.simulation.runs import run
from tests.simulation.worlds import at, fleet, hours, node, plan

from felhom_hub.simulation.plan import BEGIN, Partition
from felhom_hub.simulation.spans import DAY, MINUTE, Span

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]


def test_an_outage_is_decided_and_told_twice_and_its_end_once() -> None:
    found = run(plan(node(1, minute=3), node(0, cuts=[Span(at(2, 20), at(4, 20))])))
    last = at(2, 15)

    assert [(each.event_type, (each.at - last) // MINUTE) for each in found.decided] == [
        ("node_stale", 30),
        ("node_down", 60),
        ("node_recovered", 135),
    ]
    assert [(alarm.kind, alarm.numbers) for alarm in found.alarms] == [("stale", (0,)), ("down", (0,))]
    assert {(each.heard[0] - last) // MINUTE for each in found.decided[:2]} == {0}
    assert all(0 <= alarm.told_at - alarm.decided_at <= 6000 for alarm in found.alarms)
    # The customer of node 0 wants to be told of what is down, and of its end.
    assert (found.mail.messages, found.mail.to_operator, found.mail.lost, found.mail.doubled) == (5, 3, 0, 0)


def test_an_incident_has_its_members_and_who_joins_it_later_is_no_message() -> None:
    found = run(fleet(20, partitions=[Partition(hours(6, 8), frozenset(range(10)))]))

    (incident,) = [alarm for alarm in found.alarms if alarm.is_message]
    assert (incident.kind, set(incident.numbers) <= set(range(10))) == ("incident", True)
    assert len(incident.numbers) >= 5
    assert {number for alarm in found.alarms for number in alarm.numbers} == set(range(10))
    assert found.mail.reminders == 0


def test_what_stands_for_a_day_is_reminded_of_and_that_is_no_alarm() -> None:
    gone = node(0, cuts=[Span(at(2), BEGIN + 4 * DAY)])
    long = plan(gone, days=4)
    found = run(long)

    assert found.mail.reminders == 3
    assert [alarm.kind for alarm in found.alarms] == ["stale", "down"]


def test_messages_that_a_provider_held_up_are_told_in_a_summary() -> None:
    gone = [node(number, cuts=[Span(at(6 + number), at(8 + number))]) for number in range(4)]
    found = run(plan(*gone, mail=[hours(5, 11.9)]))

    assert (found.mail.gatherings, found.mail.to_operator, found.mail.lost) == (1, 2, 0)
    assert {alarm.kind for alarm in found.alarms} == {"stale", "down"}
    assert len(found.alarms) == 8
    assert all(alarm.told_at >= at(11.9) for alarm in found.alarms)
