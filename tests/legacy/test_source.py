import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.build import NOW
from tests.legacy.go_hub import FIRST, LAST, GoHub, a_report

from felhom_hub.base.errors import Impossible
from felhom_hub.legacy.source import open_source

NOBODY = 65534


def test_tables_columns_and_rows_are_read_in_portions(tmp_path: Path) -> None:
    hub = GoHub(tmp_path / "hub.db", FIRST)
    hub.put("reports", *(a_report("a", NOW) for _ in range(5)))
    hub.run("DELETE FROM reports WHERE id = 2", 'CREATE TABLE "odd ""name" (x TEXT PRIMARY KEY) WITHOUT ROWID')
    hub.run("INSERT INTO \"odd \"\"name\" VALUES ('one'), ('two')")

    with open_source(hub.path) as source:
        assert set(source.tables()) == {*FIRST.tables, 'odd "name'}
        assert source.columns("reports")[:3] == ["id", "customer_id", "received_at"]
        assert (source.count("reports"), source.count("reports", after=3)) == (4, 2)
        assert [row.number for row in source.rows("reports", after=1, limit=2)] == [3, 4]
        assert source.row("reports", 2) is None
        third = source.row("reports", 3)
        assert third is not None
        assert third.values["customer_id"] == b"a"
        odd = source.rows('odd "name', after=0, limit=9)
        assert [(row.number, row.values) for row in odd] == [(1, {"x": b"one"}), (2, {"x": b"two"})]
        assert source.count('odd "name', after=1) == 1


def test_rows_that_were_numbered_by_hand_are_read_as_well(tmp_path: Path) -> None:
    hub = GoHub(tmp_path / "hub.db", FIRST)
    hub.run("INSERT INTO reports (id, customer_id) VALUES (7, 'n7'), (0, 'n0'), (-5, 'n-5')")

    with open_source(hub.path) as source:
        assert source.count("reports") == 3
        rows = source.rows("reports", after=0, limit=2) + source.rows("reports", after=2, limit=2)
        assert [(row.number, row.values["id"]) for row in rows] == [(1, -5), (2, 0), (3, 7)]
        second = source.row("reports", 2)
        assert second is not None
        assert second.values["customer_id"] == b"n0"


@pytest.mark.parametrize(
    ("columns", "numbers"),
    [
        ("rowid TEXT", (7, 9)),
        ("number_ TEXT, NUMBER__ TEXT", (7, 9)),
        ("RowID TEXT, _rowid_ TEXT", (7, 9)),
        ("rowid TEXT, _rowid_ TEXT, oid TEXT", (1, 2)),
    ],
)
def test_a_column_may_be_called_as_the_number_of_a_row(tmp_path: Path, columns: str, numbers: tuple[int, int]) -> None:
    hub = GoHub(tmp_path / "hub.db", FIRST)
    hub.run(f"CREATE TABLE odd (id INTEGER PRIMARY KEY, {columns})")
    first = columns.split(maxsplit=1)[0]
    hub.run(f"INSERT INTO odd (id, {first}) VALUES (7, 'x'), (9, 'y')")  # noqa: S608 - from above

    with open_source(hub.path) as source:
        rows = source.rows("odd", after=0, limit=9)
        assert tuple(row.number for row in rows) == numbers
        assert [(row.values["id"], row.values[first]) for row in rows] == [(7, b"x"), (9, b"y")]
        assert [list(row.values) for row in rows] == [source.columns("odd")] * 2
        assert source.count("odd", after=numbers[0]) == 1
        assert source.row("odd", numbers[1]) == rows[1]


def test_a_name_that_is_no_utf8_is_said_plainly(tmp_path: Path) -> None:
    hub = GoHub(tmp_path / "hub.db", FIRST)
    hub.run("CREATE TABLE naxme (a)")
    hub.path.write_bytes(hub.path.read_bytes().replace(b"naxme", b"na\xffme"))

    with pytest.raises(Impossible, match="no UTF-8"), open_source(hub.path):
        pass


def test_what_the_go_hub_has_not_checkpointed_yet_is_read(tmp_path: Path) -> None:
    hub = GoHub(tmp_path / "hub.db", FIRST)
    with closing(sqlite3.connect(hub.path)) as running:
        running.execute("PRAGMA wal_autocheckpoint = 0")
        running.execute("INSERT INTO reports (customer_id) VALUES ('a')")
        running.commit()
        before = hub.path.read_bytes()
        with open_source(hub.path) as source:
            running.execute("INSERT INTO reports (customer_id) VALUES ('b')")
            running.commit()
            assert source.count("reports") == 1  # of one moment
        assert hub.path.read_bytes() == before


def test_what_is_no_go_hubs_database_is_said_plainly(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (x)")
    (tmp_path / "text.db").write_text("no database at all, but long enough to be looked at" * 50)
    for name, words in (("none.db", "There is no file"), ("other.db", "no database of a Go hub"), ("text.db", "-wal")):
        with pytest.raises(Impossible, match=words), open_source(tmp_path / name):
            pass
    GoHub(tmp_path / "fine.db", LAST)
    with open_source(tmp_path / "fine.db"):
        pass


def test_a_damaged_page_is_said_plainly_when_it_is_come_to(tmp_path: Path) -> None:
    hub = GoHub(tmp_path / "hub.db", FIRST)
    hub.put("reports", *(a_report("a", NOW) for _ in range(50)))
    whole = hub.path.read_bytes()
    hub.path.write_bytes(whole[:-4096] + b"\xff" * 4096)  # the last page, which is full of reports

    with pytest.raises(Impossible, match=r"hub\.db is damaged .*malformed"), open_source(hub.path) as source:
        source.rows("reports", after=0, limit=100)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_directory_that_is_closed_to_the_hubs_user_is_said_plainly(tmp_path: Path) -> None:
    os.seteuid(NOBODY)
    try:
        with (
            pytest.raises(Impossible, match=r"go\.db cannot be read: Permission denied"),
            open_source(tmp_path / "go.db"),
        ):
            pass
    finally:
        os.seteuid(0)
