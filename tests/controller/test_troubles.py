import pytest

from felhom_controller.troubles import (
    DAY,
    HOUR,
    Trouble,
    Window,
    behaviour_of,
    is_silent,
    last_boot_before,
    outage_at,
    phase_of,
    window_at,
    windows_within,
)

NOW = 1_773_320_400.0  # 12 March 2026, 13:00 UTC


@pytest.mark.parametrize("trouble", list(Trouble))
@pytest.mark.parametrize("seed", [1, 42, -3])
def test_a_trouble_has_exactly_one_member_at_any_time(trouble: Trouble, seed: int) -> None:
    turns = [turn for index in range(24) if (turn := behaviour_of(index).turn) is not None and turn.trouble is trouble]
    assert len(turns) == turns[0].members
    for hours in range(0, 3_000, 13):
        at = NOW + hours * HOUR + 0.5
        assert sum(window_at(turn, seed, at) is not None for turn in turns) == 1


def test_a_window_is_the_same_for_all_its_moments() -> None:
    turn = behaviour_of(0).turn
    assert turn is not None
    windows = {window_at(turn, 1, NOW + hours * HOUR) for hours in range(24 * 9 * 4)} - {None}
    assert all(window is not None and window.end - window.start == 3 * DAY for window in windows)
    assert len(windows) in {4, 5}


def test_windows_within_finds_those_that_window_at_finds() -> None:
    turn = behaviour_of(5).turn
    assert turn is not None
    span = Window(NOW, NOW + 100 * DAY)
    seen = {window_at(turn, 1, NOW + hours * HOUR) for hours in range(100 * 24)} - {None}
    assert set(windows_within(turn, 1, span)) >= seen
    assert all(0 <= phase_of(turn, 1, NOW + hours * HOUR) < 1 for hours in range(0, 2_400, 7))


def test_outages_come_and_go_and_bring_a_restart() -> None:
    silent = [NOW + minutes * 60 for minutes in range(40 * 1_440) if outage_at(1, 1, NOW + minutes * 60) is not None]
    assert 60 <= len(silent) <= 4_000
    outage = outage_at(1, 1, silent[0])
    assert outage is not None
    assert last_boot_before(1, 1, outage.end + 5) == outage.end
    assert last_boot_before(1, 1, outage.start) < outage.start


def test_one_machine_flaps_a_quarter_of_the_time() -> None:
    share = sum(is_silent(1, 7, NOW + number * 17 * 60) for number in range(2_000)) / 2_000
    assert 0.2 < share < 0.32


def test_a_fleet_has_every_dialect_and_a_paused_machine() -> None:
    behaviours = [behaviour_of(index) for index in range(24)]
    dialects = {behaviour.dialect for behaviour in behaviours}
    assert dialects == {"v0.18", "v0.21", "v0.27", "v0.28", "v0.29", "v0.30"}
    assert [behaviour.monitoring_paused for behaviour in behaviours].count(True) == 1
