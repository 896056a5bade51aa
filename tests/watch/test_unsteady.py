from datetime import timedelta

import pytest
from tests.build import NOW

from felhom_hub.watch.unsteady import WINDOW, is_damped, is_unsteady, with_fall

HOUR = timedelta(hours=1)


def test_four_falls_within_six_hours_make_a_node_unsteady() -> None:
    falls = with_fall(with_fall(with_fall([], NOW), NOW + HOUR), NOW + 2 * HOUR)
    assert not is_unsteady(falls)

    assert is_unsteady(with_fall(falls, NOW + 3 * HOUR))
    assert not is_unsteady(with_fall(falls, NOW + WINDOW))
    assert with_fall(falls, NOW + 7 * HOUR) == [NOW + 2 * HOUR, NOW + 7 * HOUR]


@pytest.mark.parametrize(
    ("event_type", "was_down", "damped"),
    [
        ("node_stale", False, True),
        ("node_recovered", False, True),
        ("node_recovered", True, False),
        ("node_down", False, False),
    ],
)
def test_outages_are_never_damped(event_type: str, was_down: bool, damped: bool) -> None:
    assert is_damped(event_type, was_down=was_down) is damped
