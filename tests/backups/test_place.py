import threading
from pathlib import Path

import pytest

from felhom_hub.backups import place
from felhom_hub.backups.place import is_on_same_disk


def test_what_lies_on_one_volume_is_told_from_what_does_not(tmp_path: Path) -> None:
    database = tmp_path / "data" / "hub.db"

    assert is_on_same_disk(tmp_path / "backups", database)
    assert is_on_same_disk(str(tmp_path), database)
    assert not is_on_same_disk("/proc/backups", database)


def test_a_disk_that_does_not_answer_holds_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As that of another machine which is gone: no page may wait for it, nor each of them leave a thread behind."""
    answers, asked = threading.Event(), []

    def hanging(path: Path) -> Path:
        asked.append(path)
        answers.wait()
        return path

    monkeypatch.setattr(place, "_nearest", hanging)
    monkeypatch.setattr(place, "ANSWER_SECONDS", 0.01)
    try:
        found = [is_on_same_disk(tmp_path, tmp_path / "hub.db") for _ in range(3)]
    finally:
        answers.set()

    assert (found, len(asked)) == ([False] * 3, 1)
