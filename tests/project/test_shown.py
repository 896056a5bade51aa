from pathlib import Path

import pytest

from felhom_hub.base.configured import Configured, Origin
from felhom_hub.project.hubfile import load
from felhom_hub.project.options import SETTINGS
from felhom_hub.project.shown import configured_settings

HASH = "$2b$04$LEWBLF3OvE2dqATOpx2ySuoNrzRuR.4EU5sGNaGjDlxtZ7WNcrESG"
URL = "postgresql://felhom:hunter2@db.example.org:5433/felhom?sslmode=require"


def shown(directory: Path, text: str = "", **environ: str) -> dict[str, Configured]:
    file = directory / "hub.yaml"
    file.write_text(text, "utf-8")
    variables = {f"FELHOM_HUB_{name}": value for name, value in environ.items()}
    return {f"{one.section}.{one.name}": one for one in configured_settings(load(file, variables))}


def test_every_setting_is_there_in_the_order_of_the_table(tmp_path: Path) -> None:
    assert list(shown(tmp_path)) == list(SETTINGS)


def test_the_origin_of_each_value_is_named(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("abc\n", "utf-8")
    found = shown(
        tmp_path,
        "retention:\n  max_days: 30\n  prune_schedule: 05:00\n",
        RETENTION__MAX_DAYS="60",
        API__REPORT_API_KEY_FILE=str(key),
    )

    assert {name: (one.origin, one.where) for name, one in found.items() if one.origin is not Origin.DEFAULT} == {
        "retention.max_days": (Origin.ENVIRONMENT, "FELHOM_HUB_RETENTION__MAX_DAYS"),
        "retention.prune_schedule": (Origin.FILE, f"{tmp_path / 'hub.yaml'}:3"),
        "api.report_api_key": (Origin.NAMED_FILE, f"FELHOM_HUB_API__REPORT_API_KEY_FILE ({key})"),
    }
    assert found["server.listen"].where == ""


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("auth.password_hash", None, "not set"),
        ("auth.password_hash", HASH, "set, hidden"),
        ("auth.allow_no_login", "yes", "true"),
        ("api.report_api_key", None, "empty"),
        ("api.report_api_key", "hunter2", "set, hidden"),
        ("retention.prune_schedule", "4:05", "04:05"),
        ("alerting.stale_threshold", "1.5h", "1h30m"),
        ("server.listen", "[::1]:80", "[::1]:80"),
        ("server.public_url", None, "empty"),
        ("server.trusted_proxies", "10.0.0.0/8, ::1", "10.0.0.0/8, ::1/128"),
        ("server.time_zone", "UTC", "UTC"),
        ("database.url", URL, "postgresql://…@db.example.org:5433/felhom"),
        ("database.url", "postgresql:///felhom", "postgresql:///felhom"),
        ("database.url", "postgresql://a:b@[::1]/felhom", "postgresql://…@[::1]/felhom"),
        ("database.url", None, "sqlite:///data/hub.db"),
        ("secrets.keys", None, "empty"),
        ("secrets.keys", "a:" + "A" * 43 + "=", "1 key, hidden"),
    ],
)
def test_a_value_reads_as_in_hub_yaml_and_a_secret_not_at_all(
    tmp_path: Path, key: str, written: str | None, value: str
) -> None:
    environ = {} if written is None else {key.replace(".", "__").upper(): written}

    assert shown(tmp_path, **environ)[key].value == value


def test_no_secret_is_in_any_value(tmp_path: Path) -> None:
    secrets = {
        "AUTH__PASSWORD_HASH": HASH,
        "API__REPORT_API_KEY": "hunter2",
        "NOTIFICATIONS__RESEND_API_KEY": "hunter2",
        "NOTIFICATIONS__RESEND_WEBHOOK_SECRET": "whsec_hunter2A",
        "NOTIFICATIONS__SMTP_PASSWORD": "hunter2",
        "NOTIFICATIONS__WEBHOOK_URL": "https://chat.example.org/hunter2",
        "NOTIFICATIONS__WEBHOOK_SECRET": "hunter2",
        "NOTIFICATIONS__APPRISE_URL": "ntfy://hunter2/topic",
        "ALERTING__HEARTBEAT_URL": "https://hc.example.org/hunter2",
        "REGISTRY__TOKEN": "hunter2",
        "DATABASE__URL": URL,
        "SECRETS__KEYS": "hunter2:" + "A" * 43 + "=",
    }
    known = {setting.variable.removeprefix("FELHOM_HUB_") for setting in SETTINGS.values() if setting.is_secret}

    found = shown(tmp_path, **secrets)

    assert set(secrets) == known
    assert "hunter2" not in repr(found)
    assert HASH not in repr(found)
    assert "felhom:" not in repr(found)
