"""Where a front-end file is served: its content-hashed path, looked up in what tools/join_assets.py wrote."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings


def asset_path(name: str) -> str:
    """The path that serves the file; LookupError says how to build the front end when it has not been built."""
    return f"{settings.STATIC_URL}{_manifest(Path(settings.STATIC_ROOT))[name]}"


@cache
def _manifest(folder: Path) -> dict[str, str]:
    try:
        text = (folder / "manifest.json").read_text("utf-8")
    except FileNotFoundError:
        raise LookupError("the front end's files are not built: run `make assets` (and then build the wheel)") from None
    names: dict[str, str] = json.loads(text)
    return names
