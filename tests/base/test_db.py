from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from tests.build import NOW, make_customer
from tests.two_hubs import impatient_connection, locked

from felhom_hub.base.db import Db, short_wait, snapshot
from felhom_hub.base.models import Job
from felhom_hub.customers.models import Customer
from felhom_hub.reports.models import NodeState, Report
from felhom_hub.telemetry.models import TelemetryHour

pytestmark = pytest.mark.django_db

JOB = ("name", "next_at", "lease_holder", "last_error")
REPORT = (
    "customer_id", "position_at", "received_at", "reported_at", "digest", "health", "cpu_percent", "memory_percent",
    "disk_percent", "temperature_celsius", "controller_version", "body",
)  # fmt: skip
LARGEST = 2**63 - 1


def job(name: str = "a", next_at: int = 0) -> tuple[Any, ...]:
    return name, next_at, "", ""


def jobs() -> list[tuple[Any, ...]]:
    return sorted(Db().select(Job, ("name", "next_at"), key="name", values=["a", "b", "c"]))


@pytest.mark.parametrize(
    "row",
    [
        (0, 0, 0, 0, "ok", 0.0, 1.5, 100.0, -3.25, "v1", b""),
        (LARGEST, 1, -1, LARGEST, "warn", 1e15, 0.1, 1e-9, 0.0, "v0.30.0", bytes(range(256))),
        (1, 1, None, 1, None, None, None, None, None, None, b"\x00"),
    ],
)
def test_every_type_of_column_comes_back_as_it_went_in(row: tuple[Any, ...]) -> None:
    pk = make_customer().pk

    Db().insert(Report, REPORT, [(pk, *row)])
    (found,) = Db().select(Report, REPORT, key="customer_id", values=[pk])

    assert (*found[:-1], bytes(found[-1])) == (pk, *row)


def test_truth_values_come_back_and_none_of_them_too() -> None:
    pks = [make_customer(name).pk for name in ("a", "b", "c")]
    names = (
        "customer_id", "first_received_at", "last_received_at", "arrivals", "arrivals_cell", "position_at",
        "latest_digest", "health_messages", "monitoring_paused",
    )  # fmt: skip

    values = (True, False, None)
    Db().insert(
        NodeState, names, [(pk, 1, 1, b"", 1, 1, 1, "[]", value) for pk, value in zip(pks, values, strict=True)]
    )

    assert [state.monitoring_paused for state in NodeState.objects.order_by("customer__customer_id")] == [*values]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kovács 😀",
        "O'Neil",
        'say "hi"',
        "a,b",
        "{a}",
        "{}",
        "NULL",
        "null",
        "\\",
        "\\N",
        "%s",
        "%",
        "?",
        " a ",
        "\n",
    ],
)
def test_every_text_comes_back_as_it_went_in(text: str) -> None:
    Db().insert(Job, JOB, [("a", 1, "", text), ("b", 1, "", "")])

    assert Db().select(Job, ("last_error",), key="name", values=["a"]) == [(text,)]


def test_no_rows_ask_nothing_of_the_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        Db().insert(Job, JOB, [])
        assert Db().select(Job, JOB, key="name", values=[]) == []


def test_many_rows_go_in_and_come_back() -> None:
    names = [f"{index:05}" for index in range(5000)]

    Db().insert(Job, JOB, [job(name) for name in names])

    assert sorted(Db().select(Job, ("name",), key="name", values=[*names, "other"])) == [(name,) for name in names]


def test_a_row_that_is_there_already_fails_the_insert() -> None:
    Db().insert(Job, JOB, [job("a")])

    with pytest.raises(IntegrityError), transaction.atomic():
        Db().insert(Job, JOB, [job("b"), job("a")])

    assert jobs() == [("a", 0)]


def test_a_row_that_is_there_already_can_be_left_as_it_is() -> None:
    Db().insert(Job, JOB, [job("a", 1)])

    Db().insert(Job, JOB, [job("a", 2), job("b", 2)], on_conflict="ignore")

    assert jobs() == [("a", 1), ("b", 2)]


def test_columns_of_the_rows_that_were_written_come_back() -> None:
    Db().insert(Job, JOB, [job("a", 1)])

    written = Db().insert(Job, JOB, [job("a", 2), *(job(f"b{index}") for index in range(99))], on_conflict="ignore", returning=("name", "last_error"))  # fmt: skip  # noqa: E501

    assert sorted(written) == sorted((f"b{index}", "") for index in range(99))
    assert Db().insert(Job, JOB, [], returning=("name",)) == Db().insert(Job, JOB, [job("c")]) == []


def test_leaving_rows_as_they_are_does_not_hide_other_mistakes() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Db().insert(Job, JOB, [("a", None, "", "")], on_conflict="ignore")


def test_a_row_that_is_there_already_can_be_written_over() -> None:
    Db().insert(Job, JOB, [("a", 1, "holder", "error"), job("c", 1)])

    Db().insert(Job, JOB, [job("a", 2), job("b", 2)], on_conflict="update", key=("name",))

    assert jobs() == [("a", 2), ("b", 2), ("c", 1)]


def test_the_key_of_a_row_may_have_several_columns() -> None:
    first, second = make_customer("a").pk, make_customer("b").pk
    names = ("customer_id", "hour", "packed")
    Db().insert(TelemetryHour, names, [(first, 7, b"old"), (second, 7, b"old")])

    Db().insert(
        TelemetryHour,
        names,
        [(first, 7, b"new"), (first, 8, b"new")],
        on_conflict="update",
        key=("customer_id", "hour"),
    )

    rows = Db().select(TelemetryHour, names, key="customer_id", values=[first, second])
    assert sorted((*row[:2], bytes(row[2])) for row in rows) == [
        (first, 7, b"new"),
        (first, 8, b"new"),
        (second, 7, b"old"),
    ]


def test_columns_that_are_not_named_are_left_alone() -> None:
    Db().insert(Job, (*JOB, "started_at"), [("a", 1, "holder", "", 7)])

    Db().insert(Job, JOB, [job("a", 2)], on_conflict="update", key=("name",))

    assert Db().select(Job, ("next_at", "lease_holder", "started_at"), key="name", values=["a"]) == [(2, "", 7)]


def test_rows_are_found_by_values_named_twice_or_not_at_all() -> None:
    Db().insert(Job, JOB, [job("a"), job("b")])

    assert Db().select(Job, ("name",), key="name", values=["a", "a", "x", "O'Neil", ""]) == [("a",)]


def test_a_second_column_narrows_what_is_found() -> None:
    pk = make_customer().pk
    Db().insert(TelemetryHour, ("customer_id", "hour", "packed"), [(pk, 7, b""), (pk, 8, b"")])

    found = Db().select(TelemetryHour, ("hour",), key="customer_id", values=[pk], also=("hour", 8), lock=True)

    assert found == [(8,)]


@pytest.mark.parametrize("row", [("a", None, "", ""), ("a", 2**64, "", ""), (None, 1, "", "")])
def test_what_the_database_refuses_is_one_of_djangos_errors(row: tuple[Any, ...]) -> None:
    with pytest.raises((DatabaseError, OverflowError)), transaction.atomic():
        Db().insert(Job, JOB, [row])


@pytest.mark.django_db(transaction=True)
def test_rows_that_were_locked_cannot_be_changed_until_the_transaction_ends() -> None:
    make_customer("a")

    with impatient_connection() as second:
        with transaction.atomic():
            Db().select(Customer, ("id",), key="customer_id", values=["a"], lock=True)
            with pytest.raises(OperationalError), second.cursor() as cursor:
                cursor.execute("UPDATE customers_customer SET name = 'x'")
        with second.cursor() as cursor:
            cursor.execute("UPDATE customers_customer SET name = 'x'")

    assert Db().select(Customer, ("name",), key="customer_id", values=["a"]) == [("x",)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_seen_by_others_before_the_callers_transaction_ends() -> None:
    with impatient_connection() as second:
        with transaction.atomic():
            Db().insert(Job, JOB, [job("a")])
            assert Db(second).select(Job, ("name",), key="name", values=["a"]) == []
        assert Db(second).select(Job, ("name",), key="name", values=["a"]) == [("a",)]


def patience() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout" if connection.vendor == "postgresql" else "PRAGMA busy_timeout")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_short_wait_is_over_soon_and_the_usual_one_holds_after_it() -> None:
    usual = patience()
    with locked("base_job"), pytest.raises(DatabaseError), short_wait():
        Job.objects.create(name="a", next_at=NOW)

    assert patience() == usual
    with short_wait():
        assert patience() in {"50", "50ms"}
        Job.objects.create(name="a", next_at=NOW)
    assert patience() == usual
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_shows_one_moment_and_holds_nobody_up() -> None:
    with impatient_connection() as second, snapshot():
        assert Job.objects.count() == 0
        Db(second).insert(Job, JOB, [job("a")])
        assert Job.objects.count() == 0

    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_a_snapshot_that_failed_the_database_is_written_as_ever() -> None:
    with pytest.raises(KeyError), snapshot():
        raise KeyError

    Job.objects.create(name="a", next_at=NOW)

    assert Job.objects.count() == 1


def test_a_snapshot_within_a_transaction_is_part_of_it() -> None:
    with transaction.atomic():
        Job.objects.create(name="a", next_at=NOW)
        with snapshot():
            assert Job.objects.count() == 1

    assert Job.objects.count() == 1
