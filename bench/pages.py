"""How much of a SQLite file each table and index takes, by walking its B-trees.

Rests on https://www.sqlite.org/fileformat2.html; SQLite's own `dbstat` is not in every build. Pure, but for reading.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_INDEX_INTERIOR, _TABLE_INTERIOR, _INDEX_LEAF, _TABLE_LEAF = 2, 5, 10, 13
_SCHEMA = "sqlite_schema"


def bytes_by_part(path: Path) -> dict[str, int]:
    """Bytes of each table and index by name, largest first; what is on the free list stands under "".

    The file must be checkpointed and at rest. Raises ValueError where the parts are not the whole.
    """
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0").fetchall())
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    file = _File(path.read_bytes())
    counts = {name: sum(file.walk(root)) for name, root in {_SCHEMA: 1, **roots}.items()}
    if free:
        counts[""] = free
    if sum(counts.values()) != len(file.content) // file.page_bytes:
        raise ValueError(f"{path}: the parts have {sum(counts.values())} pages, which is not the whole file")
    return {name: count * file.page_bytes for name, count in sorted(counts.items(), key=lambda item: -item[1])}


class _File:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.page_bytes = int.from_bytes(content[16:18], "big") or 65536
        self._usable = self.page_bytes - content[20]

    def walk(self, number: int) -> Iterator[int]:
        """Yields, page by page of the tree, how many pages it stands for: itself and the overflow of its cells."""
        start = (number - 1) * self.page_bytes
        page = memoryview(self.content)[start : start + self.page_bytes]
        header = 100 if number == 1 else 0
        kind, cells = page[header], _u16(page, header + 3)
        is_leaf = kind in (_INDEX_LEAF, _TABLE_LEAF)
        pointers = header + (8 if is_leaf else 12)
        own = 1
        for index in range(cells):
            cell = _u16(page, pointers + 2 * index)
            if not is_leaf:
                yield from self.walk(_u32(page, cell))
            if kind != _TABLE_INTERIOR:
                payload, _ = _varint(page, cell if is_leaf else cell + 4)
                own += self._overflow(payload, is_table=kind == _TABLE_LEAF)
        if not is_leaf:
            yield from self.walk(_u32(page, header + 8))
        yield own

    def _overflow(self, payload: int, *, is_table: bool) -> int:
        """How many overflow pages a cell with so much payload has."""
        usable = self._usable
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        if payload <= most:
            return 0
        least = (usable - 12) * 32 // 255 - 23
        local = least + (payload - least) % (usable - 4)
        if local > most:
            local = least
        return -(-(payload - local) // (usable - 4))


def _u16(page: memoryview, at: int) -> int:
    return int.from_bytes(page[at : at + 2], "big")


def _u32(page: memoryview, at: int) -> int:
    return int.from_bytes(page[at : at + 4], "big")


def _varint(page: memoryview, at: int) -> tuple[int, int]:
    """The number, and where it ends."""
    value = 0
    for index in range(8):
        byte = page[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | page[at + 8], at + 9
