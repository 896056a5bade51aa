"""A call as Resend makes it: signed in the form of Svix, with a secret of the tests."""

import base64
import hashlib
import hmac
import time

# The one of Svix's own documentation.
SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def signed_headers(
    body: bytes, *, call_id: str = "msg_1", at: float | None = None, secret: str = SIGNING_SECRET
) -> dict[str, str]:
    """The headers of the call; `at` is when it was signed, in seconds since 1970, else now."""
    timestamp = str(int(time.time() if at is None else at))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{call_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"svix-id": call_id, "svix-timestamp": timestamp, "svix-signature": f"v1,{signature}"}
