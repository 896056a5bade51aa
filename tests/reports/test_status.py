from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from felhom_hub.reports.status import Health, Heard, Status, Thresholds, Verdict, status_of, verdict_of

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
LIMITS = Thresholds(stale=30 * MINUTE, down=60 * MINUTE)


def heard(silence: timedelta = MINUTE, health: str | None = "ok", *messages: str, is_paused: bool = False) -> Heard:
    return Heard(NOW - silence, health, messages, is_paused)


def verdict(what: Heard | None, *, blocked_at: datetime | None = None, created_at: datetime = NOW) -> Verdict:
    return verdict_of(what, created_at=created_at, blocked_at=blocked_at, thresholds=LIMITS, now=NOW)


@pytest.mark.parametrize(
    ("silence", "status"),
    [
        (timedelta(), Status.OK),
        (30 * MINUTE - MILLISECOND, Status.OK),
        (30 * MINUTE, Status.WARN),
        (30 * MINUTE + MILLISECOND, Status.WARN),
        (60 * MINUTE - MILLISECOND, Status.WARN),
        (60 * MINUTE, Status.WARN),
        (60 * MINUTE + MILLISECOND, Status.DOWN),
        (timedelta(days=400), Status.DOWN),
        (-5 * MINUTE, Status.OK),  # the hub's clock was set back
    ],
)
def test_silence_decides_at_its_thresholds(silence: timedelta, status: Status) -> None:
    found = verdict(heard(silence))

    assert (found.status, found.is_silent) == (status, status is not Status.OK)


@pytest.mark.parametrize(
    ("is_blocked", "silence", "is_paused", "health"),
    list(product((True, False), (None, MINUTE, 45 * MINUTE, 90 * MINUTE), (True, False), (None, "ok", "warn", "fail"))),
)
def test_the_order_in_which_statuses_decide(
    is_blocked: bool, silence: timedelta | None, is_paused: bool, health: str | None
) -> None:
    by_health = {None: Status.OK, "ok": Status.OK, "warn": Status.WARN, "fail": Status.DOWN}
    if is_blocked:
        expected = Status.BLOCKED
    elif silence is None:
        expected = Status.PENDING
    elif silence > 30 * MINUTE:
        expected = Status.DOWN if silence > 60 * MINUTE else Status.WARN
    else:
        expected = Status.DISABLED if is_paused else by_health[health]
    what = None if silence is None else heard(silence, health, is_paused=is_paused)

    assert verdict(what, blocked_at=NOW if is_blocked else None).status is expected


def test_milliseconds_decide_as_spans_do() -> None:
    silences = (0, 1_799_999, 1_800_000, 3_600_000, 3_600_001)

    assert [
        status_of(silence, Health.OK, is_blocked=False, is_paused=False, stale=1_800_000, down=3_600_000)
        for silence in silences
    ] == [Status.OK, Status.OK, Status.WARN, Status.WARN, Status.DOWN]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (heard(), Verdict(Status.OK)),
        (heard(health=None), Verdict(Status.OK)),
        (heard(health="warn"), Verdict(Status.WARN, "Health warning:", "the controller gives no reason")),
        (heard(MINUTE, "warn", "Disk 91 % full."), Verdict(Status.WARN, "Health warning:", "Disk 91 % full")),
        (heard(MINUTE, "fail", "a.", "b", "c"), Verdict(Status.DOWN, "Health check failed:", "a, and 2 more")),
        (heard(is_paused=True), Verdict(Status.DISABLED, "", "Monitoring is paused on the controller")),
        (
            heard(47 * MINUTE, "fail", "a", is_paused=True),
            Verdict(Status.WARN, "Report is 47 min old.", "Becomes DOWN in 13 min", is_silent=True),
        ),
        (
            heard(90 * MINUTE),
            Verdict(
                Status.DOWN,
                "No report for 1 h 30 min.",
                "Last report was healthy: suspect power or internet at the site",
                is_silent=True,
            ),
        ),
        (
            heard(90 * MINUTE, None),
            Verdict(Status.DOWN, "No report for 1 h 30 min.", "Last report said nothing about health", is_silent=True),
        ),
        (
            heard(90 * MINUTE, "warn", "Disk 91 % full"),
            Verdict(Status.DOWN, "No report for 1 h 30 min.", "Last report: Disk 91 % full", is_silent=True),
        ),
        (
            heard(90 * MINUTE, "fail", is_paused=True),
            Verdict(Status.DOWN, "No report for 1 h 30 min.", "Monitoring was paused in the last one", is_silent=True),
        ),
    ],
)
def test_a_verdict_says_why_in_words(what: Heard, expected: Verdict) -> None:
    assert verdict(what) == expected


def test_a_blocked_customer_is_told_since_when() -> None:
    assert verdict(heard(), blocked_at=NOW - timedelta(days=3)) == Verdict(Status.BLOCKED, "Blocked for 3 d.")
    assert verdict(None, blocked_at=NOW - 5 * MINUTE) == Verdict(Status.BLOCKED, "Blocked for 5 min.")


def test_a_customer_that_never_reported_is_pending() -> None:
    expected = Verdict(Status.PENDING, "", "Config created 2 h ago. Waiting for the first report.")

    assert verdict(None, created_at=NOW - timedelta(hours=2)) == expected


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (Verdict(Status.OK), ""),
        (Verdict(Status.DOWN, "a:", "b"), "a: b"),
        (Verdict(Status.DOWN, "a.", ""), "a."),
        (Verdict(Status.PENDING, "", "b"), "b"),
    ],
)
def test_the_reason_is_one_sentence(given: Verdict, reason: str) -> None:
    assert given.reason == reason
