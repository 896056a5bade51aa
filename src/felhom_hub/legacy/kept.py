"""Keeps what was not understood, sealed, and shows it again."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

import zstandard

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


def forget_rows(table: str = "") -> int:
    """Nothing of the table, or of any, is kept any more; how many rows that was."""
    kept = KeptRows.objects.filter(table=table) if table else KeptRows.objects.all()
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
        opened = open_sealed(each.envelope, purpose=purpose_of(each.table, each.first))
        text = zstandard.ZstdDecompressor().decompress(opened, max_output_size=_MOST_BYTES)
        for number, values in json.loads(text.decode("utf-8", "surrogatepass")).items():
            yield each.table, int(number), values


def purpose_of(table: str, first: int) -> str:
    """Ties an envelope to its rows: copied to another row, it does not open."""
    return f"kept-rows:{table}:{first}"


def _as_json(value: object) -> object:
    """A text as it is; bytes that are none in base64."""
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}
