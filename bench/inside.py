"""Runs one function of the benchmark in a process that has the hub's code and a database of its choice.

The measuring process itself imports nothing of the hub, so that one run can go through many databases.
"""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.result import BenchError
from bench.servers import KEY, ROOT, plain_environment

_SECONDS = 3600  # filling two million reports on a slow disk


def call(data_dir: Path, function: str, **arguments: Any) -> Any:
    """What `function` ("bench.fill:seed") returns for the arguments, run on the database under `data_dir`.

    Arguments and result are what JSON can carry. The database has all tables, and is one file at the end.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    environment = {
        **plain_environment(),
        "DJANGO_SETTINGS_MODULE": "felhom_hub.project.settings",
        "FELHOM_HUB_SERVER__DATA_DIR": str(data_dir.resolve()),
        "FELHOM_HUB_API__REPORT_API_KEY": KEY,
    }
    command = [sys.executable, "-m", "bench.inside", function, json.dumps(arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    if done.returncode != 0:
        raise BenchError(f"{function} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def main(function: str, arguments: str) -> None:
    """The other end of `call`."""
    import django  # noqa: PLC0415 - settings are read when Django is imported

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after Django is set up
    from django.db import connection  # noqa: PLC0415 - likewise

    if not Path(connection.settings_dict["NAME"]).exists():
        call_command("migrate", verbosity=0, interactive=False)
    module, _, name = function.partition(":")
    result = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
