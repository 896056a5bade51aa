import pytest

from felhom_hub.project.checks.findings import Finding, Level, fail, ok, warn


@pytest.mark.parametrize(
    ("made", "level", "word"),
    [
        (ok("SQLite", "3.51.0"), Level.OK, "ok"),
        (warn("SQLite", "3.51.0"), Level.WARN, "warn"),
        (fail("SQLite", "3.51.0"), Level.FAIL, "fail"),
    ],
)
def test_finding_has_its_weight(made: Finding, level: Level, word: str) -> None:
    assert made == Finding("SQLite", level, "3.51.0")
    assert str(made.level) == word
