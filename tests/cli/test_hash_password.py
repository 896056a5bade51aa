import os
import pty
import subprocess
import sys
from pathlib import Path

import bcrypt
import pytest
from click.testing import CliRunner, Result

from felhom_hub.cli.hash_password import hash_password


def from_stdin(data: bytes | str) -> Result:
    return CliRunner().invoke(hash_password, ["--stdin"], input=data)


@pytest.mark.parametrize(
    ("data", "password"),
    [
        ("correct horse\n", "correct horse"),
        ("correct horse", "correct horse"),
        ("correct horse\r\n", "correct horse"),
        (" árvíztűrő ", " árvíztűrő "),
        ("x" * 72, "x" * 72),
        ("ű" * 36, "ű" * 36),
    ],
)
def test_the_hash_alone_is_printed_and_fits_the_password(data: str, password: str) -> None:
    result = from_stdin(data)
    assert (result.exit_code, result.stderr) == (0, "")
    hashed = result.stdout.removesuffix("\n")
    assert hashed.startswith("$2b$12$")
    assert bcrypt.checkpw(password.encode(), hashed.encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the password is empty"),
        (b"\n", "the password is empty"),
        (b"one\ntwo\n", "the password must be one line of printable characters"),
        (b"a\0b", "the password must be one line of printable characters"),
        (b"\xff", "the password on standard input is not UTF-8 text"),
        (b"x" * 73, "the password has more than 72 bytes of UTF-8 (73), which bcrypt cannot read"),
        ("ű".encode() * 37, "the password has more than 72 bytes of UTF-8 (74), which bcrypt cannot read"),
    ],
)
def test_what_bcrypt_or_a_sign_in_form_cannot_take_is_refused(data: bytes, reason: str) -> None:
    result = from_stdin(data)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == f"Error: {reason}"


def test_without_a_terminal_it_says_how_to_give_the_password() -> None:
    result = CliRunner().invoke(hash_password, input="secret\nsecret\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == "Error: there is no terminal to ask at; give the password with --stdin"


# Makes the terminal that is its standard input its own, as a shell's child has it, and becomes the command. Tests that
# run in the background may ignore Ctrl-C, and so would their children.
AT_A_TERMINAL = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, "-m", "felhom_hub.cli", "hash-password"])
"""

CTRL_C = b"\x03"


def typed(*lines: str) -> tuple[int, str]:
    """Exit status and screen of the command at a terminal where the lines are typed, one to each question."""
    ours, its = pty.openpty()
    command = [sys.executable, "-c", AT_A_TERMINAL]
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, start_new_session=True) as process:
        os.close(its)
        screen = b""
        left = list(lines)
        try:
            # Each line is typed when its question stands there: before, it would be echoed or discarded.
            while chunk := os.read(ours, 1024):
                screen += chunk
                if left and screen.count(b": ") > len(lines) - len(left):
                    line = left.pop(0).encode()
                    # Whoever interrupts presses no Enter, which the question might take for its answer.
                    os.write(ours, line if line == CTRL_C else line + b"\n")
        except OSError:  # Linux' way to say that the other end has gone
            pass
    os.close(ours)
    return process.returncode, screen.decode().replace("\r\n", "\n")


def test_at_a_terminal_it_asks_twice_hides_what_is_typed_and_says_where_to_put_the_hash() -> None:
    status, screen = typed("kulcs-ő", "kulcs-ő")
    assert status == 0
    assert "kulcs" not in screen
    first, second, hashed, *hint = screen.splitlines()
    assert (first, second) == ("Password: ", "The same once more: ")
    assert bcrypt.checkpw("kulcs-ő".encode(), hashed.encode())
    assert hint == ["Write it into hub.yaml, in single quotes:", "auth:", "  password_hash: '…'"]


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (("one", "two"), "felhom-hub: the two passwords differ; nothing was made"),
        (("",), "felhom-hub: the password is empty"),
        (("\x04",), "felhom-hub: no password was given"),
    ],
)
def test_at_a_terminal_a_mistake_ends_it(lines: tuple[str, ...], last: str) -> None:
    status, screen = typed(*lines)
    assert (status, screen.splitlines()[-1]) == (2, last)


def test_ctrl_c_at_the_question_ends_it_quietly() -> None:
    status, screen = typed(CTRL_C.decode())
    assert status == 130
    assert "Traceback" not in screen


def test_it_makes_no_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "felhom_hub.cli", "hash-password", "--stdin"]
    subprocess.run(command, check=True, input=b"x", capture_output=True, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
