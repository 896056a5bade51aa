import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, connections
from structlog.testing import capture_logs

from felhom_hub.base import schedule
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import ask_run, every, run_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_jobs_but_the_tests_own")]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def add_job(runs: list[datetime]) -> str:
    """A job that runs once an hour and notes when it did; its name."""

    @every(HOUR)
    def note(now: datetime) -> None:
        runs.append(now)

    (name,) = schedule.JOBS
    return name


def row_of(name: str) -> tuple[object, ...]:
    job = Job.objects.get(name=name)
    return job.next_at, job.lease_until, job.started_at, job.succeeded_at, job.last_error


def test_a_job_runs_at_once_and_then_once_an_interval() -> None:
    runs: list[datetime] = []
    name = add_job(runs)
    moments = [NOW + timedelta(minutes=minutes) for minutes in (0, 1, 59, 60, 61, 119, 121, 180, 500)]

    ran = [run_due(moment) for moment in moments]

    due = (0, 60, 121, 500)
    assert runs == [NOW + timedelta(minutes=minutes) for minutes in due]
    assert ran == [[name] if moment in runs else [] for moment in moments]


@pytest.mark.parametrize(("has_clock", "minutes"), [(True, 7), (False, 0)])
def test_a_job_gets_the_time_at_which_it_begins(has_clock: bool, minutes: int) -> None:
    now = NOW

    @every(HOUR)
    def first(_now: datetime) -> None:
        nonlocal now
        now += timedelta(minutes=7)  # by the clock

    @every(HOUR)
    def second(its_now: datetime) -> None:
        times.append(its_now)

    times: list[datetime] = []

    assert len(run_due(NOW, clock=(lambda: now) if has_clock else None)) == 2

    assert times == [NOW + timedelta(minutes=minutes)]


def test_a_row_says_how_it_went() -> None:
    name = add_job([])

    run_due(NOW)

    assert row_of(name) == (NOW + HOUR, None, NOW, NOW, "")


def test_a_job_is_named_after_its_room_and_function() -> None:
    def prune(_now: datetime) -> None: ...

    prune.__module__ = "felhom_hub.reports.jobs"
    every(HOUR)(prune)

    assert list(schedule.JOBS) == ["reports.prune"]


def test_a_job_is_not_taken_up_again_while_it_runs() -> None:
    inner: list[list[str]] = []

    @every(HOUR)
    def slow(now: datetime) -> None:
        inner.append(run_due(now))

    outer = run_due(NOW)

    assert (outer, inner) == (list(schedule.JOBS), [[]])


def test_a_failure_is_logged_and_recorded_and_the_job_has_its_next_turn() -> None:
    turns: list[datetime] = []

    @every(HOUR)
    def fails_at_first(now: datetime) -> None:
        turns.append(now)
        if len(turns) == 1:
            raise ValueError("the disk is on fire " * 100)

    (name,) = schedule.JOBS
    with capture_logs() as logged:
        first = run_due(NOW)
    after_first = row_of(name)
    second = run_due(NOW + HOUR)

    assert (first, second, turns) == ([name], [name], [NOW, NOW + HOUR])
    assert after_first == (NOW + HOUR, None, NOW, None, f"ValueError: {'the disk is on fire ' * 100}"[:500])
    assert row_of(name) == (NOW + HOUR + HOUR, None, NOW + HOUR, NOW + HOUR, "")
    assert [(entry["event"], entry["job"]) for entry in logged] == [("job_failed", name)]


def test_one_job_that_fails_does_not_keep_the_others_from_running() -> None:
    @every(HOUR)
    def bad(_now: datetime) -> None:
        raise ZeroDivisionError

    @every(HOUR)
    def good(_now: datetime) -> None: ...

    assert run_due(NOW) == list(schedule.JOBS)


@pytest.mark.django_db(transaction=True)
def test_jobs_wait_for_a_database_that_is_away_and_run_when_it_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_told_waiting_at", None)
    runs: list[datetime] = []
    name = add_job(runs)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET default_transaction_read_only = on")
        else:
            cursor.execute("PRAGMA query_only = ON")

    with capture_logs() as logged:
        away = run_due(NOW)
    with capture_logs() as again:
        back = run_due(NOW)

    assert (away, back, runs) == ([], [name], [NOW])
    assert [entry["event"] for entry in logged + again] == ["jobs_wait_for_database"]


def test_a_database_that_stays_away_is_told_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_told_waiting_at", None)

    def away(_job: object, _now: datetime) -> bool:
        raise OperationalError("it is gone")

    monkeypatch.setattr(schedule, "_claim", away)
    add_job([])
    with capture_logs() as logged:
        for second in range(121):
            run_due(NOW + timedelta(seconds=second))

    assert len(logged) == 3


@pytest.mark.django_db(transaction=True)
def test_of_several_hubs_that_find_a_job_due_at_once_one_runs_it() -> None:
    runs: list[datetime] = []
    name = add_job(runs)
    together = threading.Barrier(4)

    def turn() -> list[str]:
        together.wait(60)
        try:
            return run_due(NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        ran = [future.result() for future in [pool.submit(turn) for _ in range(4)]]

    assert sorted(ran) == [[], [], [], [name]]
    assert runs == [NOW]


def test_what_a_job_says_of_its_run_and_how_long_it_took_are_on_its_row() -> None:
    @every(HOUR)
    def tidy(_now: datetime) -> str:
        return "2 removed" * 99

    run_due(NOW)

    job = Job.objects.get()
    assert job.last_result == ("2 removed" * 99)[:200]
    assert job.duration_ms is not None
    assert 0 <= job.duration_ms < 60_000


def test_a_failure_takes_the_place_of_the_result_before_and_has_its_duration() -> None:
    results = ["fine"]

    @every(HOUR)
    def tidy(_now: datetime) -> str:
        return results.pop()

    run_due(NOW)
    run_due(NOW + HOUR)

    job = Job.objects.get()
    assert (job.last_result, job.last_error.partition(":")[0]) == ("", "IndexError")
    assert job.duration_ms is not None


def test_a_job_that_returns_no_words_has_none() -> None:
    @every(HOUR)
    def count(_now: datetime) -> int:
        return 7

    run_due(NOW)

    assert Job.objects.get().last_result == ""


def test_the_operator_reads_the_label_or_the_functions_name_as_words() -> None:
    @every(HOUR, label="Session clean-up")
    def clean_up(_now: datetime) -> None: ...

    @every(HOUR)
    def move_counted_window(_now: datetime) -> None: ...

    assert [job.label for job in schedule.JOBS.values()] == ["Session clean-up", "Move counted window"]


def test_a_job_that_is_asked_for_runs_once_before_its_time_and_then_in_its_rhythm() -> None:
    runs: list[datetime] = []
    name = add_job(runs)
    early = NOW + timedelta(minutes=5)
    run_due(NOW)

    asked = ask_run(name, early), ask_run(name, early)
    ran = run_due(early), run_due(early)

    assert (asked, ran, runs) == ((True, True), ([name], []), [NOW, early])
    assert Job.objects.get().next_at == early + HOUR


def test_a_job_that_was_never_due_can_be_asked_for() -> None:
    runs: list[datetime] = []
    name = add_job(runs)

    assert ask_run(name, NOW)
    assert run_due(NOW) == [name]


def test_a_job_that_runs_is_not_started_a_second_time() -> None:
    asked: list[bool] = []

    @every(HOUR)
    def slow(now: datetime) -> None:
        asked.append(ask_run(next(iter(schedule.JOBS)), now))

    run_due(NOW)

    assert asked == [False]
    assert Job.objects.get().next_at == NOW + HOUR
