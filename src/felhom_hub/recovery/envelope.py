"""How an infrastructure backup lies in the database: compressed, and sealed for its customer and version alone."""

import zstandard

from felhom_hub.base.secrets import open_sealed, seal
from felhom_hub.recovery.payload import MAX_BODY_BYTES


def compress(body: bytes) -> bytes:
    """The body made small, to be sealed once its version is known."""
    return zstandard.ZstdCompressor().compress(body)


def seal_version(compressed: bytes, *, customer_id: str, version: int) -> str:
    """The envelope of a compressed body; raises SecretsError."""
    return seal(compressed, purpose=purpose_of(customer_id, version))


def open_version(envelope: str, *, customer_id: str, version: int) -> bytes:
    """The body exactly as it came; raises SecretsError."""
    compressed = open_sealed(envelope, purpose=purpose_of(customer_id, version))
    return zstandard.ZstdDecompressor().decompress(compressed, max_output_size=MAX_BODY_BYTES)


def purpose_of(customer_id: str, version: int) -> str:
    """Ties an envelope to its customer and version."""
    return f"infra_backup:{customer_id}:{version}"
