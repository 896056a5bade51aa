"""What comes with the hub from elsewhere: no version with a known hole, no licence nobody agreed to, and a list."""

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.version import Version
from tests.structure.files import ROOT, tracked

from felhom_hub.project.sqlite import use_own_sqlite

_SPEC = importlib.util.spec_from_file_location("make_sbom", ROOT / "tools/make_sbom.py")
assert _SPEC is not None
assert _SPEC.loader is not None
SBOM = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(SBOM)

MINIMUM: dict[str, Any] = tomllib.loads((ROOT / "requirements/minimum-versions.toml").read_text("utf-8"))
LOCKED: dict[str, str] = SBOM.locked()
FRONT_END: dict[str, dict[str, Any]] = SBOM.front_end()
ALLOWED = frozenset(SBOM.licences()["allowed"])


def older(found: dict[str, str], wanted: dict[str, list[str]]) -> dict[str, str]:
    """The packages whose version is older than the one that is wanted, each with the reason."""
    return {name: why for name, (least, why) in wanted.items() if Version(found[name]) < Version(least)}


def forbidden(licence: str) -> set[str]:
    """The parts of a licence expression that nobody agreed to; of those with OR one good one is enough."""
    choices = [set(re.split(r"\s+AND\s+", choice.strip("() "))) - ALLOWED for choice in re.split(r"\s+OR\s+", licence)]
    return min(choices, key=len)


def test_no_python_package_is_older_than_its_safe_version() -> None:
    assert older(LOCKED, MINIMUM["python"]) == {}


def test_no_front_end_package_is_older_than_its_safe_version() -> None:
    assert older({name: each["version"] for name, each in FRONT_END.items()}, MINIMUM["front-end"]) == {}


def test_the_sqlite_inside_is_not_older_than_its_safe_version() -> None:
    use_own_sqlite()
    import sqlite3  # noqa: PLC0415 - the one put in place above

    assert older({"sqlite": sqlite3.sqlite_version}, MINIMUM["inside"]) == {}


def test_every_package_was_looked_up_once_and_no_other() -> None:
    for kind, found in (("python", set(LOCKED)), ("front-end", set(FRONT_END))):
        looked_up = [*MINIMUM[kind], *MINIMUM["no-known-hole"][kind]]
        assert sorted(looked_up) == sorted(found)


def test_every_reason_names_an_advisory() -> None:
    reasons = [why for kind in ("python", "front-end", "inside") for _, why in MINIMUM[kind].values()]

    assert [why for why in reasons if not re.match(r"(?:CVE-\d{4}-\d{4,}|GHSA(?:-\w{4}){3})", why)] == []


def test_an_older_version_would_be_found() -> None:
    assert older({"a": "1.9", "b": "1.10"}, {"a": ["1.10", "why"], "b": ["1.10", "why"]}) == {"a": "why"}


@pytest.mark.parametrize("name", LOCKED)
def test_licence_of_a_python_package_is_allowed(name: str) -> None:
    assert forbidden(SBOM.licence_of(name)) == set()


@pytest.mark.parametrize("name", FRONT_END)
def test_licence_of_a_front_end_package_is_allowed(name: str) -> None:
    assert forbidden(FRONT_END[name]["license"]) == set()


@pytest.mark.parametrize(
    ("licence", "found"),
    [
        ("", {""}),
        ("Proprietary", {"Proprietary"}),
        ("MIT OR GPL-3.0-only", set()),
        ("MIT AND GPL-3.0-only", {"GPL-3.0-only"}),
        ("GPL-3.0-only OR (MIT AND SSPL-1.0)", {"GPL-3.0-only"}),
    ],
)
def test_a_licence_that_nobody_agreed_to_would_be_found(licence: str, found: set[str]) -> None:
    assert forbidden(licence) == found


def test_whatever_pip_installs_is_pinned() -> None:
    """By hashes; or it is the hub itself, of a checkout or a wheel, whose builder pip must not fetch."""
    loose = [
        f"{path.relative_to(ROOT)}: {command}"
        for path in tracked()
        if path.suffix in {".md", ".sh", ".yml", ".yaml"} or path.name in {"Makefile", "Dockerfile"}
        for command in re.findall(r"\bpip (?:install|wheel) [^\n`&|;)]*", path.read_text("utf-8"))
        if "--require-hashes" not in command
        and not (
            re.search(r" (?:-e )?\.[\s\\]*$", command) and "--no-build-isolation" in command and "--no-deps" in command
        )
        and not (command.rstrip(" \\").endswith(".whl") and "--no-deps" in command)
        and "uwsgi" not in command  # Healthchecks, which `bench` measures beside the hub
    ]

    assert loose == []


def test_what_builds_the_hub_is_pinned() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    build, dev = (pinned(ROOT / "requirements" / f"{name}.txt") for name in ("build", "dev"))

    # hatchling asks for `editables` as well, where `make setup` installs the checkout itself.
    asked = {*wanted, "editables"}
    assert asked == set((ROOT / "requirements/build.in").read_text("utf-8").split())
    assert asked <= set(build)
    # All three are installed into one environment.
    assert {name for name in build if name in dev and dev[name] != build[name]} == set()


def test_apprise_leaves_the_hubs_packages_as_they_are() -> None:
    assert pinned(ROOT / "requirements/apprise.txt").items() >= LOCKED.items()


def pinned(path: Path) -> dict[str, str]:
    """The packages that the file locks, with their versions."""
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", path.read_text("utf-8"), re.MULTILINE))


def test_installed_is_what_is_locked() -> None:
    assert {name: each for name, each in LOCKED.items() if name != "tzdata" and version(name) != each} == {}


def test_the_bill_of_materials_is_valid_and_complete(tmp_path: Path) -> None:
    target = tmp_path / "new" / "sbom.json"

    subprocess.run([sys.executable, ROOT / "tools/make_sbom.py", target], check=True, timeout=120)

    written = target.read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    document = json.loads(written)
    listed = {each["bom-ref"]: each for each in document["components"]}
    assert set(listed) == {f"pypi:{name}" for name in LOCKED} | {f"npm:{name}" for name in FRONT_END}
    assert [name for name, each in listed.items() if not each.get("licenses")] == []
    assert {name: listed[f"pypi:{name}"]["version"] for name in LOCKED} == LOCKED
    assert document["metadata"]["component"]["name"] == "felhom-hub"


@pytest.mark.parametrize("path", [ROOT / "package-lock.json", ROOT / "package.json"], ids=lambda path: path.name)
def test_front_end_packages_come_from_whatever_registry_the_machine_is_set_up_with(path: Path) -> None:
    assert re.findall(r'"resolved"|registry=|https?://', path.read_text("utf-8")) == []
