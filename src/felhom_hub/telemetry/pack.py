"""One customer's apps in one hour, packed into one row: what is kept of each report, and how two are put together.

Pure. The numbers are whole: memory in 0.1 MB, CPU in 0.1 %, which is finer than anybody reads them.
"""

from collections.abc import Sequence

import msgspec
import zstandard

from felhom_hub.base.zstd import compress_each, expand_each
from felhom_hub.reports.app_telemetry import MAX_APPS, AppFacts
from felhom_hub.reports.body import report_dictionary

# A controller reports four times an hour. A box that reports more often has its values thinned out, so that a row
# stays small: every second one goes, and the P95 of what is left is nearly the same.
MAX_VALUES = 16
MAX_APPS_OF_HOUR = 2 * MAX_APPS
_TENTHS = 10


class AppHour(msgspec.Struct, array_like=True):
    """One app in one hour: what its newest report said, and lists with one value a report, in the order of arrival."""

    app_name: str
    display_name: str
    memory_request_mb: int | None
    memory_limit_mb: int | None
    log_errors_24h: int | None
    log_warnings_24h: int | None
    memory_peak: int | None  # the largest, in 0.1 MB
    memory: list[int]  # in 0.1 MB
    cpu: list[int]  # in 0.1 %
    second: int  # of the hour, from which the names, limits and log counts are


class Hour(msgspec.Struct, array_like=True):
    """All apps of one customer in one hour, and the fingerprint of the log issues that were last written to rows."""

    apps: list[AppHour]
    issues_digest: int


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Hour)
# The reports' dictionary knows the apps' names, which are most of an hour: with it an hour takes a quarter less.
_LEVEL = 6
_DICTIONARY = report_dictionary()
_DICTIONARY.precompute_compress(level=_LEVEL)
_UNPACKING = report_dictionary()  # digesting one for one use takes it from under the other, as in reports/body.py


def pack_hour(hour: Hour) -> bytes:
    """What is stored for an hour."""
    return pack_hours([hour])[0]


def pack_hours(hours: Sequence[Hour]) -> list[bytes]:
    """What is stored for each of `hours`."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=_DICTIONARY, write_dict_id=False)
    return compress_each(compressor, [_encode(hour) for hour in hours])


def unpack_hour(stored: bytes) -> Hour:
    """The hour as it was stored."""
    return unpack_hours([stored])[0]


def unpack_hours(stored: Sequence[bytes]) -> list[Hour]:
    """Each hour as it was stored."""
    texts = expand_each(zstandard.ZstdDecompressor(dict_data=_UNPACKING), [bytes(each) for each in stored])
    return [_decoder.decode(text) for text in texts]


def with_apps(hour: Hour | None, apps: tuple[AppFacts, ...], *, second: int) -> Hour:
    """The hour with the apps of a report of its `second` added; `hour` itself is used up.

    Reports may come in any order. An app beyond MAX_APPS_OF_HOUR is left out.
    """
    whole = hour or Hour([], 0)
    known = {app.app_name: app for app in whole.apps}
    for facts in apps:
        app = known.get(facts.app_name)
        if app is None:
            if len(whole.apps) >= MAX_APPS_OF_HOUR:
                continue
            app = AppHour(facts.app_name, "", None, None, None, None, None, [], [], 0)
            whole.apps.append(app)
        _add(app, facts, second)
    return whole


def _add(app: AppHour, facts: AppFacts, second: int) -> None:
    if second >= app.second:
        _replace_said(app, facts, second)
    if facts.memory_peak_mb is not None:
        app.memory_peak = max(app.memory_peak or 0, round(facts.memory_peak_mb * _TENTHS))
    if facts.memory_mb is not None:
        app.memory = _thinned(app.memory)
        app.memory.append(round(facts.memory_mb * _TENTHS))
    if facts.cpu_avg_percent is not None:
        app.cpu = _thinned(app.cpu)
        app.cpu.append(round(facts.cpu_avg_percent * _TENTHS))


def _replace_said(app: AppHour, facts: AppFacts, second: int) -> None:
    """The app says what the report says, unless it says something else of the same second that is greater."""
    request, limit = _whole(facts.memory_request_mb), _whole(facts.memory_limit_mb)
    said = facts.display_name, request, limit, facts.log_errors_24h, facts.log_warnings_24h
    if second == app.second and _order(said) < _order(
        (app.display_name, app.memory_request_mb, app.memory_limit_mb, app.log_errors_24h, app.log_warnings_24h)
    ):
        return
    app.display_name, app.memory_request_mb, app.memory_limit_mb, app.log_errors_24h, app.log_warnings_24h = said
    app.second = second


def _order(said: tuple[str, int | None, int | None, int | None, int | None]) -> tuple[str, *tuple[int, ...]]:
    return said[0], *(-1 if number is None else number for number in said[1:])


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def _thinned(values: list[int]) -> list[int]:
    return values if len(values) < MAX_VALUES else values[::2]
