"""The operations by which a box gets its configuration: by its passphrase alone, or with its key when it is wanted."""

from felhom_hub.configs.retrieval import OF_ADDRESS, OF_CUSTOMER
from felhom_hub.project.openapi import examples
from felhom_hub.project.openapi.operation import Answer, Operation, Parameter
from felhom_hub.project.openapi.report_schema import CUSTOMER_ID_SCHEMA

_MINUTES = round(OF_ADDRESS.span.total_seconds() / 60)
LOCKED = (
    f"There were {OF_ADDRESS.tries} wrong retrieval passwords within {_MINUTES} minutes for the customer from this "
    f"address, or {OF_CUSTOMER.tries} within a day from anywhere. The operator can unlock it."
)

OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/config/{customer_id}",
        operation_id="fetchConfig",
        tag="Boxes",
        summary="A customer's controller.yaml",
        text="The file as the hub makes it of the template and what it knows, with the customer's secrets. ETag is its "
        "sha256, which a controller that runs with it reports as `config_hash`. Who fetched it is in the audit.",
        security="passphrase",
        parameters=(Parameter("customer_id", "path", CUSTOMER_ID_SCHEMA, "The customer's id.", "kovacs-peter"),),
        answer=Answer("The file.", None, examples.CONTROLLER_YAML, "application/x-yaml"),
        refusals={
            403: "The operator has blocked the customer.",
            409: "The file cannot be made; the sentence says why.",
            429: LOCKED,
        },
    ),
    Operation(
        method="GET",
        path="/api/v1/pending/{customer_id}/config",
        operation_id="fetchPendingConfig",
        tag="Boxes",
        summary="The controller.yaml that the operator wants on the box",
        text="For a box whose report was answered with `pending.config_hash`. It is made now, as by passphrase; "
        "ETag is its sha256, and a report with it as `config_hash` ends the wish. While nothing is wanted there is no "
        "file, so that a stolen key reads no configuration at leisure. Who fetched it is in the audit.",
        security="own key",
        parameters=(Parameter("customer_id", "path", CUSTOMER_ID_SCHEMA, "The customer's id.", "kovacs-peter"),),
        answer=Answer("The file.", None, examples.CONTROLLER_YAML, "application/x-yaml"),
        refusals={
            403: "The key is another customer's or the global one, or the operator has blocked the customer.",
            409: "The operator does not want the file on the box now, or it cannot be made; the sentence says which.",
        },
    ),
)
