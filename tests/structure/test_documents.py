"""What is written for people is complete: settings, endpoints, decisions, and the addresses of files in documents."""

import re
from pathlib import Path

import pytest
from tests.structure.files import ROOT, tracked
from tests.structure.routes import api_paths
from tests.structure.test_access import MATRIX

from felhom_hub.project.options import SETTINGS

DOCUMENTS = [path for path in tracked() if path.suffix == ".md"]
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
HEADINGS = ["Context", "Options", "Choice", "Price", "What would make us reopen it"]
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_every_setting_is_documented() -> None:
    written = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    assert [key for key in SETTINGS if f"| `{key}`" not in written] == []


def test_every_endpoint_is_documented() -> None:
    headings = re.findall(r"^### ([A-Z]+) (/\S+)$", (ROOT / "docs/api.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted((method, route) for method, route in MATRIX if route in api_paths())


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_decision_says_what_a_decision_has_to_say(path: Path) -> None:
    written = path.read_text(encoding="utf-8")

    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
    assert re.match(rf"# {path.name[:4]}: \S", written)
    assert re.findall(r"^## (.+)$", written, re.MULTILINE) == HEADINGS
    assert len(written.splitlines()) <= 80  # a page


def test_decisions_are_numbered_once() -> None:
    numbers = [path.name[:4] for path in DECISIONS]

    assert DECISIONS
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    targets = _LINK.findall(path.read_text(encoding="utf-8"))

    broken = [target for target in targets if ":" not in target and not (path.parent / target).exists()]

    assert broken == []


def test_files_and_decisions_that_code_and_documents_name_exist() -> None:
    decisions = {path.name[:4] for path in DECISIONS} | {path.name for path in DECISIONS}
    for path in tracked():
        if path.suffix in (".py", ".md", ".toml", ".txt") or path.name == "Makefile":
            written = path.read_text(encoding="utf-8")
            named = re.findall(r"docs/decisions/(\d{4}[\w.-]*\.md)|decision (\d{4})\b", written)
            assert {file or number for file, number in named} <= decisions, path
            documents = re.findall(r"\bdocs/[\w-]+\.md\b", written)
            assert [each for each in documents if not (ROOT / each).exists()] == [], path


def test_files_that_the_architecture_names_exist() -> None:
    written = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", written))

    missing = [
        each for each in named if not any((ROOT / base / each).exists() for base in ("", "src", "src/felhom_hub"))
    ]

    assert named
    assert missing == []


def test_files_that_the_architecture_names_after_their_directory_are_in_it() -> None:
    """As in "`project/copy/`: `source.py`", or beside a file that is named with its directory."""
    missing, named = [], 0
    for part in re.split(r"\n\n|^\|", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"), flags=re.MULTILINE):
        directory = None
        for folder, file in re.findall(r"`((?:[a-z_]+/)*)([a-z_]+\.py)?`", part):
            directory = ROOT / "src/felhom_hub" / folder if folder else directory
            if file and not folder and directory is not None:
                named += 1
                missing += [] if (directory / file).exists() else [f"{directory.relative_to(ROOT)}/{file}"]

    assert named > 3
    assert missing == []
