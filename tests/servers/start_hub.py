"""Starts a hub as `felhom-hub serve` does, with spans and sizes of its modules changed for a test.

`python start_hub.py hub.yaml '{"felhom_hub.base.guard.HEADER_SECONDS": 1}'`
"""

import importlib
import json
import os
import sys

import django

from felhom_hub.cli import main as felhom_hub


def main(hub_yaml: str, constants: dict[str, float]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "felhom_hub.project.settings"
    os.environ["FELHOM_HUB_CONFIG"] = hub_yaml
    django.setup()
    for path, value in constants.items():
        module, _, name = path.rpartition(".")
        holder = importlib.import_module(module)
        if not hasattr(holder, name):
            raise SystemExit(f"{path} is not there any more; the test that sets it has to follow")
        setattr(holder, name, value)
    felhom_hub(["serve", "--config", hub_yaml])


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
