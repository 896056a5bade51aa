from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec

from felhom_controller.blueprint import build_fleet, build_machine
from felhom_controller.past import past
from felhom_controller.synthetic import body_at
from felhom_controller.troubles import is_silent

UNTIL = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)


def test_the_past_is_in_order_and_inside_its_period() -> None:
    since = UNTIL - timedelta(hours=26)
    times = [received_at for received_at, _ in past(build_fleet(1, 24), since=since, until=UNTIL)]
    assert times == sorted(times)
    assert since <= times[0]
    assert times[-1] < UNTIL


def test_a_machine_without_outage_leaves_one_report_an_interval() -> None:
    machine = build_machine(1, 23)
    since = UNTIL - timedelta(days=1)
    minutes = range(24 * 60)
    assert not any(is_silent(1, 23, (since + timedelta(minutes=minute)).timestamp()) for minute in minutes)
    bodies = list(past([machine], since=since, until=UNTIL))
    assert len(bodies) == 96
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(bodies)]
    assert all(timedelta(minutes=14) <= gap <= timedelta(minutes=16) for gap in gaps)


def test_three_days_of_24_machines_are_almost_complete() -> None:
    class Customer(msgspec.Struct):
        customer_id: str

    counts: dict[str, int] = {}
    for _, body in past(build_fleet(1, 24), since=UNTIL - timedelta(days=3), until=UNTIL):
        name = msgspec.json.decode(body, type=Customer).customer_id
        counts[name] = counts.get(name, 0) + 1
    assert len(counts) == 24
    assert max(counts.values()) == 288
    assert counts.pop("balogh-epitesz") < 288 * 0.85  # the flapping one
    assert sum(counts.values()) > 23 * 288 * 0.95


def test_past_and_present_join() -> None:
    machine = build_machine(1, 0)
    received_at, body = next(iter(past([machine], since=UNTIL - timedelta(hours=1), until=UNTIL)))
    assert body == body_at(machine, received_at)


def test_two_halves_make_the_whole() -> None:
    fleet, middle = build_fleet(3, 5), UNTIL - timedelta(hours=3, minutes=7)
    whole = list(past(fleet, since=UNTIL - timedelta(hours=6), until=UNTIL))
    first = list(past(fleet, since=UNTIL - timedelta(hours=6), until=middle))
    assert first + list(past(fleet, since=middle, until=UNTIL)) == whole


def test_another_interval_gives_as_many_reports() -> None:
    bodies = list(
        past([build_machine(1, 23)], since=UNTIL - timedelta(hours=2), until=UNTIL, interval=timedelta(minutes=1))
    )
    assert len(bodies) == 120
