"""The signature of a webhook request, in the form of standardwebhooks.com: over id, time and body."""

import base64
import hashlib
import hmac


def signature_of(secret: str, *, key: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64.

    The id lets the receiver tell a repetition, the time lets it refuse an old request that somebody has kept.
    """
    signed = b".".join((key.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()
