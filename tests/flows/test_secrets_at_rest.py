"""No secret lies in the clear in what the hub writes: database, its logs of changes, and the log for people."""

import json
from urllib.parse import urlencode

import pytest
from tests.servers.hub import API_KEY, Hub, running_hub
from tests.structure.callers import PASSWORD, PASSWORD_HASH, Caller, Site, run

DETAILS = ("--name", "Kovács Péter", "--domain", "kovacs.example.hu", "--email", "peter@example.hu")


def sign_in(hub: Hub) -> str:
    """The session's token, as a browser keeps it."""
    form = urlencode({"password": PASSWORD}).encode()
    answer = Site(hub, {}).call(
        Caller("a browser"), "POST", "/login", form, [("Content-Type", "application/x-www-form-urlencoded")]
    )
    return answer.headers["set-cookie"].partition(";")[0].partition("=")[2]


@pytest.mark.sqlite_only
def test_no_secret_lies_in_the_clear(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_hub(tmp_path_factory.mktemp("hub"), settings={"auth.password_hash": PASSWORD_HASH}) as hub:
        made = json.loads(run(hub, "customer", "add", "kovacs-peter", *DETAILS, "--json"))
        body = json.dumps({"customer_id": "kovacs-peter", "customer_name": "Kovács Péter"}).encode()
        assert hub.post("/api/v1/report", body, key=made["api_key"]).status == 200
        assert hub.post("/api/v1/report", body, key="an-unknown-key-of-somebody").status == 401
        secrets = {
            "API key": made["api_key"],
            "retrieval password": made["retrieval_password"],
            "unknown key": "an-unknown-key-of-somebody",
            "global key": API_KEY,
            "operator's password": PASSWORD,
            "session": sign_in(hub),
        }
        written = {str(path.name): path.read_bytes() for path in hub.data_dir.rglob("*") if path.is_file()}
        written["the log"] = hub.log_file.read_bytes()

    assert b"kovacs-peter" in b"".join(written.values())
    assert all(len(secret) >= 20 for secret in secrets.values())
    found = [
        (what, where)
        for what, secret in secrets.items()
        for where, content in written.items()
        if secret.encode() in content
    ]
    assert found == []
