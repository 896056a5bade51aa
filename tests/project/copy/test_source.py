import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.legacy.go_hub import LAST, GoHub
from tests.project.copy.places import Place

from felhom_hub.base.copy.tables import Table
from felhom_hub.project.copy import source as source_module
from felhom_hub.project.copy.source import Source, SourceError, open_source


def table(tables: list[Table], name: str) -> Table:
    (found,) = (each for each in tables if each.name == name)
    return found


def test_rows_come_as_they_are_stored_in_the_order_of_their_keys(source: Source, tables: list[Table]) -> None:
    states = table(tables, "reports_nodestate")

    assert [row[states.key] for row in source.rows(states)] == [1, 2]
    assert source.count(states) == 2
    jobs = table(tables, "base_job")
    (job,) = source.rows(jobs)
    assert {type(value) for value in job} <= {str, int, type(None)}


def test_the_highest_number_is_known_though_its_row_is_gone(place: Place, tables: list[Table]) -> None:
    place.rows_in_file("DELETE FROM reports_report WHERE id > 100")
    with open_source(place.file) as source:
        assert source.last_number(table(tables, "reports_report")) == 384
        assert source.last_number(table(tables, "reports_nodestate")) == 0


def test_nothing_can_be_written_by_anybody(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "BUSY_TIMEOUT_SECONDS", 0)
    with open_source(place.file) as source:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            source.connection.execute("DELETE FROM base_job")
        with (
            closing(sqlite3.connect(place.file, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("SELECT count(*) FROM base_job")
        with pytest.raises(SourceError, match="is in use"), open_source(place.file):
            pass


def test_a_file_that_somebody_has_open_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "BUSY_TIMEOUT_SECONDS", 0)
    with closing(sqlite3.connect(place.file)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT count(*) FROM base_job").fetchone()
        with pytest.raises(SourceError, match="stop the hub, and whatever else has it open"), open_source(place.file):
            pass


def test_what_is_no_hubs_file_is_refused(tmp_path: Path) -> None:
    go_hub = GoHub(tmp_path / "go.db", LAST).path
    (tmp_path / "text.db").write_text("x" * 5000)
    (tmp_path / "empty.db").touch()
    for path, words in (
        (go_hub, "is the database of the Go hub"),
        (tmp_path / "text.db", "cannot be read as an SQLite database"),
        (tmp_path / "empty.db", "is no database of this hub"),
        (tmp_path / "none.db", "There is no database at"),
    ):
        with pytest.raises(SourceError, match=words), open_source(path):
            pass
    assert not (tmp_path / "none.db").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_directory_that_is_closed_is_said_plainly(tmp_path: Path) -> None:
    os.seteuid(65534)
    try:
        with pytest.raises(SourceError, match=r"hub\.db cannot be read: Permission denied"), open_source(tmp_path / "hub.db"):  # fmt: skip  # noqa: E501
            pass
    finally:
        os.seteuid(0)
