import pytest

from felhom_hub.operators.formulas import safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_what_would_start_a_formula_gets_an_apostrophe(start: str) -> None:
    assert safe_cell(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("text", ["", "kovacs-peter", "a=b", " =1", "'=1", "“=1”", "2026-11-23T12:00:00Z"])
def test_all_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text
