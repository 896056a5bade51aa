from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from tests.build import NOW

from felhom_hub.assets.manifest import _store_version, last_seeding, manifest_document, manifest_of, note_seeding
from felhom_hub.assets.models import Store

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


def test_document_is_the_contracts_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a-logo.svg").write_bytes(b"a")

    assert manifest_document(manifest_of(tmp_path, now=NOW)) == {
        "version": 1,
        "generated": "2026-11-23T12:00:00.000Z",
        "files": [{"filename": "a-logo.svg", "size": 1, "sha256": sha256(b"a").hexdigest()}],
    }


def test_same_contents_keep_version_and_time_and_other_contents_have_a_higher_one(tmp_path: Path) -> None:
    def version() -> tuple[int, object]:
        found = manifest_of(tmp_path, now=LATER)
        return found.version, found.generated_at

    empty = manifest_of(tmp_path, now=NOW)
    assert (empty.version, empty.generated_at, empty.files) == (1, NOW, ())
    assert version() == (1, NOW)
    (tmp_path / "a-logo.svg").write_bytes(b"a")
    assert [version(), version()] == [(2, LATER)] * 2
    (tmp_path / "a-logo.svg").write_bytes(b"b")
    assert version() == (3, LATER)
    (tmp_path / "a-logo.svg").rename(tmp_path / "b-logo.svg")
    assert version() == (4, LATER)
    (tmp_path / "notes.txt").write_bytes(b"no asset")
    assert version() == (4, LATER)


def test_version_grows_on_even_where_old_contents_come_back(tmp_path: Path) -> None:
    versions = []
    for content in (b"a", b"b", b"a"):
        (tmp_path / "a-logo.svg").write_bytes(content)
        versions.append(manifest_of(tmp_path, now=NOW).version)

    assert versions == [1, 2, 3]


def test_of_two_replicas_that_see_a_change_one_counts_it(tmp_path: Path) -> None:
    manifest_of(tmp_path, now=NOW)
    seen_by_both = Store.objects.get()

    for digest in ("a" * 64, "b" * 64):
        _store_version(seen_by_both, digest, LATER)

    assert list(Store.objects.values_list("version", "digest")) == [(2, "a" * 64)]


def test_of_two_first_manifests_one_is_stored(tmp_path: Path) -> None:
    for digest in ("a" * 64, "b" * 64):
        _store_version(None, digest, NOW)

    assert list(Store.objects.values_list("version", "digest")) == [(1, "a" * 64)]
    assert manifest_of(tmp_path, now=LATER).version == 2


def test_seeding_is_known_and_changes_no_version(tmp_path: Path) -> None:
    assert last_seeding() is None
    note_seeding("3 assets added", now=NOW)
    assert last_seeding() == (NOW, "3 assets added")
    assert manifest_of(tmp_path, now=NOW).version == 1

    note_seeding("x" * 500, now=LATER)

    assert last_seeding() == (LATER, "x" * 200)
    assert manifest_of(tmp_path, now=LATER).version == 1
