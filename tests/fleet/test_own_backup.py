from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.backups.databases import noted
from tests.build import NOW

from felhom_hub.backups.own_alarms import FAILED, raise_alarm
from felhom_hub.base.models import Job
from felhom_hub.fleet.background import job_rows
from felhom_hub.fleet.own_backup import OwnBackup, own_backup

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def backup(settings: Any, directory: str = "/proc/backups") -> OwnBackup:
    settings.HUB = replace(settings.HUB, backup=replace(settings.HUB.backup, dir=directory))
    return own_backup(job_rows(now=NOW, zone=settings.HUB.server.time_zone), now=NOW)


def test_before_the_first_one_the_next_run_is_known(settings: Any) -> None:
    found = backup(settings)

    assert found == OwnBackup(
        directory="/proc/backups",
        newest=None,
        is_waiting=False,
        proof=None,
        proven=None,
        alarm="",
        alarm_since=None,
        rhythm="daily at 03:30",
        following="tomorrow 03:30",
        is_running=False,
        is_on_same_disk=False,
        kept="the newest 14 backups",
    )
    assert (found.place, found.name) == ("/proc/backups", "")


def test_the_newest_and_the_last_proof_may_be_of_two(settings: Any) -> None:
    old = noted("/old/hub-1.felhom-backup", NOW - DAY, proven=False)
    new = noted("/old/hub-2.felhom-backup", NOW, proven=None)
    raise_alarm("backup", FAILED, "It failed.", now=NOW - DAY)
    Job.objects.create(name="backups.prove_newest", next_at=NOW, started_at=NOW, lease_until=NOW + DAY)

    found = backup(settings, "/old")

    assert (found.newest, found.proof, found.is_waiting, found.is_running) == (new, old, True, True)
    assert (found.alarm, found.alarm_since) == ("failed", NOW - DAY)
    assert (found.place, found.name) == ("/old", "hub-2.felhom-backup")


def test_a_backup_beside_the_database_is_said_to_be(settings: Any) -> None:
    beside = str(settings.HUB.server.data_dir / "backups")

    assert backup(settings, beside).is_on_same_disk == (connection.vendor == "sqlite")
    assert not backup(settings, "").is_on_same_disk
