"""Hides what is secret in a configuration that is shown: by the names of its keys. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from felhom_hub.configs.merge import Plain, is_empty

MASK: Final = "••••••••"
_SECRET: Final = re.compile(
    r"secret|token|pass|jelszo|credential|auth|salt|hmac|(^|[^a-z])keys?([^a-z]|$)|(api|access|private|ssh|master)keys?",
    re.IGNORECASE,
)


def is_secret(key: str) -> bool:
    """True for a key whose value is nobody's to read."""
    return _SECRET.search(key) is not None


def masked(values: Mapping[str, Plain]) -> dict[str, Plain]:
    """The same with a mask in place of every value below a key of a secret; what is empty stays empty."""
    return {key: _hidden(value) if is_secret(key) else _shown(value) for key, value in values.items()}


def _shown(value: Plain) -> Plain:
    if isinstance(value, Mapping):
        return masked(value)
    return [_shown(item) for item in value] if isinstance(value, list) else value


def _hidden(value: Plain) -> Plain:
    if is_empty(value):
        return value
    if isinstance(value, Mapping):
        return {key: _hidden(each) for key, each in value.items()}
    return [_hidden(item) for item in value] if isinstance(value, list) else MASK
