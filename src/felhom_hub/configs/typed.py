"""Tokens that were typed into a form which was not saved: kept for the next try without standing in the page.

The page carries them in an envelope that opens in the same sign-in and for the same customer only: nothing is lost,
nothing can be read, and nothing has to be remembered or cleaned up here.
"""

from collections.abc import Mapping

from felhom_hub.base.secrets import SecretsError, open_text, seal
from felhom_hub.configs.form import TOKENS
from felhom_hub.customers.credentials import Kind
from felhom_hub.operators.digests import digest
from felhom_hub.operators.kept_forms import lost_secrets

KEPT, DROP = "kept_", "drop_"
_ANEW = "Type it once more: you have signed in anew since."


def typed_tokens(form: Mapping[str, str], *, customer_id: str, csrf_token: str) -> dict[Kind, str]:
    """The tokens that were typed now, or before and kept, unless the operator dropped them."""
    typed = {name: form.get(name, "").strip() for name in TOKENS}
    kept = {name: _opened(form, name, customer_id, csrf_token) for name in _kept_names(form)}
    return {Kind(name): text for name in TOKENS if (text := typed[name] or kept.get(name))}


def unreadable_tokens(form: Mapping[str, str], *, customer_id: str, csrf_token: str) -> dict[str, str]:
    """What is wrong with each token that was kept in another sign-in; left out, it would be lost without a word."""
    lost = [name for name in _kept_names(form) if _opened(form, name, customer_id, csrf_token) is None]
    return dict.fromkeys(lost, _ANEW)


def lost_tokens(form: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each token that a form, come back after a sign-in, has lost on the way."""
    names = {name.removeprefix(KEPT) for name in lost_secrets(form)}
    return {name: _ANEW for name in TOKENS if name in names and not form.get(DROP + name)}


def keep_tokens(tokens: Mapping[Kind, str], *, customer_id: str, csrf_token: str) -> dict[str, str]:
    """The envelopes for the page, by the names of the fields."""
    return {
        kind.value: seal(token, purpose=_purpose(kind.value, customer_id, csrf_token)) for kind, token in tokens.items()
    }


def _kept_names(form: Mapping[str, str]) -> list[str]:
    """The tokens whose envelope counts: nothing was typed over them, and they were not dropped."""
    return [
        name
        for name in TOKENS
        if form.get(KEPT + name) and not form.get(name, "").strip() and not form.get(DROP + name)
    ]


def _opened(form: Mapping[str, str], name: str, customer_id: str, csrf_token: str) -> str | None:
    try:
        return open_text(form[KEPT + name], purpose=_purpose(name, customer_id, csrf_token))
    except SecretsError:
        return None


def _purpose(name: str, customer_id: str, csrf_token: str) -> str:
    return f"typed:{name}:{customer_id}:{digest(csrf_token)}"
