"""Schemathesis asks a real hub what openapi.json says, and more than that, as everybody who may ask.

It fails for an answer of 500 and above, and for a status, content type, header or body that is not described. Whatever
breaks a schema may still be taken: so wants the contract's rule of tolerance.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.servers.hub import API_KEY, Hub, running_hub
from tests.structure.callers import OWN, PASSWORD_HASH, Site, add_customer
from tests.structure.files import ROOT

from felhom_hub.project.openapi.document import OPERATIONS

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "positive_data_acceptance", "unsupported_method", "allow_header_conformance",
)  # fmt: skip
ROLES = ("nobody", "own key", "global key", "retrieval password", "operator")
# The same questions each time, about ten for each operation.
SHORT = ("--phases", "examples,fuzzing", "--max-examples", "3", "--generation-deterministic")
LONG = ("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "100")
MAX_SECONDS = 1200


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, dict[str, dict[str, str]]]]:
    """A hub of its own, since what is asked leaves traces everywhere, and what each role sends along."""
    settings = {"auth.password_hash": PASSWORD_HASH, "assets.seed_dir": str(ROOT / "src/felhom_hub/assets/demo_seed")}
    with running_hub(tmp_path_factory.mktemp("fuzzed"), settings=settings) as hub:
        secrets = add_customer(hub, OWN)
        yield (
            hub,
            {
                "nobody": {},
                "own key": {"Authorization": f"Bearer {secrets['api_key']}"},
                "global key": {"Authorization": f"Bearer {API_KEY}"},
                "retrieval password": {"X-Retrieval-Password": quote(secrets["retrieval_password"])},
                "operator": Site(hub, {}).signed_in(),
            },
        )


def fuzz(hub: Hub, sent: dict[str, str], directory: Path, *options: str) -> None:
    """Schemathesis has asked, and is content with the answers; else the test fails with all that it says."""
    description = directory / "openapi.json"
    description.write_bytes(hub.get("/api/v1/openapi.json", key=None).body)
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", str(description), "--url", f"http://127.0.0.1:{hub.port}",
        "--checks", ",".join(CHECKS), "--continue-on-failure", "--no-color", "--warnings", "off", *options,
    ]  # fmt: skip
    for name, value in sent.items():
        command += ["--header", f"{name}: {value}"]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=MAX_SECONDS)
    if done.returncode or f"Tested: {len(OPERATIONS)}" not in done.stdout:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


@pytest.mark.parametrize("role", ROLES)
def test_api_answers_as_it_is_described(
    headers: tuple[Hub, dict[str, dict[str, str]]], tmp_path: Path, role: str
) -> None:
    hub, sent = headers

    fuzz(hub, sent[role], tmp_path, *SHORT)


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_api_answers_as_it_is_described_whatever_is_asked(
    headers: tuple[Hub, dict[str, dict[str, str]]], tmp_path: Path, role: str
) -> None:
    hub, sent = headers

    fuzz(hub, sent[role], tmp_path, *LONG)
