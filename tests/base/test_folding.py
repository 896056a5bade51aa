import pytest

from felhom_hub.base.folding import folded


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Kovács", "kovacs"),
        ("ŐŰÖÜ", "ouou"),
        ("Straße", "strasse"),
        ("İ", "i"),
        ("Å", "a"),
        ("", ""),
        ("a-b 1", "a-b 1"),
        ("A-B 1", "a-b 1"),
    ],
)
def test_folding(text: str, plain: str) -> None:
    assert folded(text) == plain
