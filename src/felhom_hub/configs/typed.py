"""Tokens that were typed into a form which was not saved: kept for the next try without standing in the page.

The page carries them in an envelope that opens in the same sign-in and for the same customer only: nothing is lost,
nothing can be read, and nothing has to be remembered or cleaned up here.
"""

from collections.abc import Mapping

from felhom_hub.base.secrets import SecretsError, open_text, seal
from felhom_hub.configs.form import TOKENS
from felhom_hub.customers.credentials import Kind
from felhom_hub.operators.digests import digest

KEPT, DROP = "kept_", "drop_"


def typed_tokens(form: Mapping[str, str], *, customer_id: str, csrf_token: str) -> dict[Kind, str]:
    """The tokens that were typed now, or before and kept, unless the operator dropped them."""
    found = {}
    for name in TOKENS:
        text = form.get(name, "").strip()
        if not text and form.get(KEPT + name) and not form.get(DROP + name):
            try:
                text = open_text(form[KEPT + name], purpose=_purpose(name, customer_id, csrf_token))
            except SecretsError:  # of another sign-in: it has to be typed again
                text = ""
        if text:
            found[Kind(name)] = text
    return found


def keep_tokens(tokens: Mapping[Kind, str], *, customer_id: str, csrf_token: str) -> dict[str, str]:
    """The envelopes for the page, by the names of the fields."""
    return {
        kind.value: seal(token, purpose=_purpose(kind.value, customer_id, csrf_token)) for kind, token in tokens.items()
    }


def _purpose(name: str, customer_id: str, csrf_token: str) -> str:
    return f"typed:{name}:{customer_id}:{digest(csrf_token)}"
