"""Reads an infrastructure backup into its parts; files that stand in it as base64 are read as what they hold. Pure."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, Final

from felhom_hub.base.tolerant import BadJsonError, decode_json
from felhom_hub.configs.documents import DocumentError, read_plain

# Of all files together. A reader of YAML that minds everything takes half a second for it; a controller.yaml has 4 KiB.
MAX_YAML: Final = 64 * 1024
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}", re.ASCII)


def read_parts(body: bytes) -> dict[str, Any]:
    """The members of a stored backup, its files opened; a file that cannot be read stays the text that it came as."""
    document, left = decode_json(body), MAX_YAML
    if not isinstance(document, dict):
        return {}
    # Files may stand in an object of their own.
    for members in (document, *[each for each in document.values() if isinstance(each, dict)]):
        for name, value in members.items():
            content = _content_of(value)
            if content is None:
                continue
            if content.lstrip().startswith("{"):
                members[name] = _read_json(content) or value
            elif len(content) <= left:
                left -= len(content)  # whether it turns out to be YAML or not: it is the reading that costs
                members[name] = _read_yaml(content) or value
    return document


def _content_of(value: object) -> str | None:
    """The text of a file in base64, None where the value is no such thing."""
    packed = "".join(value.split()) if isinstance(value, str) else ""
    if not _BASE64.fullmatch(packed):
        return None
    try:
        written = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_" if "-" in packed else None)
        return written.decode("utf-8-sig")
    except (binascii.Error, ValueError):
        return None


def _read_json(content: str) -> Mapping[str, Any] | None:
    try:
        value = decode_json(content.encode())
    except BadJsonError:
        return None
    return value if isinstance(value, dict) else None


def _read_yaml(content: str) -> Mapping[str, Any] | None:
    try:
        return read_plain(content)
    except (DocumentError, RecursionError):
        return None
