"""What there is to download (contract 7), and the version of it, which grows with every change of the contents."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from felhom_hub.assets.listing import AssetFile, files_in
from felhom_hub.assets.models import Store
from felhom_hub.base.instants import rfc3339

_ROW = 1
# Each try is lost only to somebody who saw a change at the same moment.
_TRIES = 5


@dataclass(frozen=True)
class Manifest:
    """`generated_at` is when these contents were seen first, so that the same contents have the same manifest."""

    version: int
    generated_at: datetime
    files: tuple[AssetFile, ...]


def manifest_of(directory: Path, *, now: datetime) -> Manifest:
    """The directory's manifest; the version of other contents than the last ones is stored. Raises OSError."""
    files = files_in(directory)
    digest = _digest(files)
    for _ in range(_TRIES):
        row = Store.objects.filter(pk=_ROW).first()
        if row is not None and row.digest == digest:
            break
        _store_version(row, digest, now)
    row = Store.objects.get(pk=_ROW)
    return Manifest(row.version, row.changed_at, files)


def manifest_document(manifest: Manifest) -> dict[str, Any]:
    """The manifest as it crosses the wire: these members and no others."""
    files = [{"filename": each.filename, "size": each.size_bytes, "sha256": each.sha256} for each in manifest.files]
    return {"version": manifest.version, "generated": rfc3339(manifest.generated_at), "files": files}


def note_seeding(words: str, *, now: datetime) -> None:
    """It is known when the image was compared last, and what became of it."""
    length = Store._meta.get_field("seeded_words").max_length
    noted = {"seeded_at": now, "seeded_words": words[:length]}
    Store.objects.update_or_create(pk=_ROW, defaults=noted, create_defaults={**noted, "changed_at": now})


def last_seeding() -> tuple[datetime, str] | None:
    """When the image was compared last, and what became of it."""
    row = Store.objects.filter(pk=_ROW).first()
    return None if row is None or row.seeded_at is None else (row.seeded_at, row.seeded_words)


def _digest(files: tuple[AssetFile, ...]) -> str:
    return sha256(json.dumps([(each.filename, each.sha256) for each in files]).encode()).hexdigest()


def _store_version(row: Store | None, digest: str, now: datetime) -> None:
    """The next version, unless another replica has stored one since `row` was read."""
    with transaction.atomic():
        if row is None:
            first = Store(pk=_ROW, digest=digest, version=1, changed_at=now)
            Store.objects.bulk_create([first], ignore_conflicts=True)
        else:
            last = Store.objects.filter(pk=_ROW, digest=row.digest, version=row.version)
            last.update(digest=digest, version=F("version") + 1, changed_at=now)
