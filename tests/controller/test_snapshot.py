import base64
from pathlib import Path

import msgspec
import pytest

from felhom_controller.report import REPORT_VERSION, Health, Report, Stack, Storage
from felhom_controller.snapshot import EVERY_SECONDS, Holdings, Pushed, drive_uuids, holdings_at, snapshot_of

CONFIG = b"customer:\n  id: nagy\n"


def report(used_gb: float = 1.0, timestamp: str = "2026-01-01T00:00:00Z") -> Report:
    drive = Storage("hdd1", "/mnt/hdd1", "/dev/sda1", "ext4", 931.0, used_gb, used_gb, mounted=True, role="data")
    return Report(
        version=REPORT_VERSION,
        customer_id="nagy",
        timestamp=timestamp,
        health=Health("ok", [], []),
        storage=[drive],
        stacks=[Stack("immich", "Immich", "running", "1.2")],
    )


def test_the_backup_has_all_that_the_contract_names() -> None:
    holdings = Holdings(CONFIG, b"{}", {"/dev/sda1": "0f8d"}, {"local": "secret"}, {"immich": "/mnt/hdd1/i"})

    assert msgspec.json.decode(snapshot_of(report(), holdings)) == {
        "customer_id": "nagy",
        "controller_yaml": base64.b64encode(CONFIG).decode(),
        "settings_json": "e30=",
        "disk_layout": [
            {
                "name": "hdd1",
                "path": "/mnt/hdd1",
                "device": "/dev/sda1",
                "fstype": "ext4",
                "role": "data",
                "total_gb": 931.0,
                "uuid": "0f8d",
            }
        ],
        "stacks": [{"name": "immich", "display_name": "Immich", "version": "1.2", "data_path": "/mnt/hdd1/i"}],
        "restic_passwords": {"local": "secret"},
    }
    assert "secret" not in repr(holdings)


def test_a_later_report_of_the_same_box_makes_the_same_bytes() -> None:
    later = report(used_gb=300.0, timestamp="2026-02-02T00:00:00Z")

    assert snapshot_of(later, Holdings(CONFIG)) == snapshot_of(report(), Holdings(CONFIG))


def test_it_is_due_at_first_after_a_change_and_once_a_day() -> None:
    pushed = Pushed()
    assert pushed.is_due(b"a", 1000.0)
    pushed.note(b"a", 1000.0)

    assert not pushed.is_due(b"a", 1000.0 + EVERY_SECONDS - 1)
    assert pushed.is_due(b"a", 1000.0 + EVERY_SECONDS)
    assert pushed.is_due(b"b", 1000.0)
    assert pushed.is_due(b"a", 999.0)  # the clock was set back


def test_what_a_machine_has_is_read_from_its_state_directory(tmp_path: Path) -> None:
    assert holdings_at(tmp_path, None).settings is None

    (tmp_path / "settings.json").write_text('{"theme": "dark"}')
    (tmp_path / "restic-passwords.json").write_text('{"local": "secret"}')
    found = holdings_at(tmp_path, CONFIG)

    assert (found.config, found.settings, found.restic_passwords) == (CONFIG, b'{"theme": "dark"}', {"local": "secret"})
    (tmp_path / "restic-passwords.json").write_text("[]")
    with pytest.raises(ValueError, match="Expected"):
        holdings_at(tmp_path, CONFIG)


def test_uuids_are_found_by_device(tmp_path: Path) -> None:
    device = tmp_path / "sda1"
    device.touch()
    links = tmp_path / "by-uuid"
    assert drive_uuids(links) == {}
    links.mkdir()
    (links / "0f8d").symlink_to("../sda1")

    assert drive_uuids(links) == {str(device.resolve()): "0f8d"}
