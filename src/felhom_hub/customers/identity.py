"""Whose payload it is: the first thing that is read of every body that a controller sends. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from felhom_hub.base.errors import BadRequest, Impossible
from felhom_hub.base.tolerant import BadJsonError, decode_json

CUSTOMER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", re.ASCII)
CUSTOMER_ID_RULE = "1 to 128 letters, digits, dots, dashes and underscores, beginning with a letter or digit"


def read_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object in `body`; raises BadRequest with the sentence that its sender reads."""
    try:
        document = decode_json(body)
    except BadJsonError as error:
        raise BadRequest(f"The body is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise BadRequest("The body is not a JSON object")
    return document


def read_customer_id(document: Mapping[str, Any]) -> str:
    """The customer that a payload names; raises BadRequest when it is missing, Impossible when it breaks the rule."""
    if document.get("customer_id") is None:
        raise BadRequest("customer_id is missing")
    customer_id = document["customer_id"]
    if not isinstance(customer_id, str) or not CUSTOMER_ID.fullmatch(customer_id):
        raise Impossible(f"customer_id must be {CUSTOMER_ID_RULE}")
    return customer_id
