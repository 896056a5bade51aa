"""The signature of a webhook request, in the form of standardwebhooks.com: over id, time and body. Pure."""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from felhom_hub.base.errors import Unauthorized

WINDOW = timedelta(minutes=5)  # a call that was signed earlier, or later, than this is refused
SECRET_PREFIX = "whsec_"  # noqa: S105 - what such a secret begins with
_VERSION = "v1,"
_MAX_DIGITS = 18


def secret_key(secret: str) -> bytes:
    """The key behind a secret such as `whsec_` and base64; ValueError where it has not that form."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("it is not base64") from None
    if not secret.startswith(SECRET_PREFIX) or not key:
        raise ValueError("it is not whsec_ and a key")
    return key


def signature_of(secret: bytes, *, key: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64.

    The id lets the receiver tell a repetition, the time lets it refuse an old request that somebody has kept.
    """
    signed = b".".join((key.encode(), str(timestamp).encode(), body))
    return _VERSION + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def signed_at(secret: bytes, *, key: str, timestamp: str, signatures: str, body: bytes, now: datetime) -> datetime:
    """When the call was signed. Raises Unauthorized where it was not, or not within `WINDOW` of now.

    Several signatures may stand there, with spaces between them, while a secret is replaced.
    """
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _MAX_DIGITS):
        raise Unauthorized("The time of the signature is not a number of seconds")
    seconds = int(timestamp)
    wanted = signature_of(secret, key=key, timestamp=seconds, body=body).encode()
    if not any(hmac.compare_digest(wanted, each.encode()) for each in signatures.split(" ")):
        raise Unauthorized("The signature is wrong")
    if abs(now.timestamp() - seconds) > WINDOW.total_seconds():
        raise Unauthorized("The signature is more than 5 minutes away from the hub's clock")
    return datetime.fromtimestamp(seconds, UTC)
