import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers import forked
from tests.structure.files import ROOT

from felhom_hub.simulation.switches import RULES

TINY = ("--nodes", "4", "--days", "3", "--seed", "3")


def run(
    directory: Path, *arguments: str, seconds: float = forked.SECONDS, **environment: str
) -> subprocess.CompletedProcess[str]:
    usual = {name: value for name, value in os.environ.items() if not name.startswith("FELHOM_HUB_")}
    usual.pop("DJANGO_SETTINGS_MODULE", None)
    return forked.run(
        [sys.executable, "-m", "felhom_hub.cli", "simulate", *arguments],
        env=usual | environment | {"TMPDIR": str(directory)},
        cwd=directory,
        timeout=seconds,
    )


def test_a_short_form_prints_a_table_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text("server: {data_dir: ./precious}\n", encoding="utf-8")
    done = run(tmp_path, *TINY, FELHOM_HUB_DATABASE__URL="postgresql://precious@127.0.0.1:1/precious")

    assert (done.returncode, done.stderr) == (0, "Simulating 4 nodes for 3 days\n")
    assert done.stdout.startswith("Seed 3, 4 nodes, ")
    assert [line.split("  ")[0] for line in done.stdout.splitlines()[3:6]] == [
        "felhom-hub",
        "plain threshold",
        "grace time",
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["hub.yaml"]


def test_scripts_get_one_object_and_a_rule_can_be_switched_off(tmp_path: Path) -> None:
    usual = json.loads(run(tmp_path, *TINY, "--json").stdout)
    without = json.loads(run(tmp_path, *TINY, "--json", "--without", "ledger").stdout)

    assert (usual["seed"], usual["nodes"], usual["rules"]["hub"]["missed"]) == (3, 4, 0)
    assert usual["rules"]["plain"] == without["rules"]["plain"]
    assert usual["rules"]["hub"]["false"] < without["rules"]["hub"]["false"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--nodes", "0"), "Invalid value for '--nodes': 0 is not in the range 1<=x<=10000."),
        (("--days", "x"), "Invalid value for '--days': 'x' is not a valid integer range."),
        (
            ("--without", "luck"),
            f"Invalid value for '--without': 'luck' is not one of {', '.join(repr(name) for name in RULES)}.",
        ),
        (
            ("--long", "--days", "3"),
            "--long has its own sizes and rules; leave out --nodes, --days and --without",
        ),
        (("--write-docs", "x.md"), "--write-docs goes with --long"),
        (("--long", "--write-docs", "nowhere/x.md"), "nowhere/x.md cannot be written"),
    ],
)
def test_a_mistake_is_one_plain_line(tmp_path: Path, arguments: tuple[str, ...], line: str) -> None:
    done = run(tmp_path, *arguments)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"felhom-hub: {line}\n")


# It has a database of its own.
@pytest.mark.sqlite_only
@pytest.mark.long
def test_the_long_form_reaches_its_goals_and_gives_the_document_again(tmp_path: Path) -> None:
    written = tmp_path / "alert-truth.md"
    done = run(tmp_path, "--long", "--json", "--write-docs", str(written), seconds=1800)  # usually some five minutes

    assert done.returncode == 0, done.stdout
    rules = json.loads(done.stdout)["year"]["rules"]
    assert (rules["hub"]["missed"], rules["hub"]["doubled"]) == (0, 0)
    assert rules["hub"]["false"] * 50 <= rules["plain"]["false"]
    known = (ROOT / "docs/alert-truth.md").read_text(encoding="utf-8")
    assert _but_for_time(written.read_text(encoding="utf-8")) == _but_for_time(known)


def _but_for_time(document: str) -> str:
    return re.sub(r"took \d+ minutes?", "took minutes", document)
