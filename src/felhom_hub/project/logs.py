"""How the hub logs: one line an event, as JSON or for a terminal, and never a secret."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from felhom_hub.base.current import request_id

# Whatever stands in a field so named is not shown; the value of an Authorization header nowhere.
_SECRET_FIELD = re.compile(r"password|passphrase|secret|token|api_key|authorization|cookie", re.IGNORECASE)
_BEARER = re.compile(r"(Bearer\s+)\S+", re.IGNORECASE)


def _add_request_id(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    own_id = request_id.get()
    if own_id is not None:
        event.setdefault("request_id", own_id)
    return event


def _mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _masked(key, value)
    return event


def _masked(name: object, value: Any) -> Any:
    """The value as it may be shown under that name, whatever it holds."""
    if isinstance(name, str) and _SECRET_FIELD.search(name):
        return "…"
    if isinstance(value, str):
        return _BEARER.sub(r"\1…", value)
    if isinstance(value, dict):
        return {key: _masked(key, each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", each) for each in value]
    return value


def configure_logs(*, level: int = logging.INFO) -> None:
    """From now on everything, libraries' own logs included, goes to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_request_id,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _mask,
    ]
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=True) if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "django.server"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # It warns of each connection that brings no HTTP, and anybody may send anything.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    # It warns of each 404 with the whole path, and anybody may ask for anything.
    logging.getLogger("django.request").setLevel(logging.ERROR)
