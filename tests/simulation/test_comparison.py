import pytest

from felhom_hub.simulation.comparison import GraceRule, PlainRule
from felhom_hub.simulation.spans import MINUTE


def looked(rule: PlainRule | GraceRule, *looks: tuple[float, float]) -> list[tuple[str, float]]:
    """Each look with its minute and that of the last report; what was told, and when."""
    for now, last in looks:
        rule.look(round(now * MINUTE), round(now * MINUTE), {7: round(last * MINUTE)}, lambda _number: 0)
    return [(alarm.kind, alarm.told_at / MINUTE) for alarm in rule.alarms]


def test_the_plain_rule_tells_of_each_threshold_once_and_anew_after_a_report() -> None:
    looks = [(0, 0), (29, 0), (30, 0), (45, 0), (60, 0), (90, 0), (91, 91), (121, 91), (200, 91)]

    assert looked(PlainRule(), *looks) == [("stale", 30), ("down", 60), ("stale", 121), ("down", 200)]


def test_the_grace_rule_tells_once() -> None:
    looks = [(0, 0), (29, 0), (30, 0), (60, 0), (91, 91), (121, 91)]

    assert looked(GraceRule(), *looks) == [("down", 30), ("down", 121)]


@pytest.mark.parametrize("rule", [PlainRule, GraceRule])
def test_nothing_is_told_at_the_first_look_nor_of_a_silence_that_goes_on(rule: type[PlainRule | GraceRule]) -> None:
    assert looked(rule(), (100, 0), (101, 0)) == []


def test_one_look_after_long_is_one_alarm_of_what_it_has_come_to() -> None:
    assert looked(PlainRule(), (0, 0), (300, 0)) == [("down", 300)]
