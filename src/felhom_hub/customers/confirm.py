"""Confirms, inside the transaction that stores a batch, the keys that its items came with.

The intake recognises a key when a request begins; between that and the commit another process may have revoked it.
What is stored and what is answered rests on this look alone, so nothing about keys needs to be remembered.
"""

from collections.abc import Sequence

from felhom_hub.base.errors import ApiError, Unauthorized
from felhom_hub.customers.auth import keys_by_digest


def still_valid(key_digests: Sequence[str | None]) -> list[ApiError | None]:
    """For each item None when its key holds (None as a digest is the global key), else the refusal."""
    customers_own = {digest for digest in key_digests if digest is not None}
    known = keys_by_digest(customers_own) if customers_own else {}
    revoked = Unauthorized("This key is not valid any more")
    return [None if digest is None or digest in known else revoked for digest in key_digests]
