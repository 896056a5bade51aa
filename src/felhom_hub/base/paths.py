"""Which addresses a browser may be sent on to: paths of the hub itself, never another site."""

from urllib.parse import urlsplit

MAX_PATH_LENGTH = 2000


def local_path(wanted: str, otherwise: str = "/") -> str:
    """`wanted` where it is a path of this hub, else `otherwise`.

    Browsers take a backslash for a slash and drop tabs and line breaks inside an address, so neither may be in it.
    """
    is_plain = wanted.isprintable() and "\\" not in wanted and len(wanted) <= MAX_PATH_LENGTH
    if not is_plain or not wanted.startswith("/") or wanted.startswith("//"):
        return otherwise
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc or parts.path.startswith("//") else wanted
