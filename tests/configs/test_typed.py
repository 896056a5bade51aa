import pytest

from felhom_hub.configs.typed import keep_tokens, typed_tokens, unreadable_tokens
from felhom_hub.customers.credentials import Kind

TOKEN = "eyJhIjoiMTIzNDU2Nzg5MCJ9"


@pytest.fixture
def kept() -> dict[str, str]:
    envelopes = keep_tokens({Kind.CF_API_TOKEN: TOKEN}, customer_id="a", csrf_token="1")
    return {f"kept_{name}": envelope for name, envelope in envelopes.items()}


def test_a_kept_token_is_there_again_and_its_envelope_tells_nothing(kept: dict[str, str]) -> None:
    assert typed_tokens(kept, customer_id="a", csrf_token="1") == {Kind.CF_API_TOKEN: TOKEN}
    assert TOKEN not in str(kept)


def test_a_newly_typed_one_takes_its_place_and_it_can_be_dropped(kept: dict[str, str]) -> None:
    typed = {**kept, "cf_api_token": " other "}

    assert typed_tokens(typed, customer_id="a", csrf_token="1") == {Kind.CF_API_TOKEN: "other"}
    assert typed_tokens({**kept, "drop_cf_api_token": "1"}, customer_id="a", csrf_token="1") == {}


@pytest.mark.parametrize(("customer_id", "csrf_token"), [("b", "1"), ("a", "2"), ("", "1")])
def test_it_opens_for_the_same_customer_and_sign_in_only(
    kept: dict[str, str], customer_id: str, csrf_token: str
) -> None:
    assert typed_tokens(kept, customer_id=customer_id, csrf_token=csrf_token) == {}
    swapped = {"kept_cf_tunnel_token": kept["kept_cf_api_token"]}
    assert typed_tokens(swapped, customer_id="a", csrf_token="1") == {}
    assert typed_tokens({"kept_cf_api_token": "v1:nonsense"}, customer_id="a", csrf_token="1") == {}


def test_one_that_was_kept_in_an_earlier_sign_in_has_to_be_typed_once_more(kept: dict[str, str]) -> None:
    now = {"customer_id": "a", "csrf_token": "2"}

    assert unreadable_tokens(kept, **now) == {"cf_api_token": "Type it once more: you have signed in anew since."}
    assert unreadable_tokens(kept, customer_id="a", csrf_token="1") == {}
    assert unreadable_tokens({**kept, "cf_api_token": "typed anew"}, **now) == {}
    assert unreadable_tokens({**kept, "drop_cf_api_token": "1"}, **now) == {}
    assert unreadable_tokens({}, **now) == {}
