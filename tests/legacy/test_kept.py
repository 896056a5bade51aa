import pytest

from felhom_hub.base.resealing import sealed_models
from felhom_hub.base.secrets import SecretsError
from felhom_hub.legacy.kept import count_kept, forget_rows, keep_rows, kept_rows
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


def test_the_same_rows_are_kept_once_and_forgotten_by_table() -> None:
    for value in ("old", "new"):
        keep_rows("a", {1: {"x": value}, 2: {"x": value}})
    keep_rows("b", {1: {"x": "other"}})

    assert forget_rows("a") == 2
    assert [values for _, _, values in kept_rows()] == [{"x": "other"}]
    assert (forget_rows(), count_kept()) == (1, {})


def test_no_envelope_opens_elsewhere() -> None:
    keep_rows("a", {1: {"x": "secret"}})
    assert KeptRows in sealed_models()
    KeptRows.objects.update(table="b")

    with pytest.raises(SecretsError):
        list(kept_rows())
