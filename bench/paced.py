"""Runs the client that sends reports at a fixed rate, in a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import msgspec

from bench.paced_client import Paced
from bench.result import BenchError
from bench.servers import KEY, ROOT, Server, plain_environment

_PATIENCE_SECONDS = 60.0


def send_paced(
    server: Server,
    *,
    customers: int,
    now: datetime,
    first: int,
    rate: float,
    seconds: int,
    when_begun: Callable[[], None] | None = None,
) -> Paced:
    """The reports of `make_sequence(customers=…, now=…)` from `first` on were sent, `rate` a second for `seconds`."""
    arguments = [server.port, KEY, customers, now.isoformat(), first, rate, seconds]
    command = [sys.executable, "-m", "bench.paced_client", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, env=plain_environment(), stdout=subprocess.PIPE) as client:
        assert client.stdout is not None
        try:
            if client.stdout.readline() and when_begun is not None:
                when_begun()
            said, _ = client.communicate(timeout=seconds + _PATIENCE_SECONDS)
        finally:
            client.kill()
    if client.returncode != 0:
        raise BenchError(f"the sender failed with {client.returncode}")
    return msgspec.json.decode(said, type=Paced)
