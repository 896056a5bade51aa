import json
from pathlib import Path

import pytest
from tests.controller.cli.commands import ended

from felhom_controller.cli import main

EVENT = ("event", "--customer-id", "kiss-foto", "--type", "backup_completed", "--message", "Éjszakai mentés kész")


def spooled(directory: Path) -> list[object]:
    return [json.loads(path.read_bytes()) for path in sorted((directory / "spool").glob("*.json"))]


def document(**members: object) -> dict[str, object]:
    return {
        "customer_id": "kiss-foto",
        "event_type": "backup_completed",
        "severity": "info",
        "message": "Éjszakai mentés kész",
        "details": {},
        "source": "controller",
        **members,
    }


def test_event_is_on_disk_when_the_command_has_ended(tmp_path: Path) -> None:
    done = ended(*EVENT, "--state-dir", str(tmp_path / "state"))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert spooled(tmp_path / "state") == [document()]


def test_no_key_is_needed(tmp_path: Path) -> None:
    assert ended(*EVENT, "--state-dir", str(tmp_path), FELHOM_CONTROLLER_KEY="").returncode == 0


def test_events_lie_in_the_order_of_their_commands(tmp_path: Path) -> None:
    for severity in ("warning", "error", "info"):
        with pytest.raises(SystemExit) as exited:
            main([*EVENT, "--severity", severity, "--state-dir", str(tmp_path)])
        assert exited.value.code == 0

    assert spooled(tmp_path) == [document(severity=severity) for severity in ("warning", "error", "info")]


@pytest.mark.parametrize("event_type", ["ab", "a" * 65, "Backup", "1st", "a-b", "a b", ""])
def test_impossible_type_is_one_plain_line_and_nothing_on_disk(event_type: str, tmp_path: Path) -> None:
    done = ended(*EVENT[:4], event_type, *EVENT[5:], "--state-dir", str(tmp_path))

    sentence = f"{event_type!r} must be 3 to 64 small letters, digits or '_', such as backup_completed"
    assert (done.returncode, done.stderr) == (2, f"felhom-controller: Invalid value for '--type': {sentence}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("message", ["", "\udcff"])
def test_impossible_message_is_one_plain_line_and_nothing_on_disk(message: str, tmp_path: Path) -> None:
    done = ended(*EVENT[:-1], message, "--state-dir", str(tmp_path))

    sentence = f"{message!r} must be UTF-8 text, and not empty"
    assert (done.returncode, done.stderr) == (2, f"felhom-controller: Invalid value for '--message': {sentence}\n")
    assert list(tmp_path.iterdir()) == []


def test_unusable_state_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = ended(*EVENT, "--state-dir", str(tmp_path / "file"))

    sentence = f"the state directory {tmp_path / 'file'} cannot be written: File exists"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"felhom-controller: {sentence}\n")


def test_event_larger_than_the_hub_takes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main([*EVENT[:-1], "x" * 300_000, "--state-dir", str(tmp_path)])

    size = len(json.dumps(document(message="x" * 300_000), separators=(",", ":")))
    line = f"felhom-controller: an event may have 262144 bytes; this one has {size}\n"
    assert (exited.value.code, capsys.readouterr().err, spooled(tmp_path)) == (1, line, [])


def test_full_spool_is_told_and_keeps_what_it_has(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    for number in range(1, 10_001):
        (spool / f"{number:016d}.json").touch()

    done = ended(*EVENT, "--state-dir", str(tmp_path))

    sentence = f"the spool {spool} holds 10000 events, its limit; the hub must take some first"
    assert (done.returncode, done.stderr) == (1, f"felhom-controller: {sentence}\n")
    assert len(list(spool.glob("*.json"))) == 10_000
