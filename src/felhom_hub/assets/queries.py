"""What the pages show of the assets."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from felhom_hub.assets.listing import AssetFile, files_in
from felhom_hub.assets.manifest import last_seeding
from felhom_hub.assets.seed import differing


@dataclass(frozen=True)
class AssetFacts:
    """How much there is, and how it stands to the image; `trouble` is why that cannot be told."""

    files: tuple[AssetFile, ...]
    differing: tuple[str, ...] | None  # None: there is no seed
    seeded_at: datetime | None
    seeded_words: str
    directory: Path
    seed_dir: Path
    trouble: str = ""

    @property
    def size_bytes(self) -> int:
        """All of them together."""
        return sum(each.size_bytes for each in self.files)


def asset_facts(directory: Path, seed: Path) -> AssetFacts:
    """The facts of now; one query, and only new files are read."""
    at, words = last_seeding() or (None, "")
    try:
        return AssetFacts(files_in(directory), differing(seed, directory), at, words, directory, seed)
    except OSError as error:
        return AssetFacts((), None, at, words, directory, seed, error.strerror or str(error))
