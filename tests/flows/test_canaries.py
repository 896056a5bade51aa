"""Thirty secrets of all kinds are planted in a real hub, and looked for wherever the hub writes or says something.

Each is looked for as it is, and as base64, in URLs, HTML and JSON. Where the contract demands one is in `DEMANDED`.
"""

import base64
import contextlib
import html
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from ruamel.yaml import YAML
from tests.flows.echoing import echoing_box
from tests.servers.hub import Hub, running_hub
from tests.servers.recorder import running_recorder
from tests.servers.resend import KEY, Provider, running_resend
from tests.structure.callers import PASSWORD, PASSWORD_HASH, Site, add_customer, run
from tests.structure.routes import all_paths
from tests.structure.test_access import DOORS, NAMES

A, B = "kovacs-peter", "nagy-anna"
GLOBAL = "canary-global-key-7f3a91"
SETTINGS: dict[str, tuple[str, str]] = {  # name → setting, secret; each secret is one that the setting's rule takes
    "global key": ("api.report_api_key", GLOBAL),
    "Resend key": ("notifications.resend_api_key", KEY),
    "SMTP password": ("notifications.smtp_password", "canary smtp <&\"'%> pass"),
    "webhook secret": ("notifications.webhook_secret", "canary-webhook-secret-&<5>"),
    "signing secret": ("notifications.resend_webhook_secret", "whsec_Y2FuYXJ5LXNpZ25pbmctc2VjcmV0LTQ3MTE="),
    "registry token": ("registry.token", 'canary-registry-"token"-%41'),
}
HOOK, HEART = "canary-hook-path-81", "canary-heartbeat-path-82"
OVERRIDDEN = {
    "override api_token": 'canary-api<token>&"one"',
    "override smtp_password": "canary-smtp'pass%20+word/",
    "override private_key": "canary-private-key\\two",
    "override in lists": "canary-restic-in-a-list-3",
}
BACKED_UP = {
    "restic local": 'canary-restic-"local"',
    "restic remote": "canary-restic-remote-ő",
    "backed up controller.yaml": "canary-in-controller-yaml",
    "backed up settings.json": "canary-in-settings-json",
}
LIVE = {"live token": "canary-live-token-<1>", "live in lists": "canary-live-list-'2'", "live session": "canary-live-3"}
TYPED = {
    "wrong passphrase": "canary-wrong-passphrase-&1",
    "wrong key": "canary-wrong-key-<2>",
    "broken JSON": "canary-broken-json-3",
    "broken YAML": "canary-broken-yaml-4",
    "refused token": "canary with spaces is refused",
}
# Where the contract demands them: what a box backed up comes back verbatim, and the form shows what was typed into it.
DEMANDED = {
    f"/api/v1/infra-backup/{A}": BACKED_UP.keys(),
    f"/configs/{A}/edit": OVERRIDDEN.keys(),
}


@dataclass
class Planted:
    """The secrets by name, and what the hub has said by where."""

    hub: Hub
    site: Site
    operator: dict[str, str]
    secrets: dict[str, str]
    said: dict[str, bytes] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], who: str
    ) -> tuple[int, bytes]:
        """The answer, which is kept to be searched, headers included."""
        answer = self.site.exchange(method, path, body, headers)
        said = json.dumps(answer.headers).encode() + answer.body
        self.said[f"{len(self.said)} {method} {path} as {who}"] = said
        return answer.status, answer.body

    def press(self, path: str, **fields: str) -> int:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields).encode(), {**self.operator, **form}, "operator")[0]


def forms_of(secret: str) -> set[bytes]:
    """The secret as it may be written: base64 also as the middle of something longer."""
    raw, written = secret.encode(), {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
    written |= {html.escape(secret), html.escape(secret, quote=False), json.dumps(secret)[1:-1]}
    written |= {json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(json.dumps(secret)[1:-1])}
    forms = {each.encode() for each in written}
    for shift in range(3):
        whole = (len(raw) + shift) // 3 * 3 - shift
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            forms.add(encode(b"\0" * shift + raw[:whole])[4 if shift else 0 :])
    return forms


def plain_yaml() -> str:
    one, two, three, four = (json.dumps(each) for each in OVERRIDDEN.values())
    return (
        f"apps:\n  dns:\n    api_token: {one}\n  mail:\n    smtp_password: {two}\n    private_key: {three}\n"
        f"  backup:\n    targets:\n      - name: first\n        places:\n          - passphrase: {four}\n"
    )


def live_yaml() -> bytes:
    one, two, three = (json.dumps(each) for each in LIVE.values())
    head = f"customer:\n  id: {A}\nweb:\n  session_secret: {three}\n"
    return f"{head}apps:\n  dns:\n    token: {one}\n  more:\n    - password: {two}\n".encode()


def backup() -> bytes:
    local, remote, in_yaml, in_settings = BACKED_UP.values()
    controller = base64.b64encode(f"customer:\n  id: {A}\nother:\n  password: {in_yaml}\n".encode()).decode()
    settings = base64.b64encode(json.dumps({"admin_password": in_settings}).encode()).decode()
    members: dict[str, Any] = {
        "customer_id": A, "controller_yaml": controller, "settings_json": settings, "disk_layout": [], "stacks": [],
        "restic_passwords": {"local": local, "remote": remote},
    }  # fmt: skip
    return json.dumps(members, ensure_ascii=False).encode()


@contextlib.contextmanager
def planted_hub(directory: Any, provider: Provider, receiver: int) -> Iterator[Planted]:
    settings: dict[str, object] = {
        **dict(SETTINGS.values()),
        "auth.password_hash": PASSWORD_HASH,
        "notifications.resend_api_url": provider.url,
        "notifications.operator_email": "operator@example.org",
        "notifications.from_email": "hub@example.org",
        "notifications.webhook_url": f"http://127.0.0.1:{receiver}/{HOOK}",
        "alerting.heartbeat_url": f"http://127.0.0.1:{receiver}/{HEART}",
        "registry.username": "hub",
        "controllers.allow_http": True,
        "controllers.allowed_networks": ["127.0.0.0/8"],
    }
    with running_hub(directory, settings=settings) as hub:
        site = Site(hub, {})
        made = {customer_id: add_customer(hub, customer_id) for customer_id in (A, B)}
        rotated = json.loads(run(hub, "customer", "rotate-key", A, "--json"))
        signed_in = site.signed_in()
        secrets = {
            **{name: secret for name, (_, secret) in SETTINGS.items()},
            **OVERRIDDEN, **BACKED_UP, **LIVE, **TYPED,
            "webhook URL": HOOK, "heartbeat URL": HEART, "operator's password": PASSWORD,
            "session": signed_in["Cookie"].partition("=")[2],
            "tunnel token": "canary-tunnel<token>&'%22", "Cloudflare API token": 'canary-cf-"api"-token+/=',
            "key": made[A]["api_key"], "rotated key": rotated["api_key"], "other's key": made[B]["api_key"],
            "passphrase": made[A]["retrieval_password"], "other's passphrase": made[B]["retrieval_password"],
        }  # fmt: skip
        yield Planted(hub, site, signed_in, secrets)


def fill_in(planted: Planted, port: int) -> None:
    """The form is saved, the box reports, backs up, is compared, and is pushed to."""
    hub, secrets = planted.hub, planted.secrets
    page = planted.site.exchange("GET", f"/configs/{A}/edit", None, planted.operator).body.decode()
    details = {"name": "Kovács", "domain": f"{A}.example.hu", "email": f"{A}@example.hu"}
    tokens = {"cf_tunnel_token": secrets["tunnel token"], "cf_api_token": secrets["Cloudflare API token"]}
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert planted.press(f"/configs/{A}/edit", **details, **tokens, overrides=plain_yaml(), seen=seen) == 303
    url = f"http://127.0.0.1:{port}"
    report = json.dumps({"customer_id": A, "customer_name": "Kovács", "controller_url": url}).encode()
    assert hub.post("/api/v1/report", report, key=secrets["rotated key"]).status == 200
    assert hub.post("/api/v1/infra-backup", backup(), key=secrets["key"]).status == 200
    event = json.dumps({"customer_id": A, "event_type": "backup_failed", "message": "hdd1 is full"}).encode()
    assert hub.post("/api/v1/event", event, key=GLOBAL).status == 200
    assert planted.press(f"/customers/{A}/confirm-host", controller_url=url) == 303
    assert planted.press(f"/customers/{A}/compare") == 303
    wait_for_calls(hub, 1)
    confirmed = planted.site.exchange("GET", f"/customers/{A}/push", None, planted.operator).body.decode()
    sha = confirmed.split('name="seen_sha256" value="')[1].split('"')[0]
    assert planted.press(f"/customers/{A}/push", seen_sha256=sha) == 303
    wait_for_calls(hub, 2)


def wait_for_calls(hub: Hub, count: int) -> None:
    ended = f"SELECT count(*) = {count} FROM boxes_call WHERE state NOT IN ('waiting', 'running')"  # noqa: S608
    hub.wait_until(lambda: hub.rows(ended) == [(1,)], "the box was called")


def go_wrong(planted: Planted) -> None:
    """Somebody types a secret where none belongs."""
    bearer = {"Authorization": f"Bearer {TYPED['wrong key']}"}
    broken = f'{{"customer_id": "{A}", "x": {TYPED["broken JSON"]}'.encode()
    passphrase = {"X-Retrieval-Password": TYPED["wrong passphrase"]}
    statuses = [
        planted.ask("GET", f"/api/v1/recovery/{A}", None, passphrase, "nobody")[0],
        planted.ask("GET", "/api/v1/customers", None, bearer, "nobody")[0],
        planted.ask("POST", "/api/v1/report", broken, {"Authorization": f"Bearer {GLOBAL}"}, "global key")[0],
        planted.ask("POST", "/api/v1/infra-backup", broken, {"Authorization": f"Bearer {GLOBAL}"}, "global key")[0],
        planted.press("/configs/check", overrides=f"a: [{TYPED['broken YAML']}"),
        planted.press("/configs/new", customer_id="x", cf_api_token=TYPED["refused token"]),
    ]
    assert statuses == [401, 401, 400, 400, 200, 422], statuses
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    wrong = urlencode({"password": TYPED["wrong passphrase"]}).encode()
    assert 400 <= planted.ask("POST", "/login", wrong, form, "nobody")[0] < 500


def walk(planted: Planted) -> None:
    """Every route as the operator, with the customer's own key and with the global one."""
    callers = {
        "operator": planted.operator,
        "own key": {"Authorization": f"Bearer {planted.secrets['rotated key']}"},
        "global key": {"Authorization": f"Bearer {GLOBAL}"},
    }
    for route in set(all_paths()) - DOORS:
        for who, headers in callers.items():
            path = route.format(customer_id=A, **NAMES)
            status, _ = planted.ask("GET", path, None, headers, who)
            assert status < 500, (path, who)
    status, page = planted.ask("GET", f"/customers/{A}/versions/1", None, planted.operator, "operator")
    assert status == 200
    assert "apps.mail.smtp_password" in page.decode()


@pytest.mark.sqlite_only
def test_no_canary_sings(tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("hub")
    with (
        running_resend() as provider,
        running_recorder() as receiver,
        echoing_box(live_yaml()) as port,
        planted_hub(directory, provider, receiver.port) as planted,
    ):
        hub = planted.hub
        fill_in(planted, port)
        go_wrong(planted)
        walk(planted)
        hub.wait_until(lambda: bool(provider.requests), "a mail went out")
        opened = planted.site.exchange(
            "GET",
            f"/api/v1/config/{A}",
            None,
            {"X-Retrieval-Password": planted.secrets["passphrase"].encode().decode("latin-1")},
        )
        planted.secrets["session secret"] = YAML(typ="safe").load(opened.body)["web"]["session_secret"]
        for command in (("check",), ("customer", "show", A), ("customer", "show", A, "--json"), ("customer", "list")):
            planted.said[" ".join(command)] = run(hub, *command).encode()
        planted.said["mails"] = json.dumps([each["body"] for each in provider.requests]).encode()
        with contextlib.closing(hub.connect()) as source, sqlite3.connect(directory / "copy.db") as copy:
            source.backup(copy)
        planted.said["the copy"] = (directory / "copy.db").read_bytes()
        for when in ("before the checkpoint", "after it"):
            files = (path for path in hub.data_dir.rglob("*") if path.is_file())
            planted.said |= {f"{path.name} {when}": path.read_bytes() for path in files}
            hub.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        planted.said["the log"] = hub.log_file.read_bytes()

    assert len(set(planted.secrets.values())) == len(planted.secrets) >= 30
    assert A.encode() in planted.said["the copy"]
    assert found_in(planted) == set()


def found_in(planted: Planted) -> set[tuple[str, str]]:
    """Each secret that was met, and where, but for where it has to be."""
    return {
        (name, where)
        for name, secret in planted.secrets.items()
        for where, said in planted.said.items()
        if not any(f" {path} as" in where and name in names for path, names in DEMANDED.items())
        and any(form in said for form in forms_of(secret))
    }


def test_a_canary_is_found_in_any_dress() -> None:
    secret = "can<a>ry \"& ő'%"
    for dressed in (html.escape(secret), quote(secret), quote_plus(secret), json.dumps(secret)):
        assert any(form in dressed.encode() for form in forms_of(secret)), dressed
    for before in ("", "a", "ab", "abc"):
        hidden = base64.b64encode(f"{before}{secret}!".encode())
        assert any(form in hidden for form in forms_of(secret)), before
    assert not any(form in b"canary" for form in forms_of(secret))
