import json
from pathlib import Path

import pytest
from tests.build import NOW
from tests.cli.test_customer import Place, place
from tests.legacy.go_hub import API_KEY, LAST, GoHub, a_config, a_report, times

__all__ = ["place"]


@pytest.fixture
def hub(tmp_path: Path) -> GoHub:
    """With one customer, three reports and something odd."""
    made = GoHub(tmp_path / "go.db", LAST)
    made.put("customer_configs", a_config(email="nobody"))
    made.put("reports", *(a_report("kovacs-peter", at) for at in times(3)))
    made.run("ALTER TABLE events ADD COLUMN flavour TEXT", "INSERT INTO schema_notes VALUES ('by hand')")
    return made


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
    again = json.loads(place.run("import-go", str(hub.path), "--json").stdout)
    assert {"table": "customer_configs", "rows": 1, "stored": 0, "there_already": 1, "not_understood": 0,
            "kept_aside": 0} in again["tables"]  # fmt: skip
    assert place.run("import-go", "--forget-kept").stdout == "1 row forgotten\n"
    assert place.run("import-go", "--kept").stdout == ""


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
