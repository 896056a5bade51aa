"""What a box, or who rebuilds it, fetches: a version of the infrastructure backup by key, all by passphrase."""

import re
from typing import cast

import msgspec
from django.http import HttpRequest, HttpResponse

from felhom_hub.base.arrival import HubRequest
from felhom_hub.base.endpoint import json_endpoint, json_response
from felhom_hub.base.errors import Impossible, NotFound
from felhom_hub.configs.knock import box_at, let_in
from felhom_hub.customers.auth import CustomerCaller, require_customer
from felhom_hub.customers.bearer import bearer_of
from felhom_hub.customers.queries import customer_of
from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.recovery.bundle import bundle_of
from felhom_hub.recovery.drill_mark import HEADER, is_drill
from felhom_hub.recovery.queries import content_of

MAX_VERSION = 999_999_999
_VERSION = re.compile(r"[1-9][0-9]{0,8}")


@json_endpoint("GET")
def infra_backup(request: HttpRequest, customer_id: str) -> HttpResponse:
    """The newest version, or the one that is asked for, byte for byte; an audit entry says who has fetched it."""
    arrived = cast("HubRequest", request)
    caller = bearer_of(request)
    require_customer(caller, customer_id)
    found = content_of(customer_of(customer_id), version_in(request.GET.get("version")))
    if found is None:
        raise NotFound("There is no such infrastructure backup")
    who = "a box" if isinstance(caller, CustomerCaller) else "global key"
    by, detail = Actor(who, arrived.client.address), f"version {found.number}"
    record_audit("infra_backup_fetched", by=by, now=arrived.now, customer_id=customer_id, detail=detail)
    return HttpResponse(
        found.body,
        content_type="application/json",
        headers={"Cache-Control": "no-store", "ETag": f'"{found.sha256}"'},
    )


@json_endpoint("GET")
def recovery(request: HttpRequest, customer_id: str) -> HttpResponse:
    """All that a box is rebuilt from, for whoever has its passphrase; an audit entry says who has fetched it.

    Where it is a drill of the hub's own, it says so.
    """
    arrived = cast("HubRequest", request)
    bundle = bundle_of(let_in(arrived, customer_id))
    is_own = is_drill(request.headers.get(HEADER, ""), customer_id, arrived.now)
    by = Actor("a drill", arrived.client.address) if is_own else box_at(arrived)
    record_audit("recovery_fetched", by=by, now=arrived.now, customer_id=customer_id, detail=bundle.words)
    backup = bundle.infra_backup
    return json_response(
        {
            "customer_id": customer_id,
            "config_yaml": bundle.config_yaml,
            "infra_backup": None if backup is None else msgspec.Raw(backup.body),
            "has_infra_backup": backup is not None,
        }
    )


def version_in(text: str | None) -> int | None:
    """The version that a query asks for, None for the newest; raises Impossible."""
    if text is None:
        return None
    if not _VERSION.fullmatch(text):
        raise Impossible(f"version must be a whole number from 1 to {MAX_VERSION}")
    return int(text)
