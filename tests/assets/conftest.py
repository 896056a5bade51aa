"""A store and a seed of each test's own, which the hub's settings name."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8"/></svg>\n'


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> Path:
    """The directory of the assets; empty."""
    directory = tmp_path / "store"
    directory.mkdir()
    _use(settings, dir=directory, seed_dir=tmp_path / "seed")
    return directory


@pytest.fixture
def seed(store: Path) -> Path:
    """What the image brings; empty."""
    directory = store.with_name("seed")
    directory.mkdir()
    return directory


def _use(settings: Settings, **values: Any) -> None:
    settings.HUB = replace(settings.HUB, assets=replace(settings.HUB.assets, **values))
