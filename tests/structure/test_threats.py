"""The threat model is true: each threat has tests, each test that it names is there, and no named threat is missing."""

import ast
import re

from tests.structure.files import ROOT, python_files

DOCUMENT = ROOT / "docs" / "security.md"
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
# What everybody asks of such a hub.
NAMED = (
    "customer's key is stolen", "global key", "SSRF", "stored XSS", "bombs", "traversal", "Passphrases are guessed",
    "at rest", "session is fixed", "CSRF", "clickjacking", "mail", "ReDoS", "CSV", "timing", "SQL", "mail scanner",
    "webhook replay", "cache", "supply chain",
)  # fmt: skip


def threats() -> dict[str, str]:
    """The tests' column by the threat's."""
    rows = [line.split(" | ") for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| **")]
    return {row[0].strip("| *"): row[-1] for row in rows}


def functions_in(path: str) -> set[str]:
    """The names of the test functions in the file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_threat_has_tests_and_they_are_there() -> None:
    files = {str(path.relative_to(ROOT)) for path in python_files("tests")}
    found = {threat: _TEST.findall(tests) for threat, tests in threats().items()}
    missing = [
        f"{path}::{name}"
        for named in found.values()
        for path, name in named
        if path not in files or name not in functions_in(path)
    ]

    assert [threat for threat, named in found.items() if not named] == []
    assert missing == []


def test_no_threat_that_is_asked_for_is_missing() -> None:
    text = " ".join(threats())

    assert [name for name in NAMED if name not in text] == []
