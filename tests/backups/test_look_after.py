from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.backups.databases import noted

from felhom_hub.backups.look_after import (
    LONGEST_RUN,
    TRIED_AGAIN_AFTER,
    look_after_backup,
    look_after_volume,
    say_failed,
    say_proven,
)
from felhom_hub.backups.models import OwnAlarm
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import load_jobs
from felhom_hub.base.timetable import Daily
from felhom_hub.base.volume import Forecast, Volume
from felhom_hub.events.models import Event

pytestmark = pytest.mark.django_db

BACK_UP, PROVE = "backups.back_up", "backups.prove_newest"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MADE = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # at 03:30 in Budapest
LATE = MADE + DAY + 3 * HOUR
LONG_AGO = MADE - 30 * DAY


@pytest.fixture(autouse=True)
def backups_are_made(settings: Any) -> None:
    load_jobs()
    settings.HUB = replace(settings.HUB, backup=replace(settings.HUB.backup, dir="/backups"))
    for name in (BACK_UP, PROVE):
        Job.objects.create(name=name, next_at=MADE + 300 * DAY, started_at=MADE)


def look(settings: Any, now: datetime, *, up_since: datetime = LONG_AGO) -> str:
    timetable = Daily(time(3, 30), settings.HUB.server.time_zone)
    return look_after_backup(timetable, job=BACK_UP, proof=PROVE, up_since=up_since, now=now)


def told() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("pk").values_list("event_type", "message"))


def test_a_late_backup_is_told_once_and_its_end_once(settings: Any) -> None:
    noted("/backups/1", MADE)
    said = [look(settings, LATE - MINUTE), look(settings, LATE), look(settings, LATE + HOUR)]
    assert said == ["the backup is in time", "the backup is late", "the backup needs a look"]
    noted("/backups/2", LATE + 2 * HOUR)
    said = [look(settings, LATE + 3 * HOUR), look(settings, LATE + 4 * HOUR)]

    assert said == ["the backup is there again", "the backup is in time"]
    assert told() == [
        (
            "hub_backup_missed",
            "The backup of the hub is late: the last proven one was made 1 d 3 h ago (23 Nov 2026, 03:30).",
        ),
        ("hub_backup_done", "The backup 2 is there, and can be restored."),
    ]


def test_one_that_is_not_proven_is_none(settings: Any) -> None:
    noted("/backups/1", MADE)
    noted("/backups/2", MADE + DAY, proven=None)

    assert look(settings, LATE) == "the backup is late"


def test_the_first_one_has_its_time_from_when_the_hub_looks_after_it(settings: Any) -> None:
    assert look(settings, MADE) == "the backup is in time"
    assert look(settings, LATE - MINUTE) == "the backup is in time"
    assert look(settings, LATE) == "the backup is late"
    assert told()[0][1] == "The backup of the hub is late: there is none that is proven."


def test_a_hub_that_was_off_catches_up_before_anybody_is_told(settings: Any) -> None:
    noted("/backups/1", MADE)

    assert look(settings, LATE + 9 * DAY, up_since=LATE + 9 * DAY - MINUTE) == "the backup is in time"
    assert look(settings, LATE + 9 * DAY, up_since=LATE + 9 * DAY - HOUR) == "the backup is late"


@pytest.mark.parametrize("name", [BACK_UP, PROVE])
def test_one_that_runs_has_the_time_it_takes(settings: Any, name: str) -> None:
    noted("/backups/1", MADE)
    for now in ({"lease_until": LATE + MINUTE, "started_at": LATE - HOUR}, {"lease_until": None, "next_at": LATE}):
        Job.objects.filter(name=name).update(**now)
        assert look(settings, LATE) == "a backup is made or proven"

    assert told() == []


def test_one_that_does_not_end_is_late_all_the_same(settings: Any) -> None:
    """A directory on another machine that is gone holds whoever writes into it for as long as that lasts."""
    noted("/backups/1", MADE)
    Job.objects.filter(name=BACK_UP).update(next_at=MADE + DAY, started_at=MADE + DAY, lease_until=LATE + 9 * HOUR)
    Job.objects.filter(name=PROVE).update(next_at=MADE + DAY)  # which waits for the same thread

    assert look(settings, MADE + DAY + LONGEST_RUN - MINUTE) == "a backup is made or proven"
    assert look(settings, MADE + DAY + LONGEST_RUN) == "the backup is late"


def test_a_failure_is_told_once_and_tried_again_every_half_hour(settings: Any) -> None:
    noted("/backups/1", MADE)
    job = Job.objects.filter(name=BACK_UP)
    job.update(last_error="NoRoomError: full", started_at=MADE + DAY)
    say_failed("No backup of the hub could be made: full.", now=MADE + DAY)

    assert look(settings, MADE + DAY + TRIED_AGAIN_AFTER - MINUTE) == "the backup needs a look"
    again = MADE + DAY + TRIED_AGAIN_AFTER
    assert look(settings, again) == "the backup is tried again"
    assert job.get().next_at == again
    job.update(started_at=again, next_at=MADE + 2 * DAY)
    say_failed("No backup of the hub could be made: still full.", now=again)
    assert look(settings, again + MINUTE) == "the backup needs a look"
    assert [event for event, _ in told()] == ["hub_backup_failed"]

    job.update(last_error="")
    noted("/backups/2", again)
    say_proven(Path("/backups/2"), now=again + HOUR)
    assert look(settings, again + 2 * HOUR) == "the backup is in time"
    assert [event for event, _ in told()] == ["hub_backup_failed", "hub_backup_done"]


def test_another_one_is_made_in_the_place_of_one_that_cannot_be_restored(settings: Any) -> None:
    noted("/backups/1", MADE)
    noted("/backups/2", MADE + DAY, proven=False)
    Job.objects.filter(name=BACK_UP).update(started_at=MADE + DAY)

    assert look(settings, MADE + DAY + MINUTE) == "the backup is in time"
    assert look(settings, MADE + DAY + TRIED_AGAIN_AFTER) == "the backup is tried again"
    Job.objects.filter(name=BACK_UP).update(started_at=MADE + DAY + TRIED_AGAIN_AFTER, next_at=MADE + 2 * DAY)
    assert look(settings, MADE + DAY + TRIED_AGAIN_AFTER + MINUTE) == "the backup is in time"


def test_who_makes_no_backups_is_told_nothing_of_them(settings: Any) -> None:
    noted("/backups/1", MADE)
    look(settings, LATE)
    settings.HUB = replace(settings.HUB, backup=replace(settings.HUB.backup, dir=""))

    assert [look(settings, LATE + DAY), look(settings, LATE + 9 * DAY)] == ["no backups are made"] * 2
    assert [event for event, _ in told()] == ["hub_backup_missed", "hub_backup_done"]
    assert not OwnAlarm.objects.exists()


def volume(full_on: date | None, words: str = "so", *, free: int | None = 651_000_000, is_known: bool = True) -> Volume:
    return Volume(Path("/data"), free, 1_000_000_000, Forecast(31_000_000.0, 20, full_on, words, is_known=is_known))


def days_from(now: datetime, days: int) -> date:
    return now.date() + days * DAY


def test_a_volume_that_fills_up_is_told_once_and_its_end_once() -> None:
    for days in (31, 30, 29, 31, 33, 30, 34, 35):
        look_after_volume(volume(days_from(MADE, days)), MADE)

    words = (
        "The volume of the database will be full about 23 Dec 2026, in 30 days, at the present growth of 31 MB a day; "
        "651 MB are free."
    )
    assert told() == [
        ("hub_volume_filling", words),
        ("hub_volume_roomy", "The volume of the database has room again: for 34 days."),
    ]


def test_what_is_not_known_ends_no_alarm() -> None:
    look_after_volume(volume(days_from(MADE, 3)), MADE)
    look_after_volume(volume(None, "not known", free=None, is_known=False), MADE)
    assert [event for event, _ in told()] == ["hub_volume_filling"]

    look_after_volume(volume(None, "not growing"), MADE)
    assert told()[1] == ("hub_volume_roomy", "The volume of the database has room again: 651 MB of 1 GB are free.")


def test_a_volume_that_is_nearly_full_is_told_whatever_the_forecast_says() -> None:
    young = Forecast(None, 1, None, "not known yet", is_known=False)
    for megabytes in (51, 49, 40, 51, 74, 49, 75, 74):
        look_after_volume(Volume(Path("/data"), megabytes * 1_000_000, 1_000_000_000, young), MADE)

    assert told() == [
        ("hub_volume_filling", "The volume of the database is nearly full: only 49 MB of 1 GB are free."),
        ("hub_volume_roomy", "The volume of the database has room again: 75 MB of 1 GB are free."),
    ]


def test_a_volume_with_time_but_little_room_keeps_its_alarm() -> None:
    for free, days in ((40, 400), (60, 400), (80, 30), (80, 400)):
        look_after_volume(volume(days_from(MADE, days), free=free * 1_000_000), MADE)

    assert [message.partition(":")[0] for _, message in told()] == [
        "The volume of the database is nearly full", "The volume of the database has room again"
    ]  # fmt: skip


def test_the_days_can_be_set_and_none_is_never(settings: Any) -> None:
    settings.HUB = replace(settings.HUB, alerting=replace(settings.HUB.alerting, volume_days=7))
    look_after_volume(volume(days_from(MADE, 8)), MADE)
    assert told() == []
    look_after_volume(volume(days_from(MADE, 7)), MADE)
    settings.HUB = replace(settings.HUB, alerting=replace(settings.HUB.alerting, volume_days=0))
    for _ in range(2):
        look_after_volume(volume(days_from(MADE, 1)), MADE)

    assert [event for event, _ in told()] == ["hub_volume_filling", "hub_volume_roomy"]
