import subprocess
import sys

import pytest

from felhom_hub import __version__
from felhom_hub.cli import COMMANDS

COMMAND = [sys.executable, "-m", "felhom_hub.cli"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [("--help",), ("-h",)])
def test_help_lists_every_command_with_its_text(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    _, listed = done.stdout.split("Commands:\n")
    assert listed.splitlines() == [f"  {name:<14} {text}" for name, text in COMMANDS.items()]


def test_without_a_command_the_help_is_shown_and_the_status_tells_it() -> None:
    assert (run().returncode, run().stdout) == (2, run("--help").stdout)


def test_help_loads_neither_django_nor_yaml() -> None:
    program = (
        "import sys\n"
        "from felhom_hub.cli import commands\n"
        "commands.main(['--help'], standalone_mode=False)\n"
        "print({name.partition('.')[0] for name in sys.modules} & {'django', 'ruamel', 'bcrypt', 'psutil'})\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_the_version_is_told() -> None:
    assert run("--version").stdout == f"felhom-hub, version {__version__}\n"


@pytest.mark.parametrize("name", ["check", "hash-password", "simulate", "version"])
def test_every_command_understands_config_and_help(name: str) -> None:
    done = run(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: felhom-hub {name} [OPTIONS]\n")
    assert "--config PATH" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("chek",), "felhom-hub: No such command 'chek'. Did you mean 'check'?"),
        (("--wordy",), "felhom-hub: No such option '--wordy'."),
        (("version", "--wordy"), "felhom-hub: No such option '--wordy'."),
        (("version", "extra"), "felhom-hub: Got unexpected extra argument (extra)"),
        (("check", "--config"), "felhom-hub: Option '--config' requires an argument."),
    ],
)
def test_a_mistake_is_one_plain_line(arguments: tuple[str, ...], line: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{line}\n")


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen([*COMMAND, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 1)
