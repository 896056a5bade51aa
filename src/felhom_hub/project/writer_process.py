"""`python -m felhom_hub.project.writer_process DATABASE NUMBER`: what the writer's process runs; `serve` starts it."""

import os
import sys
from collections.abc import Sequence

import django
from django.db import connection


def writer_command() -> tuple[str, ...]:
    """What starts it, on the database of this process; the pipe's number comes behind."""
    return (sys.executable, "-m", "felhom_hub.project.writer_process", str(connection.settings_dict["NAME"]))


def main(arguments: Sequence[str]) -> None:
    """Stores what comes over the pipe, until there is no hub at its other end."""
    from felhom_hub.project.logs import configure_logs  # noqa: PLC0415 - the hub imports this module for the command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "felhom_hub.project.settings")
    configure_logs()
    django.setup()
    from felhom_hub.base.apart import store_for  # noqa: PLC0415 - after Django is set up
    from felhom_hub.base.commit import store_groups  # noqa: PLC0415 - likewise

    database, number = arguments
    # hub.yaml may have been changed since the hub has read it.
    connection.settings_dict["NAME"] = database
    store_for(int(number), store_groups)


if __name__ == "__main__":
    main(sys.argv[1:])
