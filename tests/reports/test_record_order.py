"""Reports that come late or out of order leave behind what the sorted history would."""

import random
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from tests.build import NOW, incoming, record

from felhom_hub.base.instants import rfc3339
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.reports.state import STATE_COLUMNS, Incoming

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE


def at(minutes: float, health: str | None, *, received: float | None = None, cpu: float = 0) -> Incoming:
    """A report that was made so many minutes after noon, and received then too if nothing else is said."""
    received_at = NOW + (minutes if received is None else received) * MINUTE
    made_at = rfc3339(NOW + minutes * MINUTE)
    return incoming(received_at=received_at, timestamp=made_at, health=health, system={"cpu_percent": cpu})


def node() -> dict[str, Any]:
    return dict(NodeState.objects.values(*STATE_COLUMNS).get())


def left_behind(*batches: list[Incoming]) -> dict[str, Any]:
    """The node's state after these transactions, in an empty database."""
    Customer.objects.all().delete()
    for batch in batches:
        record(batch)
    return {name: value for name, value in node().items() if name != "customer_id"}


def health_since() -> tuple[str | None, datetime | None]:
    state = NodeState.objects.get()
    return state.health, state.health_since_at


@pytest.mark.parametrize(
    ("newest", "late", "since"),
    [
        # (minutes, health) of what is stored, of the one that comes late, and since when the newest health holds
        ([(0, "ok"), (30, "ok")], (15, "ok"), 0),
        ([(0, "ok"), (30, "ok")], (15, "fail"), 30),
        ([(0, "ok"), (30, "ok")], (-15, "ok"), -15),
        ([(0, "ok"), (30, "ok")], (-15, "warn"), 0),
        ([(0, "ok"), (30, "ok")], (15, None), 30),
        ([(0, "fail"), (30, "ok")], (15, "ok"), 15),
        ([(0, "fail"), (30, "ok")], (15, "fail"), 30),
        ([(0, "fail"), (30, "ok")], (-15, "ok"), 30),
        ([(0, None), (30, None)], (15, "ok"), 30),
        ([(0, None), (30, None)], (15, None), 0),
        ([(0, None), (30, None)], (-15, None), -15),
        ([(0, "ok"), (30, None)], (15, None), 15),
        ([(0, "ok")], (-15, "ok"), -15),
        ([(0, None)], (-15, None), -15),
    ],
)
def test_health_is_as_old_as_its_run_in_the_whole_history(
    newest: list[tuple[int, str | None]], late: tuple[int, str | None], since: int
) -> None:
    for minutes, health in newest:
        record([at(minutes, health)])

    record([at(*late, received=40)])

    assert health_since() == (newest[-1][1], NOW + since * MINUTE)


def test_a_run_of_many_reports_that_say_the_same_time_is_found() -> None:
    """A box whose clock stands still: the digest alone tells its reports apart."""
    stuck = [at(0, "ok", received=index, cpu=index) for index in range(20)]
    sick = at(0, "fail", received=25)
    record([*stuck, sick])

    record([at(-15, "ok", received=30)])

    newest = Report.objects.order_by("position_at", "digest").last()
    assert newest is not None
    assert health_since() == (newest.health, NOW)


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_every_order_of_arrival_leaves_the_same_state(order: tuple[int, ...]) -> None:
    reports = [at(0, "ok"), at(15, "warn", received=50), at(30, "warn"), at(45, None, received=46)]

    found = left_behind(*([reports[index]] for index in order))

    assert found == left_behind([reports[0]], [reports[1]], [reports[2]], [reports[3]])


@pytest.mark.parametrize("seed", range(8))
def test_a_long_history_may_arrive_in_any_order_and_in_any_batches(seed: int) -> None:
    draw = random.Random(seed)
    reports = [
        at(
            15 * index - draw.choice((0, 0, 1, 20, 2000)),
            draw.choice(("ok", "ok", "warn", "fail", None)),
            received=15 * index,
            cpu=draw.randrange(100),
        )
        for index in range(25)
    ]
    shuffled = draw.sample(reports * 2, k=len(reports) * 2)
    batches = [shuffled[start : start + size] for start, size in ((0, 1), (1, 7), (8, 2), (10, 40))]

    assert left_behind(*batches) == left_behind(*([report] for report in sorted(reports, key=_place)))
    assert Report.objects.count() == len(reports)


def _place(report: Incoming) -> tuple[int, int]:
    return report.position_ms, report.digest
