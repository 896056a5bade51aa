"""What is under version control belongs there: no machine's paths, no download addresses, no unlocked package."""

import json
import re
from pathlib import Path

import pytest
from tests.structure.files import ROOT, is_text, tracked

TEXTS = [path for path in tracked() if is_text(path)]
LOCKED = sorted((ROOT / "requirements").glob("*.txt"))

# Written so that this file does not find itself.
_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/|/tmp/(?:bash|pytest)")
_ADDRESSES = re.compile(
    r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|yarnpkg)\.|--(?:extra-)?index[-]url|--find[-]links|\"resolved[\"]:"
)
_UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b|NotImplemented[E]rror")


def hits(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in TEXTS:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return found


def test_no_file_names_a_place_on_a_machine() -> None:
    assert hits(_PATHS) == []


def test_no_file_names_a_registry() -> None:
    assert hits(_ADDRESSES) == []


def test_nothing_is_left_unfinished() -> None:
    assert hits(_UNFINISHED) == []


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_has_hashes(path: Path) -> None:
    joined = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.partition("#")[0].strip() for line in joined.splitlines()]
    pinned = re.compile(r"[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}")

    assert [line for line in lines if line and not pinned.match(line)] == []
    assert any(lines)


def test_every_front_end_package_has_its_integrity() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    loose = [name for name, package in packages.items() if name and "integrity" not in package]

    assert loose == []
