"""What another version of a configuration has otherwise, field by field, and the overrides key by key.

No value of a secret's key leaves this module: that it differs is all that is told. Comments are not shown either, for
nobody knows what stands in them.
"""

from dataclasses import dataclass
from typing import Final

from felhom_hub.configs.documents import DocumentError, read_plain
from felhom_hub.configs.form import Field, label_of
from felhom_hub.configs.merge import Plain
from felhom_hub.configs.overrides import has_values
from felhom_hub.configs.paths import MISSING, Path, dotted, holds_secret, is_equal, leaves, shown
from felhom_hub.configs.versions import Content

_OVERRIDES: Final = "overrides"


@dataclass(frozen=True)
class Change:
    """One field or key with its value in the version and now, as they may be shown; None is not set."""

    label: str
    then: str | None
    now: str | None
    is_key: bool = False  # of the overrides
    is_secret: bool = False


def changes_between(then: Content, now: Content) -> list[Change]:
    """What differs, in the order of the form; nothing where a restore would change nothing."""
    differing = {*then.differing(now)}
    names = [name for name in then.values | now.values if name in differing and name != _OVERRIDES]
    fields = [Change(label_of(name), _said(name, then), _said(name, now)) for name in names]
    if _OVERRIDES in differing:
        fields += _overrides(then.settings.overrides, now.settings.overrides)
    return fields


def _said(name: str, content: Content) -> str | None:
    value = content.values.get(name, "")
    return dict(Field(name).choices).get(value, value) or None


def _overrides(then: str, now: str) -> list[Change]:
    try:
        ours, theirs = _leaves(then), _leaves(now)
    except DocumentError:  # of an older rule; nothing of the text is shown that cannot be masked
        return [Change(label_of(_OVERRIDES), "another text", "this text")]
    found = []
    for path in ours | theirs:
        left, right = ours.get(path, MISSING), theirs.get(path, MISSING)
        if not is_equal(left, right):
            hidden = holds_secret(path, left) or holds_secret(path, right)
            found.append(Change(dotted(path), shown(left, hidden), shown(right, hidden), is_key=True, is_secret=hidden))
    if not found:
        found.append(Change(label_of(_OVERRIDES), "other comments, order or spelling", "the same values"))
    return found


def _leaves(text: str) -> dict[Path, Plain]:
    return dict(leaves(read_plain(text))) if has_values(text) else {}
