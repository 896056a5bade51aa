from datetime import timedelta

import pytest
from tests.boxes.conftest import KATA, Served, carry_out, point_to
from tests.build import NOW
from tests.servers.recorder import answering, running_recorder

from felhom_hub.base.secrets import seal
from felhom_hub.boxes import carry
from felhom_hub.boxes.ask import ask
from felhom_hub.boxes.carry import LEASE, claim, note_interrupted
from felhom_hub.boxes.live_file import open_live
from felhom_hub.boxes.models import Call
from felhom_hub.configs.generate import generate
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.controllers.client import Done
from felhom_hub.customers.held_keys import api_keys_held
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.models import AuditEntry

pytestmark = pytest.mark.django_db

PUSH, COMPARE, UPDATE = Call.Kind.PUSH, Call.Kind.COMPARE, Call.Kind.UPDATE
OTHER = b"customer:\n  id: kiss-foto\nbackup:\n  keep: 14\n"


def asked(kind: Call.Kind) -> Call:
    ask(kind, "kiss-foto", now=NOW, by=KATA)
    return carry_out()


def test_a_push_brings_the_file_byte_for_byte(customer: Customer, served: Served) -> None:
    served.has(OTHER)

    call = asked(PUSH)

    assert (call.state, call.sentence, call.finished_at) == ("done", "The controller has taken it.", NOW)
    assert served.config.read() == generate(customer).content
    assert served.config.hash() == call.sha256
    ended = AuditEntry.objects.get(action="controller_call_ended")
    assert (ended.detail, ended.actor, ended.address) == (
        "push done: The controller has taken it.",
        "operator",
        "192.0.2.7",
    )
    assert AuditEntry.objects.filter(action="config_push_asked", customer_id="kiss-foto").count() == 1


def test_a_comparison_keeps_the_live_file_sealed(served: Served) -> None:
    served.has(OTHER)

    call = asked(COMPARE)

    assert (call.state, call.answer) == ("done", "")
    assert open_live(call.envelope, call=call.pk) == OTHER
    assert "keep" not in call.envelope


def test_an_update_is_begun_once(served: Served) -> None:
    assert (asked(UPDATE).state, served.updates) == ("done", ["wished"])
    carry_out()
    assert served.updates == ["wished"]


@pytest.mark.usefixtures("served")
def test_an_older_key_opens_until_the_box_is_told(customer: Customer) -> None:
    old = Credential.objects.get(kind="api_key")
    newer = Credential.objects.get(kind="api_key")
    newer.pk, newer.digest = None, "f" * 64
    newer.envelope = seal("fh_" + "n" * 43, purpose="api_key:kiss-foto")
    newer.save()

    assert api_keys_held(customer, now=NOW)[0] == "fh_" + "n" * 43
    assert asked(COMPARE).state == "done"

    Credential.objects.filter(pk=old.pk).update(revoked_at=NOW, envelope="")
    call = asked(COMPARE)
    assert call.state == "failed"
    assert "answered 401. It does not know the key that the hub has for it." in call.sentence


def test_what_the_controller_refuses_is_shown(customer: Customer) -> None:
    """Its own sentence, without the secrets that were sent."""
    key = api_keys_held(customer, now=NOW)[0]
    body = f'{{"ok": false, "error": "hub.api_key {key} is odd"}}'.encode()
    head = b"HTTP/1.1 422 Unprocessable\r\nContent-Length: %d\r\n\r\n" % len(body)
    with running_recorder() as recorder:
        recorder.then = answering(head + body)
        point_to(customer, f"http://127.0.0.1:{recorder.port}")
        call = asked(PUSH)

    assert call.state == "failed"
    assert call.sentence == f"127.0.0.1:{recorder.port} answered 422. Nothing was changed."
    assert call.answer == '{"ok": false, "error": "hub.api_key [masked] is odd"}'


@pytest.fixture(autouse=True)
def _allowed(allowed: None) -> None:
    """In every test here."""


@pytest.mark.parametrize(
    ("raw", "kind", "state", "words"),
    [
        (b"", PUSH, "uncertain", "Whether it was done is not known."),
        (b"", COMPARE, "failed", "Nothing was changed."),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhal", PUSH, "uncertain", "is not known"),
        (
            b"HTTP/1.1 307 No\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            PUSH,
            "failed",
            "a redirect",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 5_000_000, COMPARE, "failed", "Nothing was"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b"#" * 200_000,
            COMPARE,
            "failed",
            "longer than 128 KB",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\na: [canary, b:\n", COMPARE, "failed", "is no configuration"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff\xfe\xfa", COMPARE, "failed", "not text in UTF-8"),
    ],
    ids=["hung up", "hung up while reading", "cut short", "redirect", "huge", "too long", "no YAML", "no text"],
)
def test_a_controller_that_misbehaves(customer: Customer, raw: bytes, kind: Call.Kind, state: str, words: str) -> None:
    with running_recorder() as recorder:
        recorder.then = answering(raw)
        point_to(customer, f"http://127.0.0.1:{recorder.port}")
        call = asked(kind)

    assert (call.state, recorder.connections) == (state, 1)
    assert words in call.sentence
    assert "canary" not in call.sentence
    assert call.envelope == ""


def test_nothing_goes_to_a_host_that_nobody_has_confirmed(customer: Customer) -> None:
    with running_recorder() as right, running_recorder() as stranger:
        point_to(customer, f"http://127.0.0.1:{right.port}")
        customer.node.controller_url = f"http://127.0.0.1:{stranger.port}"
        customer.node.save()
        states = [asked(kind).sentence for kind in (PUSH, COMPARE, UPDATE)]

    assert all(sentence.endswith("has to be confirmed first. Nothing was sent.") for sentence in states)
    assert (right.connections, stranger.connections) == (0, 0)


def test_a_configuration_that_was_changed_meanwhile_is_not_sent(customer: Customer, served: Served) -> None:
    served.has(OTHER)
    ask(PUSH, "kiss-foto", now=NOW, by=KATA)
    CustomerConfig.objects.create(customer=customer, overrides="backup: {keep: 9}\n", changed_at=NOW)

    assert carry_out().sentence == "The configuration was changed meanwhile. Nothing was sent."
    assert served.config.read() == OTHER


def test_what_was_interrupted_is_never_made_again_by_itself(served: Served) -> None:
    served.has(OTHER)
    for kind in (PUSH, COMPARE):
        ask(kind, "kiss-foto", now=NOW, by=KATA)
        assert claim(NOW, "gone") is not None
        assert claim(NOW, "other") is None
        assert note_interrupted(NOW + LEASE) == 0
        assert note_interrupted(NOW + LEASE + timedelta(seconds=1)) == 1
        carry_out()

    assert [*Call.objects.order_by("pk").values_list("state", flat=True)] == ["uncertain", "failed"]
    assert "Whether it was done is not known" in Call.objects.earliest("pk").sentence
    assert served.config.read() == OTHER
    assert AuditEntry.objects.filter(action="controller_call_ended").count() == 2


@pytest.mark.usefixtures("served")
def test_a_worker_that_lost_its_lease_notes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its row ended while the controller took its time."""

    def apply_late(*_given: object) -> Done:
        note_interrupted(NOW + 2 * LEASE)
        return Done(200, "ok")

    monkeypatch.setattr(carry, "apply_config", apply_late)

    assert asked(PUSH).state == "uncertain"
    assert AuditEntry.objects.filter(action="controller_call_ended").count() == 1


def test_one_call_of_a_kind_at_a_time(customer: Customer, served: Served) -> None:
    first = ask(PUSH, "kiss-foto", now=NOW, by=KATA)

    assert ask(PUSH, "kiss-foto", now=NOW, by=KATA).pk == first.pk
    ask(UPDATE, "kiss-foto", now=NOW, by=KATA)
    carry_out()
    assert [*customer.calls.values_list("kind", "state")] == [("push", "done"), ("update", "done")]
    assert served.updates == ["wished"]
