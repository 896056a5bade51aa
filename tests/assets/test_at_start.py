from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.assets.conftest import SVG
from tests.build import NOW

from felhom_hub.assets import at_start
from felhom_hub.assets.at_start import seed_at_start
from felhom_hub.assets.manifest import last_seeding

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "immich-logo.svg"


def logged(now: datetime = NOW) -> list[dict[str, Any]]:
    with capture_logs() as logs:
        seed_at_start(now)
    return [dict(entry) for entry in logs]


def test_store_has_what_the_image_has_and_the_log_says_what_changed(store: Path, seed: Path) -> None:
    (seed / NAME).write_bytes(SVG)
    (seed / "README.md").write_text("hello")

    first, second = logged(), logged()

    assert (store / NAME).read_bytes() == SVG
    assert [(entry["event"], entry.get("file", entry.get("done"))) for entry in first] == [
        ("asset_left_alone", "'README.md': no asset has such a name"),
        ("assets_seeded", f"1 asset added ({NAME}), 1 file left alone"),
    ]
    assert [entry["event"] for entry in second] == ["asset_left_alone"]
    assert last_seeding() == (NOW, "1 asset the same, 1 file left alone")


def test_without_a_seed_the_hub_starts_and_nothing_was_compared(store: Path) -> None:
    (store / NAME).write_bytes(SVG)

    assert [entry["event"] for entry in logged()] == ["assets_have_no_seed"]
    assert ((store / NAME).read_bytes(), last_seeding()) == (SVG, None)


def test_store_that_cannot_be_used_stops_no_start(store: Path, seed: Path) -> None:
    (seed / NAME).write_bytes(SVG)
    store.rmdir()
    store.write_text("a file in its place")

    (entry,) = logged()

    assert (entry["event"], entry["log_level"]) == ("assets_not_seeded", "error")
    assert entry["reason"] == f"the store {store} cannot be used: Not a directory"


def test_start_does_not_wait_for_a_slow_volume(store: Path, seed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (seed / NAME).write_bytes(SVG)
    monkeypatch.setattr(at_start, "START_SECONDS", -1.0)

    assert [entry["reason"] for entry in logged()] == ["it took longer than -1 s"]
    assert list(store.iterdir()) == []
