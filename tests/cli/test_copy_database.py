import itertools
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
from tests.legacy.go_hub import LAST, GoHub
from tests.project.copy.places import Place, make_database, make_place
from tests.servers import forked
from tests.servers.hub import running_hub
from tests.servers.migrated import create_database, place_file

SECONDS = 120
_numbers = itertools.count()
# As a disk that forgets would.
DAMAGE = """
CREATE FUNCTION damage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := 'x'; RETURN NEW; END $$;
CREATE TRIGGER damage BEFORE INSERT ON customers_customer FOR EACH ROW EXECUTE FUNCTION damage()
"""
PETER = ("kovacs-peter", "--name", "Kovács Péter", "--domain", "kovacs.example.hu", "--email", "peter@example.hu")


@pytest.fixture(scope="module")
def with_peter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of a hub with one customer."""
    place = make_place(tmp_path_factory.mktemp("peter") / "hub", "")
    place_file(place.file)
    assert place.run("customer", "add", *PETER).returncode == 0
    return place.file


@pytest.fixture
def place(with_peter: Path, tmp_path: Path, postgresql_cluster: Path) -> Place:
    """A SQLite file with one customer, and a PostgreSQL with empty tables, for the tables take the longest."""
    url = create_database(postgresql_cluster, f"command_{next(_numbers)}")
    return copied(with_peter, make_place(tmp_path / "hub", url))


@pytest.fixture
def new_place(with_peter: Path, tmp_path: Path, postgresql_cluster: Path) -> Place:
    """The same with a PostgreSQL that has nothing."""
    url = make_database(postgresql_cluster, f"command_{next(_numbers)}")
    return copied(with_peter, make_place(tmp_path / "hub", url))


def copied(file: Path, place: Place) -> Place:
    shutil.copy(file, place.file)
    return place


def test_the_copy_is_made_compared_and_shown(new_place: Place) -> None:
    place = new_place
    before = place.rows_in_file("SELECT * FROM customers_customer")

    done = place.copy()

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["TABLE", "ROWS", "COPIED", "SAME"]
    assert ["customers_customer", "1", "1", "yes"] in lines
    assert ["customers_credential", "3", "3", "yes"] in lines
    assert lines[-1][:5] == ["Every", "row", "is", "the", "same."]
    assert place.rows("SELECT id, name, is_managed FROM customers_customer") == [(1, "Kovács Péter", True)]
    assert place.rows_in_file("SELECT * FROM customers_customer") == before
    again = place.copy()
    assert (again.returncode, again.stdout, again.stderr.count("\n")) == (2, "", 1)
    assert "The target holds a hub's rows already, as in " in again.stderr

    replaced = json.loads(place.copy("--replace", "--json").stdout)
    assert replaced["same"] is True
    (customers,) = (each for each in replaced["tables"] if each["table"] == "customers_customer")
    assert customers["sha256"] == customers["copied_sha256"]
    assert (customers["rows"], customers["copied"], customers["same"]) == (1, 1, True)


def test_a_password_can_stay_off_the_command_line(place: Place, tmp_path: Path) -> None:
    secret = place.url.replace("felhom@", "felhom:a-secret@")
    (tmp_path / "url").write_text(f"{secret}\n")

    done = place.run("copy-database", FELHOM_HUB_COPY_TO_FILE=str(tmp_path / "url"))
    assert (done.returncode, done.stderr) == (0, "")
    done = place.run("copy-database", "--only-compare", FELHOM_HUB_COPY_TO=secret)
    assert (done.returncode, done.stderr) == (0, "")
    assert "a-secret" not in done.stdout


def test_a_copy_that_differs_is_not_kept_and_is_told(place: Place) -> None:
    place.rows(DAMAGE)

    done = place.copy()

    assert done.returncode == 1
    assert ["customers_customer", "1", "1", "NO"] in [line.split() for line in done.stdout.splitlines()]
    assert done.stderr == (
        "felhom-hub: customers_customer differs, first in row 1\nfelhom-hub: Nothing of the copy was kept\n"
    )
    assert place.rows("SELECT count(*) FROM customers_customer") == [(0,)]


def test_a_damaged_copy_is_found_by_comparing_once_more(place: Place) -> None:
    assert place.copy().returncode == 0
    place.rows("DELETE FROM customers_credential WHERE id = 2")

    done = place.copy("--only-compare")

    assert done.returncode == 1
    assert done.stderr == "felhom-hub: customers_credential differs, first in row 2\n"
    assert ["customers_credential", "3", "2", "NO"] in [line.split() for line in done.stdout.splitlines()]


def test_what_cannot_be_stored_ends_with_one_line_that_names_it(place: Place) -> None:
    place.rows_in_file("UPDATE customers_customer SET note = 'a' || char(0) || 'secret'")

    done = place.copy()

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "felhom-hub: customers_customer, row 1, column note: it holds a NUL character, which PostgreSQL cannot store. "
        "Nothing of the copy was kept\n"
    )


def test_a_mistake_ends_with_one_plain_line(new_place: Place) -> None:
    place = new_place
    for arguments, words in (
        ((), "Name the PostgreSQL to copy into: --to postgresql://…, or FELHOM_HUB_COPY_TO"),
        (("--to", "sqlite:////tmp/x.db"), "--to: the copy is made in a PostgreSQL"),
        (("--to", "somewhere"), "--to: it begins with neither sqlite:/// nor postgresql://"),
        (("--to", "postgresql://127.0.0.1:1/x"), "The target cannot be reached: "),
        (("--to", place.url, "--replace", "--only-compare"), "contradict each other"),
        (("--to", new_place.url, "--only-compare"), "The target holds no copy of this version"),
    ):
        done = place.run("copy-database", *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
        assert words in done.stderr
    done = place.run("copy-database", FELHOM_HUB_COPY_TO_FILE=str(place.directory / "none"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "FELHOM_HUB_COPY_TO_FILE: " in done.stderr


def test_a_source_that_is_not_fit_is_refused(new_place: Place) -> None:
    place = new_place
    done = place.copy(FELHOM_HUB_DATABASE__URL=place.url)
    assert (done.returncode, done.stderr) == (
        2, "felhom-hub: database.url names a PostgreSQL; it is a SQLite file that is copied\n",
    )  # fmt: skip
    place.rows_in_file("DELETE FROM django_migrations WHERE app = 'legacy'")
    assert "pending migrations" in place.copy().stderr
    place.file.unlink()
    assert "There is no database at" in place.copy().stderr
    GoHub(place.file, LAST)
    assert "is the database of the Go hub" in place.copy().stderr
    assert place.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_hub_that_serves_has_to_be_stopped_first(tmp_path: Path, place: Place) -> None:
    with running_hub(tmp_path / "serving", settings={"auth.password_hash": ""}) as hub:
        url = f"sqlite://{hub.database}"
        done = place.copy(FELHOM_HUB_DATABASE__URL=url)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is in use: stop the hub" in done.stderr
        hub.terminate()

        assert place.copy(FELHOM_HUB_DATABASE__URL=url).returncode == 0
        hub.start()


def test_kill_9_in_the_middle_keeps_nothing_and_the_next_run_is_whole(place: Place) -> None:
    place.rows_in_file(
        "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
        "INSERT INTO telemetry_changedhour (id, hour, customers) SELECT i, i, x'' FROM n"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
    copying = forked.start(
        [sys.executable, "-m", "felhom_hub.cli", "copy-database", "--to", place.url],
        env=environment | {"FELHOM_HUB_CONFIG": str(place.directory / "hub.yaml")},
    )
    deadline = time.monotonic() + SECONDS
    while place.rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%'") == []:
        assert copying.poll() is None
        assert time.monotonic() < deadline
    copying.send_signal(signal.SIGKILL)
    copying.wait(SECONDS)

    done = place.copy("--json")

    assert done.returncode == 0, done.stderr
    assert place.rows("SELECT count(*) FROM telemetry_changedhour") == [(299_991,)]
