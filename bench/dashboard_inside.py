"""Counts the queries of the operator's pages. Runs by `inside.call`."""

from dataclasses import replace
from http import HTTPStatus

import bcrypt
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from felhom_hub.base.instants import utc_now
from felhom_hub.customers.models import Customer
from felhom_hub.operators.sessions import SESSION_COOKIE, open_session


def some_customer() -> str:
    """The id of a customer."""
    return Customer.objects.order_by("customer_id").values_list("customer_id", flat=True)[0]


def count_queries(*, paths: list[str]) -> dict[str, int | None]:
    """How many each page takes when it is asked for again; None of one that this hub does not have."""
    password_hash = bcrypt.hashpw(b"whatever", bcrypt.gensalt(4)).decode()
    with override_settings(HUB=replace(settings.HUB, auth=replace(settings.HUB.auth, password_hash=password_hash))):
        client = Client(headers={"host": "localhost"})
        client.cookies[SESSION_COOKIE] = open_session(
            password_hash=password_hash, address="127.0.0.1", user_agent="bench", now=utc_now()
        )
        return {path: _count(client, path) for path in paths}


def _count(client: Client, path: str) -> int | None:
    if client.get(path).status_code == HTTPStatus.NOT_FOUND:
        return None
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)
