"""The rules that settings are read by, each with the words that explain it; which setting has which is options.py's."""

import re
from datetime import time, timedelta
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from felhom_hub.base.secret_keys import parse_secret_keys
from felhom_hub.base.targets import target_of
from felhom_hub.base.webhook_signature import secret_key
from felhom_hub.project.addresses import Network, parse_listen_address, parse_network, parse_public_url
from felhom_hub.project.database_url import parse_database_url
from felhom_hub.project.durations import MAX_DAYS, format_duration, parse_days, parse_duration
from felhom_hub.project.setting import Rule, items_of

# The salt's 16 bytes end in a character of which two bits count; bcrypt refuses any other there.
_BCRYPT = re.compile(r"\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}", re.ASCII)
_HIGHEST_COST = 16  # some five seconds of a processor for each sign-in; each more doubles it
_IMAGE = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+", re.ASCII)
_PLAIN = r"[^\s@<>,;:\"()\[\]\\]+"
_MAILBOX = re.compile(rf"{_PLAIN}@{_PLAIN}\.{_PLAIN}|[^<>@,;\"]+ <{_PLAIN}@{_PLAIN}\.{_PLAIN}>")
# Services for people. Apprise has kinds that run programs, write files or call any address: those are not taken.
_APPRISE_SCHEMES = {
    "discord",
    "gotify",
    "gotifys",
    "matrix",
    "matrixs",
    "mmost",
    "mmosts",
    "msteams",
    "ntfy",
    "ntfys",
    "pover",
    "rocket",
    "rockets",
    "signal",
    "signals",
    "slack",
    "tgram",
    "threema",
    "zulip",
}
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_SHORTEST_INTERVAL, _LONGEST_INTERVAL = timedelta(minutes=15), timedelta(days=7)
# What Go's YAML reader takes for a boolean, too.
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def whole_number(minimum: int, maximum: int) -> Rule[int]:
    """A number in decimal digits, both ends included."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) or not minimum <= int(text) <= maximum:
            raise ValueError
        return int(text)

    return Rule(f"a whole number from {minimum} to {maximum}", read)


def duration(minimum: str) -> Rule[timedelta]:
    """A duration as Go writes it."""
    least = parse_duration(minimum)

    def read(text: str) -> timedelta:
        span = parse_duration(text)
        if span < least:
            raise ValueError
        return span

    return Rule(f"a duration such as 30m, 1h30m or 90s, at least {format_duration(least)}", read)


def duration_or_never(minimum: str) -> Rule[timedelta]:
    """Likewise, or 0 for never."""
    longer = duration(minimum)

    def read(text: str) -> timedelta:
        return parse_duration(text) and longer.read(text)

    return Rule(f"0, or {longer.must_be}", read)


def _read_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError
    return text


def _read_token(text: str) -> str:
    if not re.fullmatch(r"[!-~]*", text, re.ASCII):
        raise ValueError
    return text


def _read_flag(text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise ValueError
    return _FLAGS[text.lower()]


def _read_time_of_day(text: str) -> time:
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text, re.ASCII)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004  # hours and minutes of a clock
        raise ValueError
    return time(int(found[1]), int(found[2]))


def _read_time_or_interval(text: str) -> time | timedelta:
    if ":" in text:
        return _read_time_of_day(text)
    span = parse_duration(text)
    if not _SHORTEST_INTERVAL <= span <= _LONGEST_INTERVAL:
        raise ValueError
    return span


def _read_networks(text: str) -> tuple[Network, ...]:
    return tuple(parse_network(item) for item in items_of(text))


def _read_public_url(text: str) -> str:
    return parse_public_url(text) if text else ""


def _read_provider_url(text: str) -> str:
    parts = urlsplit(text)
    is_plain = parts.scheme == "http" and parts.hostname in _THIS_MACHINE
    if not text.isprintable() or not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise ValueError
    if parts.scheme != "https" and not is_plain:
        raise ValueError("keys travel there: http is for this machine only")
    return text.rstrip("/")


def _read_webhook_url(text: str) -> str:
    """As the provider's, but with a query: chat bridges put their token there."""
    if text:
        _read_provider_url(text.partition("?")[0])
    if not text.isprintable() or "#" in text or " " in text:
        raise ValueError
    return text


def _read_template_url(text: str) -> str:
    if text:
        target = target_of(text)
        if target.scheme != "https" and target.host not in _THIS_MACHINE:
            raise ValueError("what boxes are set up with comes from there: http is for this machine only")
    return text


def _read_apprise_url(text: str) -> str:
    if text and (not text.isprintable() or " " in text or "://" not in text):
        raise ValueError
    if text and text.partition("://")[0].lower() not in _APPRISE_SCHEMES:
        raise ValueError(f"its kind must be one of {', '.join(sorted(_APPRISE_SCHEMES))}")
    return text


def _read_smtp_security(text: str) -> str:
    if text not in {"starttls", "tls"}:
        raise ValueError
    return text


def _read_time_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (OSError, ValueError, LookupError):  # a directory, a path that leads out, an unknown name
        known = available_timezones()
    if not known:
        raise ValueError("this machine has no time zone data: install its package tzdata")
    near = get_close_matches(text, sorted(known), n=1, cutoff=0.75)
    raise ValueError(f"did you mean {near[0]}?" if near else "")


def _read_path(text: str) -> Path:
    if not text.strip() or not text.isprintable():
        raise ValueError
    if "?" in text:
        raise ValueError("a ? would end the path where it stands in a URL")
    # Made absolute once: the process may change its directory later.
    return Path(text).absolute()


def _read_path_or_none(text: str) -> str:
    return str(_read_path(text)) if text else ""


def _read_email_address(text: str) -> str:
    if text and not (text.isprintable() and _MAILBOX.fullmatch(text)):
        raise ValueError
    return text


def _read_image_name(text: str) -> str:
    if text and not _IMAGE.fullmatch(text):
        raise ValueError
    return text


def _read_bcrypt_hash(text: str) -> str:
    if text and not _BCRYPT.fullmatch(text):
        raise ValueError("make one with `felhom-hub hash-password`; a compose file wants $$ for each $ of it")
    if text and int(text[4:6]) > _HIGHEST_COST:
        raise ValueError(f"its cost, the number after $2, is above {_HIGHEST_COST}: each sign-in would take too long")
    return text


def _read_signing_secret(text: str) -> str:
    if text:
        secret_key(text)
    return text


LINE = Rule("one line of printable characters, or empty", _read_line)
# It travels in a header, where visible ASCII is all that every proxy lets through.
TOKEN = Rule("visible ASCII characters without spaces, or empty", _read_token)
SIGNING_SECRET = Rule("a signing secret such as whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, or empty", _read_signing_secret)
FLAG = Rule("true or false", _read_flag)
DAYS_OR_NEVER = Rule(f"0 for never, or whole days such as 90d, at most {MAX_DAYS}", parse_days)
TIME_OF_DAY = Rule("a time of day from 00:00 to 23:59", _read_time_of_day)
TIME_OR_INTERVAL = Rule(
    "a time of day such as 03:30, or a duration from 15m to 168h such as 6h", _read_time_or_interval
)
LISTEN_ADDRESS = Rule(
    'an address such as ":8080" (all of the machine), "127.0.0.1:8080" or "[::1]:8080"', parse_listen_address
)
NETWORKS = Rule('a list of networks or addresses such as "10.0.0.0/8" or "fd00::1"', _read_networks, is_list=True)
PUBLIC_URL = Rule("a URL such as https://hub.example.org without a path, or empty", _read_public_url)
PROVIDER_URL = Rule("a URL such as https://api.resend.com", _read_provider_url)
WEBHOOK_URL = Rule("a URL such as https://chat.example.org/hook, or empty", _read_webhook_url)
TEMPLATE_URL = Rule("a URL such as https://git.example.org/raw/controller.yaml.example, or empty", _read_template_url)
APPRISE_URL = Rule("an Apprise address such as tgram://token/chat, or empty", _read_apprise_url)
SMTP_SECURITY = Rule("starttls or tls (from the first byte on, port 465)", _read_smtp_security)
TIME_ZONE = Rule("a time zone of the IANA database such as Europe/Budapest", _read_time_zone)
DIRECTORY = Rule("the path of a directory", _read_path)
DIRECTORY_OR_NONE = Rule("the path of a directory, or empty", _read_path_or_none)
FILE = Rule("the path of a file", _read_path)
DATABASE_URL = Rule("sqlite:///absolute/path/of/file or postgresql://user:password@host:port/name", parse_database_url)
EMAIL_ADDRESS = Rule(
    "one e-mail address such as hub@example.org or Felhom <hub@example.org>, or empty", _read_email_address
)
IMAGE_NAME = Rule("an image such as registry.example.org/admin/controller without a tag, or empty", _read_image_name)
BCRYPT_HASH = Rule('a bcrypt hash (60 characters that begin with $2), or "" for no login', _read_bcrypt_hash)
SECRET_KEYS = Rule("a list of keys, each id:base64-of-32-bytes", parse_secret_keys, is_list=True)
