import pytest

from felhom_hub.project.options import SETTINGS
from felhom_hub.project.sources import Written
from felhom_hub.project.values import ImpossibleError, read_value


def refusal(key: str, text: str, *, is_list: bool = False) -> str:
    with pytest.raises(ImpossibleError) as raised:
        read_value(SETTINGS[key], Written(text, is_list=is_list, where="hub.yaml:7"))
    return str(raised.value)


DURATION = "a duration such as 30m, 1h30m or 90s, at least 1m"
ZONE = "a time zone of the IANA database such as Europe/Budapest"
NETWORKS = 'a list of networks or addresses such as "10.0.0.0/8" or "fd00::1"'
IMAGE = "an image such as registry.example.org/admin/controller without a tag, or empty"
LINE = "one line of printable characters, or empty"


@pytest.mark.parametrize(
    ("key", "text", "line"),
    [
        ("retention.max_days", "0", "is '0', but must be a whole number from 1 to 3650"),
        ("alerting.stale_threshold", "5", f"is '5', but must be {DURATION}"),
        ("server.time_zone", "Budapest", f"is 'Budapest', but must be {ZONE}"),
        (
            "server.time_zone",
            "Europe/Budapst",
            f"is 'Europe/Budapst', but must be {ZONE}; did you mean Europe/Budapest?",
        ),
        ("server.trusted_proxies", "::1\nme", f"is '::1, me', but must be {NETWORKS}; 'me' is no network"),
        ("registry.image", "x" * 100_000, f"is '{'x' * 80}…', but must be {IMAGE}"),
        ("registry.username", "a\x1b[31m\ud800\u202e", rf"is 'a\x1b[31m\ud800\u202e', but must be {LINE}"),
    ],
)
def test_the_line_names_place_key_value_and_rule(key: str, text: str, line: str) -> None:
    assert refusal(key, text) == f"hub.yaml:7: {key} {line}"


def test_a_list_where_one_value_belongs_is_refused() -> None:
    line = "hub.yaml:7: server.data_dir is a list, but must be the path of a directory"
    assert refusal("server.data_dir", "/data", is_list=True) == line


# Each holds "hunter2" and is impossible for its rule.
IMPOSSIBLE_SECRETS = {
    "auth.password_hash": "hunter2",
    "api.report_api_key": "hunter2 ",
    "notifications.resend_api_key": "hunter2 ",
    "notifications.resend_webhook_secret": "whsec_hunter2",
    "notifications.smtp_password": "hunter2\x07",
    "notifications.webhook_url": "http://hunter2.example.org/",
    "notifications.webhook_secret": "hunter2 ",
    "notifications.apprise_url": "json://hunter2/",
    "alerting.heartbeat_url": "http://hunter2.example.org/",
    "registry.token": "hunter2 ",
    "database.url": "postgresql://hub:hunter2@db:port/felhom",
    "secrets.keys": "hunter2",
}


def test_the_table_of_impossible_secrets_is_complete() -> None:
    assert set(IMPOSSIBLE_SECRETS) == {key for key, setting in SETTINGS.items() if setting.is_secret}


@pytest.mark.parametrize(("key", "text"), IMPOSSIBLE_SECRETS.items())
def test_a_secret_is_never_repeated(key: str, text: str) -> None:
    line = refusal(key, text)
    assert line.startswith(f"hub.yaml:7: {key} must be {SETTINGS[key].rule.must_be}")
    assert "hunter2" not in line
    assert "hunter2" not in refusal(key, text, is_list=True)
