"""How a report looks: as text on a terminal, and as Markdown in docs/performance.md."""

from datetime import datetime
from pathlib import Path

from bench.result import BenchError, Line, Report

BEGIN = "<!-- measured: begin; `python -m bench --write-docs` writes what follows -->"
END = "<!-- measured: end -->"
_HEAD = ("", "What", "Measured", "Compared with", "Ratio", "Goal", "")
_MARKS = {True: "met", False: "MISSED", None: ""}
_SMALL, _MIDDLE = 10, 100


def text_table(report: Report) -> str:
    """All lines under one another in columns, the machine above them."""
    rows = [_HEAD, *_rows(report)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([machine_sentence(report), "", *lines, *_failures(report)])


def markdown(report: Report) -> str:
    """The same as Markdown."""
    rows = [("Item", *_HEAD[1:-1], "Goal met"), ("---",) * len(_HEAD), *_rows(report)]
    table = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([machine_sentence(report), "", *table, *_failures(report)])


def machine_sentence(report: Report) -> str:
    """What the numbers were measured on."""
    machine, began = report.machine, datetime.fromisoformat(report.began_at)
    flush = machine["fdatasync_ms"]
    return (
        f"{began:%d %B %Y}, revision {machine['revision']}, {machine['cpu']}, {machine['cores']} cores, "
        f"{machine['memory_mib']} MiB of memory, {machine['kernel']}, Python {machine['python']}, "
        f"SQLite {machine['sqlite']}, {machine['filesystem']} that flushes a page of 8 KiB in {flush['median']:.2f} ms "
        f"(p95 {flush['p95']:.2f} ms){_later_flushes(report)}. "
        f"Load before the run {machine['load_before']:.2f}; during it the machine's host gave "
        f"{machine['stolen_percent']:.1f} % of the processors' time to others."
        + (" A quick run: its numbers mean nothing." if report.is_quick else "")
    )


def _later_flushes(report: Report) -> str:
    """Disks that were lent have good and bad minutes."""
    later = [item.flush_ms for item in report.items.values()]
    return f", between the items in {min(later):.2f} to {max(later):.2f} ms" if later else ""


def write_docs(report: Report, path: Path) -> None:
    """The marked block of the document holds the report's table; BenchError where there is no such block."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BenchError(f"{path} has no block between {BEGIN!r} and {END!r}")
    if report.is_quick:
        raise BenchError("the report is of a quick run, whose numbers mean nothing; run `make bench`")
    path.write_text(f"{before}{BEGIN}\n\n{markdown(report)}\n\n{END}{after}", encoding="utf-8")


def number_text(value: float) -> str:
    """Three digits that count, and thousands parted."""
    if value < _SMALL:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < _MIDDLE else f"{value:,.0f}"


def _rows(report: Report) -> list[tuple[str, ...]]:
    return [_row(name, line) for name, item in report.items.items() for line in item.lines]


def _row(name: str, line: Line) -> tuple[str, ...]:
    measured = f"{number_text(line.value)} {line.unit}" if line.unit else f"{line.value:,.0f}"
    ratio = "" if line.ratio is None else f"{number_text(line.ratio)} ×"
    return name, line.what, measured, line.than, ratio, line.goal, _MARKS[line.is_met]


def _failures(report: Report) -> list[str]:
    failed = [f"{name} FAILED: {item.error}" for name, item in report.items.items() if item.error]
    return ["", *failed] if failed else []
