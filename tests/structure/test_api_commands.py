"""The commands that docs/api.md and the page `/api` show work as they stand: a shell runs each against a real hub."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from tests.structure.callers import OWN, Site
from tests.structure.test_access import DOORS

from felhom_hub.project.openapi.curl import curl_of
from felhom_hub.project.openapi.document import OPERATIONS
from felhom_hub.project.openapi.operation import Operation

# Of what this needs the test has no more than a reader of the page: a signature.
OTHERWISE = {"takeMailNews": 401}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.operation_id)
def test_command_is_answered(site: Site, tmp_path: Path, operation: Operation) -> None:
    own = dict(site.callers["own key"].headers)["Authorization"].removeprefix("Bearer ")
    everybodys = dict(site.callers["global key"].headers)["Authorization"].removeprefix("Bearer ")
    if operation.body is not None:
        (tmp_path / "body.json").write_text(json.dumps(operation.body.example), encoding="utf-8")
    if operation.operation_id == "fetchInfraBackup":
        example = next(each.body.example for each in OPERATIONS if each.operation_id == "sendInfraBackup" and each.body)
        assert site.hub.post("/api/v1/infra-backup", json.dumps(example).encode()).status == 200
    if operation.path in DOORS:
        site.unlock(OWN)
    if operation.operation_id == "fetchPendingConfig":
        site.want_config(OWN)
    command = curl_of(operation, f"http://127.0.0.1:{site.hub.port}")
    known = {
        "KEY": own if operation.security == "own key" else everybodys,
        "PASSPHRASE": site.passphrase,
        **dict.fromkeys(("ID", "SECONDS", "SIGNATURE"), "1"),
    }

    done = subprocess.run(
        ["bash", "-c", command.replace("curl ", "curl --silent --write-out '\\n%{http_code}' ", 1)],
        cwd=tmp_path, env={**os.environ, **known}, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert int(done.stdout.rpartition("\n")[2]) == OTHERWISE.get(operation.operation_id, 200), done.stdout
    if operation.operation_id == "fetchPendingConfig":
        site.take_config()  # other tests of this site ask what a report is answered where nothing is wanted
