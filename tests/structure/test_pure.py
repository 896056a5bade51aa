"""The rules are pure: plain values in, plain values out, and no Django, which a clean interpreter proves."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.structure.files import ROOT, python_files

# These must be pure; whatever else says "Pure." of itself is held to its word.
MUST_BE_PURE = {
    "felhom_hub.base.tolerant",
    "felhom_hub.customers.identity",
    "felhom_hub.events.catalogue",
    "felhom_hub.events.payload",
    "felhom_hub.reports.arrivals",
    "felhom_hub.reports.payload",
    "felhom_hub.reports.state",
    "felhom_hub.reports.status",
    "felhom_hub.reports.app_telemetry",
}

_SAYS_SO = re.compile(r"\b[Pp]ure[.,;:]")
_PROGRAM = """
import importlib, json, sys

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "django":
            raise ImportError("a pure module imports " + name)

sys.meta_path.insert(0, NoDjango())
failed = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError as error:
        failed[name] = str(error)
print(json.dumps(failed))
"""
_CLOCKS = {"utc_now", "now", "today", "monotonic", "perf_counter"}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)


def pure_modules() -> dict[str, Path]:
    """The modules whose docstring says so."""
    found = {}
    for path in python_files("src/felhom_hub"):
        says = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if _SAYS_SO.search(says):
            found[name_of(path)] = path
    return found


def test_rules_say_that_they_are_pure() -> None:
    assert MUST_BE_PURE - set(pure_modules()) == set()


def django_imports_of(names: Iterable[str]) -> dict[str, str]:
    """Those of the modules that cannot be imported where there is no Django, with the reason."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *sorted(names)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    failed: dict[str, str] = json.loads(done.stdout)
    return failed


def test_pure_modules_import_without_django() -> None:
    assert django_imports_of(pure_modules()) == {}


def test_controller_imports_without_django() -> None:
    modules = {name_of(path) for path in python_files("src/felhom_controller") if path.stem != "__main__"}

    assert django_imports_of(modules) == {}


def test_check_finds_a_module_that_imports_django() -> None:
    assert list(django_imports_of({"felhom_hub.reports.models", "felhom_hub.reports.status"})) == [
        "felhom_hub.reports.models"
    ]


def test_pure_modules_ask_no_clock() -> None:
    asking = {}
    for name, path in pure_modules().items():
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        calls = [each.func for each in nodes if isinstance(each, ast.Call)]
        called = {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in calls}
        if called & _CLOCKS:
            asking[name] = sorted(called & _CLOCKS)

    assert asking == {}
