"""`felhom-hub demo`: a hub to look around in, with this machine, a simulated fleet and a month of past."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import bcrypt
import click

import felhom_hub
from felhom_hub.cli.options import DirectoryPath, config_option
from felhom_hub.cli.setup import forget_settings, set_up
from felhom_hub.cli.summing import sum_up_apps

_COUNT = 24
_SEED = 7
_PAST_DAYS = 30
_INTERVAL = "1m"  # a demo in which nothing happens for a quarter of an hour shows nothing
_SPREAD = "8s"
_STOP_SECONDS = 5
_BCRYPT_COST = 10  # for a password of one afternoon
_THIS_MACHINE = "this-machine"
_BOXES, _KEYS = "boxes", "fleet-keys.json"  # in the demo's directory: the simulated boxes' files, and their keys

# A few logos of our own drawing, in place of those that an image brings.
_SEED_DIRECTORY = Path(felhom_hub.__file__).parent / "assets" / "demo_seed"

_HUB_YAML = """\
# Made by `felhom-hub demo`; each demo makes it anew.
auth:
  password_hash: '{password_hash}'
api:
  report_api_key: '{key}'
server:
  listen: '127.0.0.1:{port}'
  data_dir: '{data_dir}'
assets:
  seed_dir: '{seed_dir}'
"""


@click.command(epilog="Example: felhom-hub demo --port 9000")
@click.option("--directory", type=DirectoryPath(), default=Path("felhom-demo"), show_default=True, help="Where the demo's database and settings lie.")  # fmt: skip  # noqa: E501
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="On 127.0.0.1.")
@click.option("--days", type=click.IntRange(1, _PAST_DAYS), default=_PAST_DAYS, hidden=True, help="Of past, for tests.")
@config_option
def demo(*, directory: Path, port: int, days: int) -> None:
    """Run a hub on this machine alone, with one real controller, 24 simulated ones and 30 days of their past.

    Everything lies in one directory, which can be deleted afterwards; a hub.yaml given by --config is not touched and
    not read. Started again, the demo goes on with what is there.
    """
    key, password = secrets.token_urlsafe(24), secrets.token_urlsafe(12)
    forget_settings()
    _refuse_taken(port)  # before a demo that runs there loses its settings
    os.environ["FELHOM_HUB_CONFIG"] = str(_write_settings(directory.resolve(), key, password, port))
    set_up()
    from felhom_hub.project.running import run  # noqa: PLC0415 - after the settings are known

    controllers = _Controllers(directory.resolve(), key)

    def announce(url: str, _new_password: str | None) -> None:
        click.echo(f"Dashboard: {url}\nPassword: {password}\nAPI key: {key}\nCtrl-C ends the demo.")
        controllers.start_with(url)

    try:
        is_drained = run(announce, between=lambda: _prepare(directory.resolve(), timedelta(days=days)))
    finally:
        controllers.stop()
    raise SystemExit(0 if is_drained else 1)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.UsageError(f"127.0.0.1:{port} cannot be used: {error.strerror}; try --port 9000") from None


def _write_settings(directory: Path, key: str, password: str, port: int) -> Path:
    path = directory / "hub.yaml"
    text = _HUB_YAML.format(
        password_hash=bcrypt.hashpw(password.encode(), bcrypt.gensalt(_BCRYPT_COST)).decode(),
        key=key,
        port=port,
        data_dir=directory / "data",
        seed_dir=_SEED_DIRECTORY,
    )
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{error.filename}: {error.strerror}") from None
    return path


def _prepare(directory: Path, past: timedelta) -> None:
    """The fleet has its past, and the hub a configuration for nearly all of it."""
    from felhom_controller.blueprint import build_fleet  # noqa: PLC0415 - only the demo needs the simulation
    from felhom_hub.base.instants import utc_now  # noqa: PLC0415 - loads Django
    from felhom_hub.cli.demo_fleet import manage_fleet  # noqa: PLC0415 - likewise

    _record_past(past)
    fleet = build_fleet(_SEED, _COUNT)
    manage_fleet(fleet, boxes=directory / _BOXES, keys=directory / _KEYS, now=utc_now())


def _record_past(longest: timedelta) -> None:
    """The fleet's reports and events of the `longest` past, or since the demo ran last, are stored."""
    from felhom_controller.blueprint import build_fleet  # noqa: PLC0415 - only the demo needs the simulation
    from felhom_controller.happenings import past_events  # noqa: PLC0415 - likewise
    from felhom_controller.past import past  # noqa: PLC0415 - likewise
    from felhom_hub.base.instants import utc_now  # noqa: PLC0415 - loads Django
    from felhom_hub.fleet.passing_alarms import end_what_passed  # noqa: PLC0415 - likewise
    from felhom_hub.reports.past import record_past_events, record_past_reports  # noqa: PLC0415
    from felhom_hub.reports.receipts import newest_receipt  # noqa: PLC0415

    now = utc_now()
    begin = max(now - longest, newest_receipt() or now - longest)
    fleet = build_fleet(_SEED, _COUNT)
    expected = int((now - begin) / timedelta(minutes=15) * _COUNT)
    if expected < _COUNT:
        return
    reports = past(fleet, since=begin, until=now)
    with click.progressbar(length=expected, label=f"Recording {_days(now - begin)} of past", file=sys.stderr) as bar:
        for stored in record_past_reports(reports):
            bar.update(stored)
    days = [begin + timedelta(days=day) for day in range(-(-(now - begin) // timedelta(days=1)))]
    with click.progressbar(days, label="Recording its events", file=sys.stderr) as bar_of_days:
        for day in bar_of_days:
            # What a hub that ran all the time would have seen pass at the end of each day does not stand since then.
            end = min(day + timedelta(days=1), now)
            record_past_events(past_events(fleet, since=day, until=end))
            end_what_passed(end)
    sum_up_apps(now, is_hidden=False)


def _days(span: timedelta) -> str:
    return f"{span.days} days" if span.days else f"{span.seconds // 3600} h"


class _Controllers:
    """The two processes that report: this machine, and the fleet. They live as long as the demo."""

    def __init__(self, directory: Path, key: str) -> None:
        self._directory = directory
        self._environment = {**os.environ, "FELHOM_CONTROLLER_KEY": key}
        self._running: list[subprocess.Popen[bytes]] = []
        self._ends = threading.Event()
        self._starting: threading.Thread | None = None

    def start_with(self, url: str) -> None:
        """They start as soon as the hub takes connections."""
        self._starting = threading.Thread(target=self._start, args=(url,), daemon=True)
        self._starting.start()

    def _start(self, url: str) -> None:
        host, port = url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        while not self._ends.is_set() and not _answers(host, int(port)):
            self._ends.wait(0.1)
        common = ("--hub", url.rstrip("/"), "--interval", _INTERVAL)
        state = str(self._directory / "controller")
        this = ("run", *common, "--customer-id", _THIS_MACHINE, "--customer-name", "This machine", "--state-dir", state)
        machines = ("--count", str(_COUNT), "--seed", str(_SEED), "--spread", _SPREAD)
        own = ("--state-dir", str(self._directory / _BOXES), "--keys", str(self._directory / _KEYS))
        fleet = ("fleet", *common, *machines, "--events", "--snapshots", *own)
        for arguments in (this, fleet):
            if not self._ends.is_set():
                self._running.append(self._run(arguments))

    def _run(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        with (self._directory / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own module, our own arguments
                [sys.executable, "-m", "felhom_controller", *arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the hub, which ends them
            )

    def stop(self) -> None:
        """Both have ended."""
        self._ends.set()
        if self._starting is not None:
            self._starting.join()  # else it could start one more behind our back
        _end(self._running)


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _end(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
