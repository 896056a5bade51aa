import pytest

from felhom_hub.base.errors import BadRequest, Impossible
from felhom_hub.customers.identity import read_customer_id, read_object

RULE = "customer_id must be 1 to 128 letters, digits, dots, dashes and underscores, beginning with a letter or digit"


@pytest.mark.parametrize("customer_id", ["a", "7", "kovacs-peter", "A.b_c-9", "x" * 128, "a..b", "a-"])
def test_a_possible_id_is_read(customer_id: str) -> None:
    assert read_customer_id({"customer_id": customer_id}) == customer_id


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "-a",
        ".a",
        "_a",
        "a b",
        "a/b",
        "../a",
        "a\n",
        "a\x00",
        "kovács",
        "٣a",
        "x" * 129,
        "a%20",
        "<b>",
        "\ud800",
    ],
)
def test_an_id_that_breaks_the_rule_is_impossible(value: str) -> None:
    with pytest.raises(Impossible) as caught:
        read_customer_id({"customer_id": value})

    assert caught.value.sentence == RULE


@pytest.mark.parametrize("value", [0, 1, 1.5, True, [], ["kovacs-peter"], {}, {"id": "kovacs-peter"}])
def test_an_id_of_another_type_is_impossible(value: object) -> None:
    with pytest.raises(Impossible) as caught:
        read_customer_id({"customer_id": value})

    assert caught.value.sentence == RULE


@pytest.mark.parametrize("document", [{}, {"customer_id": None}, {"CUSTOMER_ID": "kovacs-peter"}])
def test_no_id_is_missing(document: dict[str, object]) -> None:
    with pytest.raises(BadRequest) as caught:
        read_customer_id(document)

    assert caught.value.sentence == "customer_id is missing"


def test_an_object_is_read() -> None:
    assert read_object(b' {"customer_id": "kovacs-peter"}\n') == {"customer_id": "kovacs-peter"}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is not JSON: Expecting value at character 0"),
        (b"{", "The body is not JSON: Expecting property name enclosed in double quotes at character 1"),
        (b'{"a": NaN}', "The body is not JSON: NaN is not a JSON value"),
        (b'{"a": "\xff"}', "The body is not JSON: byte 7 is not UTF-8"),
        (b"[]", "The body is not a JSON object"),
        (b"null", "The body is not a JSON object"),
        (b'"kovacs-peter"', "The body is not a JSON object"),
        (b"1", "The body is not a JSON object"),
    ],
)
def test_anything_else_is_refused_with_a_plain_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read_object(body)

    assert caught.value.sentence == sentence
