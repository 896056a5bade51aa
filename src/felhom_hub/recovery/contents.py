"""What stands in an infrastructure backup, by its meaning, and what of it cannot be read; no secret is kept. Pure.

Controllers agree on what they send, not on how they call it (contract 5): a part is found by words in its name, at the
top or one object below. A new name is one more word in `_WORDS`.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from felhom_hub.base.tolerant import BadJsonError, as_line, as_mapping, as_sent, decode_json
from felhom_hub.configs.documents import DocumentError, read_quickly
from felhom_hub.recovery.parts import MAX_YAML

CONFIG, SETTINGS, DISKS, STACKS, PASSWORDS = "controller.yaml", "settings", "disk layout", "apps", "restic passwords"
PARTS: Final = (CONFIG, SETTINGS, DISKS, STACKS, PASSWORDS)

_MAX_DISKS, _MAX_STACKS, _MAX_NAME = 50, 500, 80
# In the order in which a name is tried: "restic_passwords_by_disk" is about passwords.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    PASSWORDS: ("restic", "password"),
    SETTINGS: ("settings",),
    DISKS: ("disk", "drive", "storage"),
    STACKS: ("stack", "manifest", "apps"),
    CONFIG: ("yaml", "yml", "controllerconfig"),
}
# A text under another name of a list, such as "storage_driver", is some other fact.
_SURELY_LISTS = ("layout", "manifest")
_LISTS = ("disks", "drives", "devices", "blockdevices", "stacks", "apps", "items", "repositories", "passwords")
# A snapshot has 50 KB. What the largest body would take in memory, no box's check is worth.
MAX_BYTES: Final = 4 * 1024 * 1024
_DISK_NAMES = ("name", "label", "path", "mount_point", "mountpoint", "device")
_NOTHING = (None, "")
_PASSWORD_NAMES = ("password", "pass", "key", "secret", "value")


class Disk(msgspec.Struct, frozen=True):
    """A drive of the layout; texts are empty where it has none."""

    name: str
    device: str = ""
    path: str = ""
    has_uuid: bool = False


class Contents(msgspec.Struct, frozen=True):
    """What one version holds. `broken` are sentences on parts that are there and cannot be read."""

    size_bytes: int
    is_readable: bool = True  # False where it is no JSON at all
    broken: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # of PARTS
    too_large: bool = False  # the controller.yaml, for a look at it every day
    config_customer: str = ""  # whom the controller.yaml is for
    config_domain: str = ""
    keys: int = 0  # of the controller.yaml
    disks: tuple[Disk, ...] = ()
    stacks: tuple[str, ...] = ()
    passwords: int = 0


def read_contents(body: bytes) -> Contents:
    """What stands in a version as it came, whatever it is."""
    if len(body) > MAX_BYTES:
        return Contents(len(body), too_large=True)
    try:
        document = as_mapping(decode_json(body))
    except BadJsonError:
        return Contents(len(body), is_readable=False, broken=("The snapshot is cut off or damaged",))
    parts = _parts(document)
    config, problem = _config(parts.get(CONFIG))
    lists = {part: _opened(parts.get(part)) for part in (DISKS, STACKS)}
    problems = [problem, _settings_problem(parts.get(SETTINGS))]
    problems += [f"The part with the {part} is cut off or damaged" for part in lists if isinstance(lists[part], str)]
    disks = _disks(lists[DISKS])
    stacks = {_name_of(each, ("name", "stack", "id")) for each in _entries(lists[STACKS])} - {""}
    passwords = _count_passwords(_opened(parts.get(PASSWORDS)))
    customer = as_mapping(as_mapping(config).get("customer"))
    is_there = {DISKS: bool(disks) or isinstance(lists[DISKS], str), PASSWORDS: passwords > 0}
    return Contents(
        size_bytes=len(body),
        broken=tuple(filter(None, problems)),
        missing=tuple(part for part in PARTS if not is_there.get(part, parts.get(part) not in _NOTHING)),
        too_large=config is None,
        config_customer=_line(customer.get("id")),
        config_domain=_line(customer.get("domain")),
        keys=_count_keys(config),
        disks=disks[:_MAX_DISKS],
        stacks=tuple(sorted(stacks))[:_MAX_STACKS],
        passwords=passwords,
    )


def _parts(document: Mapping[str, Any]) -> dict[str, Any]:
    """The parts by their meaning; the first of a meaning that is not empty counts."""
    found: dict[str, Any] = {}
    others = [each for name, each in document.items() if _meaning(name) is None and isinstance(each, dict)]
    for members in (document, *others):
        for name, value in members.items():
            part = _meaning(name)
            if part in (DISKS, STACKS) and isinstance(value, str):
                is_surely = any(word in name.lower() for word in _SURELY_LISTS)
                part = part if is_surely or not isinstance(_opened(value), str) else None
            if part == PASSWORDS and "password" not in name.lower():
                value = _named_passwords(_opened(value))  # noqa: PLW2901 - the rest of it is no part
            if part is not None and found.get(part) in (*_NOTHING, [], {}):
                found[part] = value
    return found


def _meaning(name: str) -> str | None:
    plain = "".join(each for each in name.lower() if each.isalnum())
    if plain == "config":
        return CONFIG
    return next((part for part, words in _WORDS.items() if any(word in plain for word in words)), None)


def _config(value: object) -> tuple[Mapping[str, Any] | None, str]:
    """The controller.yaml, None where it is too large to be read; and what is wrong with it."""
    if value in _NOTHING or isinstance(value, dict):
        return as_mapping(value), ""
    text = _text_of(value) if isinstance(value, str) else None
    if text is None:
        return {}, f"The {CONFIG} is cut off or damaged: it is no base64"
    if len(text) > MAX_YAML:
        return None, ""
    try:
        return read_quickly(text), ""
    except (DocumentError, RecursionError):
        return {}, f"The {CONFIG} is cut off or damaged: it is no YAML"


def _settings_problem(value: object) -> str:
    if value in _NOTHING or not isinstance(_opened(value), str):
        return ""
    return f"The {SETTINGS} are cut off or damaged"


def _text_of(value: str) -> str | None:
    """The text of a file, which is in base64 or as it is; None where it is neither."""
    # No base64 has these, and no controller.yaml is without them.
    if ": " in value or ":\n" in value:
        return value
    packed = "".join(value.split()).rstrip("=")
    letters = b"-_" if {*"-_"} & {*packed} else None
    try:
        written = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=letters, validate=True)
        return written.decode("utf-8-sig")
    except (binascii.Error, ValueError):
        return None


def _opened(value: object) -> object:
    """A part that is lists and objects, opened where it is a file; the text itself where that cannot be read."""
    if not isinstance(value, str) or not value:
        return value
    for text in (value, _text_of(value)):
        try:
            if text is not None and isinstance(read := decode_json(text.encode()), dict | list):
                return read
        except (BadJsonError, UnicodeEncodeError):
            continue
    return value


def _entries(value: object) -> Iterator[Any]:
    """The entries of a list or of an object, each with its key as `name`; a list one object below is found."""
    if isinstance(value, dict):
        inner = next((each for name, each in value.items() if name in _LISTS and isinstance(each, list)), None)
        if inner is not None:
            yield from inner
            return
        for key, each in value.items():
            yield {"name": key, **each} if isinstance(each, dict) else {"name": key}
    elif isinstance(value, list):
        yield from value


def _disks(value: object) -> tuple[Disk, ...]:
    found = []
    for entry in _entries(value):
        if isinstance(entry, dict):
            name = _name_of(entry, _DISK_NAMES) or "a drive"
            device, path = _line(entry.get("device")), _line(entry.get("path") or entry.get("mountpoint"))
            found.append(Disk(name, device, path, has_uuid=_has_uuid(entry)))
    return tuple(found)


def _has_uuid(entry: Mapping[str, Any]) -> bool:
    """Whether the drive, or a partition of it, can be told from every other one."""
    for name, value in entry.items():
        if name.lower().replace("_", "").endswith("uuid") and isinstance(value, str) and value.strip():
            return True
        if isinstance(value, list) and any(isinstance(each, dict) and _has_uuid(each) for each in value):
            return True
    return False


def _name_of(entry: object, names: tuple[str, ...]) -> str:
    if isinstance(entry, str):
        return _line(entry)
    members = as_mapping(entry)
    return next((line for name in names if (line := _line(members.get(name)))), "")


def _named_passwords(value: object) -> list[Any]:
    """What is called a password in a part that is not called so: its other texts are places and versions."""
    if isinstance(value, list):
        return [found for each in value for found in _named_passwords(each)]
    if not isinstance(value, dict):
        return []
    return [
        found
        for name, each in value.items()
        for found in ([each] if name.lower() in (*_PASSWORD_NAMES, "passwords") else _named_passwords(each))
    ]


def _count_passwords(value: object) -> int:
    if isinstance(value, str):
        return 1 if value.strip() else 0
    if isinstance(value, dict):
        if any(isinstance(value.get(name), str) for name in _PASSWORD_NAMES):
            return int(any(isinstance(value.get(name), str) and value[name].strip() for name in _PASSWORD_NAMES))
        return sum(map(_count_passwords, value.values()))
    return sum(map(_count_passwords, value)) if isinstance(value, list) else 0


def _count_keys(value: object) -> int:
    if isinstance(value, dict):
        return sum(1 + _count_keys(each) for each in value.values())
    return sum(map(_count_keys, value)) if isinstance(value, list) else 0


def _line(value: object) -> str:
    return as_line(as_sent(value, _MAX_NAME * 4) or "", _MAX_NAME)
