"""The text form of the keys that seal secrets at rest: "id:base64", one after the other; sealing is `secrets.py`'s."""

import base64
import re
from dataclasses import dataclass, field

KEY_BYTES = 32  # AES-256
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}", re.ASCII)


@dataclass(frozen=True)
class SecretKey:
    """The id is written beside everything that the key sealed."""

    key_id: str
    key: bytes = field(repr=False)


def parse_secret_keys(text: str) -> tuple[SecretKey, ...]:
    """The keys in their order, separated by commas or line breaks; ValueError counts to the wrong one, showing none."""
    items = (item.strip() for item in re.split(r"[,\n]", text))
    keys = tuple(_parse_key(item, number) for number, item in enumerate(filter(None, items), start=1))
    if len({key.key_id for key in keys}) < len(keys):
        raise ValueError("two keys have the same id")
    return keys


def format_secret_key(key: SecretKey) -> str:
    """The text that `parse_secret_keys` reads."""
    return f"{key.key_id}:{base64.b64encode(key.key).decode('ascii')}"


def _parse_key(text: str, number: int) -> SecretKey:
    key_id, colon, encoded = text.partition(":")
    if not colon or not _KEY_ID.fullmatch(key_id):
        raise ValueError(f"key {number} does not begin with an id (letters, digits, . _ -, at most 32) and a colon")
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise ValueError(f"key {number} is not base64 after its colon") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"key {number} has {len(key)} bytes")
    return SecretKey(key_id, key)
