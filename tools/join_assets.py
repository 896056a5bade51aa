# noqa: INP001 - a script beside the package, not a part of it
"""Joins and shrinks the front end's sources into the few files that a browser loads, each named by its content.

Writes src/felhom_hub/static/ anew: the files, a gzip copy of each, and manifest.json (plain name to content's name),
which base/assets.py reads. The order of styles and scripts is the order of their list: later styles win over earlier
ones. What only some pages need is a bundle of its own: base/bundles/NAME/index.js becomes NAME.js.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "src/felhom_hub/base"
MODULES = ROOT / "node_modules"
STATIC = ROOT / "src/felhom_hub/static"

STYLES = (
    "tokens", "base", "shell", "controls", "marks", "cards", "tables", "fleet", "customer", "charts", "diff", "apps",
    "messages", "narrow", "preferences", "parts", "tabs", "incidents", "recovery", "mail", "silences", "sections",
    "fleet-widths", "fleet-columns", "narrow-parts", "table-widths", "frame",
)  # fmt: skip
SCRIPTS = (
    "start", "theme", "menus", "dialogs", "toasts", "password", "times", "order", "morph", "band", "refresh", "live",
    "soft", "keyboard",
)  # fmt: skip
LIBRARIES = (MODULES / "htmx.org/dist/htmx.min.js", MODULES / "idiomorph/dist/idiomorph.min.js")

# Twelve hex digits are what WhiteNoise takes for a name that changes with its content, and so caches for good.
DIGEST_DIGITS = 12


def sources(folder: str, names: tuple[str, ...], ending: str) -> str:
    """The named files one after the other; a file that no list names stops the build."""
    forgotten = {path.stem for path in (BASE / folder).glob(f"*{ending}")} ^ set(names)
    if forgotten:
        sys.exit(f"tools/join_assets.py: base/{folder} and its list differ in: {', '.join(sorted(forgotten))}")
    return "".join((BASE / folder / (name + ending)).read_text("utf-8") for name in names)


def shrunk(*options: str, text: str = "") -> bytes:
    """What esbuild makes of the text, or of the entry file that the options name."""
    # Where the machine has no Node.js, the virtual environment does (see the Makefile).
    path = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    command = [str(MODULES / ".bin/esbuild"), "--minify", "--log-level=warning", "--charset=utf8", *options]
    environment = {**os.environ, "PATH": path}
    return subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True, env=environment).stdout  # noqa: S603


def bundles() -> dict[str, bytes]:
    """The files by plain name."""
    wrapped = f'(() => {{\n"use strict";\n{sources("scripts", SCRIPTS, ".js")}}})();\n'
    entries = sorted(BASE.glob("bundles/*/index.js"))
    return {
        "hub.css": shrunk("--loader=css", text=sources("styles", STYLES, ".css")),
        # One file is one request, and packs a little smaller than several.
        "hub.js": b"\n".join([*(path.read_bytes() for path in LIBRARIES), shrunk("--loader=js", text=wrapped)]),
        **{f"{entry.parent.name}.js": shrunk("--bundle", str(entry)) for entry in entries},
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
