import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import msgspec
import pytest
from tests.structure.schema import misfits

from felhom_controller import report as of_controller
from felhom_hub.customers.identity import read_customer_id
from felhom_hub.project.openapi.report_schema import REPORT

STRUCTS: dict[str, type[msgspec.Struct]] = {
    "": of_controller.Report,
    "health": of_controller.Health,
    "system": of_controller.System,
    "storage[]": of_controller.Storage,
    "containers[]": of_controller.Container,
    "stacks[]": of_controller.Stack,
    "backup": of_controller.Backup,
    "app_telemetry[]": of_controller.AppTelemetry,
    "app_telemetry[].containers[]": of_controller.ContainerTelemetry,
    "app_telemetry[].top_issues[]": of_controller.LogIssue,
}


def objects(schema: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object of the schema, by its place."""
    if schema["type"] == "array":
        yield from objects(schema["items"], f"{where}[]")
    elif schema["type"] == "object":
        yield where, schema
        for name, member in schema["properties"].items():
            yield from objects(member, f"{where}.{name}" if where else name)


SCHEMAS = dict(objects(REPORT))


def test_schema_and_reference_controller_know_the_same_objects() -> None:
    assert set(SCHEMAS) == set(STRUCTS)


@pytest.mark.parametrize("where", STRUCTS)
def test_schema_and_reference_controller_know_the_same_members(where: str) -> None:
    assert list(SCHEMAS[where]["properties"]) == [field.name for field in msgspec.structs.fields(STRUCTS[where])]


@pytest.mark.parametrize("where", STRUCTS)
def test_schema_and_reference_controller_know_the_same_words(where: str) -> None:
    for field in msgspec.structs.fields(STRUCTS[where]):
        kinds = (field.type, *get_args(field.type))
        words = [word for kind in kinds for word in get_args(kind) if isinstance(word, str)]
        if words:
            assert SCHEMAS[where]["properties"][field.name]["enum"] == words


def test_report_with_a_customer_alone_fits() -> None:
    assert misfits({"customer_id": "a"}, REPORT, {}) == []


@pytest.mark.parametrize(
    "customer_id", ["a", "Kovacs-Peter.2_b", "0", "x" * 128, "-a", "", "a b", "é", "x" * 129, "a/b", None]
)
def test_schema_and_hub_agree_about_a_customers_id(customer_id: str | None) -> None:
    document = json.loads(json.dumps({"customer_id": customer_id}))
    try:
        read_customer_id(document)
        is_taken = True
    except Exception:  # noqa: BLE001 - any refusal
        is_taken = False

    assert (misfits(document, REPORT, {}) == []) is is_taken
