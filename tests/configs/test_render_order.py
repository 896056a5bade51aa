"""The same inputs give the same bytes in every process, whatever order Python's hashes fall into there."""

import os
import subprocess
import sys

_MAKE = """
from felhom_hub.configs.documents import document
from felhom_hub.configs.render import put
from felhom_hub.configs.template import built_in
wanted = {"extra": {name: {"b": 1, "a": [name]} for name in ("zeta", "alpha", "mu")}, "hub": {"url": "https://x.hu"}}
print(put(document(built_in()), wanted))
"""


def test_every_process_makes_the_same_bytes() -> None:
    made = {
        subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n" + _MAKE],
            env={**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "felhom_hub.project.settings"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }

    assert len(made) == 1
    (text,) = made
    assert text.index(b"zeta:") < text.index(b"alpha:") < text.index(b"mu:")
