"""Where backups lie: whether they would be lost together with the database. Pure."""

import os
from pathlib import Path


def is_on_same_disk(directory: Path | str, database: Path) -> bool:
    """True where both are on one volume, as far as the machine tells; False where one cannot be asked."""
    try:
        return _nearest(Path(directory)).stat().st_dev == _nearest(database).stat().st_dev
    except OSError:
        return False


def _nearest(path: Path) -> Path:
    """The path, or the first directory above it that is there: in that one it would be made."""
    return next(place for place in (path, *path.parents) if os.path.lexists(place))
