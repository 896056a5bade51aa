"""The jobs as the hub runs them, on the run's own database; a copy sees what is committed."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW, make_customer

from felhom_hub.backups.jobs import BACK_UP, PROVE, back_up, look_after, prove_newest, scheduled
from felhom_hub.backups.models import HubBackup
from felhom_hub.backups.restore import restore_backup
from felhom_hub.backups.sqlite_file import count_rows
from felhom_hub.backups.take import OldBackupStaysError, backups_in
from felhom_hub.base.models import Job
from felhom_hub.base.schedule import JOBS, Lane, Recurring, run_due
from felhom_hub.base.timetable import Daily, Interval
from felhom_hub.events.models import Event

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def directory(settings: Any, tmp_path: Path) -> Path:
    place = tmp_path / "backups"
    own = replace(settings.HUB.backup, dir=str(place), keep=2)
    assets = replace(settings.HUB.assets, dir=tmp_path / "assets")
    settings.HUB = replace(settings.HUB, backup=own, assets=assets)
    return place


def events() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("pk").values_list("event_type", "message"))


@pytest.mark.django_db
def test_without_a_directory_there_are_no_backups() -> None:
    assert (back_up(NOW), prove_newest(NOW)) == ("off: backup.dir is empty",) * 2
    assert str(look_after(NOW)).startswith("no backups are made; the volume: ")
    assert not HubBackup.objects.exists()


def test_they_hold_up_nobody_else() -> None:
    found = {name: JOBS[name] for name in (BACK_UP, PROVE, "backups.look_after")}

    assert {name: job.lane for name, job in found.items()} == {
        BACK_UP: Lane.LONG, PROVE: Lane.LONG, "backups.look_after": Lane.PROMPT,
    }  # fmt: skip
    assert isinstance(found[BACK_UP].timetable, Daily)
    assert [job.name for job in JOBS.values() if job.lane is Lane.LONG] == [BACK_UP, PROVE]


def test_the_schedule_is_an_hour_of_the_day_or_an_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    zone = ZoneInfo("Europe/Budapest")
    for schedule, timetable in (
        (time(3, 30), Daily(time(3, 30), zone)),
        (timedelta(hours=6), Interval(timedelta(hours=6))),
    ):
        found: dict[str, Recurring] = {}
        monkeypatch.setattr("felhom_hub.base.schedule.JOBS", found)
        scheduled(schedule, zone)(back_up)
        assert [job.timetable for job in found.values()] == [timetable]


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_made_when_it_is_due_proven_at_once_and_holds_all_up_to_its_time(
    directory: Path, tmp_path: Path
) -> None:
    """What a lost disk takes is what came after it."""
    make_customer("kovacs-peter")
    Job.objects.create(name=PROVE, next_at=NOW + DAY, timetable=JOBS[PROVE].timetable.text)
    Job.objects.create(name=BACK_UP, next_at=NOW, timetable=JOBS[BACK_UP].timetable.text)

    assert run_due(NOW - SECOND, lane=Lane.LONG) == []
    assert run_due(NOW, lane=Lane.LONG)[-2:] == [BACK_UP, PROVE]
    make_customer("papp-boraszat")

    (path,) = backups_in(directory)
    results = dict(Job.objects.values_list("name", "last_result"))
    assert results[BACK_UP].endswith(", 0 old ones removed, its proof is next")
    assert results[PROVE].startswith(f"{path.name} can be restored, ")
    row = HubBackup.objects.get()
    assert (row.looked_at, row.fault) == (NOW, "")
    restored = restore_backup(path, tmp_path / "new")
    assert count_rows(restored.database)["customers_customer"] == 1
    assert prove_newest(NOW) == "nothing to prove"


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_cannot_be_made_is_an_alarm_until_one_is_proven(directory: Path) -> None:
    directory.write_text("no directory")

    for at in (NOW, NOW + DAY):
        with pytest.raises(FileExistsError):
            back_up(at)
    directory.unlink()
    back_up(NOW + 2 * DAY)
    assert len(events()) == 1
    prove_newest(NOW + 2 * DAY)

    assert events() == [
        ("hub_backup_failed", f"No backup of the hub could be made: {directory}: File exists."),
        ("hub_backup_done", "The backup hub-20261125T120000Z.felhom-backup is there, and can be restored."),
    ]


@pytest.mark.django_db(transaction=True)
def test_an_old_one_that_stays_is_an_alarm_of_its_own_and_the_new_one_is_proven(directory: Path) -> None:
    stays = directory / "hub-20200101T000000Z.felhom-backup"
    stays.mkdir(parents=True)
    back_up(NOW)
    with pytest.raises(OldBackupStaysError):
        back_up(NOW + timedelta(hours=1))

    ((kind, message),) = events()
    assert kind == "hub_backup_failed"
    assert message.startswith(
        f"The backup hub-20261123T130000Z.felhom-backup was made, but the older {stays} cannot be removed: "
    )
    assert Job.objects.get(name=PROVE).next_at == NOW + timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_one_that_cannot_be_restored_is_an_alarm_and_the_last_good_one_stays(directory: Path) -> None:
    for day in range(4):
        back_up(NOW + day * DAY)
        if day:
            newest = backups_in(directory)[-1]
            newest.write_bytes(newest.read_bytes()[:-1])
            with pytest.raises(Exception, match="changed or cut off"):
                prove_newest(NOW + day * DAY)
        else:
            prove_newest(NOW)

    assert [path.name[4:12] for path in backups_in(directory)] == ["20261123", "20261125", "20261126"]
    damaged = "hub-20261124T120000Z.felhom-backup"
    words = f"The backup {damaged} cannot be restored: It was changed or cut off after it was made."
    assert events() == [("hub_backup_failed", words)]


@pytest.mark.django_db(transaction=True)
def test_a_proof_that_could_not_be_done_is_due_again(directory: Path) -> None:
    back_up(NOW)
    (path,) = backups_in(directory)
    hidden = path.rename(directory / "hidden")
    with pytest.raises(FileNotFoundError):
        prove_newest(NOW)
    hidden.rename(path)

    assert str(prove_newest(NOW)).startswith(f"{path.name} can be restored")
    assert [event for event, _ in events()] == ["hub_backup_failed", "hub_backup_done"]
