"""A machine for the commands of the handbook: a directory in place of its root, and systemd played for the one unit.

What stands in a document is run as it is, but for paths and addresses, which are this machine's: a test may neither
write to /etc nor call example.org. The hub, its unit's command line, and all that commands do are real.
"""

import os
import re
import signal
import stat
import sys
from contextlib import suppress
from pathlib import Path

from tests.documents import Shell
from tests.structure.files import ROOT

_ROOTS = re.compile(r"(?<![\w.:/])/(?=(?:etc|var/lib|opt|srv|media|backups)\b)")
_SYSTEMCTL = """\
#!/usr/bin/env bash
# Plays systemd for felhom-hub.service: starts what the unit names, and stops it with SIGTERM.
set -eu
unit={root}/etc/systemd/system/felhom-hub.service
start() {{
    env $(sed -n 's/^Environment=//p' "$unit") $(sed -n 's/^ExecStart=//p' "$unit") </dev/null >>{root}/journal 2>&1 &
    echo $! >{root}/pid
    until curl --silent --fail --output /dev/null http://127.0.0.1:{port}/healthz; do
        kill -0 "$(cat {root}/pid)"
        sleep 0.05
    done
}}
stop() {{
    kill "$(cat {root}/pid)"
    # Whoever takes over orphans may not ask for their status: a process that has ended counts as gone.
    while grep --quiet --no-messages '^State:.[^Z]' /proc/"$(cat {root}/pid)"/status; do sleep 0.05; done
    rm {root}/pid
}}
case "$*" in
daemon-reload) ;;
"enable --now felhom-hub" | "start felhom-hub") start ;;
"stop felhom-hub") stop ;;
"restart felhom-hub") stop && start ;;
*) echo "systemctl does not know: $*" >&2 && exit 1 ;;
esac
"""
_JOURNALCTL = """\
#!/usr/bin/env bash
[ "$1" = --unit=felhom-hub ] && exec cat {root}/journal
"""


class Machine:
    """Where the hub's port is `port`; commands run in what /opt/felhom-hub is for it."""

    def __init__(self, root: Path, port: int) -> None:
        self.root, self.port = root, port
        self.installed = root / "opt" / "felhom-hub"
        self.data_dir = root / "var" / "lib" / "felhom-hub"
        (self.installed / "deploy" / "systemd").mkdir(parents=True)
        (root / "etc" / "systemd" / "system").mkdir(parents=True)
        unit = "deploy/systemd/felhom-hub.service"
        (self.installed / unit).write_text(self.here((ROOT / unit).read_text("utf-8")), "utf-8")
        self._program(
            "opt/felhom-hub/.venv/bin/felhom-hub", f'#!/bin/sh\nexec {sys.executable} -m felhom_hub.cli "$@"\n'
        )
        self._program("bin/felhom-controller", f'#!/bin/sh\nexec {sys.executable} -m felhom_controller "$@"\n')
        self._program("bin/systemctl", _SYSTEMCTL.format(root=root, port=port))
        self._program("bin/journalctl", _JOURNALCTL.format(root=root))
        self.variables = {
            "PATH": f"{root / 'bin'}:{os.environ['PATH']}",
            "FELHOM_HUB_REGISTRY__IMAGE": "",  # `check` would ask the registry
        }
        self.shell = Shell(self.installed, variables=self.variables)

    def here(self, text: str) -> str:
        """The text with this machine's paths and addresses."""
        for address in ("https://hub.example.org", "http://127.0.0.1:8080"):
            text = text.replace(address, f"http://127.0.0.1:{self.port}")
        text = text.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}").replace("smtp.example.org", "127.0.0.1")
        return _ROOTS.sub(f"{self.root}/", text)

    def kill(self) -> None:
        """The hub is gone, without having been told."""
        with suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((self.root / "pid").read_text("ascii")), signal.SIGKILL)

    def _program(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
