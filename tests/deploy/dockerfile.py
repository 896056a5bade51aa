"""Reads a Dockerfile as far as ours needs it: stages, their instructions, and the build context."""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path


@dataclass
class Stage:
    """One FROM with the instructions that follow it, as (name, argument)."""

    base: str
    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all_of(self, instruction: str) -> list[str]:
        return [argument for name, argument in self.instructions if name == instruction]


def read_dockerfile(path: Path) -> list[Stage]:
    """The stages in their order."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
    stages: list[Stage] = []
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        instruction, _, argument = line.strip().partition(" ")
        if instruction == "FROM":
            base, _, name = argument.partition(" AS ")
            stages.append(Stage(base, name))
        elif instruction:
            stages[-1].instructions.append((instruction, argument.strip()))
    return stages


def in_context(paths: list[str], ignore: Path) -> list[str]:
    """Those of the paths that `.dockerignore` leaves in the build context: the last of its rules that fits counts."""
    rules = [line for line in ignore.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [path for path in paths if _is_in(path, rules)]


def _is_in(path: str, rules: list[str]) -> bool:
    is_in = True
    for rule in rules:
        pattern = rule.removeprefix("!")
        if any(
            fnmatch(each, pattern.removeprefix("**/")) for each in _parts(path, any_place=pattern.startswith("**/"))
        ):
            is_in = rule.startswith("!")
    return is_in


def _parts(path: str, *, any_place: bool) -> list[str]:
    """The path and the folders above it; where a rule holds at any place, their bare names."""
    names = path.split("/")
    if any_place:
        return names
    return ["/".join(names[:count]) for count in range(1, len(names) + 1)]
