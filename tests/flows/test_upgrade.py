"""The handbook's upgrade and its ways back, as far as git does them, in a clone whose upstream goes on."""

import re
from pathlib import Path

import pytest
from tests.documents import Block, Shell, command_blocks, inline_commands
from tests.structure.files import ROOT

HANDBOOK = ROOT / "docs" / "handbook.md"
INSTALLED = "/opt/felhom-hub"
WAYS_BACK = {"systemd": "systemctl ", "compose": "docker compose "}


def upgrade_blocks() -> tuple[Block, dict[str, Block]]:
    """The upgrade, and the way back of each way to run a hub."""
    upgrade, *back = [each for each in command_blocks(HANDBOOK) if each.heading == "Upgrade"]
    return upgrade, {
        name: block for block in back for name, begins in WAYS_BACK.items() if block.text.startswith(begins)
    }


class Clone:
    """A clone in the place of /opt/felhom-hub, and what it was cloned from."""

    def __init__(self, place: Path) -> None:
        self.upstream, self.installed = place / "upstream", place / "installed"
        me = {f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        self.shell = Shell(place, variables=me | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"})
        self.shell.run(f"git init --quiet --initial-branch=main {self.upstream}\n")
        self.release("v1")
        self.shell.run(f"git clone --quiet {self.upstream} {self.installed}\n")

    def release(self, version: str) -> None:
        (self.upstream / "version").write_text(version, "utf-8")
        self.shell.run(
            f"git -C {self.upstream} add version\ngit -C {self.upstream} commit --quiet --message {version}\n"
        )

    def do(self, block: Block) -> str:
        """The block's lines of git are run; the version that is there then."""
        lines = [line for line in block.commands if line.startswith("git ")]
        assert lines
        for line in lines:
            assert INSTALLED in line
            self.shell.run(line.replace(INSTALLED, str(self.installed)))
        return (self.installed / "version").read_text("utf-8")


@pytest.mark.parametrize("way", WAYS_BACK)
def test_the_way_back_leads_to_the_version_from_before_and_the_next_upgrade_on_from_it(
    tmp_path: Path, way: str
) -> None:
    upgrade, back = upgrade_blocks()
    clone = Clone(tmp_path)
    clone.release("v2")
    clone.release("v3")

    found = [clone.do(upgrade), clone.do(back[way])]
    clone.release("v4")
    found += [clone.do(upgrade), clone.do(back[way]), clone.do(upgrade)]

    assert found == ["v3", "v1", "v4", "v1", "v4"]


@pytest.mark.parametrize("way", WAYS_BACK)
def test_the_way_back_from_an_upgrade_that_found_nothing_new_leads_nowhere_else(tmp_path: Path, way: str) -> None:
    upgrade, back = upgrade_blocks()
    clone = Clone(tmp_path)
    clone.release("v2")

    assert [clone.do(upgrade), clone.do(upgrade), clone.do(back[way])] == ["v2", "v2", "v2"]


def test_the_hub_is_stopped_after_the_pull_which_may_fail() -> None:
    upgrade, _ = upgrade_blocks()
    steps = [re.match(r"(systemctl|make|felhom-hub|git -C \S+) ?(\w*)", line) for line in upgrade.commands]
    words = [step[2] if step is not None and step[1] != "make" else "make" for step in steps]

    assert words == ["backup", "tag", "pull", "stop", "make", "start", "check"]


def test_with_compose_the_pull_is_not_left_out() -> None:
    text = re.sub(r"\s+", " ", HANDBOOK.read_text("utf-8"))
    (command,) = [each for each in inline_commands(HANDBOOK) if each.endswith("up --detach --build")]

    assert f"`{command}` takes the place of stop, `make` and start, after the `pull`" in text
