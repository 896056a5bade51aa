"""docs/deploying.md: the files that it names are there, its variables are settings, its numbers are the hub's."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.deploy.manifests import MANIFEST, container, one, read
from tests.documents import command_blocks
from tests.structure.files import ROOT

from felhom_hub.base.secret_keys import parse_secret_keys
from felhom_hub.project.options import SETTINGS
from felhom_hub.project.server import KEEP_ALIVE_SECONDS

DOCUMENT = ROOT / "docs" / "deploying.md"
TEXT = DOCUMENT.read_text("utf-8")
COMMANDS = [line for block in command_blocks(DOCUMENT) for line in block.text.splitlines()]


def test_files_that_commands_name_are_there() -> None:
    named = re.findall(r"(?:\./|\b(?:deploy|manifests|tools)/)[\w./-]*\w", "\n".join(COMMANDS))

    assert len(named) > 5
    assert [each for each in named if not (ROOT / each).exists()] == []


def test_variables_are_secret_settings() -> None:
    secrets = {setting.variable for setting in SETTINGS.values() if setting.is_secret}
    named = set(re.findall(r"FELHOM_HUB_\w+", TEXT))

    assert "FELHOM_HUB_API__REPORT_API_KEY" in named
    assert named - secrets == set()


def test_names_are_those_of_the_resources() -> None:
    resources = read(MANIFEST)
    namespaces = set(re.findall(r"--namespace (\S+)", TEXT))
    issuer = one(resources, "Ingress")["metadata"]["annotations"]["cert-manager.io/cluster-issuer"]

    assert {each.rstrip("`.") for each in namespaces} == {one(resources, "Deployment")["metadata"]["namespace"]}
    assert f"secret generic {container(resources)['envFrom'][0]['secretRef']['name']} " in TEXT
    assert f"`{issuer}`" in TEXT
    assert f"--docker-server={container(resources)['image'].split('/')[0]} " in TEXT


def test_the_proxy_lets_a_connection_go_before_the_hub_does() -> None:
    (seconds,) = re.findall(r'`upstream-keepalive-timeout` \| `"(\d+)"`', TEXT)

    assert int(seconds) < KEEP_ALIVE_SECONDS
    assert f"the hub's own {KEEP_ALIVE_SECONDS} s" in TEXT


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_command_that_makes_keys_makes_keys(tmp_path: Path) -> None:
    (command,) = [line for line in COMMANDS if "openssl" in line]
    subprocess.run(["sh", "-c", command], cwd=tmp_path, check=True)
    name, _, text = (tmp_path / "hub-secrets.env").read_text("utf-8").strip().partition("=")

    assert name == SETTINGS["secrets.keys"].variable
    assert [key.key_id for key in parse_secret_keys(text)] == ["k1"]
