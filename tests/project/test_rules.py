import re
import string
from datetime import time, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import bcrypt
import pytest

from felhom_hub.project import rules
from felhom_hub.project.setting import Rule

BCRYPT = "$2b$12$" + "a" * 21 + "." + "a" * 31
APPRISE_KINDS = (
    "its kind must be one of discord, gotify, gotifys, matrix, matrixs, mmost, mmosts, msteams, ntfy, ntfys, pover, "
    "rocket, rockets, signal, signals, slack, tgram, threema, zulip"
)
TOO_COSTLY = "its cost, the number after $2, is above 16: each sign-in would take too long"
MAKE_ONE = "make one with `felhom-hub hash-password`; a compose file wants $$ for each $ of it"


@pytest.mark.parametrize(
    ("rule", "text", "value"),
    [
        (rules.LINE, "", ""),
        (rules.LINE, "Kovács Péter", "Kovács Péter"),
        (rules.TOKEN, "re_aBc-1~", "re_aBc-1~"),
        (rules.SIGNING_SECRET, "", ""),
        (rules.SIGNING_SECRET, "whsec_AAAA", "whsec_AAAA"),
        (rules.FLAG, "true", True),
        (rules.FLAG, "Yes", True),
        (rules.FLAG, "ON", True),
        (rules.FLAG, "False", False),
        (rules.FLAG, "no", False),
        (rules.FLAG, "off", False),
        (rules.whole_number(1, 3650), "1", 1),
        (rules.whole_number(1, 3650), "3650", 3650),
        (rules.duration("1m"), "60s", timedelta(minutes=1)),
        (rules.DAYS_OR_NEVER, "0", timedelta()),
        (rules.DAYS_OR_NEVER, "90d", timedelta(days=90)),
        (rules.duration_or_never("1h"), "0", timedelta()),
        (rules.duration_or_never("1h"), "90m", timedelta(minutes=90)),
        (rules.TIME_OF_DAY, "04:30", time(4, 30)),
        (rules.TIME_OF_DAY, "4:30", time(4, 30)),
        (rules.TIME_OF_DAY, "23:59", time(23, 59)),
        (rules.TIME_OR_INTERVAL, "03:30", time(3, 30)),
        (rules.TIME_OR_INTERVAL, "15m", timedelta(minutes=15)),
        (rules.TIME_OR_INTERVAL, "168h", timedelta(days=7)),
        (rules.DIRECTORY_OR_NONE, "", ""),
        (rules.DIRECTORY_OR_NONE, "/srv/backups/", "/srv/backups"),
        (rules.NETWORKS, "", ()),
        (rules.NETWORKS, "10.0.0.0/8, ::1", (ip_network("10.0.0.0/8"), ip_network("::1"))),
        (rules.NETWORKS, "10.0.0.0/8\n1.2.3.4", (ip_network("10.0.0.0/8"), ip_network("1.2.3.4"))),
        (rules.PUBLIC_URL, "", ""),
        (rules.PUBLIC_URL, "https://hub.example.org/", "https://hub.example.org"),
        (rules.PROVIDER_URL, "https://api.example.org/v1/", "https://api.example.org/v1"),
        (rules.PROVIDER_URL, "http://127.0.0.1:8025", "http://127.0.0.1:8025"),
        (rules.SMTP_SECURITY, "tls", "tls"),
        (rules.APPRISE_URL, "", ""),
        (rules.APPRISE_URL, "TGram://123:abc/1", "TGram://123:abc/1"),
        (rules.WEBHOOK_URL, "", ""),
        (rules.WEBHOOK_URL, "https://chat.example.org/h?token=1", "https://chat.example.org/h?token=1"),
        (rules.TEMPLATE_URL, "", ""),
        (rules.TEMPLATE_URL, "https://git.example.org/a/raw/b.yaml", "https://git.example.org/a/raw/b.yaml"),
        (rules.TEMPLATE_URL, "http://127.0.0.1:3000/b.yaml", "http://127.0.0.1:3000/b.yaml"),
        (rules.TIME_ZONE, "Europe/Budapest", ZoneInfo("Europe/Budapest")),
        (rules.DIRECTORY, "/data/", Path("/data")),
        (rules.EMAIL_ADDRESS, "", ""),
        (rules.EMAIL_ADDRESS, "a.b+c@example.org", "a.b+c@example.org"),
        (rules.EMAIL_ADDRESS, "Felhom Kft <a@example.org>", "Felhom Kft <a@example.org>"),
        (rules.IMAGE_NAME, "", ""),
        (rules.IMAGE_NAME, "localhost:5000/a/b-c.d_e", "localhost:5000/a/b-c.d_e"),
        (rules.BCRYPT_HASH, "", ""),
        (rules.BCRYPT_HASH, BCRYPT, BCRYPT),
        (rules.BCRYPT_HASH, BCRYPT.replace("$2b", "$2y"), BCRYPT.replace("$2b", "$2y")),
        (rules.BCRYPT_HASH, BCRYPT.replace("$12", "$16"), BCRYPT.replace("$12", "$16")),
    ],
)
def test_a_possible_value_is_read(rule: Rule[Any], text: str, value: object) -> None:
    assert rule.read(text) == value


@pytest.mark.parametrize(
    ("rule", "text", "reason"),
    [
        (rules.LINE, "a\nb", ""),
        (rules.PROVIDER_URL, "", ""),
        (rules.PROVIDER_URL, "api.resend.com", ""),
        (rules.PROVIDER_URL, "https://key@api.resend.com", ""),
        (rules.PROVIDER_URL, "https://api.resend.com?key=1", ""),
        (rules.PROVIDER_URL, "http://api.resend.com", "keys travel there: http is for this machine only"),
        (rules.SMTP_SECURITY, "none", ""),
        (rules.APPRISE_URL, "ntfy:topic", ""),
        (rules.APPRISE_URL, "ntfy://a b", ""),
        *((rules.APPRISE_URL, f"{kind}://a/b", APPRISE_KINDS) for kind in ("json", "dbus", "syslog", "mailto", "file")),
        (rules.WEBHOOK_URL, "ftp://chat.example.org", "keys travel there: http is for this machine only"),
        (rules.WEBHOOK_URL, "https://chat.example.org/h?a b", ""),
        (rules.LINE, "a\x1b[31m", ""),
        (rules.TOKEN, "a b", ""),
        (rules.TOKEN, "kulcsé", ""),
        (rules.TOKEN, "a\n", ""),
        (rules.FLAG, "1", ""),
        (rules.FLAG, "", ""),
        (rules.whole_number(1, 3650), "0", ""),
        (rules.whole_number(1, 3650), "3651", ""),
        (rules.whole_number(1, 3650), "1.0", ""),
        (rules.whole_number(1, 3650), "٣", ""),
        (rules.whole_number(1, 3650), "9" * 10_000, ""),
        (rules.duration("1m"), "59s", ""),
        (rules.duration("1m"), "-5m", ""),
        (rules.duration("1m"), "soon", ""),
        (rules.DAYS_OR_NEVER, "2160h", ""),
        (rules.DAYS_OR_NEVER, "3651d", ""),
        (rules.TIME_OF_DAY, "24:00", ""),
        (rules.TIME_OR_INTERVAL, "24:00", ""),
        (rules.TIME_OR_INTERVAL, "14m59s", ""),
        (rules.TIME_OR_INTERVAL, "168h1s", ""),
        (rules.TIME_OR_INTERVAL, "daily", ""),
        (rules.DIRECTORY_OR_NONE, "/srv/back?ups", "a ? would end the path where it stands in a URL"),
        (rules.TIME_OF_DAY, "12:60", ""),
        (rules.TIME_OF_DAY, "0430", ""),
        (rules.NETWORKS, "10.0.0.0/8, x", "'x' is no network"),
        (rules.PUBLIC_URL, "hub", "it needs http:// or https:// and a host"),
        (rules.TIME_ZONE, "europe/budapest", "did you mean Europe/Budapest?"),
        (rules.TIME_ZONE, "Europe", ""),
        (rules.TIME_ZONE, "../../etc/passwd", ""),
        (rules.TIME_ZONE, "", ""),
        (rules.DIRECTORY, "", ""),
        (rules.DIRECTORY, " ", ""),
        (rules.FILE, "a\0b", ""),
        (rules.DIRECTORY, "/srv/what?", "a ? would end the path where it stands in a URL"),
        (rules.EMAIL_ADDRESS, "nobody", ""),
        (rules.EMAIL_ADDRESS, "a@example.org, b@example.org", ""),
        (rules.EMAIL_ADDRESS, "a@example.org\nBcc: b@example.org", ""),
        (rules.EMAIL_ADDRESS, "Felhom <a@example.org>, b@example.org", ""),
        (rules.IMAGE_NAME, "registry.example.org/a/b:v1", ""),
        (rules.IMAGE_NAME, "controller", ""),
        (rules.BCRYPT_HASH, "hunter2", MAKE_ONE),
        (rules.BCRYPT_HASH, "b$12" + "a" * 53, MAKE_ONE),
        (rules.BCRYPT_HASH, BCRYPT.replace(".", "a"), MAKE_ONE),
        (rules.BCRYPT_HASH, BCRYPT.replace("$12", "$17"), TOO_COSTLY),
    ],
)  # fmt: skip
def test_an_impossible_value_is_refused_with_what_its_rule_does_not_say(
    rule: Rule[Any], text: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        rule.read(text)


def test_a_relative_path_counts_from_the_directory_of_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert rules.DIRECTORY.read("data") == tmp_path / "data"


@pytest.mark.parametrize("last", string.ascii_letters + string.digits + "./")
def test_every_hash_that_is_taken_is_one_that_bcrypt_can_use(last: str) -> None:
    text = "$2b$04$" + "a" * 21 + last + "a" * 31
    try:
        rules.BCRYPT_HASH.read(text)
    except ValueError:
        with pytest.raises(ValueError, match="Invalid salt"):
            bcrypt.checkpw(b"secret", text.encode())
    else:
        assert bcrypt.checkpw(b"secret", text.encode()) is False
