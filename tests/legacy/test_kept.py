import pytest

from felhom_hub.base.resealing import sealed_models
from felhom_hub.base.secrets import SecretsError
from felhom_hub.legacy.kept import count_kept, forget_doubles, forget_rows, keep_anew, keep_rows, kept_rows
from felhom_hub.legacy.models import KeptRows

pytestmark = pytest.mark.django_db


def test_what_is_kept_comes_back_as_it_was() -> None:
    keep_rows("b", {7: {"x": b"\xff\x00", "y": "Ő", "z": None, "n": 1.5}, 3: {"x": "\ud800"}})
    keep_rows("a", {1: {"t": "Ő".encode()}})
    keep_rows("a", {})

    assert list(kept_rows()) == [
        ("a", 1, {"t": "Ő"}),
        ("b", 7, {"x": {"base64": "/wA="}, "y": "Ő", "z": None, "n": 1.5}),
        ("b", 3, {"x": "\ud800"}),
    ]
    assert count_kept() == {"a": 1, "b": 2}


def test_the_same_rows_are_kept_once_and_forgotten_together() -> None:
    for value in ("old", "new"):
        keep_rows("a", {1: {"x": value}, 2: {"x": value}})
    keep_rows("b", {1: {"x": "other"}})

    assert [values for _, _, values in kept_rows()] == [{"x": "new"}, {"x": "new"}, {"x": "other"}]
    assert (forget_rows(), count_kept()) == (3, {})


def kept_of(table: str) -> dict[int, str]:
    """The one value of each row; no row may be there twice."""
    found = [(row, values["x"]) for name, row, values in kept_rows() if name == table]
    assert len(found) == len(dict(found)) == count_kept().get(table, 0)
    return dict(found)


def of_rows(*numbers: int, x: str) -> dict[int, dict[str, str]]:
    return {number: {"x": x} for number in numbers}


def test_what_is_read_again_replaces_what_was_kept_of_it_whatever_the_portions() -> None:
    keep_rows("a", of_rows(1, 2, 3, x="old"))
    keep_rows("a", of_rows(5, 8, x="old"))
    keep_rows("b", of_rows(2, x="other"))

    assert keep_anew("a", of_rows(1, x="new"), read=[1, 2], after=0) == set()
    assert kept_of("a") == {1: "new", 3: "old", 5: "old", 8: "old"}  # as after a kill
    assert keep_anew("a", of_rows(4, 6, x="new"), read=[4, 6], after=2) == {3, 5}
    assert keep_anew("a", {}, read=[7], after=6) == set()

    assert kept_of("a") == {1: "new", 3: "old", 4: "new", 5: "old", 6: "new", 8: "old"}
    assert kept_of("b") == {2: "other"}


def test_a_row_that_has_gone_is_kept_unless_it_came_back_under_another_number() -> None:
    keep_rows("a", {1: {"x": "one"}, 2: {"x": "gone"}, 3: {"x": "moved"}})
    keep_rows("a", {7: {"x": "moved"}, 9: {"x": "gone too"}})
    keep_rows("a", {4: {"x": "moved"}, 5: {"x": "one"}})

    forget_doubles("a", {2, 3}, after=5)

    assert kept_of("a") == {1: "one", 2: "gone", 4: "moved", 5: "one", 9: "gone too"}


def test_no_envelope_opens_elsewhere() -> None:
    keep_rows("a", {1: {"x": "secret"}})
    assert KeptRows in sealed_models()
    KeptRows.objects.update(table="b")

    with pytest.raises(SecretsError):
        list(kept_rows())
