"""Keeps what was not understood, sealed, and shows it again."""

import base64
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import zstandard
from django.db.models import QuerySet

from felhom_hub.base.secrets import open_sealed, seal
from felhom_hub.legacy.models import KeptRows

_MOST_BYTES = 1 << 30

Kept = Mapping[int, Mapping[str, Any]]


def keep_rows(table: str, rows: Kept) -> None:
    """The values are kept by the numbers of their rows, in the caller's transaction; raises SecretsError."""
    if not rows:
        return
    first = min(rows)
    text = json.dumps({str(number): values for number, values in rows.items()}, default=_as_json, ensure_ascii=False)
    packed = zstandard.ZstdCompressor().compress(text.encode("utf-8", "surrogatepass"))
    envelope = seal(packed, purpose=purpose_of(table, first))
    KeptRows.objects.update_or_create(table=table, first=first, defaults={"rows": len(rows), "envelope": envelope})


def keep_anew(table: str, rows: Kept, *, read: Collection[int], after: int) -> set[int]:
    """Of the rows that were read, all there are from `after` to the last of them, this is kept and nothing else.

    What was kept of rows that have gone since stays; their numbers are returned. Whoever reads a table from its
    beginning to its end in this way keeps no row twice: no envelope reaches beyond the portion in hand. In the
    caller's transaction; raises SecretsError.
    """
    last = max(read)
    before = _taken_out(KeptRows.objects.filter(table=table, first__gt=after, first__lte=last))
    gone = {number: values for number, values in before.items() if number <= last and number not in read}
    keep_rows(table, dict(sorted({**gone, **rows}.items())))
    keep_rows(table, {number: values for number, values in before.items() if number > last})
    return set(gone)


def forget_doubles(table: str, gone: Collection[int], *, after: int) -> None:
    """What is kept of rows that have gone is kept of no other row as well, in the caller's transaction.

    Gone are these, and all beyond `after`. A copy that was made by VACUUM has the same rows under other numbers.
    """
    if not gone and not KeptRows.objects.filter(table=table, first__gt=after).exists():
        return
    doubtful: dict[str, set[int]] = {}
    for number, values in _kept_of(table):
        if number in gone or number > after:
            doubtful.setdefault(_text(values), set()).add(number)
    doubles: set[int] = set()
    for number, values in _kept_of(table):
        if not (number in gone or number > after):
            doubles |= doubtful.get(_text(values), set())
    for number in sorted(doubles):
        each = KeptRows.objects.filter(table=table, first__lte=number).order_by("-first")[:1]
        left = _taken_out(KeptRows.objects.filter(pk__in=[row.pk for row in each]))
        keep_rows(table, {other: values for other, values in left.items() if other != number})


def forget_rows() -> int:
    """Nothing is kept any more; how many rows that was."""
    kept = KeptRows.objects.all()
    count = sum(kept.values_list("rows", flat=True))
    kept.delete()
    return count


def count_kept() -> dict[str, int]:
    """How many rows something is kept of, by table."""
    counts: dict[str, int] = {}
    for table, rows in KeptRows.objects.values_list("table", "rows"):
        counts[table] = counts.get(table, 0) + rows
    return counts


def kept_rows() -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Everything that is kept: table, number of the row, values; raises SecretsError."""
    for each in KeptRows.objects.order_by("table", "first").iterator(chunk_size=1):
        for number, values in _opened(each).items():
            yield each.table, number, values


def purpose_of(table: str, first: int) -> str:
    """Ties an envelope to its rows: copied to another row, it does not open."""
    return f"kept-rows:{table}:{first}"


def _kept_of(table: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for each in KeptRows.objects.filter(table=table).order_by("first").iterator(chunk_size=1):
        yield from _opened(each).items()


def _taken_out(kept: QuerySet[KeptRows]) -> dict[int, Mapping[str, Any]]:
    """What was kept there, and is not any more."""
    found = {number: values for each in kept for number, values in _opened(each).items()}
    kept.delete()
    return found


def _opened(kept: KeptRows) -> dict[int, Mapping[str, Any]]:
    packed = open_sealed(kept.envelope, purpose=purpose_of(kept.table, kept.first))
    text = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MOST_BYTES)
    return {int(number): values for number, values in json.loads(text.decode("utf-8", "surrogatepass")).items()}


def _text(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True)


def _as_json(value: object) -> object:
    """A text as it is; bytes that are none in base64."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}
