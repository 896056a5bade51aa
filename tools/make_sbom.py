# noqa: INP001 - a script beside the package, not a part of it
"""Writes the software bill of materials: what comes with the hub, as CycloneDX 1.6 in JSON, checked against its schema.

`python tools/make_sbom.py build/sbom.json` lists every package of requirements/run.txt with its licence, as installed,
and every front-end package that ends up in the built files, with its checksum. Nothing is asked over the network.
"""

import base64
import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
_PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", re.MULTILINE)
# It joins the files and is in none of them.
_BUILD_TOOLS = ("esbuild", "@esbuild/")
_licences = LicenseFactory()


def locked() -> dict[str, str]:
    """Each Python package that the hub needs, with its version."""
    return dict(_PINNED.findall((ROOT / "requirements/run.txt").read_text("utf-8")))


def licences() -> dict[str, Any]:
    """requirements/licences.toml."""
    return tomllib.loads((ROOT / "requirements/licences.toml").read_text("utf-8"))


def licence_of(package: str) -> str:
    """What its licence file says where that was looked up, else what its metadata say; empty where nothing does."""
    by_file: dict[str, str] = licences()["by-file"]
    if package in by_file:
        return by_file[package]
    try:
        said = metadata(package)
    except PackageNotFoundError:  # for another system only
        return ""
    return said.get("License-Expression") or said.get("License") or ""


def front_end() -> dict[str, dict[str, Any]]:
    """Each front-end package that is built with or into the hub, as package-lock.json has it, by name."""
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    return {
        name.removeprefix("node_modules/"): package
        for name, package in packages.items()
        if name and not package.get("dev") and not package.get("optional")
    }


def bom() -> Bom:
    """The whole bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "src/felhom_hub/__init__.py").read_text("utf-8"))
    if version is None:
        sys.exit("tools/make_sbom.py: src/felhom_hub/__init__.py names no version")
    hub = Component(
        name=project["name"], version=version[1], type=ComponentType.APPLICATION, bom_ref=project["name"],
        licenses=[_licences.make_from_string(project["license"])],
    )  # fmt: skip
    made = Bom(components=[*map(_python, locked().items()), *map(_front_end, front_end().items())])
    made.metadata.component = hub
    made.register_dependency(hub, made.components)
    return made


def _python(pinned: tuple[str, str]) -> Component:
    name, version = pinned
    licence = licence_of(name)
    return Component(
        name=name, version=version, purl=PackageURL("pypi", None, name, version), bom_ref=f"pypi:{name}",
        licenses=[_licences.make_from_string(licence)] if licence else None,
    )  # fmt: skip


def _front_end(of_lock: tuple[str, dict[str, Any]]) -> Component:
    full_name, package = of_lock
    group, _, name = full_name.rpartition("/")
    content = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
    return Component(
        name=name, group=group or None, version=package["version"], bom_ref=f"npm:{full_name}",
        purl=PackageURL("npm", group or None, name, package["version"]),
        licenses=[_licences.make_from_string(package["license"])],
        hashes=[HashType(alg=HashAlgorithm.SHA_512, content=content)],
        scope=ComponentScope.EXCLUDED if full_name.startswith(_BUILD_TOOLS) else None,
    )  # fmt: skip


def main(target: Path) -> None:
    """The file is there, and is what the schema of CycloneDX wants."""
    written = make_outputter(bom(), OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(written):
        sys.exit(f"tools/make_sbom.py: this is no CycloneDX: {wrong}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
