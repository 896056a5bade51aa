"""What holds for every hub on Kubernetes, and for the overlay with SQLite on a volume of Longhorn."""

import asyncio
import re
import signal
import subprocess
from http import HTTPStatus
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from django.conf import settings
from tests.cli.processes import SECONDS, get, next_line, port_in, started, wait_until_healthy
from tests.deploy.dockerfile import read_dockerfile
from tests.deploy.manifests import (
    APPLICATION,
    CUSTOM,
    MANIFEST,
    OVERLAYS,
    Resource,
    container,
    kustomize,
    mounts,
    needs_kustomize,
    one,
    pod,
    read,
    rendered,
    settings_file,
)  # fmt: skip
from tests.structure.files import ROOT

from felhom_hub.base.writer import Writer
from felhom_hub.fleet.live import News
from felhom_hub.project.hubfile import load
from felhom_hub.project.options import SETTINGS
from felhom_hub.project.raw import raw_routes
from felhom_hub.project.server import LAST_SECONDS
from felhom_hub.recovery.payload import MAX_BODY_BYTES

FIRST_VERSION = "1.27"  # of Kubernetes; the last one is the newest whose schemas the validator has
LABEL = {"app": "hub"}
OTHER_SETTINGS = {  # a test has neither the volume nor a registry, and listens for itself alone
    "FELHOM_HUB_SERVER__LISTEN": "127.0.0.1:0",
    "FELHOM_HUB_SERVER__PUBLIC_URL": "",
    "FELHOM_HUB_REGISTRY__IMAGE": "",
}


def overlay(name: str) -> list[Resource]:
    """The resources of an overlay; those of SQLite also where no kustomize is, since they are kept rendered."""
    if name == "sqlite-longhorn":
        return read(MANIFEST)
    if kustomize() is None:
        pytest.skip("neither kustomize nor kubectl 1.21 or newer is here")
    return rendered(name)


both = pytest.mark.parametrize("name", ["sqlite-longhorn", "postgres-ha"])


@needs_kustomize
def test_the_manifest_is_the_overlay_rendered() -> None:
    done = subprocess.run([ROOT / "tools" / "render-manifests"], capture_output=True, text=True, check=True)

    # Parsed: another version of kustomize may write the same in another order of lines.
    assert list(yaml.safe_load_all(done.stdout)) == read(MANIFEST)
    assert MANIFEST.read_text("utf-8").startswith("# Rendered by tools/render-manifests")


@both
@pytest.mark.parametrize("version", [FIRST_VERSION, kubernetes_validate.latest_version()])
def test_kubernetes_knows_every_field(name: str, version: str) -> None:
    resources = [each for each in overlay(name) if each["kind"] not in CUSTOM]

    assert len(resources) > 5
    for each in resources:
        kubernetes_validate.validate(each, version, strict=True)


def test_a_field_that_kubernetes_does_not_know_would_be_found() -> None:
    deployment = one(read(MANIFEST), "Deployment")
    container([deployment])["readinesProbe"] = {}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, FIRST_VERSION, strict=True)


def test_it_is_what_the_go_hub_was_deployed_as() -> None:
    resources = read(MANIFEST)
    volume = one(resources, "PersistentVolumeClaim", "hub-data")["spec"]
    ingress = one(resources, "Ingress")

    assert {each["metadata"].get("namespace", each["metadata"]["name"]) for each in resources} == {"felhom-system"}
    assert one(resources, "Deployment")["spec"]["selector"] == {"matchLabels": LABEL}
    assert (volume["storageClassName"], volume["resources"]) == ("longhorn", {"requests": {"storage": "1Gi"}})
    assert container(resources)["resources"] == {
        "requests": {"memory": "64Mi", "cpu": "50m"},
        "limits": {"memory": "256Mi", "cpu": "500m"},
    }
    assert ingress["spec"]["tls"] == [{"hosts": ["hub.felhom.eu"], "secretName": "hub-tls"}]
    assert [rule["host"] for rule in ingress["spec"]["rules"]] == ["hub.felhom.eu"]
    annotations = ingress["metadata"]["annotations"]
    assert annotations["cert-manager.io/cluster-issuer"]
    snippet = annotations["nginx.ingress.kubernetes.io/configuration-snippet"]
    assert re.fullmatch(r"if \(\$geoip2_city_country_code != HU\) \{ return 403; \}\n", snippet)


def test_one_hub_at_a_time_has_the_volume() -> None:
    resources = read(MANIFEST)
    deployment = one(resources, "Deployment")["spec"]

    assert (deployment["replicas"], deployment["strategy"]) == (1, {"type": "Recreate"})
    assert mounts(resources) == {
        "/data": "hub-data",
        "/assets": "hub-data",
        "/etc/felhom-hub": "configMap",
        "/tmp": "emptyDir",  # noqa: S108 - of the container
    }


@both
def test_it_runs_as_the_image_is_made(name: str) -> None:
    final = read_dockerfile(ROOT / "deploy" / "Dockerfile")[-1]
    variables = dict(re.findall(r"(FELHOM_HUB_\w+)=(\S+)", " ".join(final.all_of("ENV"))))
    resources = overlay(name)
    security, user = pod(resources)["securityContext"], final.all_of("USER")[0]
    (port,) = container(resources)["ports"]

    assert f"{security['runAsUser']}:{security['runAsGroup']}" == user
    assert security["fsGroup"] == security["runAsGroup"]
    assert final.all_of("EXPOSE") == [str(port["containerPort"])]
    assert variables["FELHOM_HUB_SERVER__LISTEN"] == f":{port['containerPort']}"
    assert one(resources, "Service")["spec"]["ports"][0]["targetPort"] == port["name"]
    assert variables["FELHOM_HUB_SERVER__DATA_DIR"] in mounts(resources)
    assert str(Path(variables["FELHOM_HUB_CONFIG"]).parent) in mounts(resources)
    assert Path(variables["FELHOM_HUB_CONFIG"]).name == "hub.yaml"
    # What nobody overrides is the image's: a hub without arguments serves.
    assert {"command", "args"} & set(container(resources)) == set()


@both
def test_it_may_do_no_more_than_it_needs(name: str) -> None:
    resources = overlay(name)
    specification = pod(resources)

    assert container(resources)["securityContext"] == {
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    assert (specification["securityContext"]["runAsNonRoot"], specification["automountServiceAccountToken"]) == (True, False)  # fmt: skip  # noqa: E501
    assert specification["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    # The key file lies on the volume: kubelet must not open it to the group at every mount.
    assert specification["securityContext"]["fsGroupChangePolicy"] == "OnRootMismatch"


@both
def test_the_same_pods_are_meant_everywhere(name: str) -> None:
    resources = overlay(name)
    template = one(resources, "Deployment")["spec"]["template"]
    meant = [
        one(resources, "Deployment")["spec"]["selector"]["matchLabels"],
        one(resources, "Service")["spec"]["selector"],
    ]
    if name == "postgres-ha":
        rule = template["spec"]["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"][0]
        meant += [
            one(resources, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
            one(resources, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
            rule["podAffinityTerm"]["labelSelector"]["matchLabels"],
            one(resources, "NetworkPolicy", "hub-db")["spec"]["ingress"][0]["from"][0]["podSelector"]["matchLabels"],
        ]

    assert template["metadata"]["labels"] == LABEL
    assert [each for each in meant if each != LABEL] == []


@both
def test_every_variable_is_a_setting(name: str) -> None:
    known = {setting.variable for setting in SETTINGS.values()}
    entries = container(overlay(name)).get("env", [])

    assert [entry["name"] for entry in entries if entry["name"] not in known] == []
    assert [entry["name"] for entry in entries if "value" in entry] == []  # what is no secret is in hub.yaml
    assert container(overlay(name))["envFrom"] == [{"secretRef": {"name": "hub-secrets"}}]


@both
def test_a_stopping_hub_has_the_time_it_needs(name: str) -> None:
    command, seconds = container(overlay(name))["lifecycle"]["preStop"]["exec"]["command"]
    drain_seconds = settings.HUB.server.drain_time.total_seconds()

    assert (command, int(seconds) > 0) == ("sleep", True)
    assert pod(overlay(name))["terminationGracePeriodSeconds"] >= int(seconds) + drain_seconds + LAST_SECONDS


@both
def test_probes_and_proxy_ask_for_routes_that_are_there(name: str) -> None:
    resources = overlay(name)
    routes = raw_routes(Writer(), asyncio.Event(), News())
    hub = container(resources)
    probes = {each: hub[each]["httpGet"]["path"] for each in ("startupProbe", "livenessProbe", "readinessProbe")}
    webhook = one(resources, "Ingress", "hub-webhooks")["spec"]["rules"][0]["http"]["paths"][0]

    assert set(probes.values()) <= set(routes)
    assert probes["readinessProbe"] == "/readyz"
    # A full disk or a lost database: the hub says so itself, and would start no better.
    assert probes["livenessProbe"] == "/livez"
    assert (webhook["path"] in routes, webhook["pathType"]) == (True, "Exact")


def test_the_proxy_takes_what_the_hub_takes() -> None:
    size = one(read(MANIFEST), "Ingress")["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]

    assert re.fullmatch(r"\d+m", size)
    assert int(size.rstrip("m")) * 1024**2 > MAX_BODY_BYTES


@pytest.mark.long
def test_a_hub_with_these_settings_starts_answers_its_probes_and_goes(tmp_path: Path) -> None:
    resources = read(MANIFEST)
    (tmp_path / "hub.yaml").write_text(settings_file(resources), "utf-8")
    places = {"FELHOM_HUB_SERVER__DATA_DIR": str(tmp_path / "data"), "FELHOM_HUB_ASSETS__DIR": str(tmp_path / "assets")}
    probes = [container(resources)[each]["httpGet"]["path"] for each in ("startupProbe", "livenessProbe", "readinessProbe")]  # fmt: skip  # noqa: E501
    with started(tmp_path, "serve", "--config", "hub.yaml", **OTHER_SETTINGS, **places) as process:
        port = port_in(next_line(process))
        wait_until_healthy(process, port)
        # As kubelet asks: by the pod's address.
        found = [get(port, path, host="10.42.0.17:8080").status for path in probes]
        process.send_signal(signal.SIGTERM)
        status = process.wait(SECONDS)

    assert (found, status) == ([HTTPStatus.OK] * 3, 0)


@both
def test_the_hub_understands_its_settings(name: str, tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text(settings_file(overlay(name)), "utf-8")

    found = load(tmp_path / "hub.yaml", {})

    assert found.warnings == ()
    assert str(found.options.assets.dir) in mounts(overlay(name))
    assert found.options.server.public_url == f"https://{one(overlay(name), 'Ingress')['spec']['rules'][0]['host']}"
    assert [network.is_private for network in found.options.server.trusted_proxies] == [True]


def test_argocd_deploys_the_manifest_and_nothing_else() -> None:
    (application,) = read(APPLICATION)
    source, destination = application["spec"]["source"], application["spec"]["destination"]

    assert [path.name for path in (ROOT / source["path"]).iterdir()] == [MANIFEST.name]
    assert destination["namespace"] == one(read(MANIFEST), "Deployment")["metadata"]["namespace"]
    assert application["spec"]["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}


@both
def test_argocd_never_removes_what_cannot_be_made_again(name: str) -> None:
    kept = {"Namespace", "PersistentVolumeClaim", "Cluster"}
    lasting = [each for each in overlay(name) if each["kind"] in kept]

    assert len(lasting) >= 2
    assert [
        each["metadata"]["name"]
        for each in lasting
        if each["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] != "Prune=false,Delete=false"
    ] == []


def test_every_file_of_the_overlays_is_used() -> None:
    for file in OVERLAYS.rglob("kustomization.yaml"):
        text = file.read_text("utf-8")
        others = [path.name for path in file.parent.iterdir() if path != file]
        assert [name for name in others if name not in text] == []
