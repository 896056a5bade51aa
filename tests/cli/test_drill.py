"""What `felhom-hub drill` refuses and prints; whole drills are in tests/flows/test_drill.py."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from tests.cli.processes import ended

from felhom_hub.cli.drill import Days, _sheet, _table

DOCUMENT: dict[str, Any] = {
    "customer_id": "nagy",
    "duration_ms": 1240,
    "result": "gaps",
    "gaps": ["hdd1 (UUID 1111) was not found", "Immich cannot be restored"],
    "snapshot_version": 7,
    "disks_matched": 1,
    "disks_described": 2,
    "stacks_planned": 3,
    "stacks_all": 4,
}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "name one customer, or give --all, or --due"),
        (("nagy", "--all"), "name one customer, or give --all, or --due"),
        (("--all", "--due", "90d"), "name one customer, or give --all, or --due"),
        (("nagy", "--disks", "-", "--without", "1111"), "give --disks or --without, not both"),
        (("--all", "--without", "1111"), "--disks and --without go with one customer"),
        (("--due", "soon"), "Invalid value for '--due': 'soon' must be days such as 90d"),
        (("nagy",), "There is no database at"),
    ],
)
def test_mistakes_are_one_plain_line_and_2(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    (tmp_path / "hub.yaml").write_text(json.dumps({"server": {"data_dir": str(tmp_path)}}))
    done = ended(tmp_path, "drill", *arguments)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"felhom-hub: {words}")


def test_days_are_read_as_people_write_them() -> None:
    assert [Days().convert(text, None, None) for text in ("90d", "7", timedelta(days=1))] == [
        timedelta(days=90),
        timedelta(days=7),
        timedelta(days=1),
    ]
    with pytest.raises(click.BadParameter):
        Days().convert("90h", None, None)


def test_a_drill_is_a_sheet_for_people() -> None:
    assert _sheet(DOCUMENT) == [
        "drill of  nagy",
        "result    with gaps",
        "took      1.2 s",
        "snapshot  version 7",
        "disks     1 of 2 found",
        "apps      3 of 4 can be restored",
        "found     2 findings",
        "  hdd1 (UUID 1111) was not found",
        "  Immich cannot be restored",
    ]


def test_a_fleet_is_a_line_each_and_the_sum() -> None:
    passed = {**DOCUMENT, "customer_id": "kovacs-peter", "result": "passed", "gaps": [], "duration_ms": 75_000}

    assert _table([DOCUMENT, passed]) == [
        "nagy          with gaps 1.2 s   hdd1 (UUID 1111) was not found; Immich cannot be restored",
        "kovacs-peter  passed    1 min",
        "1 of 2 drills passed",
    ]
    assert _table([]) == ["0 of 0 drills passed"]
