import asyncio
from contextlib import suppress

import pytest
from django.db import connection
from tests.asgi import run, scope_of
from tests.servers.browser import session_token

from felhom_hub.base.errors import Unavailable
from felhom_hub.operators.models import Session
from felhom_hub.operators.raw_sessions import operator_with, token_of
from felhom_hub.operators.sessions import SESSION_COOKIE, Operator


def break_connection() -> None:
    connection.ensure_connection()
    connection.connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hub")
def test_the_tokens_operator_is_found_and_nobody_for_another() -> None:
    token = session_token()
    session = Session.objects.get()

    assert run(operator_with(token)) == Operator(session.csrf_token, session.token_digest)
    assert run(operator_with("0" * 64)) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hub")
def test_a_broken_connection_is_replaced() -> None:
    token = session_token()

    async def main() -> Operator | None:
        await asyncio.to_thread(break_connection)
        with suppress(Unavailable):  # PostgreSQL's is checked before it is used
            await operator_with(token)
        return await operator_with(token)

    assert run(main()) is not None


@pytest.mark.parametrize(
    ("cookie", "token"),
    [
        (None, ""),
        ("theme=dark", ""),
        (f"theme=dark; {SESSION_COOKIE}=abc; other=1", "abc"),
        (f'{SESSION_COOKIE}="abc"', "abc"),
        (f"{SESSION_COOKIE}=", ""),
    ],
)
def test_token_is_that_of_the_session_cookie(cookie: str | None, token: str) -> None:
    assert token_of(scope_of(headers=None if cookie is None else {"Cookie": cookie})) == token
