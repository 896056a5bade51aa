from pathlib import Path

from felhom_hub.project.reference import render_reference

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_document_says_what_the_table_says() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == render_reference(), (
        "bring it up to date: python -m felhom_hub.project.reference > docs/settings.md"
    )
