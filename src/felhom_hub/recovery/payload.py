"""Reads whose infrastructure backup a body is; all else in it is checked as JSON but never built. Pure."""

from typing import Any

import msgspec

from felhom_hub.base.tolerant import DECODER_ERRORS, BadJsonError, require_shallow
from felhom_hub.customers.identity import read_customer_id, read_object

MAX_BODY_BYTES = 16 * 1024 * 1024  # contract 1.5


class _Owner(msgspec.Struct):
    customer_id: Any = None


_decoder = msgspec.json.Decoder(_Owner)


def read_owner(body: bytes) -> str:
    """The customer that the backup names.

    Raises BadRequest when it is not a JSON object or names nobody, Impossible when its `customer_id` breaks the rule.
    """
    try:
        if not body.isascii():
            body.decode()  # msgspec looks at the texts that it builds, and no others
        require_shallow(body)
        return read_customer_id({"customer_id": _decoder.decode(body).customer_id})
    except (*DECODER_ERRORS, BadJsonError):
        return read_customer_id(read_object(body))
