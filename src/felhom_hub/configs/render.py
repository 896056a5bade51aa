"""Writes a template with other values: its comments, order and blank lines stay, byte for byte. Pure.

Values are put in place in the template's own text, where its nodes are; so the same inputs give the same bytes, and a
line in which nothing changes is the template's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from felhom_hub.configs.documents import Document, DocumentError, document, is_bare, plain, read_again
from felhom_hub.configs.merge import Plain, is_empty, merged
from felhom_hub.configs.scalars import settled, written

_STEP: Final = 2  # columns by which a new map or list is indented


@dataclass(frozen=True)
class _Edit:
    """The text from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: str


def render(template: str, overrides: Mapping[str, Plain]) -> str:
    """The template with the overrides laid over it as `merged` does; raises DocumentError for a template that cannot.

    Scalars of the template that readers would read differently are written so that they cannot.
    """
    return put(document(template), overrides)


def put(template: Document, overrides: Mapping[str, Plain]) -> str:
    """As `render`, for a template that was read before: many boxes get files of the same one."""
    text = template.text
    edits = sorted(_edits(text, template.root, overrides), key=lambda edit: (edit.start, edit.end))
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    # What a template of unforeseen form would be made into is seen here, and by no controller.
    if read_again(text) != merged(template.values, overrides):
        raise DocumentError("Its form is one that values cannot be put into.")
    return text


def _edits(text: str, node: Any, overrides: Mapping[str, Plain]) -> Iterator[_Edit]:
    known = set()
    for key, value in node.value:
        known.add(key.value)
        wanted = overrides.get(key.value)
        if is_empty(wanted) or _is_the_same(plain(value), wanted):
            yield from _settling(value)
        elif isinstance(wanted, Mapping) and value.id == "mapping" and not value.flow_style:
            yield from _edits(text, value, wanted)
        else:
            under = merged(plain(value), wanted) if isinstance(wanted, Mapping) and value.id == "mapping" else wanted
            yield from _replacing(text, key, value, under)
    new = {key: value for key, value in overrides.items() if key not in known}
    if new:
        end = _line_end(text, _last_content(node))
        yield _Edit(end, end, "".join(f"\n{line}" for line in _block(new, node.start_mark.column)))


def _is_the_same(left: Plain, right: Plain) -> bool:
    """True for equal values of equal kinds: 1 is neither true nor 1.0, and a map in another order is another one."""
    return repr(left) == repr(right)


def _settling(node: Any) -> Iterator[_Edit]:
    """Nothing is laid over the node; its bare scalars are settled."""
    if node.id == "mapping":
        for _, value in node.value:
            yield from _settling(value)
    elif node.id == "sequence":
        for item in node.value:
            yield from _settling(item)
    elif is_bare(node) and node.value:
        as_written = settled(node.value)[1]
        if as_written != node.value:
            yield _Edit(node.start_mark.index, node.end_mark.index, as_written)


def _replacing(text: str, key: Any, value: Any, wanted: Plain) -> Iterator[_Edit]:
    """The value of the key becomes the wanted one; comments that stood within it stay as lines beside it."""
    column = key.start_mark.column + _STEP
    after_colon = text.index(":", key.end_mark.index) + 1
    begin, end = value.start_mark.index, _last_content(value)
    if _is_blank(value):
        begin = end = after_colon
    is_beside_key = begin <= _line_end(text, after_colon)
    if _is_folded(value):
        begin = after_colon
    elif not is_beside_key:
        begin = _line_end(text, after_colon)  # a comment behind the key stays there
    kept = [f"{' ' * column}{comment}" for comment in _comments_between(text, begin, end, value)]
    if not isinstance(wanted, Mapping | list):
        lines = "".join(f"\n{line}" for line in kept)
        if is_beside_key and not _is_folded(value):
            yield _Edit(begin, end, f" {written(wanted)}" if begin == after_colon else written(wanted))
            at = _line_end(text, end)
            yield _Edit(at, at, lines)
        else:
            yield _Edit(after_colon, after_colon, f" {written(wanted)}")
            yield _Edit(begin, end, lines)
        return
    lines = "".join(f"\n{line}" for line in (*kept, *_block(wanted, column)))
    if is_beside_key and not _is_folded(value):
        at = _line_end(text, end)
        yield _Edit(after_colon, end, "")
        yield _Edit(at, at, lines)
    else:
        yield _Edit(begin, end, lines)


def _block(value: Plain, column: int) -> list[str]:
    """The lines of a map or list in block style."""
    indent = " " * column
    lines = []
    entries = value.items() if isinstance(value, Mapping) else ((None, each) for each in value)
    for key, each in entries:
        head = f"{indent}-" if key is None else f"{indent}{written(key)}:"
        if is_empty(each) and isinstance(each, Mapping | list):
            lines.append(f"{head} {'{}' if isinstance(each, Mapping) else '[]'}")
        elif not isinstance(each, Mapping | list):
            lines.append(f"{head} {written(each)}")
        elif key is None:
            first, *others = _block(each, column + _STEP)
            lines += [f"{indent}- {first.lstrip()}", *others]
        else:
            lines += [head, *_block(each, column + _STEP)]
    return lines


def _comments_between(text: str, begin: int, end: int, value: Any) -> list[str]:
    """The comments in the text of a value, and before it, in order; a # in a key or scalar begins none."""
    found, at = list[str](), begin
    if begin == end:
        return found
    for leaf in _leaves(value):
        start = leaf.start_mark.index
        content = _line_end(text, start) if _is_folded(leaf) else start
        found += re.findall(r"#[^\n]*", text[at:content])
        at = max(content, _last_content(leaf))
    return [comment.rstrip() for comment in (*found, *re.findall(r"#[^\n]*", text[at:end]))]


def _leaves(node: Any) -> Iterator[Any]:
    if node.id == "scalar":
        yield node
    for each in node.value if node.id != "scalar" else ():
        for part in each if isinstance(each, tuple) else (each,):
            yield from _leaves(part)


def _is_folded(node: Any) -> bool:
    """True for a text of several lines in block style."""
    return node.id == "scalar" and node.style in {"|", ">"}


def _is_blank(node: Any) -> bool:
    return node.id == "scalar" and is_bare(node) and node.start_mark.index == node.end_mark.index


def _last_content(node: Any) -> int:
    """Where the last character of the node stands, without the comments and blank lines that a block ends with."""
    if node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            key, value = last
            return key.end_mark.index + 1 if _is_blank(value) else _last_content(value)
        return _last_content(last)
    end: int = node.end_mark.index
    return len(node.end_mark.buffer[:end].rstrip("\0 \n")) if _is_folded(node) else end


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end
