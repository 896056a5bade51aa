import asyncio
import tracemalloc
from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest
from django.db import connection
from tests.asgi import run
from tests.build import GLOBAL_KEY, NOW, make_api_key, make_customer

from felhom_hub.base.errors import Unauthorized, Unavailable
from felhom_hub.customers.auth import Caller, CustomerCaller, GlobalCaller, digest_of
from felhom_hub.customers.models import Credential
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.customers.uses import take_uses

pytestmark = pytest.mark.django_db(transaction=True)


async def in_thread(function: Callable[[], object]) -> None:
    """Runs on the thread, and so on the connection, that looks keys up."""
    await asyncio.get_running_loop().run_in_executor(None, function)


def rename_table(before: str, after: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {before} RENAME TO {after}")


def break_connection() -> None:
    connection.ensure_connection()
    connection.connection.close()


async def recognise_all(headers: Sequence[str | None]) -> list[tuple[Caller, str | None]]:
    recogniser = Recogniser()
    return [await recogniser.recognise(header) for header in headers]


def test_the_global_key_has_no_digest() -> None:
    assert run(recognise_all([f"Bearer {GLOBAL_KEY}"])) == [(GlobalCaller(), None)]


def test_a_customers_own_key_comes_with_its_digest() -> None:
    customer = make_customer("a")
    key = make_api_key(customer)

    expected = (CustomerCaller(customer.pk, "a", is_blocked=False), digest_of(key))
    assert run(recognise_all([f"Bearer {key}", f"Bearer {key}"])) == [expected, expected]


def test_a_key_is_looked_up_once() -> None:
    customer = make_customer("a")
    key = make_api_key(customer)

    async def main() -> list[tuple[Caller, str | None]]:
        recogniser = Recogniser()
        first = await recogniser.recognise(f"Bearer {key}")
        await in_thread(lambda: Credential.objects.all().delete())
        return [first, await recogniser.recognise(f"Bearer {key}")]

    first, second = run(main())

    assert first == second


def test_one_key_with_any_number_of_spaces_takes_no_memory() -> None:
    customer = make_customer("a")
    key = make_api_key(customer)

    async def main() -> int:
        recogniser = Recogniser()
        tracemalloc.start()
        try:
            for spaces in range(1, 101):
                caller, _ = await recogniser.recognise("Bearer " + " " * (spaces + 20_000) + key)
                assert caller == CustomerCaller(customer.pk, "a", is_blocked=False)
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

    assert run(main()) < 500_000  # and not the 2 MB of a hundred such texts


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer nobodys", "Basic dXNlcjpwYXNz", GLOBAL_KEY, f"Bearer {GLOBAL_KEY}x"],
)
def test_no_key_or_nobodys_is_refused_each_time(header: str | None) -> None:
    make_api_key(make_customer("a"))

    for _ in range(2):
        with pytest.raises(Unauthorized):
            run(recognise_all([header]))


def test_a_revoked_key_is_nobodys() -> None:
    key = make_api_key(make_customer("a"))
    Credential.objects.update(revoked_at=NOW)

    with pytest.raises(Unauthorized):
        run(recognise_all([f"Bearer {key}"]))


def test_a_key_that_was_nobodys_is_recognised_once_it_is_made() -> None:
    customer = make_customer("a")

    async def main() -> Caller:
        recogniser = Recogniser()
        with pytest.raises(Unauthorized):
            await recogniser.recognise("Bearer new")
        await in_thread(lambda: make_api_key(customer, "new"))
        return (await recogniser.recognise("Bearer new"))[0]

    assert run(main()) == CustomerCaller(customer.pk, "a", is_blocked=False)


def test_could_not_ask_is_not_no() -> None:
    customer = make_customer("a")
    key = make_api_key(customer)

    async def main() -> Caller:
        recogniser = Recogniser()
        await in_thread(lambda: rename_table("customers_credential", "elsewhere"))
        try:
            with pytest.raises(Unavailable) as caught:
                await recogniser.recognise(f"Bearer {key}")
        finally:
            await in_thread(lambda: rename_table("elsewhere", "customers_credential"))
        assert caught.value.sentence == "The key cannot be looked up now (it does not answer)"
        return (await recogniser.recognise(f"Bearer {key}"))[0]

    assert run(main()) == CustomerCaller(customer.pk, "a", is_blocked=False)


def test_a_broken_connection_is_replaced() -> None:
    customer = make_customer("a")
    key = make_api_key(customer)

    async def main() -> Caller:
        recogniser = Recogniser()
        await in_thread(break_connection)
        with suppress(Unavailable):  # PostgreSQL's is checked before it is used
            await recogniser.recognise(f"Bearer {key}")
        return (await recogniser.recognise(f"Bearer {key}"))[0]

    assert run(main()) == CustomerCaller(customer.pk, "a", is_blocked=False)


def test_a_requests_own_key_counts_as_used_from_its_address() -> None:
    take_uses()
    key = make_api_key(make_customer("a"))

    async def main() -> None:
        recogniser = Recogniser()
        for header in (f"Bearer {key}", f"Bearer {GLOBAL_KEY}", f"Bearer {key}"):
            scope = {"headers": [(b"authorization", header.encode())], "client": ("192.0.2.7", 1)}
            await recogniser.bearer(scope)

    run(main())

    assert [(use.digest, use.address) for use in take_uses()] == [(digest_of(key), "192.0.2.7")]
