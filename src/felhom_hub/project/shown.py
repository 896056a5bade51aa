"""The settings in force as the operator may see them: values in words, secrets only as there or not, origins."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from felhom_hub.base.configured import Configured, Origin
from felhom_hub.base.words import count_words
from felhom_hub.project.database_url import PostgresqlUrl, SqliteUrl
from felhom_hub.project.durations import format_duration
from felhom_hub.project.hubfile import Loaded
from felhom_hub.project.options import SETTINGS
from felhom_hub.project.setting import FILE_SUFFIX, Setting

NOT_SET, EMPTY, HIDDEN = "not set", "empty", "set, hidden"


def configured_settings(loaded: Loaded) -> tuple[Configured, ...]:
    """Every setting, in the order of the table."""
    return tuple(_configured(setting, loaded) for setting in SETTINGS.values())


def _configured(setting: Setting, loaded: Loaded) -> Configured:
    value = getattr(getattr(loaded.options, setting.section), setting.name)
    where = loaded.sources[setting.key]
    origin = origin_of(setting, where)
    return Configured(
        section=setting.section,
        name=setting.name,
        value=hidden_words(value) if setting.is_secret else value_words(value),
        origin=origin,
        where="" if origin is Origin.DEFAULT else where,
        text=setting.text.replace("`", ""),
    )


def origin_of(setting: Setting, where: str) -> Origin:
    """What kind of place `where` is, as `Loaded.sources` writes places."""
    if where == "default":
        return Origin.DEFAULT
    if where == setting.variable:
        return Origin.ENVIRONMENT
    if where.startswith(f"{setting.variable}{FILE_SUFFIX} ("):
        return Origin.NAMED_FILE
    return Origin.FILE


def value_words(value: object) -> str:
    """The value as hub.yaml would have it."""
    if value is None:
        return NOT_SET
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, ZoneInfo):
        return value.key
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text or EMPTY


def hidden_words(value: object) -> str:
    """Whether a secret is there; of a database's address what holds no secret."""
    if value is None:
        return NOT_SET
    if isinstance(value, SqliteUrl):
        return f"sqlite://{value.path}"
    if isinstance(value, PostgresqlUrl):
        return _postgresql_words(value)
    if isinstance(value, tuple):
        return f"{count_words(len(value), 'key')}, hidden" if value else EMPTY
    return HIDDEN if value else EMPTY


def _postgresql_words(url: PostgresqlUrl) -> str:
    login = "…@" if url.user or url.password else ""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return f"postgresql://{login}{host}{f':{url.port}' if url.port else ''}/{url.name}"
