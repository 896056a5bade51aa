import re
import signal
import socket
from pathlib import Path

import pytest
from tests.cli.processes import SECONDS, ended, next_line, port_in, rest, sign_in, started, wait_until_healthy
from tests.servers.hub import free_port
from tests.servers.migrated import place_file

PASSWORD = re.compile(r"Password: ([a-z2-8]{5}(?:-[a-z2-8]{5}){3})")
ONCE = "This password was made just now and is not shown again; `felhom-hub hash-password` makes another."
SIGNED_IN, WRONG = 303, 403
# How a start ends that fails: until something is changed, and for now. deploy/systemd tells them apart.
LASTING, PASSING = 2, 75


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with a hub.yaml for any free port."""
    write_settings(tmp_path)
    return tmp_path


@pytest.fixture
def prepared(directory: Path) -> Path:
    """The same, and a database whose tables need not be made."""
    (directory / "data").mkdir(mode=0o700)
    place_file(directory / "data/hub.db")
    return directory


def write_settings(directory: Path, listen: str = "127.0.0.1:0", data_dir: str = "data") -> None:
    text = f"server:\n  listen: '{listen}'\n  data_dir: '{directory / data_dir}'\n"
    (directory / "hub.yaml").write_text(text, encoding="utf-8")


def test_password_is_shown_at_the_first_start_alone_and_signs_in_ever_after(directory: Path) -> None:
    with started(directory, "serve") as first:
        port = port_in(next_line(first))
        shown = PASSWORD.fullmatch(next_line(first))
        assert shown is not None
        password = shown[1]
        wait_until_healthy(first, port)
        statuses = [sign_in(port, password), sign_in(port, password + "x")]
        first.send_signal(signal.SIGTERM)
        assert (rest(first), first.wait(SECONDS)) == (f"{ONCE}\n", 0)
    with started(directory, "serve") as second:
        port = port_in(next_line(second))
        wait_until_healthy(second, port)
        statuses.append(sign_in(port, password))
        second.send_signal(signal.SIGTERM)
        assert (rest(second), second.wait(SECONDS)) == ("", 0)

    assert statuses == [SIGNED_IN, WRONG, SIGNED_IN]
    assert password not in (directory / "errors.log").read_text(encoding="utf-8")


def test_ctrl_c_ends_with_0_too(prepared: Path) -> None:
    with started(prepared, "serve") as hub:
        wait_until_healthy(hub, port_in(next_line(hub)))
        hub.send_signal(signal.SIGINT)
        rest(hub)
        assert hub.wait(SECONDS) == 0


def test_data_directory_is_made_for_its_owner_alone(directory: Path) -> None:
    with started(directory, "serve") as hub:
        next_line(hub)

    assert (directory / "data").stat().st_mode & 0o777 == 0o700


def refused(directory: Path, *arguments: str, statuses: tuple[int, ...] = (LASTING,)) -> str:
    """The one line that the command ends with."""
    done = ended(directory, "serve", *arguments)
    *before, last = done.stderr.splitlines()
    assert (done.stdout, "Traceback" in done.stderr) == ("", False), done.stderr
    assert done.returncode in statuses, done.stderr
    assert [line for line in before if line.startswith("felhom-hub: ")] == []
    return last.removeprefix("felhom-hub: ")


def test_taken_port_is_named(prepared: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        write_settings(prepared, listen=listen)

        line = f"server.listen {listen} cannot be used: Address already in use"
        assert refused(prepared, statuses=(PASSING,)) == line


def test_address_of_another_machine_is_named(prepared: Path) -> None:
    write_settings(prepared, listen="192.0.2.1:8080")

    line = "server.listen 192.0.2.1:8080 cannot be used: Cannot assign requested address"
    assert refused(prepared, statuses=(PASSING,)) == line  # an address may come with the network


def test_host_that_nobody_knows_is_named(prepared: Path) -> None:
    write_settings(prepared, listen="hub.invalid:8080")

    # Where no name server answers it may pass.
    line = refused(prepared, statuses=(LASTING, PASSING))
    assert line.startswith("server.listen hub.invalid:8080 cannot be used: ")


def test_a_postgresql_that_does_not_answer_is_told_as_what_may_pass(directory: Path) -> None:
    url = f"postgresql://hub:secret@127.0.0.1:{free_port()}/hub"
    with (directory / "hub.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"database:\n  url: '{url}'\n")

    line = "the database hub on 127.0.0.1 cannot be used: it does not answer"
    assert refused(directory, statuses=(PASSING,)) == line


def test_help_says_with_which_status_a_start_ends(directory: Path) -> None:
    shown = ended(directory, "serve", "--help").stdout

    assert re.findall(r"^ +(?:Status: )?(\d+) +\w", shown, re.MULTILINE) == ["0", "1", str(LASTING), str(PASSING)]


def test_data_directory_that_is_a_file_is_named(directory: Path) -> None:
    (directory / "data").touch()

    assert refused(directory) == f"server.data_dir {directory / 'data'} cannot be made: File exists"


def test_data_directory_below_a_file_is_named(directory: Path) -> None:
    (directory / "file").touch()
    write_settings(directory, data_dir="file/data")

    assert refused(directory) == f"server.data_dir {directory / 'file/data'} cannot be made: Not a directory"


@pytest.mark.parametrize("content", [b"This is no database at all. " * 400, b"SQLite format 3\0" + b"\xff" * 8192])
def test_file_that_is_no_database_is_named_and_stays_as_it_is(directory: Path, content: bytes) -> None:
    database = directory / "data" / "hub.db"
    database.parent.mkdir()
    database.write_bytes(content)

    line = refused(directory)

    assert (line, database.read_bytes()) == (f"the database {database} cannot be used: it is damaged", content)


def test_unknown_option_and_missing_file_are_named(directory: Path) -> None:
    assert refused(directory, "--port", "80") == "No such option '--port'."
    missing = directory / "other.yaml"
    assert refused(directory, "--config", str(missing)) == f"{missing}: no such file or directory"


def test_impossible_setting_is_named_with_its_line(directory: Path) -> None:
    (directory / "hub.yaml").write_text("retention:\n  max_days: 0\n", encoding="utf-8")

    line = "hub.yaml:2: retention.max_days is '0', but must be a whole number from 1 to 3650"
    assert refused(directory) == line


def test_a_second_hub_on_the_same_file_is_refused_and_the_first_serves_on(prepared: Path) -> None:
    with started(prepared, "serve") as first:
        port = port_in(next_line(first))
        wait_until_healthy(first, port)

        second = ended(prepared, "serve")
        listed = ended(prepared, "customer", "list", "--json")

        assert (second.returncode, second.stdout) == (LASTING, "")
        (line,) = [line for line in second.stderr.splitlines() if "another felhom-hub" in line]
        assert f"(process {first.pid}) serves {prepared / 'data' / 'hub.db'} already" in line
        assert (listed.returncode, listed.stdout) == (0, '{"customers": []}\n')
        wait_until_healthy(first, port)
        first.kill()
        first.wait(SECONDS)
    with started(prepared, "serve") as third:  # the lock went with the killed one
        wait_until_healthy(third, port_in(next_line(third)))
