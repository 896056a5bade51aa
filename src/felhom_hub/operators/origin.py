"""Whether a browser sent a request from the hub's own pages; pure. Programs send none of these headers."""

from collections.abc import Collection
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_same_origin(*, fetch_site: str, origin: str, host: str, trusted: Collection[str]) -> bool:
    """True for the hub's own pages, and for programs that are no browser.

    `fetch_site` and `origin` are the headers Sec-Fetch-Site and Origin, "" where absent; `trusted` holds origins as
    `origin_of` writes them. Every browser since 2020 sends one of the two with a POST, so a request with neither is no
    browser's and carries no operator's cookie against his will (the rule of Go's net/http.CrossOriginProtection).
    """
    if fetch_site in {"same-origin", "none"}:
        return True
    if not origin:
        return not fetch_site
    if origin_of(origin) in trusted:
        return True
    # Behind a proxy the scheme is not ours to know; the host is what separates sites.
    where = origin.partition("://")[2].lower()
    return not fetch_site and where != "" and where == host.lower()


def origin_of(url: str) -> str:
    """Scheme, host and port of the URL as browsers write an origin, without the scheme's own port; "" for no URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    has_own_port = port is not None and port != _DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{host}{f':{port}' if has_own_port else ''}"
