# noqa: INP001 - a script beside the package, not a part of it
"""Joins the front end's sources into the few files that a browser loads, each named by its content.

Writes src/felhom_hub/static/ anew: the files, a gzip copy of each, and manifest.json (plain name to content's name),
which base/assets.py reads. The order of a bundle is the order of its list: later styles win over earlier ones.
"""

import gzip
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "src/felhom_hub/base"
MODULES = ROOT / "node_modules"
STATIC = ROOT / "src/felhom_hub/static"

STYLES = (
    "tokens", "base", "shell", "controls", "marks", "cards", "tables", "fleet", "customer", "charts", "diff", "apps",
    "messages", "narrow", "preferences", "parts", "tabs", "incidents", "recovery", "mail", "silences", "sections",
    "fleet-widths", "narrow-parts", "table-widths", "frame",
)  # fmt: skip
SCRIPTS = (
    "start", "theme", "menus", "dialogs", "password", "times", "order", "morph", "band", "refresh", "live", "soft",
    "keyboard",
)  # fmt: skip
LIBRARIES = (MODULES / "htmx.org/dist/htmx.min.js", MODULES / "idiomorph/dist/idiomorph-ext.min.js")

# Twelve hex digits are what WhiteNoise takes for a name that changes with its content, and so caches for good.
DIGEST_DIGITS = 12


def without_indentation(text: str) -> str:
    """The text without leading blanks, empty lines, and lines that are only a comment."""
    text = re.sub(r"^\s*/\*[^*]*\*/\s*$", "", text, flags=re.MULTILINE)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def sources(folder: str, names: tuple[str, ...], ending: str) -> str:
    """The named files one after the other; a file that no list names stops the build."""
    forgotten = {path.stem for path in (BASE / folder).glob(f"*{ending}")} ^ set(names)
    if forgotten:
        sys.exit(f"tools/join_assets.py: base/{folder} and its list differ in: {', '.join(sorted(forgotten))}")
    return "".join(without_indentation((BASE / folder / (name + ending)).read_text("utf-8")) for name in names)


def bundles() -> dict[str, bytes]:
    """The files by plain name."""
    wrapped = f'(() => {{\n"use strict";\n{sources("scripts", SCRIPTS, ".js")}}})();\n'
    return {
        "hub.css": sources("styles", STYLES, ".css").encode(),
        # One file is one request, and packs a little smaller than several.
        "hub.js": "\n".join([*(path.read_text("utf-8") for path in LIBRARIES), wrapped]).encode(),
        "favicon.svg": (BASE / "images/favicon.svg").read_bytes(),
    }


def main() -> None:
    """The static folder holds exactly what the sources say."""
    shutil.rmtree(STATIC, ignore_errors=True)
    STATIC.mkdir()
    manifest = {}
    for name, content in bundles().items():
        stem, ending = name.split(".")
        digest = hashlib.sha256(content).hexdigest()[:DIGEST_DIGITS]
        manifest[name] = f"{stem}.{digest}.{ending}"
        packed = gzip.compress(content, mtime=0)
        (STATIC / manifest[name]).write_bytes(content)
        (STATIC / f"{manifest[name]}.gz").write_bytes(packed)
        sys.stdout.write(f"{manifest[name]:<28}{len(content):>8,} bytes, {len(packed):>7,} as gzip\n")
    (STATIC / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
