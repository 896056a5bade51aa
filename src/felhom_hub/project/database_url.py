"""The two databases the hub runs on, read from a URL; how Django is told about them is left to the settings module."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

# Handed to libpq as they are. Others are refused, since Django's own options travel in the same place.
POSTGRESQL_PARAMETERS = frozenset(
    {
        "application_name", "channel_binding", "connect_timeout", "gssencmode", "host", "sslcert", "sslcrl", "sslkey",
        "sslmode", "sslrootcert", "target_session_attrs",
    }
)  # fmt: skip
_HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class SqliteUrl:
    path: Path


@dataclass(frozen=True)
class PostgresqlUrl:
    """An empty `host` means the local socket, an empty `user` or `password` what libpq finds itself (~/.pgpass)."""

    name: str
    user: str
    password: str = field(repr=False)
    host: str
    port: int | None
    parameters: tuple[tuple[str, str], ...] = ()


DatabaseUrl = SqliteUrl | PostgresqlUrl


def parse_database_url(text: str) -> DatabaseUrl:
    """What the URL names; ValueError says what is wrong and repeats nothing, for a URL may hold a password."""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError("it cannot be read as a URL") from None
    if parts.scheme == "sqlite":
        return _sqlite(text)
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(parts)
    raise ValueError("it begins with neither sqlite:/// nor postgresql://")


def _sqlite(text: str) -> SqliteUrl:
    # Both readings of the slashes in use elsewhere ("///abs" and "////abs") come to the same absolute path here.
    path = "/" + text.removeprefix("sqlite://").lstrip("/")
    if not text.startswith("sqlite:///") or path == "/" or path.endswith("/"):
        raise ValueError("sqlite:/// wants the absolute path of a file after it")
    if path == "/:memory:":
        raise ValueError("a database in memory would be lost with the process")
    if "?" in path or "\0" in path:
        raise ValueError("sqlite:/// takes no parameters")
    return SqliteUrl(Path(path))


def _postgresql(parts: SplitResult) -> PostgresqlUrl:
    # urlsplit would lower the case of the host, which may be the percent-encoded directory of a socket.
    login, _, where = parts.netloc.rpartition("@")
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::([0-9]{1,5}))?", where, re.ASCII)
    if found is None:
        raise ValueError("its host and port cannot be read (a special character in the password is written %XX)")
    if found[2] and not 1 <= int(found[2]) <= _HIGHEST_PORT:
        raise ValueError(f"a port is a number from 1 to {_HIGHEST_PORT}")
    user, _, password = login.partition(":")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name or parts.fragment:
        raise ValueError("it needs exactly one database name after the host (a special character is written %XX)")
    return PostgresqlUrl(
        name=name,
        user=unquote(user),
        password=unquote(password),
        host=unquote(found[1]).strip("[]"),
        port=int(found[2]) if found[2] else None,
        parameters=_parameters(parts.query),
    )


def _parameters(query: str) -> tuple[tuple[str, str], ...]:
    try:
        pairs = tuple(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    except ValueError:
        raise ValueError("what follows its ? cannot be read as name=value pairs") from None
    if any(name not in POSTGRESQL_PARAMETERS for name, _ in pairs):
        raise ValueError(f"after its ? it may have only {', '.join(sorted(POSTGRESQL_PARAMETERS))}")
    return pairs
