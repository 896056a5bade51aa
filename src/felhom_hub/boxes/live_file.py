"""A controller's configuration as the hub has read it: bounded, understood, and sealed for its call alone."""

import re
from typing import Final

from felhom_hub.base.secrets import open_sealed, seal
from felhom_hub.configs.documents import DocumentError, read_plain
from felhom_hub.configs.merge import Plain

MAX_BYTES: Final = 128 * 1024  # a controller.yaml has a few KB, and reading YAML is slow


def read_live(content: bytes) -> dict[str, Plain]:
    """The values in the file; raises DocumentError with a sentence that holds none of them."""
    if len(content) > MAX_BYTES:
        raise DocumentError(f"It is longer than {MAX_BYTES // 1024} KB.")
    try:
        return read_plain(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DocumentError("It is not text in UTF-8.") from None
    except DocumentError as error:
        # The parser's own words may quote a value, and values are secrets.
        where = re.match(r"Line [0-9]+", str(error))
        raise DocumentError(f"{where[0]} is no configuration." if where else "It is no configuration.") from None


def seal_live(content: bytes, *, call: int) -> str:
    """The file in an envelope; raises SecretsError."""
    return seal(content, purpose=purpose_of(call))


def open_live(envelope: str, *, call: int) -> bytes:
    """What was sealed; raises SecretsError."""
    return open_sealed(envelope, purpose=purpose_of(call))


def purpose_of(call: int) -> str:
    """Ties an envelope to its call."""
    return f"live_config:{call}"
