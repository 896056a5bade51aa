import contextlib
import io
import json
from pathlib import Path

import pytest
from tests.build import NOW
from tests.cli.terminal import Terminal, percents
from tests.cli.test_customer import Place, make_place, place
from tests.legacy.go_hub import API_KEY, LAST, GoHub, a_config, a_report, an_event, times

from felhom_hub.cli.import_go import moved_with_bars
from felhom_hub.legacy.plan import plan_of
from felhom_hub.legacy.source import open_source

__all__ = ["place"]


@pytest.fixture
def hub(tmp_path: Path) -> GoHub:
    """With one customer, three reports and something odd."""
    made = GoHub(tmp_path / "go.db", LAST)
    made.put("customer_configs", a_config(email="nobody"))
    made.put("reports", *(a_report("kovacs-peter", at) for at in times(3)))
    made.run("ALTER TABLE events ADD COLUMN flavour TEXT", "INSERT INTO schema_notes VALUES ('by hand')")
    return made


@pytest.fixture(scope="module")
def place_of_kept(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where one row is kept, for what changes nothing."""
    place = make_place(tmp_path_factory.mktemp("kept"))
    made = GoHub(place.directory / "go.db", LAST)
    made.put("schema_notes", {"note": "by hand"})
    assert place.run("import-go", str(made.path)).returncode == 0
    return place


def test_a_dry_run_says_what_would_be_done_and_does_nothing(place: Place, hub: GoHub) -> None:
    done = place.run("import-go", str(hub.path), "--dry-run")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing was changed. This would be moved in:\n\ncustomer_configs: 1 row\n")
    assert "  name from customer_name\n" in done.stdout
    assert "\nreports: 3 rows\n  body from report_json\n" in done.stdout
    assert "  not understood, kept aside: flavour\n" in done.stdout
    assert "\nschema_notes: 1 row\n  kept aside whole: the table is not known here" in done.stdout
    assert place.document("list") == {"customers": []}
    document = json.loads(place.run("import-go", str(hub.path), "--dry-run", "--json").stdout)
    assert document["tables"][0]["columns"]["name"] == "customer_name"


def test_the_end_is_a_table_that_adds_up_and_what_to_look_at(place: Place, hub: GoHub) -> None:
    done = place.run("import-go", str(hub.path))

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["reports", "3", "3", "0", "0", "0"] in lines
    assert ["schema_notes", "1", "0", "0", "1", "1"] in lines
    assert "- kovacs-peter: email was kept aside. " in done.stdout
    assert place.document("show", "kovacs-peter", "--reveal")["api_key"] == API_KEY
    kept = [json.loads(line) for line in place.run("import-go", "--kept").stdout.splitlines()]
    assert {"table": "customer_configs", "row": 1, "values": {"email": "nobody"}} in kept


def test_a_second_run_keeps_and_tells_what_the_first_one_did(place: Place, hub: GoHub) -> None:
    first = json.loads(place.run("import-go", str(hub.path), "--json").stdout)
    kept = place.run("import-go", "--kept").stdout
    again = json.loads(place.run("import-go", str(hub.path), "--json").stdout)

    assert {"table": "customer_configs", "rows": 1, "stored": 0, "there_already": 1, "not_understood": 0,
            "kept_aside": 1} in again["tables"]  # fmt: skip
    assert kept.count("\n") == 2
    assert place.run("import-go", "--kept").stdout == kept
    assert again["notes"] == first["notes"] != []
    assert place.run("import-go", "--forget-kept").stdout == "2 rows forgotten\n"
    assert place.run("import-go", "--forget-kept", "--json").stdout == '{"forgotten": 0}\n'
    assert place.run("import-go", "--kept").stdout == ""


def test_columns_that_are_called_as_the_number_of_a_row_change_nothing(place: Place, hub: GoHub) -> None:
    for table in ("reports", "events", "schema_notes"):
        hub.run(f"ALTER TABLE {table} ADD COLUMN rowid TEXT", f"ALTER TABLE {table} ADD COLUMN number_ TEXT")

    done = place.run("import-go", str(hub.path))

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["reports", "3", "3", "0", "0", "0"] in lines
    assert ["schema_notes", "1", "0", "0", "1", "1"] in lines


@pytest.mark.django_db
def test_a_terminal_shows_how_far_the_move_is(hub: GoHub) -> None:
    hub.put("events", *(an_event("kovacs-peter", at) for at in times(700)))
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal), open_source(hub.path) as source:
        moved = moved_with_bars(source, plan_of(source))

    assert sum(table.stored for table in moved.tables) == 704
    found = percents(terminal.getvalue(), "Moving in")
    assert found == sorted(found)
    assert len({percent for percent in found if 0 < percent < 100}) > 2
    assert found[-1] == 100


@pytest.mark.django_db
def test_where_there_is_no_terminal_there_is_no_bar(hub: GoHub) -> None:
    said = io.StringIO()
    with contextlib.redirect_stderr(said), open_source(hub.path) as source:
        moved_with_bars(source, plan_of(source))

    assert said.getvalue() == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kept", "--forget-kept"), "not both"),
        (("--kept", "--dry-run"), "--kept and --dry-run contradict each other"),
        (("--forget-kept", "--dry-run"), "--forget-kept and --dry-run contradict each other"),
        (("{path}", "--dry-run", "--forget-kept"), "--forget-kept and --dry-run contradict each other"),
        (("{path}", "--kept"), "give it without"),
        (("{path}", "--forget-kept"), "give it without"),
        (("nonexist.db", "--kept"), "give it without nonexist.db"),
        (("{path}", "--kept", "--forget-kept"), "not both"),
        (("--dry-run",), "Give the path of the Go hub's database"),
        ((), "Give the path of the Go hub's database"),
    ],
)
def test_options_that_make_no_sense_together_end_with_one_line_and_change_nothing(
    place_of_kept: Place, arguments: tuple[str, ...], words: str
) -> None:
    done = place_of_kept.run("import-go", *(each.format(path=place_of_kept.directory / "go.db") for each in arguments))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("felhom-hub: ")
    assert done.stderr.count("\n") == 1
    assert words in done.stderr
    assert place_of_kept.run("import-go", "--kept").stdout.count("\n") == 1


def test_a_mistake_ends_with_one_plain_line(place: Place, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("x" * 5000)
    for arguments in ((), (str(tmp_path / "none.db"),), (str(tmp_path / "text.db"),)):
        done = place.run("import-go", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") <= 3
        assert "Traceback" not in done.stderr


def test_a_hub_on_the_go_hubs_own_file_is_refused_and_writes_nothing(place: Place) -> None:
    path = place.directory / "data" / "hub.db"
    for each in path.parent.glob("hub.db*"):
        each.unlink()
    made = GoHub(path, LAST)
    made.put("reports", a_report("a", NOW))
    before = path.read_bytes()

    for command in (("serve",), ("customer", "list"), ("import-go", str(path))):
        done = place.run(*command)
        assert done.returncode == 2
        assert f"{path} is the database of the Go hub, and is left as it is." in done.stderr
    assert "is the database of the Go hub" in place.run("check").stdout
    assert path.read_bytes() == before
