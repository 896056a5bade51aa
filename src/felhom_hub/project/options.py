"""Every setting of the hub in one typed table.

One more setting is one entry here: type, default, rule (rules.py) and a sentence; docs/settings.md is rendered from it
(`python -m felhom_hub.project.reference > docs/settings.md`). What a setting does is left to the rooms.
"""

# ruff: noqa: RUF009  # option() is a dataclass field, as dataclasses.field is
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from felhom_hub.base.secret_keys import SecretKey
from felhom_hub.project import rules
from felhom_hub.project.addresses import ListenAddress, Network
from felhom_hub.project.database_url import DatabaseUrl
from felhom_hub.project.setting import Setting, option, secret, settings_of


@dataclass(frozen=True)
class Auth:
    password_hash: str | None = secret(
        None,
        rules.BCRYPT_HASH,
        'The operator\'s password. Without this key the first start makes one and prints it once; `""` means no login.',
    )
    allow_no_login: bool = option(
        "false", rules.FLAG, "Allows no login although `server.listen` can be reached from other machines."
    )


@dataclass(frozen=True)
class Api:
    report_api_key: str = secret("", rules.TOKEN, "The global Bearer key of the API; empty: customers' own keys only.")
    strict_event_types: bool = option("false", rules.FLAG, "Refuses events whose type is not in the catalogue.")


@dataclass(frozen=True)
class Notifications:
    resend_api_key: str = secret("", rules.TOKEN, "The key of Resend.com, which then sends the mail.")
    resend_webhook_secret: str = secret(
        "", rules.SIGNING_SECRET, "Proves what Resend tells of bounced mail; empty: nothing of that is taken."
    )
    resend_api_url: str = option("https://api.resend.com", rules.PROVIDER_URL, "Where Resend's API is.")
    smtp_host: str = option(
        "", rules.LINE, "The SMTP server that sends the mail in place of Resend; both empty: no mail is sent."
    )
    smtp_port: int = option("587", rules.whole_number(1, 65535), "Its port.")
    smtp_security: str = option(
        "starttls", rules.SMTP_SECURITY, "How the connection is secured; without verified TLS nothing is sent."
    )
    smtp_username: str = option("", rules.LINE, "Who signs in to it; empty: nobody does.")
    smtp_password: str = secret("", rules.LINE, "The password for it.")
    smtp_ca_file: str = option(
        "", rules.LINE, "A file with the authorities that its certificate may come from; empty: the system's."
    )
    webhook_url: str = secret(
        "", rules.WEBHOOK_URL, "Where the operator's messages are posted as well, as signed JSON; empty: nowhere."
    )
    webhook_secret: str = secret("", rules.TOKEN, "Signs those requests (HMAC-SHA256); empty: none are made.")
    apprise_url: str = secret(
        "",
        rules.APPRISE_URL,
        "Where Apprise (docs/operating.md has its installation) sends the operator's messages as well.",
    )
    from_email: str = option("monitoring@felhom.eu", rules.EMAIL_ADDRESS, "The sender of every mail.")
    operator_email: str = option("", rules.EMAIL_ADDRESS, "Where the operator's mail goes; empty: nowhere.")
    operator_enabled: bool = option("true", rules.FLAG, "Sends warnings and errors to the operator.")


@dataclass(frozen=True)
class Retention:
    max_days: int = option("90", rules.whole_number(1, 3650), "How many days reports, events and messages are kept.")
    prune_schedule: time = option(
        "04:30", rules.TIME_OF_DAY, "When older ones are deleted each day, in `server.time_zone`."
    )


@dataclass(frozen=True)
class Alerting:
    stale_threshold: timedelta = option("30m", rules.duration("1m"), "A customer counts as stale after this silence.")
    down_threshold: timedelta = option(
        "60m",
        rules.duration("1m"),
        "A customer counts as down after this silence; longer than `alerting.stale_threshold`.",
    )
    check_interval: timedelta = option("60s", rules.duration("1s"), "How often silence is looked for.")
    report_interval: timedelta = option(
        "15m",
        rules.duration("1m"),
        "How often a controller reports; after the hub was deaf, its silence counts no sooner than after this time.",
    )
    learn_interval: bool = option(
        "false",
        rules.FLAG,
        "Learns which boxes report less often than `alerting.report_interval`, and counts their silence later.",
    )
    incident_share: int = option(
        "10",
        rules.whole_number(1, 100),
        "From which percentage of the fleet on nodes that fall silent together, 5 at least, are told as one incident.",
    )
    incident_window: timedelta = option(
        "20m",
        rules.duration("1m"),
        "How far apart their last reports may be; longer than `alerting.report_interval`.",
    )
    remind_every: timedelta = option(
        "24h", rules.duration_or_never("1h"), "How often the operator is reminded of an alarm that stands; 0: never."
    )
    heartbeat_url: str = secret("", rules.WEBHOOK_URL, "Is pinged once a minute while the hub is well; empty: nothing.")
    volume_days: int = option(
        "30",
        rules.whole_number(0, 3650),
        "Warns when the database's volume is nearly full, or will be in so many days at the present growth; 0: never.",
    )


@dataclass(frozen=True)
class Registry:
    image: str = option(
        "gitea.dooplex.hu/admin/felhom-controller",
        rules.IMAGE_NAME,
        "The controller's image, whose tags are the versions on offer; empty: they are not looked up.",
    )
    username: str = option("", rules.LINE, "Who signs in to the registry; empty: nobody does.")
    token: str = secret("", rules.TOKEN, "The registry's password or token.")
    check_interval: timedelta = option("30m", rules.duration("1m"), "How often new controller versions are looked up.")
    template_url: str = option(
        "",
        rules.TEMPLATE_URL,
        "Where `controller.yaml.example` is, the template of every `controller.yaml`; empty: the hub's own holds.",
    )
    template_interval: timedelta = option("1h", rules.duration("1m"), "How often `controller.yaml.example` is fetched.")


@dataclass(frozen=True)
class Server:
    listen: ListenAddress = option(":8080", rules.LISTEN_ADDRESS, "Where the hub listens; port 0 takes a free one.")
    data_dir: Path = option("/data", rules.DIRECTORY, "Where the database, assets and keys lie.")
    public_url: str = option("", rules.PUBLIC_URL, "The hub's address as operators and controllers write it.")
    trusted_proxies: tuple[Network, ...] = option(
        "", rules.NETWORKS, "Reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."
    )
    drain_time: timedelta = option(
        "3s",
        rules.duration_or_never("1s"),
        "On PostgreSQL: how long a hub that is to stop still takes requests while `/readyz` says 503; 0: not at all.",
    )
    time_zone: ZoneInfo = option("Europe/Budapest", rules.TIME_ZONE, "The zone of schedules and of times on pages.")


@dataclass(frozen=True)
class Database:
    url: DatabaseUrl = secret(
        "sqlite://{data_dir}/hub.db", rules.DATABASE_URL, "The database: a SQLite file, or PostgreSQL 15 or newer."
    )
    writer_process: bool = option(
        "false", rules.FLAG, "On SQLite: stores what comes in a process of its own, for thousands of reports a second."
    )


@dataclass(frozen=True)
class Backup:
    dir: str = option(
        "",
        rules.DIRECTORY_OR_NONE,
        "Where the hub backs itself up to, on another disk than the database; empty: it does not.",
    )
    schedule: time | timedelta = option(
        "03:30",
        rules.TIME_OR_INTERVAL,
        "When: a time of day in `server.time_zone`, or how often; as much is lost with a disk at most.",
    )
    keep: int = option("14", rules.whole_number(1, 10_000), "How many of the newest backups stay there.")


@dataclass(frozen=True)
class Recovery:
    drill_every: timedelta = option(
        "0", rules.DAYS_OR_NEVER, "How often the loss of each customer's box is rehearsed; 0: by hand only."
    )


@dataclass(frozen=True)
class Controllers:
    allowed_networks: tuple[Network, ...] = option(
        "", rules.NETWORKS, "Private networks in which the hub may call controllers; public addresses need no entry."
    )
    allow_http: bool = option("false", rules.FLAG, "Calls controllers over plain http too.")


@dataclass(frozen=True)
class Assets:
    dir: Path = option("{data_dir}/assets", rules.DIRECTORY, "Where logos and screenshots are kept.")
    seed_dir: Path = option(
        "/usr/share/felhom/assets-seed/", rules.DIRECTORY, "Where new and changed ones are taken from at every start."
    )


@dataclass(frozen=True)
class Secrets:
    keys: tuple[SecretKey, ...] = secret(
        "",
        rules.SECRET_KEYS,
        "Keys that seal stored secrets, the active one first; empty: `secrets.key_file` holds them.",
    )
    key_file: Path = option(
        "{data_dir}/secret.keys", rules.FILE, "A file with such keys, one a line; made at the first start."
    )


@dataclass(frozen=True)
class Options:
    """All settings, section by section, each with a value that its rule has passed."""

    auth: Auth
    api: Api
    notifications: Notifications
    retention: Retention
    alerting: Alerting
    registry: Registry
    server: Server
    database: Database
    backup: Backup
    recovery: Recovery
    controllers: Controllers
    assets: Assets
    secrets: Secrets


SETTINGS: Mapping[str, Setting] = {setting.key: setting for setting in settings_of(Options)}
