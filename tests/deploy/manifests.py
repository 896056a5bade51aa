"""The Kubernetes resources as a cluster gets them: rendered by the real kustomize where there is one."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.structure.files import ROOT

Resource = dict[str, Any]

OVERLAYS = ROOT / "deploy" / "kubernetes"
APPLICATION = OVERLAYS / "argocd" / "application.yaml"
MANIFEST = ROOT / "manifests" / "hub.yaml"
CUSTOM = {"Cluster", "Application"}


@cache
def kustomize() -> tuple[str, ...] | None:
    """The command that builds an overlay; None where none is new enough (Debian 12's kubectl is not)."""
    for command in (("kustomize", "build"), ("kubectl", "kustomize")):
        if shutil.which(command[0]) is not None:
            overlay = OVERLAYS / "sqlite-longhorn"
            done = subprocess.run([*command, overlay], capture_output=True, check=False)
            return command if done.returncode == 0 else None
    return None


needs_kustomize = pytest.mark.skipif(kustomize() is None, reason="neither kustomize nor kubectl 1.21 or newer is here")


def read(path: Path) -> list[Resource]:
    """The resources of a file."""
    return [each for each in yaml.safe_load_all(path.read_text("utf-8")) if each]


@cache
def _rendered(overlay: str) -> str:
    command = kustomize()
    assert command is not None
    done = subprocess.run([*command, OVERLAYS / overlay], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def rendered(overlay: str) -> list[Resource]:
    """The resources of an overlay."""
    return [each for each in yaml.safe_load_all(_rendered(overlay)) if each]


def one(resources: list[Resource], kind: str, name: str = "hub") -> Resource:
    """The only resource of the kind and name."""
    (found,) = [each for each in resources if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def pod(resources: list[Resource]) -> Resource:
    """The specification of the hub's pods."""
    found: Resource = one(resources, "Deployment")["spec"]["template"]["spec"]
    return found


def container(resources: list[Resource]) -> Resource:
    """The hub's container, the only one of its pods."""
    (found,) = pod(resources)["containers"]
    assert isinstance(found, dict)
    return found


def mounts(resources: list[Resource]) -> dict[str, str]:
    """What is mounted where: the volume's kind and, of a claim, its name."""
    kinds = {each["name"]: next(key for key in each if key != "name") for each in pod(resources)["volumes"]}
    claims = {
        each["name"]: each["persistentVolumeClaim"]["claimName"]
        for each in pod(resources)["volumes"]
        if "persistentVolumeClaim" in each
    }
    return {
        each["mountPath"]: claims.get(each["name"], kinds[each["name"]])
        for each in container(resources)["volumeMounts"]
    }


def settings_file(resources: list[Resource]) -> str:
    """The text of the hub.yaml that is mounted."""
    (found,) = [each for each in resources if each["kind"] == "ConfigMap"]
    volume = next(each for each in pod(resources)["volumes"] if "configMap" in each)
    assert volume["configMap"]["name"] == found["metadata"]["name"]
    text = found["data"]["hub.yaml"]
    assert isinstance(text, str)
    return text
