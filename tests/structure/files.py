"""The files of the project: those under version control, else (in an unpacked archive) all but what is built."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BUILT = {".git", ".venv", "build", "dist", "node_modules", "__pycache__", "static"}


@cache
def tracked() -> tuple[Path, ...]:
    """Their paths, sorted; files that are deleted but not yet committed so are left out."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in ROOT.rglob("*") if path.is_file() and not _BUILT & set(path.parts)]
    else:
        found = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return tuple(sorted(path for path in found if path.is_file()))


def python_files(*folders: str) -> list[Path]:
    """The tracked Python files below the folders."""
    roots = [ROOT / folder for folder in folders]
    return [path for path in tracked() if path.suffix == ".py" and any(path.is_relative_to(root) for root in roots)]


def is_text(path: Path) -> bool:
    """True for what a person reads; dictionaries and pictures are not."""
    return path.suffix not in {".zdict", ".png", ".ico", ".webp", ".woff2", ".gz"}
