"""A line chart as the front end's `charts.js` draws it, and the same numbers as a table for everybody else. Pure.

A page includes `frame/chart.html` with a `Chart`, and the bundle `charts.js` in its head. The chart's numbers stand in
the page as JSON, since its content policy allows no other data in the markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Style = Literal["first", "second", "third"]  # solid, long dashes, dots, each in its own colour
Tone = Literal["warn", "down"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `values` has one item a time of the chart, None where nothing was measured: a gap, never a bridge."""

    label: str
    values: Sequence[float | None]
    style: Style = "first"
    is_filled: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A dashed line across the chart, labelled at its end."""

    label: str
    value: float
    tone: Tone = "down"


@dataclass(frozen=True, slots=True)
class Chart:
    """`name` is the element's id; `sentence` says in words what the chart shows; `top` is the least end of its axis."""

    name: str
    title: str
    sentence: str
    unit: str
    times: Sequence[datetime]
    lines: Sequence[Line]
    limits: Sequence[Limit] = ()
    top: float | None = None
    digits: int = 0  # after the decimal point, in the table and beside the lines
    gaps: Sequence[tuple[datetime, datetime]] | None = None  # what is shaded; None: where no line has a value

    @property
    def document(self) -> dict[str, Any]:
        """What the script reads; times in milliseconds since 1970."""
        return {
            "unit": self.unit,
            "digits": self.digits,
            "top": self.top,
            "times": [_ms(at) for at in self.times],
            "lines": [
                {"label": line.label, "style": line.style, "fill": line.is_filled, "values": list(line.values)}
                for line in self.lines
            ],
            "gaps": None if self.gaps is None else [[_ms(begin), _ms(end)] for begin, end in self.gaps],
            "limits": [{"label": limit.label, "value": limit.value, "tone": limit.tone} for limit in self.limits],
        }

    @property
    def rows(self) -> list[tuple[datetime, list[float | None]]]:
        """The table: each time with the value of every line, the newest first."""
        columns = zip(*(line.values for line in self.lines), strict=True)
        return [(at, list(values)) for at, values in zip(self.times, columns, strict=True)][::-1]


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
