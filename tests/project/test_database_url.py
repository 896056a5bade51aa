import re
from pathlib import Path

import pytest

from felhom_hub.project.database_url import DatabaseUrl, PostgresqlUrl, SqliteUrl, parse_database_url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("sqlite:///data/hub.db", SqliteUrl(Path("/data/hub.db"))),
        ("sqlite:////data/hub.db", SqliteUrl(Path("/data/hub.db"))),
        ("sqlite:///data/my hub#1%.db", SqliteUrl(Path("/data/my hub#1%.db"))),
        (
            "postgresql://hub:p%40ss%2F@db.example.org:5433/felhom?sslmode=require&connect_timeout=5",
            PostgresqlUrl(
                name="felhom",
                user="hub",
                password="p@ss/",
                host="db.example.org",
                port=5433,
                parameters=(("sslmode", "require"), ("connect_timeout", "5")),
            ),
        ),
        ("postgres://db/felhom", PostgresqlUrl(name="felhom", user="", password="", host="db", port=None)),
        ("postgresql:///felhom", PostgresqlUrl(name="felhom", user="", password="", host="", port=None)),
        ("postgresql://a:b:c@h/f", PostgresqlUrl(name="f", user="a", password="b:c", host="h", port=None)),
        ("postgresql://u@[::1]:5432/f", PostgresqlUrl(name="f", user="u", password="", host="::1", port=5432)),
        (
            "postgresql://u@%2FVar%2Frun/f",
            PostgresqlUrl(name="f", user="u", password="", host="/Var/run", port=None),
        ),
    ],
)
def test_a_database_url_is_taken_apart(text: str, url: DatabaseUrl) -> None:
    assert parse_database_url(text) == url


ABSOLUTE = "sqlite:/// wants the absolute path of a file after it"
NAME = "it needs exactly one database name after the host (a special character is written %XX)"
HOST = "its host and port cannot be read (a special character in the password is written %XX)"
PORT = "a port is a number from 1 to 65535"
PARAMETERS = (
    "after its ? it may have only application_name, channel_binding, connect_timeout, gssencmode, host, sslcert, "
    "sslcrl, sslkey, sslmode, sslrootcert, target_session_attrs"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it begins with neither sqlite:/// nor postgresql://"),
        ("/data/hub.db", "it begins with neither sqlite:/// nor postgresql://"),
        ("mysql://u:hunter2@h/d", "it begins with neither sqlite:/// nor postgresql://"),
        ("sqlite:///", ABSOLUTE),
        ("sqlite://hub.db", ABSOLUTE),
        ("sqlite:hub.db", ABSOLUTE),
        ("sqlite:///data/", ABSOLUTE),
        ("sqlite:///:memory:", "a database in memory would be lost with the process"),
        ("sqlite:///data/hub.db?mode=ro", "sqlite:/// takes no parameters"),
        ("postgresql://u:hunter2@h", NAME),
        ("postgresql://u:hunter2@h/a/b", NAME),
        ("postgresql://u:hun#ter2@h/a", HOST),
        ("postgresql://u:hun/ter2@h/a", HOST),
        ("postgresql://u:hunter2@h:port/a", HOST),
        ("postgresql://u:hunter2@h:65536/a", PORT),
        ("postgresql://u:hunter2@h:0/a", PORT),
        ("postgresql://[::1/a", "it cannot be read as a URL"),
        ("postgresql://h/a?hunter2", "what follows its ? cannot be read as name=value pairs"),
        ("postgresql://h/a?options=hunter2", PARAMETERS),
    ],
)
def test_a_wrong_database_url_is_explained_without_repeating_it(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        parse_database_url(text)


def test_the_password_is_not_shown() -> None:
    assert "hunter2" not in repr(parse_database_url("postgresql://u:hunter2@h/a"))
