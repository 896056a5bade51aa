"""What templates know of the operator: who is signed in, and whether anybody has to."""

from typing import Any

from django.http import HttpRequest

from felhom_hub.operators.password import is_login_off


def operator(request: HttpRequest) -> dict[str, Any]:
    """The operator of the request, None on public pages and where a request failed before he was known."""
    return {"operator": getattr(request, "operator", None), "is_login_off": is_login_off()}
