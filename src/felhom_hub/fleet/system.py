"""The tiles of a server's readings, each with the line of the last day. Asks no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from felhom_hub.base.words import number_words, size_words
from felhom_hub.fleet.meters import DEFAULT_LINES, AllLines, Lines, Tone
from felhom_hub.fleet.sparks import Spark, spark_of
from felhom_hub.fleet.storage import DriveRow
from felhom_hub.reports.detail import Machine
from felhom_hub.reports.queries import Point
from felhom_hub.reports.summary import NodeFacts

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Tile:
    """One reading; `value` is None where it is not reported."""

    label: str
    value: int | None
    unit: str
    tone: Tone
    note: str
    spark: Spark | None
    spread: str


def tiles_of(
    node: NodeFacts,
    machine: Machine,
    points: Sequence[Point],
    *,
    drives: Sequence[DriveRow],
    is_old: bool,
    now: datetime,
    own: AllLines = DEFAULT_LINES,
) -> list[Tile]:
    """CPU, memory, temperature and the fullest drive; a last known reading warns of nothing."""

    def tile(label: str, measure: str, value: float | None, lines: Lines, *, unit: str = "%", note: str = "") -> Tile:
        readings = [(point.received_at, reading) for point in points if (reading := point.values[measure]) is not None]
        spark = spark_of(readings, since=now - DAY, until=now, limit=lines.high)
        tone: Tone = "" if value is None or is_old else lines.tone_of(value)
        return Tile(label, None if value is None else round(value), unit, tone, note, spark, _spread(spark, unit))

    cpu_note = f" of {machine.cores} cores" if machine.cores else ""
    if machine.load_1 is not None:
        cpu_note += f", load {number_words(machine.load_1, 1)}"
    free = next((drive.free for drive in drives if drive.name == node.disk_name), "")
    return [
        tile("CPU", "cpu_percent", node.cpu_percent, own.cpu, note=cpu_note),
        tile("Memory", "memory_percent", node.memory_percent, own.memory, note=_memory_note(machine)),
        tile(
            "CPU temperature",
            "temperature_celsius",
            node.temperature_celsius,
            own.temperature,
            unit="°C",
            note=f", limit {own.temperature.high:g}",
        ),
        tile(
            f"Fullest drive, {node.disk_name}" if node.disk_name else "Fullest drive",
            "disk_percent",
            node.disk_percent,
            own.disk,
            note=f", {free}" if free else "",
        ),
    ]


def _memory_note(machine: Machine) -> str:
    used, total = machine.memory_used_bytes, machine.memory_total_bytes
    return "" if used is None or total is None else f", {size_words(used)} of {size_words(total)}"


def _spread(spark: Spark | None, unit: str) -> str:
    if spark is None:
        return ""
    if spark.lowest == spark.highest:
        return f"24 h: {spark.lowest} {unit}"
    return f"24 h: {spark.lowest} to {spark.highest} {unit}"
