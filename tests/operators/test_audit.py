from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from felhom_hub.base.db import lift_append_only, make_append_only
from felhom_hub.operators.audit import COMMAND_LINE, Actor, nobody_at, operator_at, record_audit
from felhom_hub.operators.models import AppendOnlyError, AuditEntry

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
COLUMNS = ("at", "actor", "action", "customer_id", "detail", "address")

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_when_to_whom_and_from_where() -> None:
    by = Actor("operator", "192.0.2.7")
    record_audit("customer_blocked", by=by, now=NOW, customer_id="kovacs-peter", detail="moved away")
    expected = (NOW, "operator", "customer_blocked", "kovacs-peter", "moved away", "192.0.2.7")
    assert list(AuditEntry.objects.values_list(*COLUMNS)) == [expected]


def test_at_the_command_line_there_is_no_address() -> None:
    record_audit("hub_started", by=COMMAND_LINE, now=NOW)
    assert list(AuditEntry.objects.values_list(*COLUMNS)) == [(NOW, "command line", "hub_started", "", "", "")]


def test_an_entry_goes_with_the_deed_that_is_taken_back() -> None:
    with transaction.atomic():
        record_audit("customer_blocked", by=COMMAND_LINE, now=NOW)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


def test_those_in_a_browser_are_named_with_their_address() -> None:
    assert (operator_at("192.0.2.7"), nobody_at("192.0.2.7")) == (
        Actor("operator", "192.0.2.7"),
        Actor("nobody", "192.0.2.7"),
    )


def change_by_row() -> None:
    entry = AuditEntry.objects.get()
    entry.actor = "nobody"
    entry.save()


@pytest.mark.parametrize(
    "tamper",
    [
        change_by_row,
        lambda: AuditEntry.objects.get().delete(),
        lambda: AuditEntry.objects.update(actor="nobody"),
        lambda: AuditEntry.objects.filter(actor="command line").update(actor="nobody"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.filter(actor="command line").delete(),
        lambda: AuditEntry.objects.bulk_update([AuditEntry(pk=AuditEntry.objects.get().pk, actor="x")], ["actor"]),
        lambda: AuditEntry.objects.update_or_create(actor="command line", defaults={"actor": "nobody"}),
    ],
)
def test_an_entry_is_never_changed_or_removed(tamper: Callable[[], object]) -> None:
    record_audit("customer_blocked", by=COMMAND_LINE, now=NOW)

    with pytest.raises(AppendOnlyError), transaction.atomic():
        tamper()

    assert list(AuditEntry.objects.values_list("actor", flat=True)) == ["command line"]


def refused_statements() -> list[str]:
    update, delete = "UPDATE operators_auditentry SET actor = 'nobody'", "DELETE FROM operators_auditentry"
    if connection.vendor == "postgresql":
        return [update, delete, "TRUNCATE operators_auditentry"]
    return [update, delete, "REPLACE INTO operators_auditentry SELECT * FROM operators_auditentry"]


def test_the_database_itself_refuses_to_change_or_remove_an_entry() -> None:
    record_audit("customer_blocked", by=COMMAND_LINE, now=NOW)

    for statement in refused_statements():
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert list(AuditEntry.objects.values_list("actor", flat=True)) == ["command line"]


def test_the_migration_that_makes_the_database_refuse_can_be_taken_back() -> None:
    record_audit("customer_blocked", by=COMMAND_LINE, now=NOW)

    with transaction.atomic(), connection.cursor() as cursor:
        lift_append_only(connection, AuditEntry._meta.db_table)
        cursor.execute("DELETE FROM operators_auditentry")
        make_append_only(connection, AuditEntry._meta.db_table)

    assert not AuditEntry.objects.exists()
