"""Confirms, inside the transaction that stores a batch, the keys that its items came with.

The intake recognises a key when a request begins; between that and the commit another process may have revoked it, or
the overlap with the key that replaces it may have ended. What is stored and what is answered rests on this look alone,
so nothing about keys needs to be remembered.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from felhom_hub.base.errors import ApiError, Unauthorized
from felhom_hub.customers.auth import keys_by_digest


class Borne(Protocol):
    """What came with a key: the digest of a customer's own, None for the global one."""

    @property
    def key_digest(self) -> str | None: ...

    @property
    def received_at(self) -> datetime: ...


def still_valid(items: Sequence[Borne]) -> list[ApiError | None]:
    """For each item None when its key holds, else the refusal; the batch is judged at the time of its newest item."""
    customers_own = {item.key_digest for item in items if item.key_digest is not None}
    known = keys_by_digest(customers_own, now=max(item.received_at for item in items)) if customers_own else {}
    revoked = Unauthorized("This key is not valid any more")
    return [None if item.key_digest is None or item.key_digest in known else revoked for item in items]
