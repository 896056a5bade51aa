from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import NOW

from felhom_hub.assets.listing import files_in
from felhom_hub.assets.manifest import note_seeding
from felhom_hub.assets.queries import AssetFacts, asset_facts

pytestmark = pytest.mark.django_db


def test_facts_tell_how_much_there_is_and_how_it_stands_to_the_image(store: Path, seed: Path) -> None:
    (store / "a-logo.svg").write_bytes(b"a")
    (store / "b-logo.svg").write_bytes(b"bb")
    (seed / "b-logo.svg").write_bytes(b"newer")
    note_seeding("2 assets added", now=NOW)

    with CaptureQueriesContext(connection) as caught:
        facts = asset_facts(store, seed)

    assert facts == AssetFacts(files_in(store), ("b-logo.svg",), NOW, "2 assets added", store, seed)
    assert (facts.size_bytes, len(caught)) == (3, 1)


def test_store_that_cannot_be_read_is_trouble_and_not_empty(store: Path, seed: Path) -> None:
    (store / "file").touch()

    facts = asset_facts(store / "file", seed)

    assert (facts.files, facts.trouble) == ((), "Not a directory")
