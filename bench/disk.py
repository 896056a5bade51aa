"""`disk`: what 90 days of one customer take, of a known kind of controller and of one that nobody ever met."""

from dataclasses import dataclass
from typing import Any

from bench.inside import call
from bench.pages import bytes_by_part
from bench.result import BenchError, Line, Outcome, Run

_MOST_MB = 12.0
_SMALL_PART = 0.01
_UNIQUE = "sqlite_autoindex_"
_SHAPES = ("canonical", "foreign")


@dataclass(frozen=True)
class _Goal:
    text: str = ""
    is_met: bool | None = None


def run(run: Run) -> Outcome:
    """A database for each kind, made through the code that stores the API's reports."""
    found = {}
    for shape in _SHAPES:
        run.tell(f"{run.plan.days} days of a {shape} controller")
        found[shape] = _measure(run, shape)
    return _outcome(found, run.plan.days)


def _measure(run: Run, shape: str) -> dict[str, Any]:
    directory = run.directory / shape
    call(directory, "bench.fill:nothing")
    empty = (directory / "hub.db").stat().st_size
    stored = call(directory, "bench.disk_inside:store_days", days=run.plan.days, shape=shape)
    if stored["reports"] != run.plan.days * 96:
        raise BenchError(f"of {run.plan.days * 96} reports {stored['reports']} were stored")
    file = directory / "hub.db"
    return {**stored, "file_bytes": file.stat().st_size, "empty_bytes": empty, "parts": bytes_by_part(file)}


def _outcome(found: dict[str, dict[str, Any]], days: int) -> Outcome:
    canonical = found["canonical"]
    most = _Goal("≤ 12 MB", is_met=canonical["file_bytes"] <= _MOST_MB * 1e6)
    lines = [
        *_lines_of(canonical, f"{days} days of one customer, every 15 minutes", most),
        *(
            Line(f"a report's share of {_plain(name)}", size / canonical["reports"], "bytes")
            for name, size in canonical["parts"].items()
            if size > canonical["file_bytes"] * _SMALL_PART
        ),
        *_lines_of(found["foreign"], "the same of a controller of unknown wording", _Goal()),
    ]
    return Outcome(lines, found)


def _plain(part: str) -> str:
    """A name that says what it is; SQLite numbers the indexes of unique constraints."""
    if part.startswith(_UNIQUE):
        return f"the unique index of {part.removeprefix(_UNIQUE).rpartition('_')[0]}"
    return part or "free pages"


def _lines_of(each: dict[str, Any], title: str, goal: _Goal) -> list[Line]:
    file_bytes, empty, packed, alone = (
        each[name] for name in ("file_bytes", "empty_bytes", "packed_bytes", "packed_alone_bytes")
    )
    per_report = (file_bytes - empty) / each["reports"]
    return [
        Line(f"{title}: the file", file_bytes / 1e6, "MB", f"empty {empty / 1e6:.2f} MB", None, goal.text, goal.is_met),
        Line("a report in it, with all rows and indexes", per_report, "bytes"),
        Line("its body, packed", packed, "bytes", f"without dictionary {alone:,.0f} bytes", packed / alone),
        Line("its body as it came", each["body_bytes"], "bytes"),
    ]
