from itertools import pairwise

import pytest

from felhom_hub.simulation.mix import FAULTS, Fault, fault
from felhom_hub.simulation.plan import BEGIN, Plan, Size, healthy_nodes, make_plan
from felhom_hub.simulation.spans import DAY, HOUR, MINUTE, Span

SIZE = Size(nodes=40, days=30, haste=6)


def of(*names: str, size: Size = SIZE, seed: int = 3) -> Plan:
    return make_plan(seed, size, [fault(name) for name in names])


def test_the_same_seed_and_size_give_the_same_plan_and_another_seed_another() -> None:
    assert make_plan(3, SIZE) == make_plan(3, SIZE)
    assert make_plan(3, SIZE).nodes != make_plan(4, SIZE).nodes


def test_a_node_has_the_same_fate_in_a_larger_fleet() -> None:
    larger = make_plan(3, Size(nodes=50, days=30, haste=6))

    assert larger.nodes[:40] == make_plan(3, SIZE).nodes


def test_without_faults_nothing_happens() -> None:
    plan = make_plan(3, SIZE, faults=())

    assert (plan.partitions, plan.hub, plan.steps, plan.mail) == ([], [], [], [])
    assert [node for node in plan.nodes if node.cuts or node.fates or len(node.runs) != 1] == []
    assert {node.runs[0].end for node in plan.nodes} == {plan.span.end}


def test_a_line_is_gone_and_a_box_is_off_for_as_long_as_the_mix_says() -> None:
    cuts = [cut for node in of("line").nodes for cut in node.cuts]
    off = [Span(one.end, two.begin) for node in of("power").nodes for one, two in pairwise(node.runs)]

    # 40 nodes for half a year at six times the pace, half a fault a year each; those that overlap are one.
    assert 5 <= len(cuts) <= 25
    assert 5 <= len(off) <= 25
    assert min(cut.length for cut in cuts) >= 25 * MINUTE
    assert max(cut.length for cut in cuts) <= 24 * HOUR
    assert min(span.length for span in off) >= 2 * MINUTE


def test_a_flapping_line_comes_and_goes() -> None:
    often = Fault("flapping", "node", 2, 12 * HOUR, 12 * HOUR, "")
    flapping = [node for node in make_plan(3, Size(20, 30, 3), [often]).nodes if node.cuts]

    assert flapping
    assert min(len(node.cuts) for node in flapping) >= 6
    gaps = [two.begin - one.end for node in flapping for one, two in pairwise(node.cuts)]
    assert min(gaps) >= 16 * MINUTE


def test_a_partition_cuts_half_of_the_fleet_off_and_a_region_less() -> None:
    assert {len(each.members) for each in of("partition").partitions} == {20}
    regions = {len(each.members) for each in of("region").partitions}
    assert 1 <= min(regions) < max(regions) <= 40 * 12 // 100


def test_faults_of_the_hub_come_one_after_the_other() -> None:
    plan = make_plan(3, Size(nodes=1, days=365))
    spans = sorted([each.span for each in plan.hub if each.state != "off"])
    states = {each.state for each in plan.hub}

    assert states == {"off", "asleep", "refused", "unwritable", "stalled"}
    assert all(two.begin - one.end >= 90 * MINUTE for one, two in pairwise(spans))
    assert all(plan.span.begin < each.begin < each.end <= plan.span.end for each in spans)


def test_a_clock_that_was_set_is_set_right_again() -> None:
    plan = of("ahead", "behind", size=Size(nodes=1, days=365))

    assert [step.offset for step in plan.steps[1::2]] == [0] * (len(plan.steps) // 2)
    assert {step.offset > 0 for step in plan.steps[::2]} == {True, False}
    assert all(20 * MINUTE <= abs(step.offset) <= 30 * HOUR for step in plan.steps[::2])


def test_a_storm_is_many_starts_a_few_minutes_apart() -> None:
    starts = [each.span for each in of("storm", size=Size(nodes=1, days=365, haste=2)).hub]
    gaps = [two.begin - one.end for one, two in pairwise(starts) if two.begin - one.end < HOUR]

    assert len(gaps) >= 7
    assert min(gaps) >= 4 * MINUTE
    assert max(gaps) < 9 * MINUTE


def test_reports_have_a_fate_of_their_own_now_and_then() -> None:
    fates = [delay for node in make_plan(3, Size(nodes=40, days=60)).nodes for delay in node.fates.values()]

    # 40 nodes × 61 days × 96 reports, one of 500 late.
    assert 350 <= len([delay for delay in fates if delay is not None and delay < 8 * MINUTE]) <= 600
    assert [delay for delay in fates if delay is not None and 8 * MINUTE < delay < 20 * MINUTE] == []
    assert max(delay for delay in fates if delay is not None) <= 3 * HOUR


def test_the_year_has_both_days_on_which_clocks_change() -> None:
    assert BEGIN == 1_767_225_600_000  # 2026-01-01


@pytest.mark.parametrize("count", [1, 7])
def test_healthy_nodes_report_one_after_the_other(count: int) -> None:
    span = Span(BEGIN, BEGIN + DAY)
    begins = [node.runs[0].begin for node in healthy_nodes(count, span)]

    assert begins == sorted(begins)
    assert (begins[0], begins[-1] - begins[0] < 15 * MINUTE) == (BEGIN - DAY, True)


def test_every_fault_of_the_mix_is_in_a_large_plan() -> None:
    with_all = make_plan(3, Size(nodes=100, days=365))
    for each in FAULTS:
        others = [other for other in FAULTS if other != each]
        assert make_plan(3, Size(nodes=100, days=365), others) != with_all, each.name
