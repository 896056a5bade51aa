"""A real image registry (Debian's docker-registry) on the loopback, with a sign-in, and what pushes tags into it."""

import base64
import contextlib
import hashlib
import http.client
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import bcrypt
from tests.servers.hub import free_port

NAME = "admin/felhom-controller"
USERNAME, PASSWORD = "hub", "r3gistry-t0ken-0123456789"
START_SECONDS = 60.0
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_EMPTY = b"{}"


@dataclass(frozen=True)
class ImageRegistry:
    """Where it listens."""

    port: int

    @property
    def image(self) -> str:
        """As `registry.image` names it."""
        return f"127.0.0.1:{self.port}/{NAME}"

    def push(self, *tags: str) -> None:
        """The image has these tags as well; what is behind them is as small as can be."""
        digest = f"sha256:{hashlib.sha256(_EMPTY).hexdigest()}"
        upload = self._asked("POST", f"/v2/{NAME}/blobs/uploads/")[1]["location"]
        parts = urlsplit(upload)
        self._asked("PUT", f"{parts.path}?{parts.query}&digest={digest}", _EMPTY)
        blob = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": len(_EMPTY)}
        manifest = {"schemaVersion": 2, "mediaType": _MANIFEST, "config": blob, "layers": []}
        for tag in tags:
            self._asked("PUT", f"/v2/{NAME}/manifests/{tag}", json.dumps(manifest).encode(), _MANIFEST)

    def _asked(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/octet-stream"
    ) -> tuple[int, dict[str, str]]:
        signed = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, path, body, {"Authorization": f"Basic {signed}", "Content-Type": kind})
            answer = connection.getresponse()
            answer.read()
            assert answer.status < 300, (method, path, answer.status)
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}


@contextlib.contextmanager
def running_image_registry(directory: Path) -> Iterator[ImageRegistry]:
    """The registry answers until the block ends."""
    port = free_port()
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    (directory / "htpasswd").write_text(f"{USERNAME}:{hashed}\n")
    settings = {
        "version": "0.1",
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(directory / "images")}},
        "http": {"addr": f"127.0.0.1:{port}"},
        "auth": {"htpasswd": {"realm": "the tests", "path": str(directory / "htpasswd")}},
    }
    (directory / "registry.yml").write_text(json.dumps(settings))  # JSON is YAML
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(directory / "registry.yml")],
            stdout=log,
            stderr=log,
            env={"PATH": "/usr/bin"},
        )
    try:
        _wait_until_it_answers(process, port, directory / "log")
        yield ImageRegistry(port)
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            with contextlib.closing(connection):
                connection.request("GET", "/v2/")
                if connection.getresponse().status == 401:
                    return
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
