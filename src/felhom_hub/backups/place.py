"""Where backups lie: whether they would be lost together with the database."""

import os
import threading
from pathlib import Path
from typing import Final

ANSWER_SECONDS = 1.0


class _Look(threading.Thread):
    """Asks the disks in a thread: one of another machine that is gone holds whoever asks for as long as that lasts."""

    def __init__(self, directory: Path, database: Path) -> None:
        super().__init__(name="disk", daemon=True)
        self._directory, self._database = directory, database
        self.found = False

    def run(self) -> None:
        try:
            self.found = _nearest(self._directory).stat().st_dev == _nearest(self._database).stat().st_dev
        except OSError:
            self.found = False


_looks: Final[dict[Path, _Look]] = {}  # the last one at each directory


def is_on_same_disk(directory: Path | str, database: Path) -> bool:
    """True where both are on one volume, as far as the machine tells; False where one cannot be asked in time."""
    place = Path(directory)
    look = _looks.get(place)
    if look is None or not look.is_alive():  # each that is held would leave one more thread behind
        look = _looks[place] = _Look(place, database)
        look.start()
    look.join(ANSWER_SECONDS)
    return look.found


def _nearest(path: Path) -> Path:
    """The path, or the first directory above it that is there: in that one it would be made."""
    return next(place for place in (path, *path.parents) if os.path.lexists(place))
