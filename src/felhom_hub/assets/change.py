"""What the operator does to the assets: uploads one, deletes one and brings it back, refreshes all from the image.

Each is in the audit. Bytes go to disk before the transaction, which then holds one rename and no more.
"""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from felhom_hub.assets.listing import AssetFile, files_in
from felhom_hub.assets.manifest import note_seeding
from felhom_hub.assets.names import is_allowed
from felhom_hub.assets.place import bring_back, put, stage, take_out
from felhom_hub.assets.seed import Seeding, seed_store
from felhom_hub.assets.sniff import upload_problem
from felhom_hub.base.errors import Conflict, Impossible, NotFound
from felhom_hub.base.words import size_words
from felhom_hub.operators.audit import Actor, record_audit


class Upload(StrEnum):
    """What an upload did."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "the same as before"


def upload_asset(directory: Path, filename: str, content: bytes, *, now: datetime, by: Actor) -> Upload:
    """The content is the asset of this name. Raises Impossible with a sentence, and OSError."""
    problem = upload_problem(filename, content)
    if problem is not None:
        raise Impossible(problem)
    before = _found(directory, filename)
    if before is not None and before.sha256 == sha256(content).hexdigest():
        return Upload.SAME
    staged = stage(directory, filename, content)
    done = Upload.ADDED if before is None else Upload.CHANGED
    try:
        with transaction.atomic():
            detail = f"{filename}, {size_words(len(content))}, {done}"
            record_audit("asset_uploaded", by=by, now=now, detail=detail)
            put(staged, filename)
    finally:
        staged.unlink(missing_ok=True)
    return done


def delete_asset(directory: Path, filename: str, *, now: datetime, by: Actor) -> None:
    """The asset is none any more; for an hour it can be restored. Raises NotFound and OSError."""
    if _found(directory, filename) is None:
        raise NotFound("There is no such asset")
    with transaction.atomic():
        record_audit("asset_deleted", by=by, now=now, detail=filename)
        take_out(directory, filename)


def restore_asset(directory: Path, filename: str, *, now: datetime, by: Actor) -> None:
    """The asset that was deleted last under this name is there again. Raises NotFound, Conflict and OSError."""
    if not is_allowed(filename):
        raise NotFound("There is no such asset")
    with transaction.atomic():
        record_audit("asset_restored", by=by, now=now, detail=filename)
        if not bring_back(directory, filename):
            raise Conflict("It is not kept any more, or another asset has its name now")


def refresh_assets(seed: Path, directory: Path, *, now: datetime, by: Actor) -> Seeding:
    """The store has what the image has, as far as the result says; the time of it is known."""
    done = seed_store(seed, directory)
    words = f"{done.words}; ended early: {done.trouble}" if done.trouble else done.words
    with transaction.atomic():
        note_seeding(words, now=now)
        record_audit("assets_refreshed", by=by, now=now, detail=words)
    return done


def _found(directory: Path, filename: str) -> AssetFile | None:
    return next((each for each in files_in(directory) if each.filename == filename), None)
