from felhom_hub.simulation.mix import FAULTS, PERIOD, fault
from felhom_hub.simulation.spans import MINUTE


def test_a_fault_is_found_by_its_name_and_named_once() -> None:
    assert len({each.name for each in FAULTS}) == len(FAULTS)
    assert [fault(each.name) for each in FAULTS] == list(FAULTS)


def test_every_fault_lasts_and_comes_now_and_then() -> None:
    assert [each.name for each in FAULTS if not 0 < each.shortest <= each.longest or each.per_year <= 0] == []


def test_nodes_report_as_often_as_the_hub_expects() -> None:
    assert PERIOD == 15 * MINUTE
