"""An app over a span of time, of one box or of many: figures that add up, from hours to days to months. Pure.

Memory is in 0.1 MB here, as in the hours (pack.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from felhom_hub.telemetry.pack import AppHour, Hour
from felhom_hub.telemetry.sketch import Sketch, add_sketch, add_values, pack_sketch, quantile, unpack_sketch

P95 = 0.95
_TENTHS = 10
# A petabyte of memory; what a box reports beyond it is a mistake, and many such sums would not fit into a column.
_MOST = 10**10


@dataclass(slots=True)
class Span:
    """What was measured of an app; `total` is the sum of the samples. What its newest hour said of it is `said`."""

    samples: int = 0
    total: int = 0
    peak: int | None = None
    sketch: Sketch = field(default_factory=dict)
    said: "Said | None" = None


class Said(msgspec.Struct, array_like=True, frozen=True):
    """What an app's newest report of an hour said."""

    hour: int
    display_name: str
    memory_request_mb: int | None
    memory_limit_mb: int | None
    log_errors_24h: int | None
    log_warnings_24h: int | None

    @property
    def order(self) -> tuple[object, ...]:
        """The newer one is the greater; of one hour, any order that is always the same."""
        numbers = (self.memory_request_mb, self.memory_limit_mb, self.log_errors_24h, self.log_warnings_24h)
        return self.hour, self.display_name, *(-1 if number is None else number for number in numbers)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a span, in MB; None where no sample came."""

    samples: int
    average_mb: float | None
    p95_mb: float | None
    peak_mb: float | None


class _Stored(msgspec.Struct, array_like=True):
    samples: int
    total: int
    peak: int | None
    sketch: bytes
    said: Said | None


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(dict[str, _Stored])


def add_app(span: Span, app: AppHour, hour: int) -> None:
    """The span holds the app's hour as well. An app without a reported peak peaked at its highest sample."""
    memory = [min(value, _MOST) for value in app.memory]
    peaks = memory if app.memory_peak is None else [*memory, min(app.memory_peak, _MOST)]
    add_values(span.sketch, memory)
    said = Said(
        hour,
        app.display_name,
        app.memory_request_mb,
        app.memory_limit_mb,
        app.log_errors_24h,
        app.log_warnings_24h,
    )
    _add(span, samples=len(memory), total=sum(memory), peak=max(peaks, default=None), said=said)


def add_span(span: Span, other: Span) -> None:
    """The span holds the other one as well; in whichever order they come, the result is the same."""
    add_sketch(span.sketch, other.sketch)
    _add(span, samples=other.samples, total=other.total, peak=other.peak, said=other.said)


def _add(span: Span, *, samples: int, total: int, peak: int | None, said: Said | None) -> None:
    span.samples += samples
    span.total += total
    if peak is not None:
        span.peak = peak if span.peak is None else max(span.peak, peak)
    if said is not None and (span.said is None or said.order > span.said.order):
        span.said = said


def spans_of_hours(hours: Iterable[tuple[int, Hour]]) -> dict[str, Span]:
    """Each app's span over the hours of one box."""
    spans: dict[str, Span] = {}
    for hour, whole in hours:
        for app in whole.apps:
            add_app(spans.setdefault(app.app_name, Span()), app, hour)
    return spans


def joined(parts: Iterable[dict[str, Span]]) -> dict[str, Span]:
    """Each app's span over all parts."""
    spans: dict[str, Span] = {}
    for part in parts:
        for name, span in part.items():
            add_span(spans.setdefault(name, Span()), span)
    return spans


def figures_of(span: Span) -> Figures:
    """The span in numbers."""
    p95 = quantile(span.sketch, P95)
    return Figures(
        span.samples,
        span.total / span.samples / _TENTHS if span.samples else None,
        None if p95 is None else p95 / _TENTHS,
        None if span.peak is None else span.peak / _TENTHS,
    )


def pack_spans(spans: dict[str, Span]) -> bytes:
    """What is stored of a box's day."""
    return _encode(
        {
            name: _Stored(span.samples, span.total, span.peak, pack_sketch(span.sketch), span.said)
            for name, span in spans.items()
        }
    )


def unpack_spans(stored: bytes) -> dict[str, Span]:
    """The day as it was stored."""
    return {
        name: Span(each.samples, each.total, each.peak, unpack_sketch(each.sketch), each.said)
        for name, each in _decoder.decode(stored).items()
    }
