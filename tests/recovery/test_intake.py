"""What the sender of an infrastructure backup is answered, and that nothing refused is stored."""

import gzip
from collections.abc import Mapping
from hashlib import sha256

import pytest
from tests.asgi import Answer, call, run
from tests.build import GLOBAL_KEY, NOW, make_api_key, make_customer
from tests.recovery.snapshots import body_of

from felhom_hub.base.writer import Writer
from felhom_hub.customers.models import Customer
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.recovery.intake import infra_backup_endpoint
from felhom_hub.recovery.models import InfraBackup
from felhom_hub.recovery.payload import MAX_BODY_BYTES
from felhom_hub.recovery.queries import content_of

pytestmark = pytest.mark.django_db(transaction=True)


async def posted(body: bytes, headers: Mapping[str, str]) -> Answer:
    writer = Writer()
    writer.start()
    try:
        return await call(infra_backup_endpoint(writer, Recogniser()), "POST", headers=headers, body=body)
    finally:
        await writer.close()


def post(body: bytes, key: str | None = GLOBAL_KEY, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return run(posted(body, sent if key is None else sent | {"Authorization": f"Bearer {key}"}))


def test_version_and_digest_are_answered_once_it_is_stored() -> None:
    body = body_of(disks=["é"])

    answer = post(body)

    assert (answer.status, answer.json()) == (200, {"ok": True, "version": 1, "sha256": sha256(body).hexdigest()})
    found = content_of(Customer.objects.get())
    assert found is not None
    assert found.body == body


def test_the_compressed_body_is_the_same_backup() -> None:
    body = body_of()

    answers = [post(body), post(gzip.compress(body), Content_Encoding="gzip")]

    assert answers[0].json() == answers[1].json()
    assert InfraBackup.objects.count() == 1


def test_a_body_as_large_as_is_allowed_is_stored_and_a_larger_one_is_not() -> None:
    body = body_of(filling="")
    most = body.replace(b'""', b'"' + b"x" * (MAX_BODY_BYTES - len(body)) + b'"')

    assert [post(most).status, post(most + b" ").status] == [200, 413]
    assert InfraBackup.objects.get().size_bytes == MAX_BODY_BYTES


def test_own_key_stores_for_its_customer_alone_blocked_or_not() -> None:
    key = make_api_key(make_customer("nagy", blocked_at=NOW))

    assert post(body_of("nagy"), key).status == 200
    refused = post(body_of("kiss"), key)

    assert (refused.status, set(refused.json())) == (403, {"ok", "error"})
    assert InfraBackup.objects.count() == 1


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 400), (b"{}", 400), (b'{"customer_id": 1}', 422)])
def test_what_cannot_be_read_is_refused(body: bytes, status: int) -> None:
    assert post(body).status == status
    assert not Customer.objects.exists()


def test_nobody_stores_nothing() -> None:
    assert [post(body_of(), None).status, post(body_of(), "of nobody").status] == [401, 401]
    assert not InfraBackup.objects.exists()
