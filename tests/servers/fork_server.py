"""A process that has imported what a command begins with, and forks a child for each: the child only does the rest.

`python -m tests.servers.fork_server CHANNEL KIND` is started and asked by `forked.py`. It never reads a hub.yaml, opens
no database and starts no thread. A child has its own arguments, environment, directory, standard streams and settings,
and ends as `python -m` would. What it does not have is the seconds of CPU time that the imports take. Its limits, mask
and priority are those that the run had when this process was started.
"""

import ast
import gc
import io
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, ModuleType

ORDER_BYTES = 1024 * 1024
_FIRST_FREE_FD = 3
_PR_SET_PDEATHSIG = 1
_SETTINGS = "felhom_hub.project.settings"
# Those of our settings that are the same whatever hub.yaml says. Whoever reads another one while the hub is imported
# would take this process's into every child: the server ends with an error.
_FIXED = {
    "INSTALLED_APPS", "DEFAULT_AUTO_FIELD", "LOGGING_CONFIG", "ROOT_URLCONF", "USE_TZ", "USE_I18N", "DEBUG",
    "TEMPLATES", "MIDDLEWARE", "STATIC_URL", "STATIC_ROOT", "APPEND_SLASH",
}  # fmt: skip
# Django asks the database that is configured how long the name of a model's table may be; no connection is made.
_DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3"}}
# Found nowhere before a command runs, and large.
_LIBRARIES = ("bcrypt", "psutil", "tarfile", "django.db.backends.sqlite3.base", "django.db.migrations.executor")
_SERVING_LIBRARIES = ("a2wsgi", "httptools", "prometheus_client", "uvicorn", "uvloop", "whitenoise.middleware")
# Whoever asks one of these at the top of a module has the answer for this process alone.
_OWN = ("secrets", "os", "socket", "time", "random", "uuid", "datetime", "utc_now")
_READ_ONLY = ("os.path",)


@dataclass(frozen=True)
class Order:
    """What a child is to be: `python flag program arguments`, there, with these variables and no others."""

    flag: str  # -m with the name of a module, or -c with lines
    program: str
    arguments: list[str]
    directory: str
    environment: dict[str, str]
    descriptors: tuple[int, ...]  # standard input, output and error


def main() -> None:
    """Returns when whoever started it is gone; in a child, when the command has ended."""
    channel, kind = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    os.chdir("/")  # where no hub.yaml is
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the children; the test run ends by closing the channel
    PRELOADS[kind]()
    anew = [statement for module in _our_modules() for statement in _own_statements(module)]
    assert threading.active_count() == 1, "a thread would be lost in the children"
    gc.collect()
    gc.freeze()  # the children do not write to the pages that they share
    channel.send(b"ready")
    order = _wait_for_order(channel)
    if order is not None:
        _become(order, anew)


def _preload_hub() -> None:
    """As far as `django.setup()` goes; what a command itself imports, the child imports, and no registry is fuller."""
    from felhom_hub.project.sqlite import use_own_sqlite  # noqa: PLC0415 - before anything else imports sqlite3

    use_own_sqlite()
    import_module("felhom_hub.cli")
    import django  # noqa: PLC0415 - the controller has none
    from django.conf import global_settings, settings  # noqa: PLC0415 - likewise
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 - likewise

    settings.configure(default_settings=_Fixed(import_module(_SETTINGS), global_settings), DATABASES=_DATABASES)
    django.setup()
    for name in _LIBRARIES:
        import_module(name)
    MigrationLoader(None)  # has imported the migrations


class _Fixed:
    """The settings that no hub.yaml can change: Django's own where we have none, and some of ours."""

    def __init__(self, ours: ModuleType, django: ModuleType) -> None:
        self.ours, self.django = ours, django

    def __getattr__(self, name: str) -> object:
        if not hasattr(self.ours, name):
            return getattr(self.django, name)
        if name not in _FIXED:
            raise RuntimeError(f"{name} is read while the hub is imported; each child must read its own (see _FIXED)")
        return getattr(self.ours, name)


def _preload_serving_hub() -> None:
    """What `felhom-hub serve` imports until it answers, but for the rooms' jobs: their hours are settings."""
    _preload_hub()
    for name in (*_SERVING_LIBRARIES, "felhom_hub.project.running", "felhom_hub.project.urls"):
        import_module(name)


def _preload_controller() -> None:
    for name in ("fleet", "run", "setup", "event", "assets"):
        import_module(f"felhom_controller.cli.{name}")


PRELOADS: dict[str, Callable[[], None]] = {
    "hub": _preload_hub,
    "serving hub": _preload_serving_hub,
    "controller": _preload_controller,
}


def _our_modules() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] in ("felhom_hub", "felhom_controller")]


def _own_statements(name: str) -> list[tuple[str, CodeType]]:
    """The module's assignments that no two processes have alike: its id, chance, the time. Children run them again."""
    file = sys.modules[name].__file__
    assert file is not None
    text = Path(file).read_text(encoding="utf-8")
    if not any(word in text for word in _OWN):
        return []
    return [
        (name, compile(ast.Module([statement], []), file, "exec"))
        for statement in ast.parse(text).body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and any(map(_is_own, ast.walk(statement)))
    ]


def _is_own(node: ast.AST) -> bool:
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    return called.partition(".")[0] in _OWN and not called.startswith(_READ_ONLY)


def _wait_for_order(channel: socket.socket) -> Order | None:
    """In a child, what it is to be; in this process, None once nobody is left to ask. Tells how each child ended."""
    endings: dict[int, tuple[int, int]] = {}  # by the descriptor that tells: process id, and where to say its status
    with selectors.DefaultSelector() as selector:
        selector.register(channel, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fd in endings:
                    selector.unregister(key.fd)
                    pid, telling = endings.pop(key.fd)
                    os.close(key.fd)
                    _tell(telling, str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
                    os.close(telling)
                    continue
                text, descriptors, _, _ = socket.recv_fds(channel, ORDER_BYTES, 4)
                if not text:
                    return None
                *streams, telling = descriptors
                pid = os.fork()
                if pid == 0:
                    return Order(**json.loads(text), descriptors=tuple(streams))
                for descriptor in streams:
                    os.close(descriptor)
                _tell(telling, f"{pid}\n")
                ending = os.pidfd_open(pid)
                endings[ending] = (pid, telling)
                selector.register(ending, selectors.EVENT_READ)


def _tell(descriptor: int, text: str) -> None:
    with suppress(BrokenPipeError):  # nobody wants to know any more
        os.write(descriptor, text.encode())


def _become(order: Order, anew: list[tuple[str, CodeType]]) -> None:
    """This child is the command, and ends with its status, as an exception that Python makes it of."""
    server = os.getppid()
    _die_with_parent()
    if os.getppid() != server:
        os._exit(1)
    for number, descriptor in enumerate(order.descriptors):
        os.dup2(descriptor, number)
    os.closerange(_FIRST_FREE_FD, os.sysconf("SC_OPEN_MAX"))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(order.directory)
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    _open_streams()
    _forget_settings()
    for module, statement in anew:
        exec(statement, sys.modules[module].__dict__)  # noqa: S102 - a line of our own module
    sys.path[0] = order.directory
    sys.argv = [order.flag, *order.arguments]
    if order.flag == "-m":
        runpy.run_module(order.program, run_name="__main__", alter_sys=True)
    else:
        exec(compile(order.program, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - the test's own lines


def _open_streams() -> None:
    """Of the new descriptors, by the rules of Python's own start: a terminal gets its lines at once."""
    output, errors = (stream for stream in (sys.__stdout__, sys.__stderr__) if isinstance(stream, io.TextIOWrapper))
    encoding = output.encoding
    sys.stdin = sys.__stdin__ = open(0, encoding=encoding, errors=output.errors, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding=encoding, errors=output.errors, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", 1, encoding=encoding, errors=errors.errors, closefd=False)  # type: ignore[misc]  # noqa: SIM115


def _forget_settings() -> None:
    """Django reads its settings, and makes its connections, as at its first start."""
    if "django" not in sys.modules:
        return
    from django.conf import settings  # noqa: PLC0415 - the controller has none
    from django.db import connections  # noqa: PLC0415 - likewise
    from django.utils.functional import empty  # noqa: PLC0415 - likewise

    settings._wrapped = empty  # its setter forgets what was read
    del sys.modules[_SETTINGS]
    connections.__init__()  # type: ignore[misc]
    connections.__dict__.pop("settings", None)


def _die_with_parent() -> None:
    """A child never outlives the server, which ends with the test run, however that ends."""
    import ctypes  # noqa: PLC0415 - no command needs it

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()
