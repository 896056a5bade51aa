import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from tests.base.test_apart import store

from felhom_hub.base.apart import WriterProcess
from felhom_hub.project.writer_process import writer_command

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_only]


def test_it_stores_where_the_hub_does_although_the_settings_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = writer_command()
    monkeypatch.setenv("FELHOM_HUB_DATABASE__URL", f"sqlite://{tmp_path}/other.db")
    process = WriterProcess(command)

    assert process.store([(store, ["a"])]) == [["stored a"]]
    process.close()

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM base_job")
        assert cursor.fetchall() == [("a",)]
    assert not (tmp_path / "other.db").exists()


def test_it_ends_when_nobody_is_at_the_other_end(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(writing)
    command = [sys.executable, "-m", "felhom_hub.project.writer_process", str(tmp_path / "hub.db"), str(reading)]

    done = subprocess.run(command, pass_fds=[reading], capture_output=True, text=True, timeout=60, check=False)

    os.close(reading)
    assert (done.returncode, done.stdout) == (0, "")
    assert "Traceback" not in done.stderr
