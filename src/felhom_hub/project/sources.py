"""Where settings are written: hub.yaml with line numbers, and the environment; what a value means is its rule's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from felhom_hub.project.setting import FILE_SUFFIX, Setting

# A hub.yaml has a few hundred lines; a path that never ends (a device) must not fill the memory.
_MAX_BYTES = 1024 * 1024
_STANDARD = "tag:yaml.org,2002:"
_NULL = f"{_STANDARD}null"


@dataclass(frozen=True)
class Written:
    """A value as text, with the place to name in messages; a list is its items joined by line breaks."""

    text: str = field(repr=False)
    is_list: bool
    where: str


@dataclass
class Found:
    """What a source holds: values by dotted key, unknown names with their place, and what cannot be read at all."""

    values: dict[str, Written] = field(default_factory=dict)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class UnreadableError(Exception):
    """A file cannot be read as text; the message is one line without the file's name."""


def read_text(path: Path) -> str:
    """The UTF-8 text of a small file; UnreadableError says in one line why there is none."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableError((error.strerror or str(error)).lower()) from None
    except ValueError:  # a NUL byte in the name
        raise UnreadableError("no such file") from None
    if len(data) > _MAX_BYTES:
        raise UnreadableError("larger than 1 MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableError(f"not UTF-8 text (line {line})") from None


def read_yaml(path: Path, sections: Mapping[str, frozenset[str]]) -> Found:
    """What the file says about the known keys of the known sections; never raises for what is in the file."""
    found = Found()
    try:
        root = YAML(typ="safe", pure=True).compose(read_text(path))
    except UnreadableError as error:
        found.problems.append(f"{path}: {error}")
        return found
    except YAMLError as error:
        found.problems.append(_syntax_problem(path, error))
        return found
    except RecursionError:
        found.problems.append(f"{path}: nested too deeply")
        return found
    if root is None or root.tag == _NULL:
        return found
    if not isinstance(root, MappingNode):
        found.problems.append(
            f'{path}:{root.start_mark.line + 1}: it must hold sections such as "server:", not {_kind(root)}'
        )
        return found
    for name, where, section in _members(path, root, "", found):
        if name not in sections:
            found.unknown.append((name, where))
        elif isinstance(section, MappingNode):
            _read_section(path, name, section, known=sections[name], found=found)
        elif section.tag != _NULL:
            keys = ", ".join(sorted(sections[name]))
            found.problems.append(f"{where}: {name} must be a section (of {keys}), not {_kind(section)}")
    return found


def _read_section(path: Path, section: str, node: MappingNode, *, known: frozenset[str], found: Found) -> None:
    for name, where, value in _members(path, node, f"{section}.", found):
        key = f"{section}.{name}"
        if name not in known:
            found.unknown.append((key, where))
        elif _is_marked(value):
            found.problems.append(
                f"{where}: the value of {key} begins with ! or &, which YAML reads as a mark; quote it"
            )
        elif isinstance(value, ScalarNode):
            if value.tag != _NULL:
                found.values[key] = Written(value.value, is_list=False, where=where)
        elif isinstance(value, SequenceNode) and all(isinstance(item, ScalarNode) for item in value.value):
            items = ("" if item.tag == _NULL else item.value for item in value.value)
            found.values[key] = Written("\n".join(items), is_list=True, where=where)
        else:
            found.problems.append(f"{where}: {key} must be a plain value, not {_kind(value)}")


def _members(path: Path, node: MappingNode, prefix: str, found: Found) -> Iterator[tuple[str, str, Node]]:
    """Name, place and value of each member that can be told from the others."""
    lines: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        where = f"{path}:{line}"
        if not isinstance(key, ScalarNode):
            found.problems.append(f"{where}: a key must be a plain word, not {_kind(key)}")
        elif key.value == "<<":
            found.problems.append(f"{where}: merged sections (<<) are not supported; write the keys out")
        elif key.value in lines:
            name = f"{prefix}{key.value}"
            found.problems.append(f"{where}: {name} is written twice (first in line {lines[key.value]}); keep one")
        else:
            lines[key.value] = line
            yield key.value, where, value


def _is_marked(node: Node) -> bool:
    return not str(node.tag).startswith(_STANDARD) or (node.tag == _NULL and node.anchor is not None)


def _kind(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a section"
    return "a list" if isinstance(node, SequenceNode) else "a single value"


def _syntax_problem(path: Path, error: YAMLError) -> str:
    """One line without the excerpt that the parser shows: it may hold a secret."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return f"{path}: it holds a character that YAML does not allow"
    line = error.problem_mark.line + 1
    if "'\\t'" in (error.problem or ""):
        return f"{path}:{line}: a tab cannot indent in YAML; use spaces"
    if "another document" in (error.problem or ""):
        return f"{path}:{line}: it holds a second document (---); keep one"
    return f"{path}:{line}: not valid YAML near this line (check indentation, quotes and colons)"


def read_environment(environ: Mapping[str, str], settings: Mapping[str, Setting]) -> Found:
    """What the variables say about the settings, given by variable name; _FILE ones hold the path of the value."""
    found = Found()
    for variable, setting in settings.items():
        file_variable = variable + FILE_SUFFIX
        named = setting.is_secret and file_variable in environ
        if named and variable in environ:
            found.problems.append(f"{variable} and {file_variable} are both set; keep one")
        elif named and not environ[file_variable]:  # as a compose file leaves it; Path("") would be this directory
            found.problems.append(f"{file_variable} is set, but names no file for {setting.key}")
        elif named:
            _read_named_file(file_variable, environ[file_variable], setting.key, found)
        elif variable in environ:
            found.values[setting.key] = Written(environ[variable], is_list=False, where=variable)
    return found


def _read_named_file(variable: str, name: str, key: str, found: Found) -> None:
    where = f"{variable} ({name})"
    try:
        text = read_text(Path(name))
    except UnreadableError as error:
        found.problems.append(f"{where}: {key} cannot be read from this file: {error}")
        return
    # One line break at the end is the editor's, not the secret's.
    text = text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
    if not text:  # a mount that came up empty must not switch sign-in or a key off
        found.problems.append(f"{where}: the file for {key} is empty")
        return
    found.values[key] = Written(text, is_list=False, where=where)
