"""The hub's own backups, beside a hub that serves, and its way back."""

import contextlib
import json
import os
import pty
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from tests.cli.processes import (
    HUB,
    SECONDS,
    ended,
    environment,
    get,
    next_line,
    port_in,
    started,
    wait_until_healthy,
)
from tests.cli.terminal import percents
from tests.cli.test_serve import directory, prepared
from tests.servers import forked

__all__ = ["directory", "prepared"]

ADD = ("customer", "add", "kovacs-peter", "--name", "Kovács", "--domain", "k.example.hu", "--email", "k@example.hu")


def test_a_hub_is_backed_up_while_it_serves_and_comes_back_with_its_keys(prepared: Path) -> None:
    with started(prepared, "serve") as hub:
        wait_until_healthy(hub, port_in(next_line(hub)))
        key = json.loads(ended(prepared, *ADD, "--json").stdout)["api_key"]
        (prepared / "data" / "assets").mkdir(exist_ok=True)
        (prepared / "data" / "assets" / "immich-logo.svg").write_text("<svg/>")
        made = ended(prepared, "backup", "--json")
        assert (made.returncode, made.stderr) == (0, "")
        document = json.loads(made.stdout)
        assert ended(prepared, "customer", "delete", "kovacs-peter", "--yes").returncode == 0
        proven = ended(prepared, "backup", "verify", document["path"])
        hub.send_signal(signal.SIGTERM)
        assert hub.wait(SECONDS) == 0
    assert (proven.returncode, proven.stderr) == (0, "")
    assert proven.stdout.startswith(f"{document['path']}: can be restored. Made ")
    data = prepared / "data"
    lost = prepared / "lost"
    lost.mkdir()
    for each in data.glob("hub.db*"):
        each.rename(lost / each.name)

    back = ended(prepared, "restore", document["path"], "--to", str(data))

    assert (back.returncode, back.stderr) == (0, "")
    assert back.stdout.endswith(", 1 asset; what lay there already stays as it is: 1 asset\n")
    with started(prepared, "serve") as hub:
        port = port_in(next_line(hub))
        wait_until_healthy(hub, port)
        assert get(port, "/api/v1/customers/kovacs-peter", Authorization=f"Bearer {key}").status == 200
        shown = json.loads(ended(prepared, "customer", "show", "kovacs-peter", "--reveal", "--json").stdout)
    assert shown["api_key"] == key


def test_what_cannot_be_is_one_plain_line(prepared: Path) -> None:
    with started(prepared, "serve") as hub:
        wait_until_healthy(hub, port_in(next_line(hub)))
    made = json.loads(ended(prepared, "backup", "--to", "b", "--keep", "1", "--json").stdout)
    path = prepared / made["path"]
    (prepared / "cut").write_bytes(path.read_bytes()[:-100])
    (prepared / "text").write_text("no backup")
    for arguments, status, words in (
        (("restore", str(path), "--to", str(prepared / "data")), 2, "is there already"),
        (("backup", "verify", "cut"), 1, "cut: It was changed or cut off after it was made"),
        (("backup", "verify", "text"), 1, "text: It is no backup of a felhom-hub"),
        (("backup", "verify", "none"), 2, "none: No such file or directory"),
        (("restore", "text", "--to", "new"), 1, "text: It is no backup"),
        (("restore", str(path), "--to", ""), 2, "Invalid value for '--to': it names no directory"),
        (("backup", "--to", ""), 2, "Invalid value for '--to': it names no directory"),
        (("backup", "--to", "x", "verify", str(path)), 2, "before `verify` are for making a backup"),
        (("backup", "--json", "verify", str(path)), 2, "before `verify` are for making a backup"),
    ):
        done = ended(prepared, *arguments)
        assert (done.returncode, done.stdout) == (status, ""), done.stderr
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    database = prepared / "data" / "hub.db"
    whole = database.read_bytes()
    with closing(sqlite3.connect(database)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'silences_silence'").fetchone()
    begin = (page - 1) * 8192
    database.write_bytes(whole[:begin] + b"\xff" * 8192 + whole[begin + 8192 :])
    done = ended(prepared, "backup", "--to", "b")
    assert (done.returncode, done.stdout) == (1, "")
    assert "The database cannot be copied now: database disk image is malformed" in done.stderr
    assert "Traceback" not in done.stderr
    assert [each.name for each in (prepared / "b").iterdir()] == [path.name]
    database.write_bytes(whole)
    (prepared / "data" / "secret.keys").unlink()
    assert "which this hub does not have" in ended(prepared, "backup", "verify", str(path)).stderr
    assert not (prepared / "new" / "hub.db").exists()


def test_a_terminal_shows_how_far_it_is(prepared: Path) -> None:
    with started(prepared, "serve") as hub:
        wait_until_healthy(hub, port_in(next_line(hub)))
    with closing(sqlite3.connect(prepared / "data" / "hub.db")) as connection:
        connection.execute("CREATE TABLE large AS SELECT zeroblob(20000000) AS x")
    assert len(set(percents(on_terminal(prepared, "backup", "--to", "b"), "Backing up"))) > 5
    (path,) = (prepared / "b").iterdir()
    assert len(set(percents(on_terminal(prepared, "backup", "verify", str(path)), "Proving"))) > 5
    assert len(set(percents(on_terminal(prepared, "restore", str(path), "--to", "new"), "Restoring"))) > 5


def on_terminal(directory: Path, *arguments: str) -> str:
    """What the command writes on a terminal that is its standard error."""
    ours, its = pty.openpty()
    shown: list[bytes] = []
    with forked.start(
        [*HUB, *arguments], cwd=directory, env=environment(), stdout=subprocess.DEVNULL, stderr=its
    ) as process:
        os.close(its)
        with contextlib.suppress(OSError):  # Linux' way to say that nobody writes any more
            while data := os.read(ours, 4096):
                shown.append(data)
        assert process.wait(SECONDS) == 0
    os.close(ours)
    return b"".join(shown).decode()
