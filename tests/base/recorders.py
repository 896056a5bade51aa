"""What the tests of the writer store."""

from collections.abc import Sequence
from typing import Any

from felhom_hub.base.db import Db
from felhom_hub.base.models import Job

_NAMES = ("name", "next_at", "lease_holder", "last_error")


def store(db: Db, names: Sequence[Any]) -> list[Any]:
    """A recorder: a job for each name. A name that is None cannot be stored."""
    db.insert(Job, _NAMES, [(name, 0, "", "") for name in names])
    return [f"stored {name}" for name in names]
