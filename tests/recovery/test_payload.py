import pytest

from felhom_hub.base.errors import BadRequest, Impossible
from felhom_hub.recovery.payload import read_owner


@pytest.mark.parametrize(
    "body",
    [
        b'{"customer_id": "nagy"}',
        b'{"a": [1e999, {"customer_id": "other"}], "customer_id": "nagy", "b": "\xc3\xa9"}',
        b'{"customer_id": "kiss", "customer_id": "nagy"}',
        b'{"customer_id": "nagy", "lone": "\\ud800"}',
    ],
    ids=range(4),
)
def test_any_object_that_names_a_customer_is_read(body: bytes) -> None:
    assert read_owner(body) == "nagy"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is not JSON: Expecting value at character 0"),
        (b'["nagy"]', "The body is not a JSON object"),
        (b'{"a": 1}', "customer_id is missing"),
        (b'{"customer_id": "nagy", "a": NaN}', "The body is not JSON: NaN is not a JSON value"),
        (b'{"customer_id": "nagy", "a": "\xff"}', "The body is not JSON: byte 30 is not UTF-8"),
        (b'{"customer_id": "nagy", "a": ' + b"[" * 65 + b"]" * 65 + b"}", "it is nested deeper than 64 levels"),
    ],
    ids=range(6),
)
def test_what_is_no_object_of_a_customer_is_refused(body: bytes, sentence: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_owner(body)

    assert refused.value.sentence.endswith(sentence)


@pytest.mark.parametrize("body", [b'{"customer_id": 7}', b'{"customer_id": "a/b"}'])
def test_an_impossible_customer_is_refused(body: bytes) -> None:
    with pytest.raises(Impossible):
        read_owner(body)
