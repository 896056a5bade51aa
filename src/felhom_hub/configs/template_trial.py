"""A template is tried on every box before any gets it: who would have another file, by which keys, who none. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from felhom_hub.configs.documents import Document, DocumentError
from felhom_hub.configs.merge import Plain, merged
from felhom_hub.configs.render import put

NEEDED: Final = ("customer", "hub")  # without them it is some other YAML
_SECTIONS: Final = (*NEEDED, "infrastructure", "web", "monitoring", "logging", "assets", "paths")
MAX_ROWS: Final = 500  # customers by name, of those that change and of those that fail
MAX_KEYS: Final = 40
TEXT_ONLY: Final = "comments and layout"

Boxes = Iterable[tuple[str, Mapping[str, Plain] | str]]


@dataclass(frozen=True)
class Trial:
    """What became of it, with `MAX_ROWS` customers of each kind by their ids; no value is in it, only keys.

    `failed` are those that would lose their file; `without` is how many have none with the old template either.
    """

    customers: int = 0
    changed: int = 0
    keys: tuple[tuple[str, int], ...] = ()  # with how many customers each
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()
    failed: int = 0
    failures: tuple[tuple[str, str], ...] = ()
    without: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return asdict(self)


def trial_of(stored: Mapping[str, Any]) -> Trial | None:
    """What `as_json` made, and None of what it did not."""
    if not stored:
        return None
    return Trial(
        customers=stored["customers"],
        changed=stored["changed"],
        keys=tuple((key, count) for key, count in stored["keys"]),
        rows=tuple((customer_id, tuple(keys)) for customer_id, keys in stored["rows"]),
        failed=stored["failed"],
        failures=tuple((customer_id, reason) for customer_id, reason in stored["failures"]),
        without=stored["without"],
    )


def problem_of(template: Document) -> str:
    """One sentence about a document that is no template of a controller.yaml; empty where it is one."""
    for section in _SECTIONS:
        value = template.values.get(section)
        if section in NEEDED and value is None:
            return f"It has no section {section}, so it is no template of a controller.yaml."
        if value is not None and not isinstance(value, Mapping):
            return f"Its {section} is no section with keys below it."
    try:
        put(template, {})
    except DocumentError as error:
        return str(error)
    return ""


def tried_on(boxes: Boxes, *, old: Document, new: Document) -> Trial:
    """Every box's file by both templates; a box is a customer's id, and what is laid over or why that is not known."""
    customers = changed = failed = without = 0
    keys: Counter[str] = Counter()
    rows: list[tuple[str, tuple[str, ...]]] = []
    failures: list[tuple[str, str]] = []
    for customer_id, wanted in boxes:
        customers += 1
        before = _file(old, wanted)
        if isinstance(wanted, str) or before is None:
            without += 1
            continue
        try:
            after = put(new, wanted)
        except DocumentError as error:
            failed += 1
            failures += [(customer_id, str(error))] if failed <= MAX_ROWS else []
            continue
        if after == before:
            continue
        changed += 1
        differing = list(changed_keys(merged(old.values, wanted), merged(new.values, wanted))) or [TEXT_ONLY]
        keys.update(differing)
        rows += [(customer_id, tuple(differing[:MAX_KEYS]))] if changed <= MAX_ROWS else []
    common = tuple(sorted(keys.items(), key=lambda each: (-each[1], each[0]))[:MAX_KEYS])
    return Trial(customers, changed, common, tuple(rows), failed, tuple(failures), without)


def changed_keys(before: Mapping[str, Plain], after: Mapping[str, Plain], at: str = "") -> Iterator[str]:
    """The dotted keys whose values differ, and those that only one has; 1 is neither true nor 1.0."""
    for key in {**before, **after}:
        path = f"{at}.{key}" if at else key
        left, right = before.get(key), after.get(key)
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            yield from changed_keys(left, right, path)
        elif (key in before) != (key in after) or repr(left) != repr(right):
            yield path


def _file(template: Document, wanted: Mapping[str, Plain] | str) -> str | None:
    try:
        return None if isinstance(wanted, str) else put(template, wanted)
    except DocumentError:
        return None
