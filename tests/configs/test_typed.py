import pytest

from felhom_hub.configs.typed import KEPT, keep_tokens, typed_tokens
from felhom_hub.customers.credentials import Kind

TOKEN = "eyJhIjoiMTIzNDU2Nzg5MCJ9"
TYPED = {Kind.CF_API_TOKEN: TOKEN}


def again(**whose: str) -> dict[Kind, str]:
    envelopes = keep_tokens(TYPED, customer_id="kovacs", csrf_token="a" * 64)
    assert TOKEN not in str(envelopes)
    form = {f"{KEPT}{name}": envelope for name, envelope in envelopes.items()}
    return typed_tokens(form, **{"customer_id": "kovacs", "csrf_token": "a" * 64, **whose})


def test_a_token_that_was_not_saved_is_there_at_the_next_try_without_standing_in_the_page() -> None:
    assert again() == TYPED


@pytest.mark.parametrize("whose", [{"customer_id": "nagy"}, {"csrf_token": "b" * 64}])
def test_it_is_there_for_the_same_customer_and_sign_in_only(whose: dict[str, str]) -> None:
    assert again(**whose) == {}


def test_what_is_typed_now_counts_more_and_blanks_count_for_nothing() -> None:
    envelopes = keep_tokens(TYPED, customer_id="", csrf_token="a")
    form = {"cf_api_token": " new-token ", "cf_tunnel_token": "  ", f"{KEPT}cf_api_token": envelopes["cf_api_token"]}

    assert typed_tokens(form, customer_id="", csrf_token="a") == {Kind.CF_API_TOKEN: "new-token"}


def test_a_damaged_envelope_is_no_token() -> None:
    assert typed_tokens({f"{KEPT}cf_api_token": "nonsense"}, customer_id="", csrf_token="a") == {}
