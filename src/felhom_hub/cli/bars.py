"""A progress bar for work that says when a portion is done, but not of how many."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def bar_of_portions(label: str, expected: int, *, is_hidden: bool | None = None) -> Iterator[Callable[[], None]]:
    """Inside, the bar moves on at each call, by one of about so many; at the end all is done.

    There is none where nothing is expected; by default it is for terminals alone.
    """
    hidden = not sys.stderr.isatty() if is_hidden is None else is_hidden
    with click.progressbar(length=expected, label=label, file=sys.stderr, hidden=hidden or not expected) as bar:
        yield lambda: bar.update(1)
        bar.update(max(0, expected - bar.pos))
