import ipaddress
from collections.abc import Mapping
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings
from tests.asgi import Answer, call, run, scope_of
from tests.build import GLOBAL_KEY, NOW, make_api_key, make_customer

from felhom_hub import __version__
from felhom_hub.backups.noted import Noted
from felhom_hub.base.endpoint import AsgiApp, Receive, Scope, Send, send_json
from felhom_hub.base.proxies import FORWARDING_HEADERS
from felhom_hub.base.writer import Writer
from felhom_hub.customers.recognise import Recogniser
from felhom_hub.project.metrics import Intake, is_plain_loopback, metrics_endpoint

LOOPBACK = ("127.0.0.1", 40_000)
ELSEWHERE = ("203.0.113.7", 40_000)
GLOBAL = {"Authorization": f"Bearer {GLOBAL_KEY}"}
REPORT, EVENT = "/api/v1/report", "/api/v1/event"


def answering(status: int) -> AsgiApp:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send_json(send, {}, status=status)

    return app


def new_intake(stored: list[int] | None = None, *, report: int = 200, event: int = 200) -> Intake:
    calls = [] if stored is None else stored
    return Intake({REPORT: answering(report), EVENT: answering(event)}, stored=lambda: calls.append(1))


def ask(
    *,
    client: tuple[str, int] | None = LOOPBACK,
    headers: Mapping[str, str] | None = None,
    method: str = "GET",
    intake: Intake | None = None,
) -> Answer:
    app = metrics_endpoint(Writer(), intake or new_intake(), Recogniser())
    return run(call(app, method, "/metrics", headers=headers, client=client))


def samples(answer: Answer) -> dict[tuple[str, str, str], float]:
    """The hub's own samples by name, path and whatever other label there is."""
    found = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for sample in family.samples:
            if sample.name.startswith("felhom_hub_"):
                labels = dict(sample.labels)
                path = labels.pop("path", "")
                found[sample.name, path, next(iter(labels.values()), "")] = sample.value
    return found


async def send_reports(intake: Intake, *paths: str) -> None:
    for path in paths:
        await call(intake.counted[path], "POST", path)


def test_answers_are_counted_by_path_and_status() -> None:
    intake = new_intake(event=503)
    run(send_reports(intake, REPORT, REPORT, EVENT))

    found = samples(ask(intake=intake))

    assert {place: value for place, value in found.items() if place[0] == "felhom_hub_intake_answers_total"} == {
        ("felhom_hub_intake_answers_total", REPORT, "200"): 2.0,
        ("felhom_hub_intake_answers_total", EVENT, "200"): 0.0,
        ("felhom_hub_intake_answers_total", EVENT, "503"): 1.0,
    }
    assert found["felhom_hub_intake_seconds_count", REPORT, ""] == 2.0
    assert found["felhom_hub_intake_seconds_bucket", REPORT, "+Inf"] == 2.0
    assert found["felhom_hub_intake_seconds_sum", REPORT, ""] > 0


def test_buckets_add_up() -> None:
    intake = new_intake()
    intake.within[REPORT] = [3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1]

    found = samples(ask(intake=intake))

    buckets = [value for place, value in found.items() if place[:2] == ("felhom_hub_intake_seconds_bucket", REPORT)]
    assert buckets == [3, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6]


def test_what_was_stored_is_told_at_once() -> None:
    stored: list[int] = []
    intake = new_intake(stored, event=422)

    run(send_reports(intake, REPORT, EVENT, REPORT))

    assert stored == [1, 1]


def test_an_answer_passes_through_unchanged() -> None:
    assert run(call(new_intake().counted[REPORT], "POST")) == run(call(answering(200), "POST"))


def test_version_writer_and_process_are_told() -> None:
    answer = ask()

    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    assert samples(answer)["felhom_hub_build_info", "", __version__] == 1.0
    assert {place[0] for place in samples(answer)} >= {
        "felhom_hub_writer_waiting",
        "felhom_hub_writer_committed_total",
        "felhom_hub_writer_batches_total",
    }
    assert b"process_resident_memory_bytes" in answer.body


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_this_machine_needs_no_key(address: str) -> None:
    assert ask(client=(address, 1)).status == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "client",
    [
        ELSEWHERE,
        ("10.0.0.1", 1),
        ("::ffff:10.0.0.1", 1),
        ("2001:db8::1", 1),
        ("192.0.2.1", 1),
        ("", 1),
        ("localhost", 1),
        None,
    ],
)
def test_others_need_the_global_key(client: tuple[str, int] | None) -> None:
    assert ask(client=client).status == 401
    assert ask(client=client, headers={"Authorization": "Bearer nobodys"}).status == 401
    assert ask(client=client, headers=GLOBAL).status == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(FORWARDING_HEADERS | {"x-forwarded-host", "cf-connecting-ip", "x-client-ip"}))
def test_a_request_that_somebody_passed_on_needs_the_key_too(name: str) -> None:
    assert ask(headers={name: "127.0.0.1"}).status == 401
    assert ask(headers={name: "127.0.0.1", **GLOBAL}).status == 200


@pytest.mark.django_db(transaction=True)
def test_behind_a_trusted_proxy_nobody_is_on_this_machine(settings: Settings) -> None:
    networks = (ipaddress.ip_network("10.0.0.0/8"),)
    settings.HUB = replace(settings.HUB, server=replace(settings.HUB.server, trusted_proxies=networks))

    assert ask().status == 401
    assert ask(headers=GLOBAL).status == 200


@pytest.mark.django_db(transaction=True)
def test_a_customers_own_key_is_not_enough_even_on_this_machine() -> None:
    answer = ask(headers={"Authorization": f"Bearer {make_api_key(make_customer('a'))}"})

    assert (answer.status, answer.json()["error"]) == (403, "Metrics are for the global key; this is a customer's own")


@pytest.mark.django_db(transaction=True)
def test_a_wrong_key_is_refused_even_on_this_machine() -> None:
    assert ask(headers={"Authorization": "Bearer nobodys"}).status == 401


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("POST", 405)])
def test_only_reading_is_possible(method: str, status: int) -> None:
    assert ask(method=method).status == status


def test_without_an_address_nobody_is_on_this_machine() -> None:
    assert is_plain_loopback(scope_of(client=None)) is False


def test_the_disk_and_the_proven_backup_are_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = samples(ask())
    settings.HUB = replace(settings.HUB, backup=replace(settings.HUB.backup, dir="/backups"))
    monkeypatch.setattr("felhom_hub.backups.noted._noted", [Noted(NOW, NOW, 31_000_000, is_alarmed=True)])
    with_backups = samples(ask())
    monkeypatch.setattr("felhom_hub.backups.noted._noted", [Noted(NOW, None, None, is_alarmed=False)])
    before_the_first = samples(ask())

    prefix = "felhom_hub_backup_"
    found = [
        {name.removeprefix(prefix): value for (name, _, _), value in each.items() if name.startswith(prefix)}
        for each in (alone, with_backups, before_the_first)
    ]
    assert found == [
        {},
        {
            "last_success_timestamp_seconds": NOW.timestamp(),
            "last_success_size_bytes": 31_000_000,
            "alarm": 1,
        },
        {"last_success_timestamp_seconds": 0, "alarm": 0},
    ]
    sizes = {name: value for (name, _, _), value in alone.items() if name.endswith("_bytes")}
    assert sizes["felhom_hub_volume_size_bytes"] >= sizes["felhom_hub_volume_free_bytes"] > 0
