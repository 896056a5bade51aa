"""A hub backs itself up and proves it with nobody asking; what is lost with its disk is what came after."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.build import report_body
from tests.cli.processes import ended
from tests.servers.hub import Hub, running_hub

from felhom_hub.backups.take import backups_in

SECONDS = 120


def proven(hub: Hub) -> list[Path]:
    with closing(sqlite3.connect(hub.data_dir / "hub.db")) as connection:
        query = "SELECT path FROM backups_hubbackup WHERE looked_at IS NOT NULL AND fault = '' ORDER BY made_at"
        return [Path(path) for (path,) in connection.execute(query)]


def test_a_lost_disk_costs_what_came_after_the_last_scheduled_backup(tmp_path: Path) -> None:
    backups, place = tmp_path / "elsewhere", tmp_path / "hub"
    place.mkdir()
    with running_hub(place, settings={"backup.dir": str(backups), "backup.schedule": "15m"}) as hub:
        until = time.monotonic() + SECONDS
        while not proven(hub):
            assert time.monotonic() < until
            time.sleep(0.05)
        for name in ("before", "also-before"):
            assert hub.post("/api/v1/report", report_body(customer_id=name)).status == 200
        # The next interval has come.
        with closing(sqlite3.connect(hub.data_dir / "hub.db", timeout=30)) as connection:
            connection.execute("UPDATE base_job SET next_at = 0 WHERE name = 'backups.back_up'")
            connection.commit()
        while len(proven(hub)) < 2:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert hub.post("/api/v1/report", report_body(customer_id="after")).status == 200
        assert backups_in(backups) == proven(hub)
        keys = (hub.data_dir / "secret.keys").read_bytes()
    shutil.rmtree(place)

    place.mkdir()
    (place / "data").mkdir()
    (place / "data" / "secret.keys").write_bytes(keys)
    (place / "data" / "secret.keys").chmod(0o600)
    (place / "hub.yaml").write_text(f"server: {{data_dir: {place / 'data'}}}\n")
    restored = ended(place, "restore", str(backups_in(backups)[-1]), "--to", str(place / "data"))
    assert (restored.returncode, restored.stderr) == (0, "")
    with closing(sqlite3.connect(place / "data" / "hub.db")) as connection:
        names = {name for (name,) in connection.execute("SELECT customer_id FROM customers_customer")}
        reports = connection.execute("SELECT count(*) FROM reports_report").fetchone()
    assert (names, reports) == ({"before", "also-before"}, (2,))
