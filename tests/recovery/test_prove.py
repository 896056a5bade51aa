import base64
import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.build import NOW, incoming, make_customer, record
from tests.doors import managed_customer
from tests.recovery.snapshots import arrival
from tests.recovery.snapshots import record as record_snapshots

from felhom_hub.configs.generate import generate
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.events.models import Event
from felhom_hub.recovery.checks import Examination, Verdict
from felhom_hub.recovery.drill import note_try
from felhom_hub.recovery.examine import examine
from felhom_hub.recovery.models import DrillTry, InfraBackup, RecoveryCheck
from felhom_hub.recovery.prove import check_customer, due_customers, forget_customer, last_due

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Budapest")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAST_NIGHT = "2026-11-23T02:00:00Z"
STACKS = [{"name": "immich"}, {"name": "nextcloud"}]


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def snapshot(customer: Customer, at: datetime = NOW, **members: Any) -> None:
    """A whole snapshot of the customer, but for `members`."""
    document = {
        "customer_id": customer.customer_id,
        "controller_yaml": packed(generate(customer).yaml),
        "settings_json": packed("{}"),
        "disk_layout": [{"name": "Rendszer", "path": "/", "uuid": "6f1d"}],
        "stacks": STACKS,
        "restic_passwords": {"primary": "a-restic-password"},
        **members,
    }
    record_snapshots(arrival(json.dumps(document).encode(), received_at=at))


@pytest.fixture
def customer() -> Customer:
    """With a snapshot and a report that fit each other."""
    managed_customer("nagy")
    found = Customer.objects.get(customer_id="nagy")
    snapshot(found)
    report()
    return found


def report(at: datetime = NOW, **members: Any) -> None:
    backup = {"last_backup_at": LAST_NIGHT, "last_backup_ok": True}
    record([incoming("nagy", received_at=at, **{"stacks": STACKS, "backup": backup, **members})])


def check(customer: Customer, at: datetime = NOW) -> Examination:
    return check_customer(customer, now=at, zone=ZONE)


def told() -> list[tuple[str, str, str]]:
    rows = Event.objects.filter(event_type__startswith="recovery_").order_by("pk")
    return [(row.event_type, row.severity, row.message) for row in rows]


def test_a_server_with_all_that_it_needs_can_be_rebuilt(customer: Customer) -> None:
    found = check(customer)

    assert (found.verdict, found.reason, found.states) == (Verdict.YES, "All 5 checks pass", "yyyyy")
    row = RecoveryCheck.objects.get()
    assert (row.version, row.rank, row.since_at, row.checked_at) == (1, 2, NOW, NOW)
    assert "a-restic-password" not in row.examination + row.good
    assert told() == []


def test_each_fall_is_told_once_and_its_end_as_well(customer: Customer) -> None:
    check(customer)
    snapshot(customer, NOW + HOUR, restic_passwords={})
    for hours in (2, 3):
        check(customer, NOW + hours * HOUR)
    snapshot(customer, NOW + 4 * HOUR, controller_yaml="%%%")
    check(customer, NOW + 5 * HOUR)
    snapshot(customer, NOW + 6 * HOUR, note="again")
    for hours in (7, 8):
        check(customer, NOW + hours * HOUR)

    assert told() == [
        (
            "recovery_degraded", "warning",
            "The server could be rebuilt only with a gap: Without a restic password no app data comes back.",
        ),
        (
            "recovery_degraded", "error",
            ("The server cannot be rebuilt from the hub: The controller.yaml is cut off or damaged: it is no base64. "
            "Version 1 of 23 Nov 2026 is good."),
        ),
        ("recovery_restored", "info", "The server could be rebuilt from the hub again."),
    ]  # fmt: skip
    row = RecoveryCheck.objects.get()
    assert (row.rank, row.rank_before, row.since_at) == (2, 0, NOW + 7 * HOUR)


def test_what_is_bad_at_first_sight_is_not_told() -> None:
    managed_customer("nagy")
    report()
    customer = Customer.objects.get()

    assert check(customer).verdict is Verdict.NO
    check(customer, NOW + DAY)

    assert told() == []


def test_a_backup_that_grows_old_has_alarms_of_its_own(customer: Customer) -> None:
    check(customer)
    report(NOW + 2 * DAY)
    snapshot(customer, NOW + 2 * DAY, note="new")

    found = check(customer, NOW + 2 * DAY)

    assert (found.verdict, found.headline) == (Verdict.WITH_GAPS, "Rebuild with a loss")
    assert told() == []


def test_a_passphrase_that_does_not_open_the_door_is_seen(customer: Customer) -> None:
    check(customer)
    Credential.objects.filter(kind="retrieval_password").update(revoked_at=NOW)

    found = check(customer, NOW + HOUR)

    assert (found.verdict, found.reason) == (Verdict.NO, "The customer has no passphrase")
    assert [kind for kind, *_ in told()] == ["recovery_degraded"]


def test_an_envelope_that_was_changed_is_a_snapshot_that_does_not_open(customer: Customer) -> None:
    InfraBackup.objects.update(envelope="v1:k:AAAA:AAAA")

    assert check(customer).checks[0].title == "The newest snapshot does not open"


def test_an_answer_that_cannot_be_made_is_seen(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("felhom_hub.configs.generate.current_template", lambda: "a: [\n")

    assert check(customer).reason == "The configuration cannot be made; its preview says why"


def test_drives_are_compared_but_for_decommissioned_ones(customer: Customer) -> None:
    drives = [
        {"name": "Rendszer", "path": "/", "state": "ok"},
        {"name": "hdd1", "path": "/mnt/hdd1", "state": "ok"},
        {"name": "old", "path": "/mnt/old", "state": "decommissioned"},
    ]
    report(NOW + HOUR, storage=drives)

    assert check(customer).reason == "hdd1 reports, but is not in the layout"


def test_a_check_that_another_hub_made_meanwhile_is_not_told_again(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(customer)
    snapshot(customer, NOW + HOUR, restic_passwords={})

    def slowly(*arguments: Any, **options: Any) -> Examination:
        monkeypatch.setattr("felhom_hub.recovery.prove.examine", examine)
        check(customer, NOW + 2 * HOUR)
        return examine(*arguments, **options)

    monkeypatch.setattr("felhom_hub.recovery.prove.examine", slowly)
    check(customer, NOW + 2 * HOUR)

    assert len(told()) == 1


def test_a_smaller_snapshot_that_is_another_each_day_is_accepted_after_a_week(customer: Customer) -> None:
    snapshot(customer, NOW + HOUR, restic_passwords={"primary": "a-restic-password", "second": "another"})
    check(customer, NOW + HOUR)
    verdicts = []
    for day in range(1, 10):
        snapshot(customer, NOW + day * DAY, note=f"of day {day}")
        report(NOW + day * DAY, backup={"last_backup_at": (NOW + day * DAY).isoformat(), "last_backup_ok": True})
        # Twice, as after each snapshot and at 04:50.
        verdicts.append({check(customer, NOW + day * DAY + hours * HOUR).verdict for hours in (0, 1)})

    assert verdicts == [{Verdict.WITH_GAPS}] * 7 + [{Verdict.YES}] * 2
    assert [kind for kind, *_ in told()] == ["recovery_degraded", "recovery_restored"]
    # Of two passwords there is one now, and that is what later ones are measured by.
    snapshot(customer, NOW + 10 * DAY, restic_passwords={})
    assert check(customer, NOW + 10 * DAY).checks[1].title == "There is no restic password in the snapshot"


def due(at: datetime) -> list[str]:
    return [each.customer_id for each in due_customers(at, ZONE, limit=10)]


def test_everybody_is_due_each_day_and_after_a_new_snapshot(customer: Customer) -> None:
    make_customer("pending", is_managed=True)
    make_customer("blocked", blocked_at=NOW)
    record([incoming("blocked")])

    assert due(NOW) == ["nagy"]
    check(customer)
    assert due(NOW + HOUR) == []
    snapshot(customer, NOW + HOUR, note="new")
    assert due(NOW + HOUR) == ["nagy"]
    check(customer, NOW + HOUR)
    assert due(datetime(2026, 11, 24, 3, 49, tzinfo=NOW.tzinfo)) == []
    assert due(datetime(2026, 11, 24, 3, 50, tzinfo=NOW.tzinfo)) == ["nagy"]
    # The clock was ahead when it was checked, and was set right.
    assert due(NOW - DAY) == ["nagy"]


@pytest.mark.parametrize(
    ("now", "at"),
    [
        ("2026-11-23T03:50:00+00:00", "2026-11-23T03:50:00+00:00"),
        ("2026-11-23T03:49:59+00:00", "2026-11-22T03:50:00+00:00"),
        ("2026-03-29T10:00:00+00:00", "2026-03-29T02:50:00+00:00"),  # the night that has no hour from two to three
        ("2026-10-25T10:00:00+00:00", "2026-10-25T03:50:00+00:00"),
    ],
)
def test_the_day_begins_at_ten_to_five_of_the_hubs_zone(now: str, at: str) -> None:
    assert last_due(datetime.fromisoformat(now), ZONE) == datetime.fromisoformat(at)


def test_nothing_is_kept_of_a_deleted_customer(customer: Customer) -> None:
    check(customer)
    note_try(customer, now=NOW)

    forget_customer(customer.pk)

    assert not RecoveryCheck.objects.exists()
    assert not DrillTry.objects.exists()
