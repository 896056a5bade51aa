from felhom_controller.conditions import condition_at, health_of
from felhom_controller.nights import Night
from felhom_controller.troubles import Trouble, Window, behaviour_of, windows_within

NOW = 1_773_320_400.0
GOOD, BAD = Night(0, 0, True, 0), Night(0, 0, False, 0)


def _window(index: int) -> Window:
    turn = behaviour_of(index).turn
    assert turn is not None
    return windows_within(turn, 1, Window(NOW, NOW + 100 * 86_400))[-1]


def test_a_disk_crosses_its_limit_exactly_when_the_trouble_begins() -> None:
    window = _window(5)
    before, after = condition_at(1, 5, 40, window.start - 7_200), condition_at(1, 5, 40, window.start)
    assert (before.trouble, after.trouble) == (None, Trouble.DISK_FILLING)
    assert before.data_percent < 85 == after.data_percent
    assert condition_at(1, 5, 40, window.end - 60).data_percent > 95
    assert condition_at(1, 5, 40, window.end + 60).data_percent < 53


def test_a_leak_warns_near_the_limit() -> None:
    window = _window(3)
    condition = condition_at(1, 3, 40, window.start + 60)
    health = health_of(condition, GOOD, window.start + 60)
    assert (health.status, health.warnings) == ("warn", ["Immich uses 90 % of its memory limit"])


def test_a_crash_loop_counts_its_restarts() -> None:
    window = _window(2)
    at = window.start + 3_200
    assert "10 restarts since" in health_of(condition_at(1, 2, 40, at), GOOD, at).issues[0]


def test_a_failed_backup_warns_until_a_good_one() -> None:
    condition = condition_at(1, 23, 40, NOW)
    assert [health_of(condition, night, NOW).status for night in (GOOD, BAD, None)] == ["ok", "warn", "ok"]
