"""The shortcut for reports, held against the real intake: both give the same events at the same moments."""

import pytest
from tests.simulation.runs import run

from felhom_hub.simulation.plan import Size, make_plan

pytestmark = pytest.mark.django_db


def test_the_shortcut_and_the_real_intake_give_the_same_events() -> None:
    plan = make_plan(3, Size(nodes=6, days=3, haste=20))
    short, real = run(plan), run(plan, is_through_intake=True)

    assert real.stored_reports > 1000
    assert {"node_stale", "node_down", "node_recovered", "hub_deaf"} <= {each.event_type for each in short.decided}
    assert short.events() == real.events()
    assert short.subjects == real.subjects


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_likewise_for_twenty_nodes_and_ten_days(seed: int) -> None:
    plan = make_plan(seed, Size(nodes=20, days=10, haste=12))
    short, real = run(plan), run(plan, is_through_intake=True)

    assert real.stored_reports > 15_000
    assert {"hub_incident_began", "hub_incident_ended"} <= {each.event_type for each in short.decided}
    assert short.events() == real.events()
    assert short.subjects == real.subjects
