import pytest
from django.test import RequestFactory
from pytest_django import Settings
from tests.operators.site import with_auth
from tests.servers.browser import PASSWORD_HASH

from felhom_hub.operators.context import operator
from felhom_hub.operators.sessions import Operator


@pytest.mark.parametrize(("configured", "off"), [("", True), (PASSWORD_HASH, False)])
def test_templates_know_the_operator_and_whether_login_is_off(settings: Settings, configured: str, off: bool) -> None:
    with_auth(settings, password_hash=configured)
    request = RequestFactory().get("/")
    assert operator(request) == {"operator": None, "is_login_off": off}

    somebody = Operator(csrf_token="c", session="s")
    request.operator = somebody  # type: ignore[attr-defined]  # as the middleware does
    assert operator(request) == {"operator": somebody, "is_login_off": off}
