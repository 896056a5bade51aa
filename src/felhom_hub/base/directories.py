"""Directories on disk: a new name in one is there after a power cut only once the directory itself was written."""

import os
from pathlib import Path


def sync_directory(path: Path) -> None:
    """The names in the directory are on disk; raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
