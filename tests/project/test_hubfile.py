from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from tests.project.defaults import DEFAULTS

from felhom_hub.project.addresses import ListenAddress
from felhom_hub.project.database_url import PostgresqlUrl, SqliteUrl
from felhom_hub.project.durations import format_duration, parse_duration
from felhom_hub.project.hubfile import HubFileError, Loaded, configured_path, load
from felhom_hub.project.options import SETTINGS, Auth

# As the original's README has it.
ORIGINAL = """\
# hub.yaml
auth:
  password_hash: ""        # bcrypt hash for dashboard login (empty = no auth)

api:
  report_api_key: ""       # Bearer token for API auth

notifications:
  resend_api_key: ""       # Resend.com API key for email
  from_email: "monitoring@felhom.eu"
  operator_email: ""       # Operator alert recipient
  operator_enabled: true   # Enable operator email notifications

retention:
  max_days: 90
  prune_schedule: "04:30"

alerting:
  stale_threshold: "30m"   # Customer considered stale after this duration

registry:
  image: "gitea.dooplex.hu/admin/felhom-controller"
  username: ""             # Gitea registry credentials
  token: ""
  check_interval: "30m"    # How often to check for new controller versions
  template_interval: "1h"  # How often to refresh controller.yaml.example

server:
  listen: ":8080"
  data_dir: "/data"        # SQLite database location
"""

NO_LOGIN = replace(DEFAULTS, auth=Auth(password_hash="", allow_no_login=True))


@pytest.fixture
def in_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, so that places read "hub.yaml:1"."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load_text(text: str, **environ: str) -> Loaded:
    Path("hub.yaml").write_text(text, encoding="utf-8")
    return load(Path("hub.yaml"), {f"FELHOM_HUB_{name}": value for name, value in environ.items()})


def problems_of(text: str, **environ: str) -> tuple[str, ...]:
    with pytest.raises(HubFileError) as raised:
        load_text(text, **environ)
    assert str(raised.value) == "\n".join(raised.value.problems)
    return raised.value.problems


@pytest.mark.usefixtures("in_directory")
class TestTheOriginalsFile:
    def test_no_login_on_all_addresses_is_refused_with_the_ways_out(self) -> None:
        assert problems_of(ORIGINAL) == (
            (
                'hub.yaml:3: auth.password_hash is "" (no login), but server.listen ":8080" can be reached from other '
                "machines: set a hash made with `felhom-hub hash-password`, or remove the key to get a password at the "
                "first start, or listen on 127.0.0.1, or set auth.allow_no_login: true"
            ),
        )

    def test_it_loads_without_a_warning_where_no_login_is_allowed(self) -> None:
        loaded = load_text(ORIGINAL, AUTH__ALLOW_NO_LOGIN="true")
        assert (loaded.options, loaded.warnings) == (NO_LOGIN, ())
        assert loaded.sources == dict.fromkeys(SETTINGS, "default") | {
            "auth.password_hash": "hub.yaml:3",
            "auth.allow_no_login": "FELHOM_HUB_AUTH__ALLOW_NO_LOGIN",
            "api.report_api_key": "hub.yaml:6",
            "notifications.resend_api_key": "hub.yaml:9",
            "notifications.from_email": "hub.yaml:10",
            "notifications.operator_email": "hub.yaml:11",
            "notifications.operator_enabled": "hub.yaml:12",
            "retention.max_days": "hub.yaml:15",
            "retention.prune_schedule": "hub.yaml:16",
            "alerting.stale_threshold": "hub.yaml:19",
            "registry.image": "hub.yaml:22",
            "registry.username": "hub.yaml:23",
            "registry.token": "hub.yaml:24",
            "registry.check_interval": "hub.yaml:25",
            "registry.template_interval": "hub.yaml:26",
            "server.listen": "hub.yaml:29",
            "server.data_dir": "hub.yaml:30",
        }

    def test_a_longer_stale_threshold_moves_the_down_threshold_that_it_does_not_know(self) -> None:
        text = ORIGINAL.replace('stale_threshold: "30m"', 'stale_threshold: "60m"')
        loaded = load_text(text, AUTH__ALLOW_NO_LOGIN="true")
        alerting = replace(
            DEFAULTS.alerting, stale_threshold=timedelta(minutes=60), down_threshold=timedelta(minutes=120)
        )
        assert loaded.options == replace(NO_LOGIN, alerting=alerting)
        assert loaded.warnings == (
            (
                "alerting.down_threshold is not set, and its default 1h is not longer than alerting.stale_threshold "
                "(1h): 2h is taken"
            ),
        )


@pytest.mark.usefixtures("in_directory")
class TestNoLogin:
    @pytest.mark.parametrize("listen", ["127.0.0.1:8080", "[::1]:8080", "localhost:80"])
    def test_is_possible_where_only_this_machine_reaches_the_hub(self, listen: str) -> None:
        text = f'auth:\n  password_hash: ""\nserver:\n  listen: "{listen}"\n'
        assert load_text(text).options.auth == Auth(password_hash="", allow_no_login=False)

    @pytest.mark.parametrize("text", ["auth:\n", "auth:\n  password_hash:\n", "auth:\n  password_hash: ~\n"])
    def test_is_not_meant_by_a_key_without_a_value(self, text: str) -> None:
        assert load_text(text).options.auth == Auth(password_hash=None, allow_no_login=False)

    def test_may_come_from_the_environment_and_is_refused_there_too(self) -> None:
        (problem,) = problems_of("server:\n  listen: 10.0.0.1:80\n", AUTH__PASSWORD_HASH="")
        assert problem.startswith(
            'FELHOM_HUB_AUTH__PASSWORD_HASH: auth.password_hash is "" (no login), but server.listen "10.0.0.1:80"'
        )


@pytest.mark.usefixtures("in_directory")
def test_the_environment_comes_before_the_file() -> None:
    text = "server:\n  listen: :1\n  data_dir: /one\ncontrollers:\n  allowed_networks: [10.0.0.0/8]\n"
    loaded = load_text(text, SERVER__LISTEN=":2", CONTROLLERS__ALLOWED_NETWORKS="fd00::/8,10.1.2.3")
    assert loaded.options.server.listen == ListenAddress("", 2)
    assert loaded.options.server.data_dir == Path("/one")
    assert loaded.options.controllers.allowed_networks == (ip_network("fd00::/8"), ip_network("10.1.2.3"))
    assert loaded.sources["server.listen"] == "FELHOM_HUB_SERVER__LISTEN"


@pytest.mark.usefixtures("in_directory")
def test_an_impossible_value_in_the_file_does_not_matter_where_the_environment_overrides_it() -> None:
    assert load_text("retention:\n  max_days: x\n", RETENTION__MAX_DAYS="1").options.retention.max_days == 1


def test_a_secret_comes_from_a_file_before_hub_yaml(in_directory: Path) -> None:
    key = in_directory / "key"
    key.write_text("from-file\n", encoding="utf-8")
    loaded = load_text("api:\n  report_api_key: from-yaml\n", API__REPORT_API_KEY_FILE=str(key))
    assert loaded.options.api.report_api_key == "from-file"
    assert loaded.sources["api.report_api_key"] == f"FELHOM_HUB_API__REPORT_API_KEY_FILE ({key})"


@pytest.mark.usefixtures("in_directory")
def test_paths_that_are_not_set_lie_in_the_data_directory() -> None:
    options = load_text("server:\n  data_dir: /srv/a b\n").options
    assert (options.database.url, options.assets.dir, options.secrets.key_file) == (
        SqliteUrl(Path("/srv/a b/hub.db")),
        Path("/srv/a b/assets"),
        Path("/srv/a b/secret.keys"),
    )


@pytest.mark.usefixtures("in_directory")
def test_everything_impossible_is_told_at_once_and_no_secret_with_it() -> None:
    text = "auth:\n  password_hash: hunter2\nserver: hunter2\napi:\n  report_api_key: hunter2\n"
    assert problems_of(text, RETENTION__MAX_DAYS="0", API__REPORT_API_KEY_FILE="/nowhere/key") == (
        (
            "hub.yaml:3: server must be a section (of data_dir, drain_time, listen, public_url, time_zone, "
            "trusted_proxies), not a single value"
        ),
        (
            "FELHOM_HUB_API__REPORT_API_KEY_FILE (/nowhere/key): api.report_api_key cannot be read from this file: "
            "no such file or directory"
        ),
        (
            'hub.yaml:2: auth.password_hash must be a bcrypt hash (60 characters that begin with $2), or "" for no '
            "login; make one with `felhom-hub hash-password`; a compose file wants $$ for each $ of it"
        ),
        "FELHOM_HUB_RETENTION__MAX_DAYS: retention.max_days is '0', but must be a whole number from 1 to 3650",
    )


@pytest.mark.usefixtures("in_directory")
@pytest.mark.parametrize("down", ["90m", "2h"])
def test_down_must_come_later_than_stale(down: str) -> None:
    assert problems_of(f"alerting:\n  stale_threshold: 2h\n  down_threshold: {down}\n", RETENTION__MAX_DAYS="0") == (
        "FELHOM_HUB_RETENTION__MAX_DAYS: retention.max_days is '0', but must be a whole number from 1 to 3650",
        (
            f"hub.yaml:3: alerting.down_threshold is {format_duration(parse_duration(down))}, "
            "but must be longer than alerting.stale_threshold (2h)"
        ),
    )


@pytest.mark.usefixtures("in_directory")
def test_warnings_are_told_beside_problems() -> None:
    Path("hub.yaml").write_text("retention:\n  max_day: 9\n  max_days: 0\n", encoding="utf-8")
    with pytest.raises(HubFileError) as raised:
        load(Path("hub.yaml"), {"FELHOM_HUB_CONFIG": "hub.yaml", "FELHOM_HUB_DEBUG": "1"})
    assert raised.value.warnings == (
        "hub.yaml:2: unknown key retention.max_day is ignored; did you mean retention.max_days?",
        "FELHOM_HUB_DEBUG: unknown variable is ignored",
    )


@pytest.mark.usefixtures("in_directory")
def test_no_secret_is_shown_by_the_options() -> None:
    loaded = load_text(
        "api: {report_api_key: hunter2}\ndatabase: {url: 'postgresql://u:hunter2@h/d'}\nregistry: {token: hunter2}\n"
    )
    assert loaded.options.api.report_api_key == "hunter2"
    assert loaded.options.database.url == PostgresqlUrl(name="d", user="u", password="hunter2", host="h", port=None)
    assert "hunter2" not in repr(loaded)


@pytest.mark.parametrize(
    ("environ", "path"), [({}, None), ({"FELHOM_HUB_CONFIG": ""}, None), ({"FELHOM_HUB_CONFIG": "a"}, Path("a"))]
)
def test_the_environment_may_name_the_file(environ: dict[str, str], path: Path | None) -> None:
    assert configured_path(environ) == path


def test_a_process_of_its_own_for_the_writer_is_for_sqlite(tmp_path: Path) -> None:
    hub_yaml = tmp_path / "hub.yaml"
    hub_yaml.write_text("database: {writer_process: true}\n", encoding="utf-8")

    assert load(hub_yaml, {}).options.database.writer_process
    with pytest.raises(HubFileError) as raised:
        load(hub_yaml, {"FELHOM_HUB_DATABASE__URL": "postgresql://felhom@db.example.org/felhom"})
    assert raised.value.problems == (
        (f"{hub_yaml}:1: database.writer_process is for SQLite; on PostgreSQL several hubs can share the database"),
    )
