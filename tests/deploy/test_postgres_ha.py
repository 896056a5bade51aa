"""The overlay with three hubs on one PostgreSQL: no report is refused while they are replaced; who may call whom."""

import re
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from tests.deploy.manifests import APPLICATION, Resource, container, mounts, needs_kustomize, one, read, rendered
from tests.structure.files import ROOT

from felhom_hub.base.schedule import Lane
from felhom_hub.boxes.jobs import _AT_ONCE as CONTROLLERS_AT_ONCE
from felhom_hub.project.asgi import DJANGO_THREADS
from felhom_hub.project.database_url import PostgresqlUrl, parse_database_url
from felhom_hub.project.health import CHECK_SECONDS
from felhom_hub.project.options import SETTINGS

pytestmark = needs_kustomize

CORES = 16  # of a node

# What the operators' published definitions (CustomResourceDefinition: postgresql.cnpg.io/v1 of CloudNativePG 1.24 and
# later, argoproj.io/v1alpha1 of Argo CD) want and know, as far as ours use it: "!" marks what they require.
CLUSTER: dict[str, Any] = {
    "apiVersion!": "postgresql.cnpg.io/v1",
    "kind!": "Cluster",
    "metadata!": {"name!": str, "namespace": str, "annotations": dict},
    "spec!": {
        "instances!": int,
        "bootstrap": {"initdb": {"database": str, "owner": str, "encoding": str}},
        "postgresql": {
            "parameters": dict,
            "synchronous": {"method!": ("any", "first"), "number!": int, "dataDurability": str},
        },
        "affinity": {"podAntiAffinityType": ("preferred", "required"), "topologyKey": str},
        "storage": {"size": str, "storageClass": str},
        "resources": {"requests": dict, "limits": dict},
    },
}
APPLICATION_FIELDS: dict[str, Any] = {
    "apiVersion!": "argoproj.io/v1alpha1",
    "kind!": "Application",
    "metadata!": {"name!": str, "namespace": str},
    "spec!": {
        "project!": str,
        "destination!": {"server": str, "namespace": str},
        "source": {"repoURL!": str, "targetRevision": str, "path": str},
        "syncPolicy": {"automated": {"prune": bool, "selfHeal": bool}},
    },
}


def complaints(value: Any, wanted: Any, place: str = "") -> list[str]:
    """What the published definition would not take."""
    if isinstance(wanted, type):
        return [] if isinstance(value, wanted) else [f"{place} is no {wanted.__name__}"]
    if not isinstance(wanted, dict):
        allowed = wanted if isinstance(wanted, tuple) else (wanted,)
        return [] if value in allowed else [f"{place} is {value}"]
    known = {name.rstrip("!"): inner for name, inner in wanted.items()}
    missing = [name.rstrip("!") for name in wanted if name.endswith("!") and name.rstrip("!") not in value]
    return [f"{place}.{name} is missing" for name in missing] + [
        complaint
        for name, inner in value.items()
        for complaint in (
            complaints(inner, known[name], f"{place}.{name}") if name in known else [f"{place}.{name} is unknown"]
        )
    ]


def resources() -> list[Resource]:
    return rendered("postgres-ha")


def policy(name: str) -> Resource:
    found: Resource = one(resources(), "NetworkPolicy", name)["spec"]
    return found


def test_the_operators_take_what_they_are_given() -> None:
    (application,) = read(APPLICATION)

    assert complaints(one(resources(), "Cluster", "hub-db"), CLUSTER) == []
    assert complaints(application, APPLICATION_FIELDS) == []


def test_what_they_would_not_take_would_be_found() -> None:
    cluster = one(resources(), "Cluster", "hub-db")
    del cluster["spec"]["instances"]
    cluster["spec"]["storage"] = {"sise": "10Gi"}

    assert complaints(cluster, CLUSTER) == [".spec.instances is missing", ".spec.storage.sise is unknown"]


def test_a_hub_goes_only_when_another_is_ready_in_its_place() -> None:
    deployment = one(resources(), "Deployment")["spec"]
    hub = container(resources())

    assert deployment["replicas"] == 3
    assert deployment["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    assert one(resources(), "PodDisruptionBudget")["spec"]["minAvailable"] == deployment["replicas"] - 1
    # Ready once it could write to the database, for which the hub takes a while before it says no.
    assert (hub["startupProbe"]["httpGet"]["path"], hub["startupProbe"]["timeoutSeconds"] > CHECK_SECONDS) == ("/healthz", True)  # fmt: skip  # noqa: E501


def test_an_update_finds_a_node_for_its_pod() -> None:
    rules = one(resources(), "Deployment")["spec"]["template"]["spec"]["affinity"]["podAntiAffinity"]

    # "required" would leave the pod of the surge pending on as many nodes as there are hubs.
    assert list(rules) == ["preferredDuringSchedulingIgnoredDuringExecution"]
    assert rules[next(iter(rules))][0]["podAffinityTerm"]["topologyKey"] == "kubernetes.io/hostname"


def test_the_database_comes_from_the_secret_that_its_operator_keeps() -> None:
    variables = {each["name"]: each["valueFrom"]["secretKeyRef"] for each in container(resources())["env"]}
    cluster = one(resources(), "Cluster", "hub-db")
    made = cluster["spec"]["bootstrap"]["initdb"]
    # The form that the operator writes.
    url = parse_database_url(f"postgresql://{made['owner']}:s3cret@hub-db-rw.felhom-system:5432/{made['database']}")

    assert variables["FELHOM_HUB_DATABASE__URL"] == {"name": f"{cluster['metadata']['name']}-app", "key": "uri"}
    assert SETTINGS["database.url"].variable in variables
    assert isinstance(url, PostgresqlUrl)
    assert (url.name, url.user, url.host, url.port) == ("felhom", "felhom", "hub-db-rw.felhom-system", 5432)


def test_a_report_that_was_answered_lies_on_two_disks() -> None:
    cluster = one(resources(), "Cluster", "hub-db")["spec"]

    assert cluster["postgresql"]["synchronous"] == {"method": "any", "number": 1}
    # One more than that may be away without a stop.
    assert cluster["instances"] == 3
    assert cluster["affinity"]["podAntiAffinityType"] == "required"


def test_names_that_the_database_operator_gives_are_free() -> None:
    cluster = one(resources(), "Cluster", "hub-db")["metadata"]["name"]
    given = {cluster, f"{cluster}-primary", f"{cluster}-rw", f"{cluster}-ro", f"{cluster}-r"}

    assert [each["metadata"]["name"] for each in resources() if each["kind"] in {"Service", "PodDisruptionBudget"} and each["metadata"]["name"] in given] == []  # fmt: skip  # noqa: E501


def test_no_hub_makes_keys_of_its_own() -> None:
    (keys,) = [each for each in container(resources())["env"] if each["name"] == SETTINGS["secrets.keys"].variable]
    reference = keys["valueFrom"]["secretKeyRef"]

    # Not optional: without it the pod does not start. What lies in /data goes with the pod.
    assert reference == {"name": "hub-secrets", "key": SETTINGS["secrets.keys"].variable}
    assert mounts(resources())["/data"] == "emptyDir"


def test_all_hubs_share_their_assets() -> None:
    claim = one(resources(), "PersistentVolumeClaim", "hub-assets")["spec"]

    assert mounts(resources())["/assets"] == "hub-assets"
    assert claim["accessModes"] == ["ReadWriteMany"]


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("84.21.7.9", True),
        ("2a01:4f8::1", True),
        ("10.42.1.7", False),
        ("172.20.0.1", False),
        ("192.168.0.180", False),
        ("169.254.169.254", False),
        ("127.0.0.1", False),
        ("100.64.3.3", False),
        ("fd00::7", False),
        ("fe80::1", False),
    ],
)
def test_the_hub_calls_out_of_the_cluster_and_not_around_in_it(address: str, is_allowed: bool) -> None:
    blocks = [to["ipBlock"] for rule in policy("hub")["egress"] for to in rule["to"] if "ipBlock" in to]
    found = [
        block
        for block in blocks
        if ip_address(address) in ip_network(block["cidr"])
        and not any(ip_address(address) in ip_network(each) for each in block.get("except", []))
    ]

    assert bool(found) is is_allowed


def test_the_hub_reaches_its_database_and_nobody_else_does() -> None:
    cluster = {"cnpg.io/cluster": one(resources(), "Cluster", "hub-db")["metadata"]["name"]}
    database = policy("hub-db")
    callers = [rule for rule in database["ingress"] if {"port": 5432} in rule["ports"]]

    assert {"to": [{"podSelector": {"matchLabels": cluster}}], "ports": [{"port": 5432}]} in policy("hub")["egress"]
    assert (database["podSelector"], database["policyTypes"]) == ({"matchLabels": cluster}, ["Ingress"])
    assert [each for rule in callers for each in rule["from"]] == [
        {"podSelector": {"matchLabels": {"app": "hub"}}},
        {"podSelector": {"matchLabels": cluster}},
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "cnpg-system"}}},
    ]


def test_the_hub_is_called_on_its_port_by_the_proxy() -> None:
    (rule,) = policy("hub")["ingress"]
    namespaces = [each["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for each in rule["from"]]

    assert rule["ports"] == [{"port": container(resources())["ports"][0]["name"]}]
    assert namespaces == ["ingress-nginx", "monitoring"]


def test_the_database_takes_the_connections_of_all_hubs() -> None:
    resources = rendered("postgres-ha")
    deployment = one(resources, "Deployment")["spec"]
    hubs = deployment["replicas"] + deployment["strategy"]["rollingUpdate"]["maxSurge"]
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    said = re.search(r"up to (\d+) for pages, (\d+) for jobs and (\d+) that renew their leases, (\d+) while", text)
    assert said is not None
    assert tuple(map(int, said.groups())) == (DJANGO_THREADS, len(Lane), len(Lane), CONTROLLERS_AT_ONCE)
    others, look_ups = 3, min(32, CORES + 4)  # the latter as Python's own pool of threads has it
    most = sum(map(int, said.groups())) + others + look_ups

    # Those of the operator, of the replicas and of whoever looks by hand are a dozen.
    assert hubs * most + 12 <= int(one(resources, "Cluster", "hub-db")["spec"]["postgresql"]["parameters"]["max_connections"])  # fmt: skip  # noqa: E501
