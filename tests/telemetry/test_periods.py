import pytest

from felhom_hub.telemetry.periods import DAY, DEFAULT, MONTH, WEEK, period_of

NOON = 100 * 24 + 12  # of day 100


def test_a_day_is_the_last_24_hours_and_more_begin_at_midnight() -> None:
    assert DAY.first_hour(NOON) == NOON - 23
    assert WEEK.first_hour(NOON) == 93 * 24
    assert MONTH.first_hour(NOON) == 70 * 24


@pytest.mark.parametrize(("key", "period"), [("24h", DAY), ("30d", MONTH), ("", DEFAULT), ("1y", DEFAULT)])
def test_an_address_names_a_period(key: str, period: object) -> None:
    assert period_of(key) is period
