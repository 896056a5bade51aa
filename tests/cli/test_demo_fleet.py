import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from tests.build import NOW

from felhom_controller.blueprint import build_fleet
from felhom_controller.synthetic import body_at
from felhom_hub.cli.demo_fleet import manage_fleet
from felhom_hub.configs.generate import generate
from felhom_hub.customers.models import Customer
from felhom_hub.recovery.checks import Verdict
from felhom_hub.recovery.jobs import check_recovery
from felhom_hub.recovery.models import InfraBackup, RecoveryCheck
from felhom_hub.recovery.prove import RANKS
from felhom_hub.reports.past import record_past_reports

pytestmark = pytest.mark.django_db

FLEET = build_fleet(7, 24)


def test_nearly_all_are_managed_and_most_boxes_have_the_hubs_file(tmp_path: Path) -> None:
    boxes, keys = tmp_path / "boxes", tmp_path / "keys.json"
    manage_fleet(FLEET, boxes=boxes, keys=keys, now=NOW)

    customers = {each.customer_id: each for each in Customer.objects.filter(is_managed=True)}
    live = {each: (boxes / each / "controller.yaml").read_bytes() for each in customers}
    alike = Counter(sha256(live[each]).hexdigest() == generate(customers[each]).sha256 for each in customers)
    assert alike == {True: 19, False: 3}
    found = json.loads(keys.read_text())
    assert found.keys() == customers.keys()
    assert InfraBackup.objects.values("customer").distinct().count() == 23
    assert (keys.stat().st_mode & 0o777, len(set(found.values()))) == (0o600, 22)


def test_a_demo_that_goes_on_leaves_what_is_on_the_boxes(tmp_path: Path) -> None:
    boxes, keys = tmp_path / "boxes", tmp_path / "keys.json"
    manage_fleet(FLEET[:2], boxes=boxes, keys=keys, now=NOW)
    pushed = boxes / "kiss-foto" / "controller.yaml"
    pushed.write_bytes(b"another: 1\n")
    before = keys.read_text()

    manage_fleet(FLEET[:2], boxes=boxes, keys=keys, now=NOW)

    assert (pushed.read_bytes(), keys.read_text()) == (b"another: 1\n", before)


def test_some_could_be_rebuilt_some_with_a_gap_and_one_could_not(tmp_path: Path) -> None:
    manage_fleet(FLEET, boxes=tmp_path / "boxes", keys=tmp_path / "keys.json", now=NOW)
    for _ in record_past_reports((NOW, body_at(machine, NOW)) for machine in FLEET):
        pass

    check_recovery(NOW)

    found = dict(RecoveryCheck.objects.values_list("customer__customer_id", "reason"))
    assert {*RecoveryCheck.objects.values_list("rank", flat=True)} == {*RANKS.values()}
    assert found[FLEET[17].customer_id] == "The server has never sent a snapshot"
    assert found[FLEET[10].customer_id] == "Without a restic password no app data comes back"
    assert Counter(RecoveryCheck.objects.values_list("rank", flat=True))[RANKS[Verdict.NO]] == 1
    assert Counter(RecoveryCheck.objects.values_list("rank", flat=True))[RANKS[Verdict.YES]] > len(FLEET) / 2
