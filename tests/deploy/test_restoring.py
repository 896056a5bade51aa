"""The handbook's restore with compose and on Kubernetes: what runs in the container is run, in a /data of its own.

No cluster and no builder is here, so what stands around it is looked at: that the manifest has what is patched, and
that the hub is gone before its files are touched.
"""

import copy
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cli.processes import ended, environment, next_line, port_in, started, wait_until_healthy
from tests.deploy.manifests import MANIFEST, one, read
from tests.documents import command_blocks
from tests.structure.files import ROOT

IN_POD = re.compile(r"kubectl exec (?:--stdin )?--namespace felhom-system deployment/hub -- ")
IN_CONTAINER = re.compile(r"docker compose .* --entrypoint (sh) hub (?=-c)")
LOST = "The hub's machine is gone"


def restoring(program: str) -> list[str]:
    """The handbook's commands for a lost machine, those of one way."""
    found = [each for each in command_blocks(ROOT / "docs" / "handbook.md") if each.heading == LOST]
    (block,) = [each for each in found if each.commands[0].startswith(program)]
    return block.commands


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the keys and the one backup of a hub that is gone."""
    directory = tmp_path_factory.mktemp("lost")
    (directory / "hub.yaml").write_text("server: {data_dir: data, listen: '127.0.0.1:0'}\n")
    with started(directory, "serve") as hub:
        wait_until_healthy(hub, port_in(next_line(hub)))
    made = json.loads(ended(directory, "backup", "--to", "from-backup", "--json").stdout)
    assert made["rows"] > 0
    return Path(shutil.move(directory / "data" / "secret.keys", directory / "from-backup")).parent


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The volume of a container that has just been made, where a hub has begun to serve."""
    place = tmp_path / "data"
    place.mkdir()
    return place


def run(commands: str, data: Path, saved: Path) -> None:
    """As in the container, whose image says where the data lies."""
    programs = data.parent / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "felhom-hub").write_text(f'#!/bin/sh\nexec {sys.executable} -m felhom_hub.cli "$@"\n')
    (programs / "felhom-hub").chmod(0o755)
    variables = environment() | {"FELHOM_HUB_SERVER__DATA_DIR": str(data)}
    commands = re.sub(r"(?<![\w.])/(data|from-backup)\b", lambda found: {"data": str(data)}.get(found[1], str(saved)), commands)  # fmt: skip  # noqa: E501
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=saved, env=variables | {"PATH": f"{programs}:{variables['PATH']}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}"


def is_a_hubs(data: Path) -> bool:
    with closing(sqlite3.connect(data / "hub.db")) as connection:
        return bool(connection.execute("SELECT 1 FROM django_migrations").fetchone())


def test_what_compose_runs_restores_into_an_empty_volume(data: Path, saved: Path) -> None:
    inside = [IN_CONTAINER.sub(r"\1 ", each) for each in restoring("docker") if IN_CONTAINER.match(each)]
    assert len(inside) == 1

    run(inside[0], data, saved)

    assert is_a_hubs(data)
    assert {path.name: path.stat().st_mode & 0o777 for path in data.iterdir()} == {
        "hub.db": 0o600,
        "secret.keys": 0o600,
    }


def test_what_is_run_in_the_pod_puts_the_new_hubs_own_files_aside(data: Path, saved: Path) -> None:
    (data / "secret.keys").write_text("of the hub that had begun to serve there")
    (data / "hub.db").write_text("likewise")
    inside = [IN_POD.sub("", each) for each in restoring("kubectl") if IN_POD.search(each)]
    assert len(inside) == 2

    run("".join(inside), data, saved)

    assert is_a_hubs(data)
    assert sorted(str(path.relative_to(data)) for path in data.rglob("*")) == [
        "before", "before/hub.db", "hub.db", "secret.keys",
    ]  # fmt: skip
    assert (data / "secret.keys").read_bytes() == (saved / "secret.keys").read_bytes()


def test_the_hub_is_gone_before_its_files_are_touched() -> None:
    commands = restoring("kubectl")
    gone = next(number for number, each in enumerate(commands) if "--for=delete" in each)

    assert "--replicas=0" in commands[gone - 1]
    assert min(number for number, each in enumerate(commands) if IN_POD.search(each)) > gone


def test_its_patches_fit_the_manifest_and_take_each_other_back() -> None:
    before = one(read(MANIFEST), "Deployment")
    deployment: Any = copy.deepcopy(before)
    patches = [
        yaml.safe_load(found[1]) for each in restoring("kubectl") if (found := re.search(r"--patch '(.*)'", each))
    ]

    for patch in patches:
        for step in patch:
            *above, last = step["path"].strip("/").split("/")
            place = deployment
            for name in above:
                place = place[int(name) if name.isdecimal() else name]
            if step["op"] == "remove":
                del place[last]
            else:
                assert (last in place) is (step["op"] == "replace")
                place[last] = step["value"]

    assert len(patches) == 2
    assert deployment == before
