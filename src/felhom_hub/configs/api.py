"""What a box fetches for itself: its configuration, by passphrase, or with its key when it is wanted (contract 5)."""

from typing import cast

from django.http import HttpRequest, HttpResponse

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.endpoint import json_endpoint
from felhom_hub.configs.generate import Generated, generate
from felhom_hub.configs.knock import box_at, let_in
from felhom_hub.configs.offer import offered_to
from felhom_hub.customers.bearer import bearer_of
from felhom_hub.operators.audit import record_audit


@json_endpoint("GET")
def config(request: HttpRequest, customer_id: str) -> HttpResponse:
    """The customer's controller.yaml, for whoever has its passphrase; an audit entry says who has fetched it."""
    arrived = cast("HubRequest", request)
    generated = generate(let_in(arrived, customer_id))
    record_audit("config_fetched", by=box_at(arrived), now=arrived.now, customer_id=customer_id)
    return yaml_response(generated)


@json_endpoint("GET")
def pending_config(request: HttpRequest, customer_id: str) -> HttpResponse:
    """The file that the operator wants on the box, for the box's own key; an audit entry says that it was fetched."""
    arrived = cast("HubRequest", request)
    generated = offered_to(bearer_of(request), customer_id)
    record_audit("pending_config_fetched", by=box_at(arrived), now=arrived.now, customer_id=customer_id)
    return yaml_response(generated)


def yaml_response(generated: Generated) -> HttpResponse:
    """The file as a download that no cache keeps."""
    return HttpResponse(
        generated.content,
        content_type="application/x-yaml; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="controller.yaml"',
            "Cache-Control": "no-store",
            "ETag": f'"{generated.sha256}"',
        },
    )
