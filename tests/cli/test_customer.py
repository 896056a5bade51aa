import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.servers import forked
from tests.servers.hub import Hub, running_hub
from tests.servers.migrated import place_file

from felhom_hub.cli.customer import customer

PETER = ("kovacs-peter", "--name", "Kovács Péter", "--domain", "kovacs.example.hu", "--email", "peter@example.hu")
ANNA = ("nagy-anna", "--name", "Nagy Anna", "--domain", "nagy.example.hu", "--email", "anna@example.hu")
SHOWN = """\
customer id         kovacs-peter
name                Kovács Péter
domain              kovacs.example.hu
email               peter@example.hu
town                -
phone               -
tags                -
note                -
config type         managed
blocked             no
blocked at          -
"""


@dataclass(frozen=True)
class Place:
    """A directory with a hub.yaml and a database that has its tables."""

    directory: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
        return forked.run(
            [sys.executable, "-m", "felhom_hub.cli", *arguments],
            env=environment
            | {
                "FELHOM_HUB_CONFIG": str(self.directory / "hub.yaml"),
                "DJANGO_SETTINGS_MODULE": "felhom_hub.project.settings",
            },
            cwd=self.directory,
        )

    def customer(self, *arguments: str) -> str:
        """What `felhom-hub customer` prints; it must succeed without a word of warning."""
        done = self.run("customer", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def document(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.customer(*arguments, "--json"))
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make_place(tmp_path)


@pytest.fixture(scope="module")
def place_of_peter(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """For what changes nothing."""
    place = make_place(tmp_path_factory.mktemp("peter"))
    place.customer("add", *PETER)
    return place


def make_place(directory: Path) -> Place:
    data = directory / "data"
    data.mkdir()
    place_file(data / "hub.db")
    (directory / "hub.yaml").write_text(f"server: {{data_dir: {data}, listen: 127.0.0.1:0}}\n", encoding="utf-8")
    return Place(directory)


def test_who_is_added_gets_secrets_and_its_operator_is_told_what_to_do_next(place: Place) -> None:
    lines = place.customer("add", *PETER).splitlines()
    secrets = {line[:20].rstrip(): line[20:] for line in lines[2:4]}
    revealed = place.document("show", "kovacs-peter", "--reveal")
    assert secrets == {"API key": revealed["api_key"], "Retrieval password": revealed["retrieval_password"]}
    assert secrets["API key"].startswith("fh_")
    assert lines[0] == "kovacs-peter is a managed customer now."
    assert [line[:2] for line in lines[5:8]] == ["1.", "2.", "3."]
    assert lines[-1] == "felhom-hub customer show kovacs-peter --reveal shows both secrets again."


def test_scripts_get_one_object(place: Place) -> None:
    added = place.document("add", *PETER, "--town", "Győr", "--phone", "+36 20 123 4567", "--note", "2nd floor")
    revealed = place.document("show", "kovacs-peter", "--reveal")
    created_at = revealed.pop("created_at")
    assert added == {
        "customer_id": "kovacs-peter",
        "api_key": revealed["api_key"],
        "retrieval_password": revealed["retrieval_password"],
        "was_manual": False,
    }
    assert revealed == {
        "customer_id": "kovacs-peter",
        "name": "Kovács Péter",
        "domain": "kovacs.example.hu",
        "email": "peter@example.hu",
        "town": "Győr",
        "phone": "+36 20 123 4567",
        "tags": "",
        "note": "2nd floor",
        "config_type": "managed",
        "blocked": False,
        "blocked_at": None,
        "api_key": added["api_key"],
        "retrieval_password": added["retrieval_password"],
    }
    assert created_at.endswith("Z")


def test_secrets_are_stars_unless_they_are_asked_for(place: Place) -> None:
    added = place.document("add", *PETER)
    shown = place.customer("show", "kovacs-peter")
    document = place.document("show", "kovacs-peter")
    *known, created, api_key, retrieval_password = shown.splitlines(keepends=True)
    assert "".join(known) == SHOWN
    assert created.startswith("created at          20")
    assert (api_key, retrieval_password) == ("api key             ********\n", "retrieval password  ********\n")
    assert (document["api_key"], document["retrieval_password"]) == ("********", "********")
    assert added["api_key"] not in shown


def test_the_table_hides_the_blocked_unless_asked(place: Place) -> None:
    place.customer("add", *PETER)
    place.customer("add", *ANNA)
    assert place.customer("block", "nagy-anna") == "nagy-anna is blocked\n"
    assert place.customer("block", "nagy-anna") == "nagy-anna was blocked already\n"
    heading = "ID            NAME          DOMAIN             TYPE     STATE\n"
    peter = "kovacs-peter  Kovács Péter  kovacs.example.hu  managed  active\n"
    anna = "nagy-anna     Nagy Anna     nagy.example.hu    managed  blocked\n"
    assert place.customer("list", "--all") == heading + peter + anna
    listed = place.run("customer", "list")
    hint = "1 blocked, not shown; --all shows them\n"
    assert (listed.returncode, listed.stdout, listed.stderr) == (0, heading + peter, hint)
    assert [each["customer_id"] for each in place.document("list")["customers"]] == ["kovacs-peter"]
    assert [each["blocked"] for each in place.document("list", "--all")["customers"]] == [False, True]


def test_blocking_is_told_to_scripts(place: Place) -> None:
    place.customer("add", *PETER)
    assert place.document("block", "kovacs-peter") == {"customer_id": "kovacs-peter", "blocked": True, "changed": True}
    assert place.document("unblock", "kovacs-peter") == {
        "customer_id": "kovacs-peter",
        "blocked": False,
        "changed": True,
    }
    assert place.customer("unblock", "kovacs-peter") == "kovacs-peter was not blocked\n"


def test_without_customers_the_list_says_what_to_do(place: Place) -> None:
    done = place.run("customer", "list")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "No customers. Add one with `felhom-hub customer add`, or wait for the first report.\n"
    assert place.document("list") == {"customers": []}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("show", "kovacs"), "There is no customer kovacs"),
        (("block", "kovacs"), "There is no customer kovacs"),
        (("unblock", "kovacs", "--json"), "There is no customer kovacs"),
        (("add", *PETER), "There is a managed customer kovacs-peter already"),
        (("add", *ANNA, "--email", "anna"), "email must be one address such as anna@example.hu"),
        (("add", "nagy-anna", "--name", "Nagy Anna", "--domain", "nagy.example.hu"), "Missing option '--email'."),
        (("show",), "Missing argument 'ID'."),
    ],
)
def test_a_mistake_is_one_plain_line(place_of_peter: Place, arguments: tuple[str, ...], line: str) -> None:
    done = place_of_peter.run("customer", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"felhom-hub: {line}\n")


@pytest.mark.parametrize("name", ["add", "show", "list", "block", "unblock"])
def test_every_command_understands_config_json_and_help(name: str) -> None:
    done = CliRunner().invoke(customer, [name, "--help"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "--config PATH" in done.stdout
    assert "--json" in done.stdout


def test_config_is_understood_before_and_after_the_command(place_of_peter: Place) -> None:
    hub_yaml = str(place_of_peter.directory / "hub.yaml")
    elsewhere = Place(place_of_peter.directory / "data")  # where no hub.yaml is
    expected = place_of_peter.customer("list")
    assert elsewhere.customer("list", "--config", hub_yaml) == expected
    assert elsewhere.customer("--config", hub_yaml, "list") == expected


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running_hub(tmp_path_factory.mktemp("served")) as hub:
        yield hub


def report(customer_id: str, name: str = "") -> bytes:
    return json.dumps({"customer_id": customer_id, "customer_name": name}).encode()


def test_what_is_done_beside_a_serving_hub_counts_from_the_next_request_on(hub: Hub) -> None:
    beside = Place(hub.directory)
    key = beside.document("add", *PETER)["api_key"]
    answers = [hub.post("/api/v1/report", report("kovacs-peter"), key=key).document]
    beside.customer("block", "kovacs-peter")
    answers.append(hub.post("/api/v1/report", report("kovacs-peter"), key=key).document)
    beside.customer("unblock", "kovacs-peter")
    answers.append(hub.post("/api/v1/report", report("kovacs-peter"), key=key).document)
    assert [answer.get("customer_blocked", False) for answer in answers] == [False, True, False]
    assert hub.get("/api/v1/customers/kovacs-peter", key=key).status == 200
    assert hub.post("/api/v1/report", report("nagy-anna"), key=key).status == 403


def test_who_only_reported_is_listed_safely_and_can_be_taken_over(hub: Hub) -> None:
    beside = Place(hub.directory)
    assert hub.post("/api/v1/report", report("toth-eva", "Tóth\x1b[2J\nÉva")).status == 200
    (line,) = [line for line in beside.customer("list", "--all").splitlines() if line.startswith("toth-eva")]
    assert "\x1b" not in line
    assert line.split()[-2:] == ["manual", "active"]
    manual = beside.document("show", "toth-eva", "--reveal")
    assert (manual["api_key"], manual["retrieval_password"]) == (None, None)
    eva = ("toth-eva", "--name", "Tóth Éva", "--domain", "toth.example.hu", "--email", "eva@example.hu")
    assert beside.document("add", *eva)["was_manual"] is True
    assert beside.document("show", "toth-eva")["config_type"] == "managed"


def test_no_secret_lies_in_the_hubs_files_and_every_deed_is_audited(hub: Hub) -> None:
    beside = Place(hub.directory)
    added = beside.document("add", *ANNA)
    beside.customer("show", "nagy-anna")
    beside.customer("show", "nagy-anna", "--reveal")
    beside.customer("block", "nagy-anna")
    written = {path.name: path.read_bytes() for path in hub.directory.rglob("*") if path.is_file()}
    assert b"nagy.example.hu" in b"".join(written.values())
    for secret in (added["api_key"], added["retrieval_password"]):
        assert [name for name, content in written.items() if secret.encode() in content] == []
    deeds = hub.rows("SELECT actor, action FROM operators_auditentry WHERE customer_id = 'nagy-anna' ORDER BY id")
    assert deeds == [
        ("command line", "customer_added"),
        ("command line", "secrets_revealed"),
        ("command line", "customer_blocked"),
    ]
