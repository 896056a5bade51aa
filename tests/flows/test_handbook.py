"""The handbook and what it leads to, word for word: a hub is installed, used, updated, lost and brought back.

Every command is run, in the order of the documents, unless it stands in NOT_HERE with the reason. So a command that is
new in a document is run from then on, and fails this test where it does not work.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from tests.documents import Block, blocks, command_blocks, inline_commands
from tests.flows.handbook_machine import Machine
from tests.servers.hub import free_port
from tests.structure.files import ROOT, python_files

from felhom_controller.cli import commands as controller_commands
from felhom_hub.cli import commands as hub_commands

DOCS = ROOT / "docs"
STORY = [DOCS / name for name in ("deploying.md", "handbook.md", "operating.md", "troubleshooting.md")]
DISASTER = "The hub's machine is gone"
CUSTOMER = "kovacs-peter"

# What no test machine can do, by the beginning of a command or what it pipes into; each is used by a document.
NOT_HERE = {
    r"kubectl\b": "there is no cluster; tests/deploy holds the resources, here the names are looked at",
    r"docker\b": "there is no builder; tests/deploy holds the recipe and does its steps",
    r"make\b": "installs from registries what this run has installed; here the target is looked at",
    r"(npm|python3|(/opt/felhom-hub/\.venv|build/venv)/bin/pip)\b": "tests/deploy/test_package.py runs it",
    r"install --directory --owner": "only root may give a directory away",
    r"git -C\b": "tests/flows/test_upgrade.py runs it, in a clone whose upstream has more",
    r"rsync\b": "there is no other machine",
    r"\./build\.sh\b": "tests/deploy/test_build.py runs it",
    r"create(user|db)\b": "wants PostgreSQL's own user; tests/flows/test_copy.py copies into such a database",
    r"felhom-hub hash-password\n": "asks at a terminal; tests/cli/test_hash_password.py answers",
}
# The same for what stands within a sentence.
NAMED_ONLY = {
    "chown": "the same command is run by the handbook",
    "curl": "fetches a configuration; tests/configs/test_api.py does",
    "docker": NOT_HERE[r"docker\b"],
    "fuser": "of Debian's psmisc, which a test machine may not have",
    "kubectl": NOT_HERE[r"kubectl\b"],
    "make": NOT_HERE[r"make\b"],
    "openssl": "looks at a proxy's certificate, or makes a key; tests/deploy/test_document.py makes one",
    "systemctl": "looks at a unit; here its name is looked at",
    "tools/render-manifests": "tests/deploy/test_kubernetes.py runs it",
    "./build.sh": NOT_HERE[r"\./build\.sh\b"],
    "hub.example.org": "a line of Caddy's settings",
    "proxy_next_upstream": "a line of nginx's settings",
}
# What is not well with a box that is a test machine is a finding of the drill, and no mistake of the document.
STATUSES = {f"felhom-hub drill {CUSTOMER}\n": (0, 1)}


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path, free_port())
    hub_yaml, drill_yaml = [each.text for each in blocks(DOCS / "handbook.md") if each.language == "yaml"]
    for name, text in (("hub.yaml", hub_yaml), ("drill.yaml", drill_yaml)):
        (machine.installed / name).write_text(machine.here(text), "utf-8")
    yield machine
    machine.kill()


@pytest.mark.sqlite_only
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_every_command_works_in_its_turn(machine: Machine) -> None:
    machine.variables["REPORT_API_KEY"] = yaml.safe_load((machine.installed / "hub.yaml").read_text("utf-8"))["api"]["report_api_key"]  # fmt: skip  # noqa: E501
    said: dict[str, str] = {}
    key, heading = "", ""
    for block in (each for document in STORY for each in command_blocks(document)):
        if block.heading == DISASTER != heading:
            machine.kill()
            shutil.rmtree(machine.data_dir)
        heading = block.heading
        for command in run_here(block):
            if command in said and "backup" not in command and "systemctl" not in command:
                continue  # a look that was had
            statuses = STATUSES.get(command, (0,))
            said[command] = answer = machine.shell.run(machine.here(command), said_to_it=key, statuses=statuses)
            assert '"ok":false' not in answer, command
            if " customer add " in command:
                key = secret("API key", answer)
                machine.variables["PASSPHRASE"] = secret("Retrieval password", answer)

    assert "warn  settings" not in said["felhom-hub check\n"]
    assert CUSTOMER in said["felhom-hub customer list\n"]
    (shown,) = [text for command, text in said.items() if " show " in command and "drill.yaml" in command]
    assert key in shown


def test_what_is_not_run_is_right_as_far_as_can_be_seen() -> None:
    not_run = [command for each in STORY for block in command_blocks(each) for command in left_out(block)]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert {each for each in NOT_HERE if not any(re.search(rf"(^|\| ){each}", one) for one in not_run)} == set()
    for command in not_run:
        if command.startswith("make "):
            assert command.split()[-1] in targets
        for words in re.findall(r"(?<!/)felhom-hub ((?:[a-z-]+ )+)", command.split("--entrypoint")[-1]):
            assert options_of(hub_commands, words.split()) is not None, command
        named = re.findall(r"(?:-f|-k|\./|git -C) ?(/opt/felhom-hub/)?((?:deploy|manifests)/[\w./-]+)", command)
        assert [path for _, path in named if not (ROOT / path).exists()] == [], command
        assert {"felhom-system"}.issuperset(re.findall(r"--namespace (\S+)", command)), command


def test_everything_that_is_left_out_is_in_a_document() -> None:
    named = {command.split()[0] for document in STORY for command in inline_commands(document)}

    assert set(NAMED_ONLY) - named == set()


@pytest.mark.parametrize("document", STORY, ids=lambda path: path.stem)
def test_commands_within_sentences_exist(document: Path) -> None:
    for command in inline_commands(document):
        program, *words = command.split()
        if program in ("felhom-hub", "felhom-controller"):
            group = hub_commands if program == "felhom-hub" else controller_commands
            options = options_of(group, words)
            assert options is not None, command
            assert {word.split("=")[0] for word in words if word.startswith("-")} <= options, command
        else:
            assert program in NAMED_ONLY, f"{command}: is it run by a test? Say so in NAMED_ONLY"
        if program == "systemctl":
            assert words[-1] in ("felhom-hub", "felhom-controller"), command


def test_messages_that_are_explained_are_those_of_the_hub() -> None:
    source = "\n".join(path.read_text("utf-8") for path in python_files("src"))
    source = re.sub(r"[\"']\s*\n\s*f?[\"']", "", source) + "\n".join(
        path.read_text("utf-8") for path in (ROOT / "src").rglob("*.html")
    )
    text = re.sub(r"^```.*?^```$", "", (DOCS / "troubleshooting.md").read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    quoted = re.findall(r'"([^"\n]+)"', re.sub(r"`[^`\n]*`", "", text))
    # At what a message is put together from, such as a path or the database's own reason.
    parts = [part.strip() for each in quoted for part in re.split("…|: |[()]", each) if len(part.strip()) > 3]

    assert len(parts) > 40
    assert [part for part in parts if part not in source] == []


def run_here(block: Block) -> list[str]:
    return [command for command in block.commands if not is_left_out(command)]


def left_out(block: Block) -> list[str]:
    return [command for command in block.commands if is_left_out(command)]


def is_left_out(command: str) -> bool:
    beginning = command.partition("{ ")[2] or command  # what a function of one line does
    return any(re.match(each, part) for each in NOT_HERE for part in re.split(r"\| ", beginning))


def secret(name: str, answer: str) -> str:
    """What `felhom-hub customer add` prints beside the name."""
    found = re.search(rf"^{name} +(\S+)$", answer, re.MULTILINE)
    assert found is not None, answer
    return found[1]


def options_of(group: click.Group, words: list[str]) -> set[str] | None:
    """The options that the subcommand takes, with its groups'; None where there is none of that name."""
    options = {"--help", "--version"}
    command: click.Command = group
    for word in words:
        if word.startswith("-") or not isinstance(command, click.Group):
            break
        found = command.commands.get(word) if command.commands else None
        try:
            found = found or command.get_command(click.Context(command), word)
        except click.UsageError:
            return None
        if found is None:
            return None if command is group else options
        command = found
        options |= {name for parameter in command.params for name in parameter.opts}
    return options
