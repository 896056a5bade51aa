"""Failed systemd units, as sentences for the health warnings."""

import shutil
import subprocess
from pathlib import Path

_CALL_SECONDS = 10.0
_MAX_SENTENCES = 20


def has_systemd() -> bool:
    """True where systemd runs this machine (sd_booted(3): it makes this directory), not only where it is installed."""
    return Path("/run/systemd/system").is_dir() and shutil.which("systemctl") is not None


def failed_units() -> list[str]:
    """Names of the failed units; raises OSError or subprocess.SubprocessError when systemd cannot be asked."""
    done = subprocess.run(
        ["systemctl", "list-units", "--failed", "--no-legend", "--plain", "--no-pager"],  # noqa: S607 - found on PATH
        capture_output=True,
        check=True,
        text=True,
        timeout=_CALL_SECONDS,
    )
    return units_in(done.stdout)


def units_in(listing: str) -> list[str]:
    """The names in systemctl's plain listing; the first word of each line, behind a mark that older versions print."""
    words = (line.replace("●", " ").split() for line in listing.splitlines())
    return [found[0] for found in words if found][:_MAX_SENTENCES]
