"""Reads the recovery answer of a hub: the configuration, and what the box's infrastructure backup holds. Pure.

The backup is known by its meaning only, and boxes of many versions have sent it: each part is looked for under several
names. What is wrong with a part is a plain sentence among `gaps`, and the others are read all the same.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

_CONFIG = ("controller_yaml", "controller.yaml", "controller_yaml_base64", "config_yaml", "config")
_SETTINGS = ("settings_json", "settings.json", "settings_json_base64", "settings")
_DISKS = ("disk_layout", "disks", "drives", "storage")
_STACKS = ("stacks", "deployed_stacks", "stacks_manifest", "manifest", "apps")
_UUID = ("uuid", "UUID", "fs_uuid", "partuuid")
_DISK_NAME = ("name", "label", "display_name")
_MOUNT = ("path", "mount_point", "mountpoint", "mount_path", "mount")
_SIZE = ("total_gb", "size_gb")
_STACK_NAME = ("name", "app_name", "app", "id")
_DATA_PATH = ("data_path", "hdd_path", "hdd_paths", "data_paths", "path")
_PASSWORD = ("password", "restic_password", "secret")
_REPOSITORY = ("repository", "repo", "name", "path")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}", re.ASCII)
_MAX_NAME = 120


class AnswerError(Exception):
    """What came is no recovery answer of this customer's."""


@dataclass(frozen=True, slots=True)
class DescribedDisk:
    """A disk as the backup describes it; empty where it does not say."""

    name: str
    uuid: str = ""
    path: str = ""
    device: str = ""
    fstype: str = ""
    role: str = ""
    size_gb: float | None = None


@dataclass(frozen=True, slots=True)
class DescribedStack:
    """An app of the manifest; `data_path` is empty where the backup does not say where its data lies."""

    name: str
    display_name: str = ""
    data_path: str = ""


@dataclass(frozen=True, slots=True)
class Recovered:
    """All that the answer brings; `passwords` by repository. `has_backup` is False where the box never sent one."""

    config: bytes = field(repr=False)
    has_backup: bool
    settings: bytes | None = field(default=None, repr=False)
    disks: tuple[DescribedDisk, ...] = ()
    stacks: tuple[DescribedStack, ...] = ()
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    gaps: tuple[str, ...] = ()


def read_answer(content: bytes, customer_id: str) -> Recovered:
    """What the hub has answered; raises AnswerError where it is not about this customer, or has no configuration."""
    answer = _decoded(content)
    if not isinstance(answer, dict) or "config_yaml" not in answer:
        raise AnswerError("something answered, but not as a hub does; is --hub right?")
    if answer.get("customer_id") != customer_id:
        raise AnswerError("the hub's answer is about another customer")
    config = answer["config_yaml"]
    if not isinstance(config, str) or not config.strip():
        raise AnswerError("the hub's answer has no configuration in it")
    backup = answer.get("infra_backup")
    if not isinstance(backup, dict):
        return Recovered(
            config.encode(), has_backup=False, gaps=("The hub has no infrastructure backup of this server",)
        )
    return _with_backup(config.encode(), backup)


def _decoded(content: bytes) -> Any:
    """The answer as values; None for what is no JSON. Half characters, as odd names of drives have, become `?`."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        pass
    try:
        return msgspec.json.decode(json.dumps(json.loads(content), ensure_ascii=False).encode(errors="replace"))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _with_backup(config: bytes, backup: Mapping[str, Any]) -> Recovered:
    gaps: list[str] = []
    _file(backup, _CONFIG, "controller.yaml", gaps)  # the hub's own is written; this one is only looked at
    settings = _file(backup, _SETTINGS, "settings.json", gaps)
    if settings is not None and not _is_json(settings):
        gaps.append("The backup's settings.json is not JSON")
        settings = None
    disks = tuple(_disks(_first(backup, _DISKS)))
    if not disks:
        gaps.append("The backup describes no disks")
    stacks = tuple(_stacks(_first(backup, _STACKS)))
    if not stacks:
        gaps.append("The backup names no apps")
    passwords = dict(_passwords(backup))
    if not passwords:
        gaps.append("The backup has no restic password: no app backup can be opened")
    return Recovered(config, True, settings, disks, stacks, passwords, tuple(gaps))


def _file(backup: Mapping[str, Any], names: tuple[str, ...], shown: str, gaps: list[str]) -> bytes | None:
    """The file that stands in the backup as base64; a gap where there is none, or none that can be read."""
    packed = _first(backup, names)
    if packed is None or packed == "":
        gaps.append(f"The backup has no {shown}")
        return None
    text = "".join(packed.split()).rstrip("=") if isinstance(packed, str) else "?"
    if _BASE64.fullmatch(text):
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if set(text) & {"-", "_"} else None)
        except (binascii.Error, ValueError):
            pass
    gaps.append(f"The backup's {shown} is damaged: it is not base64")
    return None


def _is_json(content: bytes) -> bool:
    try:
        msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return False
    return True


def _disks(value: Any) -> Iterator[DescribedDisk]:
    for entry in _entries(value, _DISKS):
        mount, device = _text(entry, _MOUNT), _text(entry, ("device",))
        size = _first(entry, _SIZE)
        yield DescribedDisk(
            _text(entry, _DISK_NAME) or mount or device or "a disk without a name",
            _text(entry, _UUID),
            mount,
            device,
            _text(entry, ("fstype", "filesystem", "fs_type")),
            _text(entry, ("role",)),
            float(size) if isinstance(size, int | float) and not isinstance(size, bool) else None,
        )


def _stacks(value: Any) -> Iterator[DescribedStack]:
    for entry in _entries(value, _STACKS):
        name = _text(entry, _STACK_NAME)
        if name:
            yield DescribedStack(name, _text(entry, ("display_name",)) or name, _text(entry, _DATA_PATH))


def _passwords(backup: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """By repository: an object, a list of objects, or members of their own such as `restic_password`.

    A text counts only where something calls it a password: others are places and versions.
    """
    for name, value in backup.items():
        if "restic" not in str(name).lower():
            continue
        is_called = "password" in str(name).lower()
        if isinstance(value, str) and value and is_called:
            yield str(name), value
        elif isinstance(value, dict):
            for repository, entry in value.items():
                is_text = isinstance(entry, str) and (is_called or repository in _PASSWORD)
                password = entry if is_text else _text(entry, _PASSWORD, limit=None)
                if password:
                    yield str(repository), password
        elif isinstance(value, list):
            for number, entry in enumerate(value, 1):
                password = _text(entry, _PASSWORD, limit=None)
                if password:
                    yield _text(entry, _REPOSITORY, limit=None) or f"repository {number}", password


def _entries(value: Any, inside: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """The objects of a list, or of an object by name, or of a list that lies one level deeper."""
    if isinstance(value, list):
        for entry in value:
            if isinstance(entry, dict):
                yield entry
            elif isinstance(entry, str) and entry:
                yield {"name": entry}
    elif isinstance(value, dict):
        deeper = _first(value, (*inside, "paths", "items"))
        if isinstance(deeper, list):
            yield from _entries(deeper, ())
        else:
            yield from ({"name": str(name), **entry} for name, entry in value.items() if isinstance(entry, dict))


def _first(members: Any, names: tuple[str, ...]) -> Any:
    return next((members[name] for name in names if name in members), None) if isinstance(members, dict) else None


def _text(members: Any, names: tuple[str, ...], *, limit: int | None = _MAX_NAME) -> str:
    """The first of these members as text; of a list its first entry; empty for anything else."""
    value = _first(members, names)
    if isinstance(value, list):
        value = value[0] if value else None
    return value[:limit] if isinstance(value, str) else ""
