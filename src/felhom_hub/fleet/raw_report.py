"""A customer's newest report as it came: laid out to be read, and byte for byte to be kept. Pure."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

# What a browser lays out at once; the whole is a download away.
MAX_SHOWN = 256 * 1024
# Characters that cannot be seen, or that turn the order of those around them, are printed as JSON's escapes.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


@dataclass(frozen=True, slots=True)
class RawReport:
    """`text` is the beginning of the report where `is_cut`."""

    received_at: datetime
    size: int
    sha256: str
    text: str
    is_cut: bool


def raw_report(body: bytes, received_at: datetime) -> RawReport:
    """The report laid out; numbers stand as they were written, since nothing is read but the layout."""
    text = _laid_out(body)
    is_cut = len(text) > MAX_SHOWN
    if is_cut:
        text = text[:MAX_SHOWN].rpartition("\n")[0] or text[:MAX_SHOWN]
    shown = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return RawReport(received_at, len(body), sha256(body).hexdigest(), shown, is_cut)


def _laid_out(body: bytes) -> str:
    with suppress(msgspec.MsgspecError, RecursionError, ValueError):  # what is no JSON is shown as it is
        body = msgspec.json.format(body, indent=2)
    return body.decode("utf-8", "replace")
