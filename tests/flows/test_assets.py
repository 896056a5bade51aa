"""Assets through real processes: seeded at the start, uploaded, downloaded, synced by a controller."""

import os
import secrets
import socket
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.assets.test_api import FORMS
from tests.assets.test_sniff import PNG, chunk
from tests.servers import forked
from tests.servers.hub import API_KEY, Hub, running_hub
from tests.servers.own_database import make_database
from tests.structure.files import ROOT

SEED = ROOT / "src/felhom_hub/assets/demo_seed"
FILE = "/api/v1/assets/file/"


@pytest.fixture(scope="module")
def hub(
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
    database_server: None,  # noqa: ARG001 - a PostgreSQL has to run first
) -> Iterator[Hub]:
    settings: dict[str, object] = {"auth.password_hash": "", "assets.seed_dir": str(SEED)}
    url = make_database(pytestconfig, "assets")
    with running_hub(tmp_path_factory.mktemp("hub"), database_url=url, settings=settings) as running:
        yield running


def upload(hub: Hub, filename: str, content: bytes) -> int:
    boundary = secrets.token_hex(16)  # a short one would stand in megabytes of random bytes
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return hub.post("/assets", body, key=None, Content_Type=f"multipart/form-data; boundary={boundary}").status


def test_demo_assets_are_served_as_they_are(hub: Hub) -> None:
    files = hub.get("/api/v1/assets/manifest").document["files"]

    assert {file["filename"] for file in files} >= {path.name for path in SEED.iterdir()}
    for file in files:
        answer = hub.request("GET", FILE + file["filename"], Accept_Encoding="gzip")
        assert sha256(answer.body).hexdigest() == file["sha256"] == answer.headers["etag"].strip('"')
        assert answer.headers["content-security-policy"].endswith("sandbox")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_head_parts_and_conditions_hold_on_the_wire(hub: Hub) -> None:
    whole = hub.get(FILE + "favicon.svg")
    head = hub.request("HEAD", FILE + "favicon.svg")
    part = hub.request("GET", FILE + "favicon.svg", Range="bytes=5-9")
    known = hub.request("GET", FILE + "favicon.svg", If_None_Match=whole.headers["etag"])

    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(whole.body)))
    assert (part.status, part.body, part.headers["content-length"]) == (206, whole.body[5:10], "5")
    assert (known.status, known.body) == (304, b"")


def raw_status(hub: Hub, form: str) -> int:
    """The status for a path that no client has tidied up."""
    request = f"GET {FILE}{form} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {API_KEY}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", hub.port), timeout=30) as connection:
        connection.sendall(request.encode("latin-1"))
        return int(connection.makefile("rb").readline().split()[1])


def test_no_form_of_a_path_leads_out_of_the_store(hub: Hub) -> None:
    (hub.data_dir / "secret.svg").write_bytes(b"secret")

    assert {form: raw_status(hub, form) for form in FORMS} == dict.fromkeys(FORMS, 404)


def test_upload_of_megabytes_comes_through_and_one_too_large_does_not(hub: Hub) -> None:
    large = PNG[:-12] + chunk(b"tEXt", secrets.token_bytes(3_000_000)) + PNG[-12:]
    too_large = PNG[:-12] + chunk(b"tEXt", b"x" * 4_300_000) + PNG[-12:]

    assert upload(hub, "large-logo.png", large) == 303
    assert hub.get(FILE + "large-logo.png").body == large
    assert [upload(hub, "too-logo.png", too_large), upload(hub, "far-logo.png", too_large * 2)] == [422, 413]
    assert upload(hub, "evil-logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>') == 422


def test_controller_has_what_the_hub_has_after_its_sync(hub: Hub, tmp_path: Path) -> None:
    for _ in range(2):
        done = forked.run(
            [sys.executable, "-m", "felhom_controller", "assets",
             "--hub", f"http://127.0.0.1:{hub.port}", "--state-dir", str(tmp_path)],
            env={**os.environ, "FELHOM_CONTROLLER_KEY": API_KEY},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    files = hub.get("/api/v1/assets/manifest").document["files"]

    assert done.stdout == f"0 downloaded, 0 removed, {len(files)} the same\n"
    assert {path.name: sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "assets").iterdir()} == {
        file["filename"]: file["sha256"] for file in files
    }
