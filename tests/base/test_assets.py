import json
from pathlib import Path

import pytest
from pytest_django import Settings

from felhom_hub.base.assets import asset_path


def test_a_file_is_served_under_its_contents_name(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"hub.css": "hub.0123456789ab.css"}))
    settings.STATIC_ROOT = tmp_path

    assert asset_path("hub.css") == "/static/hub.0123456789ab.css"
    with pytest.raises(LookupError):
        asset_path("other.css")


def test_what_is_not_built_says_how_to_build_it(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    with pytest.raises(LookupError, match="run `make assets`"):
        asset_path("hub.css")
