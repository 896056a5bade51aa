"""All routes of the hub, walked in its own tables: what Django resolves, and what is answered before Django."""

import asyncio
import re
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from felhom_hub.base.writer import Writer
from felhom_hub.fleet.live import News
from felhom_hub.project.raw import raw_routes

_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def raw_paths() -> list[str]:
    """The paths that are answered without Django."""
    return list(raw_routes(Writer(), asyncio.Event(), News()))


def django_paths() -> list[str]:
    """The paths of the URL table, with a converter such as `<str:customer_id>` as `{customer_id}`."""
    return sorted("/" + _CONVERTER.sub(r"{\1}", written) for written in _walk(get_resolver().url_patterns, ""))


def all_paths() -> list[str]:
    """Every route once."""
    return sorted({*raw_paths(), *django_paths()})


def api_paths() -> list[str]:
    """The routes that answer programs in JSON; the others are for an operator's browser."""
    raw = set(raw_paths()) - {settings.LIVE_PATH}
    return [path for path in all_paths() if path in raw or path.startswith("/api/")]


def page_paths() -> list[str]:
    """The routes for an operator's browser."""
    return sorted(set(all_paths()) - set(api_paths()))


def _walk(patterns: Iterable[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        written = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, written)
        else:
            yield written
