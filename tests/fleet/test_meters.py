import pytest

from felhom_hub.fleet.meters import CPU, DISK, MEMORY, TEMPERATURE, Lines, Meter, meter_of


@pytest.mark.parametrize(
    ("lines", "value", "tone"),
    [
        (CPU, 84.4, ""),
        (CPU, 84.6, "warn"),  # it reads 85 %
        (CPU, 94.4, "warn"),
        (CPU, 95, "down"),
        (MEMORY, 80, "warn"),
        (MEMORY, 92, "down"),
        (DISK, 85, "warn"),
        (DISK, 95, "down"),
        (TEMPERATURE, 80, "warn"),
        (TEMPERATURE, 90, "down"),
        (TEMPERATURE, -12, ""),
    ],
)
def test_a_reading_is_judged_as_it_is_shown(lines: Lines, value: float, tone: str) -> None:
    assert meter_of(value, lines).tone == tone


def test_a_meter_has_its_bar_and_notches_on_a_width_of_60() -> None:
    assert meter_of(91.2, DISK, title="Fullest drive: hdd1") == Meter(
        91, "%", "warn", False, 54.7, "M51 0v5M57 0v5", "Fullest drive: hdd1"
    )


def test_a_last_known_value_warns_of_nothing() -> None:
    assert meter_of(99, CPU, is_old=True) == Meter(99, "%", "", True, 59.4, "M51 0v5M57 0v5", "Last known value")


def test_what_is_not_reported_is_never_0() -> None:
    assert meter_of(None, TEMPERATURE, unit="°C") == Meter(None, "°C")


@pytest.mark.parametrize(("value", "length"), [(-20, 0), (0, 0), (100, 60), (1e15, 60)])
def test_the_bar_stays_within_its_frame(value: float, length: float) -> None:
    assert meter_of(value, TEMPERATURE).length == length


@pytest.mark.parametrize(("value", "spoken"), [(50, ""), (85, "high"), (95, "critical")])
def test_shape_and_colour_are_spoken_too(value: float, spoken: str) -> None:
    assert meter_of(value, CPU).spoken == spoken
