from pathlib import Path

import pytest
from tests.assets.conftest import SVG
from tests.build import NOW

from felhom_hub.assets import change
from felhom_hub.assets.change import Upload, delete_asset, refresh_assets, restore_asset, upload_asset
from felhom_hub.assets.manifest import last_seeding
from felhom_hub.base.errors import Conflict, Impossible, NotFound
from felhom_hub.operators.audit import Actor
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

NAME = "immich-logo.svg"
BY = Actor("operator", "192.0.2.1")


def upload(store: Path, content: bytes, name: str = NAME) -> Upload:
    return upload_asset(store, name, content, now=NOW, by=BY)


def audit() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "detail"))


def test_upload_is_stored_and_kept_in_the_audit(store: Path) -> None:
    other = SVG.replace(b"h8", b"h4")

    assert [upload(store, SVG), upload(store, SVG), upload(store, other)] == ["added", "the same as before", "changed"]
    assert (store / NAME).read_bytes() == other
    assert [path.name for path in store.iterdir()] == [NAME]
    assert audit() == [
        ("asset_uploaded", f"{NAME}, {len(SVG)} B, added"),
        ("asset_uploaded", f"{NAME}, {len(SVG)} B, changed"),
    ]


@pytest.mark.parametrize(
    ("name", "content"), [("../x-logo.svg", SVG), (NAME, b"<svg/>"), (NAME, SVG.replace(b"<path", b"<script"))]
)
def test_what_is_refused_leaves_no_trace(store: Path, name: str, content: bytes) -> None:
    with pytest.raises(Impossible):
        upload(store, content, name)

    assert (list(store.iterdir()), audit()) == ([], [])


def test_rename_that_fails_leaves_neither_entry_nor_file(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_of: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(change, "put", fail)
    with pytest.raises(OSError, match="Read-only"):
        upload(store, SVG)

    assert (list(store.iterdir()), audit()) == ([], [])


def test_deleted_asset_can_be_restored_once(store: Path) -> None:
    upload(store, SVG)
    delete_asset(store, NAME, now=NOW, by=BY)
    assert not (store / NAME).exists()
    with pytest.raises(NotFound):
        delete_asset(store, NAME, now=NOW, by=BY)

    restore_asset(store, NAME, now=NOW, by=BY)

    assert (store / NAME).read_bytes() == SVG
    with pytest.raises(Conflict):
        restore_asset(store, NAME, now=NOW, by=BY)
    assert [action for action, _ in audit()] == ["asset_uploaded", "asset_deleted", "asset_restored"]


@pytest.mark.parametrize("name", ["none-logo.svg", "../secret", "..", ""])
def test_what_is_no_asset_can_neither_be_deleted_nor_restored(store: Path, name: str) -> None:
    (store.parent / "secret").write_text("s")
    with pytest.raises(NotFound):
        delete_asset(store, name, now=NOW, by=BY)
    with pytest.raises((NotFound, Conflict)):
        restore_asset(store, name, now=NOW, by=BY)

    assert ((store.parent / "secret").read_text(), audit()) == ("s", [])


def test_refresh_brings_the_image_and_is_known(store: Path, seed: Path) -> None:
    (seed / NAME).write_bytes(SVG)

    done = refresh_assets(seed, store, now=NOW, by=BY)

    assert (done.added, (store / NAME).read_bytes()) == ([NAME], SVG)
    assert last_seeding() == (NOW, f"1 asset added ({NAME})")
    assert audit() == [("assets_refreshed", f"1 asset added ({NAME})")]


def test_refresh_without_a_seed_says_why(store: Path) -> None:
    done = refresh_assets(store.parent / "none", store, now=NOW, by=BY)

    assert "cannot be read: No such file or directory" in done.trouble
    assert audit()[0][1].endswith(done.trouble)
