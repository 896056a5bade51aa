"""Writes overrides anew: the operator's comments and order stay wherever their keys do. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from felhom_hub.configs.documents import DocumentError, compose, plain, read_plain
from felhom_hub.configs.merge import Plain
from felhom_hub.configs.overrides import has_values
from felhom_hub.configs.render import render


def rewritten(text: str, values: Mapping[str, Plain]) -> str:
    """The text with these values and no others; unchanged where it says them already. Raises DocumentError."""
    if (read_plain(text) if has_values(text) else {}) == values:
        return text
    kept = _without_others(text, values) if has_values(text) else text
    for draft in (kept, _comments(text)):
        try:
            made = _with_values(draft, values)
            if (read_plain(made) if has_values(made) else {}) == values:
                return made
        except DocumentError:
            continue
    return _with_values("", values)  # of a form that cannot be kept


def _with_values(text: str, values: Mapping[str, Plain]) -> str:
    if not values:
        return text
    if has_values(text):
        return render(text, values)
    _, *lines = render("all: null\n", {"all": values}).splitlines()  # each value is on one line, two columns in
    body = "".join(f"{line[2:]}\n" for line in lines)
    return f"{text.rstrip()}\n{body}" if text.strip() else body


def _comments(text: str) -> str:
    """The lines that are comments and nothing else."""
    return "".join(f"{line.strip()}\n" for line in text.splitlines() if line.lstrip().startswith("#"))


def _without_others(text: str, values: Mapping[str, Plain]) -> str:
    """The text without the lines of keys that are not among the values."""
    lines = text.splitlines(keepends=True)
    gone: set[int] = set()
    for first, last in _ranges(compose(text), values):
        gone.update(range(first, last))
    for number in gone:
        if lines[number].lstrip().startswith("#"):
            # A comment between two keys belongs to what comes after it, which may stay.
            continue
        lines[number] = ""
    return "".join(lines)


def _ranges(node: Any, values: Mapping[str, Plain]) -> Iterator[tuple[int, int]]:
    """From which line to which (not included) keys stand that are not wanted, or in another form."""
    for key, value in node.value:
        wanted = values.get(key.value)
        if key.value in values and (value.id != "mapping" or plain(value) == wanted):
            continue
        if isinstance(wanted, Mapping) and not value.flow_style:
            yield from _ranges(value, wanted)
        else:
            yield key.start_mark.line, max(key.end_mark.line, _last_line(value)) + 1


def _last_line(node: Any) -> int:
    """The last line with something of the node, without the comments and blank lines behind it."""
    if node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        return max(last[0].end_mark.line, _last_line(last[1])) if isinstance(last, tuple) else _last_line(last)
    end: int = node.end_mark.index
    if node.start_mark.index == end:
        return 0  # nothing: its key stands for it
    return int(node.end_mark.buffer[:end].rstrip("\0 \n").count("\n"))
