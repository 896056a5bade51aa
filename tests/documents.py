"""The commands that documents show, and a shell that runs them as a reader would: one block after the other.

A block is fenced by ```; without a language, or as `sh`, it is commands. Everything else names its language.
"""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.processes import SECONDS, environment

_PART = re.compile(r"^#+ (?P<heading>[^\n]+)$|^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
# A definition of a function, or a line with those that a backslash joins to it.
_COMMAND = re.compile(r"[\w-]+\(\) \{\n.*?^\}\n|(?:[^\n]*\\\n)*[^\n]*\n", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_COMMANDS = ("", "sh")


@dataclass(frozen=True)
class Block:
    """What stands between two fences, under the heading nearest above."""

    heading: str
    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """Each whole, with its line's end."""
        return [each for each in _COMMAND.findall(self.text) if each.strip()]


def blocks(document: Path) -> list[Block]:
    """All fenced blocks, in their order."""
    found, heading = [], ""
    for part in _PART.finditer(document.read_text("utf-8")):
        if part["heading"]:
            heading = part["heading"]
        else:
            found.append(Block(heading, part["language"], part["text"]))
    return found


def command_blocks(document: Path) -> list[Block]:
    """The fenced blocks that are commands."""
    return [each for each in blocks(document) if each.language in _COMMANDS]


def inline_commands(document: Path) -> list[str]:
    """What stands between backticks in the text and begins as a command with arguments does."""
    text = re.sub(r"^```.*?^```$", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [each for each in _INLINE.findall(text) if re.match(r"(?:\./)?[a-z][\w./-]+ \S", each)]


@dataclass
class Shell:
    """A bash in a directory, which remembers the functions that were defined in it, and stops at the first failure."""

    directory: Path
    functions: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    seconds: float = SECONDS

    def run(self, commands: str, *, said_to_it: str = "", statuses: tuple[int, ...] = (0,)) -> str:
        """What the commands print on standard output; they have to end with one of the statuses."""
        mark = "# functions that were defined\n"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{self.functions}{commands}\necho '{mark}'\ndeclare -f"],
            cwd=self.directory, env=environment() | dict(self.variables), input=said_to_it,
            capture_output=True, text=True, check=False, timeout=self.seconds,
        )  # fmt: skip
        said, _, functions = done.stdout.partition(mark)
        assert done.returncode in statuses, f"{commands}ended with {done.returncode}:\n{said}{done.stderr}"
        self.functions = functions.strip() + "\n" if functions.strip() else self.functions
        return said
