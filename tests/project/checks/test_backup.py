import os
from datetime import time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from tests.build import NOW

from felhom_hub.base.models import DatabaseSize
from felhom_hub.project.checks.backup import check_backup, check_growth
from felhom_hub.project.checks.findings import Finding, Level
from felhom_hub.project.database_url import SqliteUrl, parse_database_url
from felhom_hub.project.options import Backup

POSTGRESQL = parse_database_url("postgresql://felhom@db.example.org/felhom")


def found(directory: str, url: Any) -> tuple[Level, str]:
    finding = check_backup(Backup(dir=directory, schedule=time(3, 30), keep=14), url)
    return finding.level, finding.message


def test_whoever_makes_no_backups_is_warned(tmp_path: Path) -> None:
    assert found("", SqliteUrl(tmp_path / "hub.db")) == (
        Level.WARN,
        "none is made by itself: backup.dir is empty",
    )


def test_a_place_beside_the_database_is_a_warning_and_another_none(tmp_path: Path) -> None:
    beside = str(tmp_path / "backups")

    level, words = found(beside, SqliteUrl(tmp_path / "hub.db"))
    assert (level, words.partition(", ")[0]) == (Level.WARN, f"{beside} is on the disk of the database")
    assert found(beside, SqliteUrl(Path("/proc/hub.db"))) == (Level.OK, f"goes to {beside}")
    assert found(beside, POSTGRESQL) == (Level.OK, f"goes to {beside}")


def test_a_place_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert found(str(tmp_path / "file" / "backups"), POSTGRESQL) == (
        Level.WARN,
        f"{tmp_path}/file/backups cannot be written by this user; see backup.dir",
    )


@pytest.mark.django_db
@pytest.mark.sqlite_only
def test_the_day_on_which_the_volume_is_full_is_said() -> None:
    url = SqliteUrl(Path(connection.settings_dict["NAME"]))
    usage = os.statvfs(url.path)
    free = usage.f_bavail * usage.f_frsize
    for days_ago in range(10):
        day = (NOW - timedelta(days=days_ago)).date()
        DatabaseSize.objects.create(day=day, size_bytes=10 * free - days_ago * (free // 20))

    near = check_growth(url, settings.HUB.alerting, now=NOW)

    assert near is not None
    assert (near.check, near.level) == ("growth", Level.WARN)
    assert near.message.startswith("the volume will be full about 1")
    DatabaseSize.objects.all().delete()
    words = "not known yet: that takes 7 days of history, there are 0 days"
    assert check_growth(url, settings.HUB.alerting, now=NOW) == Finding("growth", Level.OK, words)


@pytest.mark.django_db
@pytest.mark.sqlite_only
def test_a_volume_that_is_nearly_full_is_a_warning_whatever_it_grows_by(monkeypatch: pytest.MonkeyPatch) -> None:
    url = SqliteUrl(Path(connection.settings_dict["NAME"]))
    usage = SimpleNamespace(free=40_000_000, total=1_000_000_000)
    monkeypatch.setattr("felhom_hub.base.volume.shutil.disk_usage", lambda _place: usage)

    finding = check_growth(url, settings.HUB.alerting, now=NOW)

    words = "the volume is nearly full: only 40 MB of 1 GB are free"
    assert finding == Finding("growth", Level.WARN, words)


def test_without_a_database_there_is_nothing_to_forecast(tmp_path: Path) -> None:
    assert check_growth(SqliteUrl(tmp_path / "hub.db"), settings.HUB.alerting, now=NOW) is None
    assert check_growth(POSTGRESQL, settings.HUB.alerting, now=NOW) is None
