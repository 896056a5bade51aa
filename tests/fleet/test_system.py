from datetime import timedelta
from typing import Any

from tests.fleet.summaries import NOW, node

from felhom_hub.fleet.storage import drive_rows
from felhom_hub.fleet.system import Tile, tiles_of
from felhom_hub.reports.detail import Machine, read_detail
from felhom_hub.reports.queries import MEASURES, Point
from felhom_hub.reports.summary import NodeFacts

UNKNOWN = Machine(None, None, None, None, None, None, None, None)


def point(minutes: float, **values: float) -> Point:
    return Point(NOW - timedelta(minutes=minutes), "ok", "v0.30.0", {**dict.fromkeys(MEASURES), **values})


def tiles(facts: NodeFacts, machine: Machine = UNKNOWN, *points: Point, **members: Any) -> list[Tile]:
    plain: dict[str, Any] = {"drives": [], "is_old": False, "now": NOW}
    return tiles_of(facts, machine, points, **{**plain, **members})


def test_each_reading_has_its_tile_even_where_it_is_not_reported() -> None:
    bare = node(cpu_percent=None, memory_percent=None, temperature_celsius=None, disk_percent=None, disk_name=None)

    assert tiles(bare) == [
        Tile("CPU", None, "%", "", "", None, ""),
        Tile("Memory", None, "%", "", "", None, ""),
        Tile("CPU temperature", None, "°C", "", ", limit 80", None, ""),
        Tile("Fullest drive", None, "%", "", "", None, ""),
    ]


def test_tiles_tell_what_the_reading_is_of() -> None:
    machine = Machine("box", "Debian", "6.12", 4, 0.94, 0.0, 5.5e9, 7.7e9)
    drives = drive_rows(
        read_detail(b'{"storage": [{"name": "hdd1", "total_gb": 1840, "used_gb": 1680}]}').drives, is_old=False
    )

    notes = [tile.note for tile in tiles(node(), machine, drives=drives)]

    assert notes == [" of 4 cores, load 0.9", ", 5.5 GB of 7.7 GB", ", limit 80", ", 160 GB free"]


def test_a_line_of_the_day_has_its_spread() -> None:
    found = tiles(node(), UNKNOWN, point(30, cpu_percent=8.0), point(15, cpu_percent=61.0), point(0, disk_percent=41.0))

    assert [tile.spread for tile in found] == ["24 h: 8 to 61 %", "", "", "24 h: 41 %"]
    assert [tile.spark is not None for tile in found] == [True, False, False, True]


def test_a_high_reading_stands_out_while_it_is_live() -> None:
    hot = node(disk_percent=97.0, temperature_celsius=84.0)

    assert [tile.tone for tile in tiles(hot)] == ["", "", "warn", "down"]
    assert [tile.tone for tile in tiles(hot, is_old=True)] == ["", "", "", ""]
