"""Where things lie: tests mirror the source, files stay short, rooms stay what they are."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.structure.files import ROOT, python_files, tracked

SOURCE = {"felhom_hub": "", "felhom_controller": "controller"}
OWN_TREES = {"flows", "structure", "faults", "servers", "deploy"}  # no mirror: they test the whole, or help to

# Names that say nothing of their own, wherever they stand.
DECLARED = {
    "__init__": "a docstring, or names that others define",
    "__main__": "calls one function",
    "apps": "Django's name of a room",
    "models": "columns; what is done with them is tested where it is done",
    "urls": "the access matrix walks it",
}
# Modules without a test of their own, each with the reason.
WITHOUT_TEST: dict[str, str] = {
    "felhom_hub/project/settings.py": "read by every test; what is in it comes from hubfile.py and databases.py",
    "felhom_hub/project/raw.py": "a table; the access matrix walks it",
    "felhom_hub/notify/letter.py": "a dataclass without a rule",
    "felhom_hub/project/openapi/operation.py": "dataclasses without a rule",
    "felhom_hub/project/openapi/examples.py": "sent to a real hub by tests/structure/test_openapi.py",
    "felhom_hub/project/openapi/intake.py": "held against the real hub by tests/structure/test_openapi.py",
    "felhom_hub/project/openapi/notifications.py": "likewise",
    "felhom_hub/project/openapi/read.py": "likewise",
    "felhom_hub/project/openapi/health.py": "likewise",
    "felhom_hub/project/openapi/recovery.py": "likewise",
    "felhom_hub/project/openapi/assets.py": "likewise",
}
# A room's pages, seen by a real browser.
IN_A_BROWSER = "test_browser"
MAX_LINES = 300
MAX_MODEL_LINES = 150
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "service", "services", "manager", "managers", "misc"}


def modules() -> list[Path]:
    """The source's modules, migrations left out, relative to src/."""
    return [
        path.relative_to(ROOT / "src")
        for path in python_files("src")
        if "migrations" not in path.parts and path.stem not in DECLARED
    ]


def mirror(module: Path) -> Path:
    """The folder of a module's tests, relative to tests/."""
    return Path(SOURCE[module.parts[0]], *module.parts[1:-1])


def mirrored() -> list[Path]:
    """The mirrored test files, relative to tests/."""
    found = [path.relative_to(ROOT / "tests") for path in python_files("tests") if path.name.startswith("test_")]
    return [path for path in found if path.parts[0] not in OWN_TREES]


def is_test_of(test: Path, module: Path) -> bool:
    """True for `test_state.py`, and for `test_state_order.py` where one file would be too long."""
    name, tested = test.stem.removeprefix("test_"), module.stem.strip("_")
    return test.parent == mirror(module) and (name == tested or name.startswith(f"{tested}_"))


def too_long(paths: Iterable[Path], limit: int) -> dict[str, int]:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return {path: length for path, length in lengths.items() if length > limit}


def test_every_module_has_its_test() -> None:
    tests = mirrored()
    untested = [
        str(module)
        for module in modules()
        if str(module) not in WITHOUT_TEST and not any(is_test_of(test, module) for test in tests)
    ]

    assert untested == []


def test_every_test_has_its_module() -> None:
    known = [path.relative_to(ROOT / "src") for path in python_files("src")]
    lost = [
        str(test)
        for test in mirrored()
        if test.stem != IN_A_BROWSER and not any(is_test_of(test, module) for module in known)
    ]

    assert lost == []


def test_exceptions_are_still_needed() -> None:
    there = {str(module): module for module in modules()}

    assert [name for name in WITHOUT_TEST if name not in there] == []
    tests = mirrored()
    assert [name for name in WITHOUT_TEST if any(is_test_of(test, there[name]) for test in tests)] == []


def test_no_file_is_long() -> None:
    assert too_long(python_files("src", "tests", "bench", "tools"), MAX_LINES) == {}
    assert too_long((path for path in python_files("src") if path.stem == "models"), MAX_MODEL_LINES) == {}


def test_style_sheets_scripts_and_templates_are_short_too() -> None:
    parts = [path for path in tracked() if path.suffix in {".css", ".js", ".html"} and "src" in path.parts]

    assert too_long(parts, MAX_LINES) == {}


def test_names_say_something() -> None:
    named = {part.removesuffix(".py") for path in python_files("src", "tests") for part in path.relative_to(ROOT).parts}

    assert named & FORBIDDEN_NAMES == set()


@pytest.mark.parametrize("package", SOURCE)
def test_every_module_says_what_it_is_for(package: str) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files(f"src/{package}")
        if "migrations" not in path.parts and not path.read_text(encoding="utf-8").startswith('"""')
    ]

    assert silent == []
