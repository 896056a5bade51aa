"""What every setting is where nobody has set it."""

from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from felhom_hub.project.addresses import ListenAddress
from felhom_hub.project.database_url import SqliteUrl
from felhom_hub.project.options import (
    Alerting,
    Api,
    Assets,
    Auth,
    Backup,
    Controllers,
    Database,
    Notifications,
    Options,
    Recovery,
    Registry,
    Retention,
    Secrets,
    Server,
)

DEFAULTS = Options(
    auth=Auth(password_hash=None, allow_no_login=False),
    api=Api(report_api_key="", strict_event_types=False),
    notifications=Notifications(
        resend_api_key="",
        resend_webhook_secret="",
        resend_api_url="https://api.resend.com",
        smtp_host="",
        smtp_port=587,
        smtp_security="starttls",
        smtp_username="",
        smtp_password="",
        smtp_ca_file="",
        webhook_url="",
        webhook_secret="",
        apprise_url="",
        from_email="monitoring@felhom.eu",
        operator_email="",
        operator_enabled=True,
    ),
    retention=Retention(max_days=90, prune_schedule=time(4, 30)),
    alerting=Alerting(
        stale_threshold=timedelta(minutes=30),
        down_threshold=timedelta(minutes=60),
        check_interval=timedelta(seconds=60),
        report_interval=timedelta(minutes=15),
        learn_interval=False,
        incident_share=10,
        incident_window=timedelta(minutes=20),
        remind_every=timedelta(hours=24),
        heartbeat_url="",
        volume_days=30,
    ),
    registry=Registry(
        image="gitea.dooplex.hu/admin/felhom-controller",
        username="",
        token="",
        check_interval=timedelta(minutes=30),
        template_url="",
        template_interval=timedelta(hours=1),
    ),
    server=Server(
        listen=ListenAddress("", 8080),
        data_dir=Path("/data"),
        public_url="",
        trusted_proxies=(),
        drain_time=timedelta(seconds=3),
        time_zone=ZoneInfo("Europe/Budapest"),
    ),
    database=Database(url=SqliteUrl(Path("/data/hub.db")), writer_process=False),
    backup=Backup(dir="", schedule=time(3, 30), keep=14),
    recovery=Recovery(drill_every=timedelta()),
    controllers=Controllers(allowed_networks=(), allow_http=False),
    assets=Assets(dir=Path("/data/assets"), seed_dir=Path("/usr/share/felhom/assets-seed")),
    secrets=Secrets(keys=(), key_file=Path("/data/secret.keys")),
)
