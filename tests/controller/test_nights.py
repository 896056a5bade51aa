from felhom_controller.nights import is_backup_failing, last_night, night_of
from felhom_controller.troubles import DAY, HOUR, Window, behaviour_of, windows_within

NOW = 1_773_320_400.0  # 12 March 2026, 13:00 UTC


def test_the_last_night_is_the_newest_that_is_over() -> None:
    night = last_night(1, 23, NOW)
    assert night is not None
    assert NOW - DAY < night.dump_at < night.backup_at < NOW
    before = last_night(1, 23, night.backup_at - 1)
    assert before is not None
    assert before.number == night.number - 1


def test_jobs_run_at_two_local_time_in_winter_and_summer() -> None:
    winter, summer = night_of(1, 0, int(NOW // DAY)), night_of(1, 0, int(NOW // DAY) + 120)
    assert winter is not None
    assert summer is not None
    assert (winter.dump_at % DAY // HOUR, summer.dump_at % DAY // HOUR) == (1, 0)


def test_backups_of_the_failing_machine_fail_for_its_turn() -> None:
    turn = behaviour_of(6).turn
    assert turn is not None
    window = windows_within(turn, 1, Window(NOW, NOW + 20 * DAY))[1]
    assert (is_backup_failing(1, 6, window.start), is_backup_failing(1, 6, window.end)) == (True, False)
    night = last_night(1, 6, window.end - 1)
    assert night is not None
    assert night.backup_ok is False
