import pytest

from felhom_hub.configs.documents import document
from felhom_hub.configs.template import built_in
from felhom_hub.configs.template_trial import (
    MAX_ROWS,
    TEXT_ONLY,
    Trial,
    changed_keys,
    problem_of,
    trial_of,
    tried_on,
)

OLD = document("customer:\n  id: a\nhub:\n  url: x\n  every: 15m # how often\n")


def test_a_customer_that_has_the_value_itself_gets_no_other_file() -> None:
    new = document(OLD.text.replace("15m", "30m"))

    found = tried_on([("own", {"hub": {"every": "1h"}}), ("other", {"customer": {"id": "b"}})], old=OLD, new=new)

    assert found == Trial(2, 1, (("hub.every", 1),), (("other", ("hub.every",)),))
    assert trial_of(found.as_json()) == found


def test_comments_alone_are_a_change_of_the_file_too() -> None:
    found = tried_on([("a", {})], old=OLD, new=document(OLD.text.replace("how often", "each")))

    assert found.rows == (("a", (TEXT_ONLY,)),)


def test_who_would_lose_its_file_is_told_from_who_never_had_one() -> None:
    # A text that keeps its blank lines ends the document: no new key can be put behind it.
    new = document(f"{OLD.text}motd: |+\n  hello\n\n\n")

    boxes: list[tuple[str, dict[str, int] | str]] = [
        ("sealed", "Its secret cannot be opened."),
        ("fine", {}),
        ("loses", {"new": 1}),
    ]
    found = tried_on(boxes, old=OLD, new=new)
    neither = tried_on([("loses", {"new": 1})], old=new, new=new)

    assert (found.customers, found.changed, found.failed, found.without) == (3, 1, 1, 1)
    assert found.failures == (("loses", "Its form is one that values cannot be put into."),)
    assert (neither.failed, neither.without) == (0, 1)


def test_only_so_many_customers_are_named_and_all_are_counted() -> None:
    new = document(OLD.text.replace("15m", "30m"))

    found = tried_on(((f"c{number}", {}) for number in range(MAX_ROWS + 3)), old=OLD, new=new)

    assert (found.changed, len(found.rows)) == (MAX_ROWS + 3, MAX_ROWS)
    assert found.keys == (("hub.every", MAX_ROWS + 3),)


def test_keys_that_come_go_or_change_their_kind_are_named() -> None:
    before = {"a": {"b": 1, "gone": None}, "same": [1], "kind": 1}
    after = {"a": {"b": 2}, "same": [1], "kind": True, "new": {"c": 1}}

    assert list(changed_keys(before, after)) == ["a.b", "a.gone", "kind", "new"]
    assert list(changed_keys(after, after)) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (built_in(), ""),
        ("services:\n  app: {}\n", "It has no section customer, so it is no template of a controller.yaml."),
        ("customer: {id: a}\n", "It has no section hub, so it is no template of a controller.yaml."),
        ("customer: anna\nhub: {a: 1}\n", "Its customer is no section with keys below it."),
        ("customer: {id: a}\nhub: {a: 1}\nlogging: [1]\n", "Its logging is no section with keys below it."),
    ],
)
def test_another_document_is_no_template(text: str, sentence: str) -> None:
    assert problem_of(document(text)) == sentence


def test_nothing_stored_is_no_trial() -> None:
    assert trial_of({}) is None
