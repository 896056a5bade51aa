from datetime import timedelta

import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import app, store

from felhom_hub.telemetry.issues import Issue, read_issues

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def issue(fingerprint: str, **members: object) -> dict[str, object]:
    return {"fingerprint": fingerprint, "message": f"message of {fingerprint}", **members}


def test_one_fingerprint_is_one_row_over_customers_and_containers() -> None:
    store(make_customer("a"), NOW - DAY, app(top_issues=[issue("f", count=3, container_name="x")]))
    store(
        make_customer("b"),
        NOW,
        app(top_issues=[issue("f", count=4), issue("g", severity="warning"), issue("h", severity="critical")]),
        app(1, "gitea", top_issues=[issue("f")]),
    )

    found, count = read_issues("immich", since=NOW - 2 * DAY, most=2)

    assert count == 3
    assert found == [
        Issue("Error", "down", "message of f", 7, 2, NOW - DAY, NOW),
        Issue("Critical", "down", "message of h", 1, 1, NOW, NOW),
    ]
    assert [each.message for each in read_issues("immich", since=NOW, most=9)[0]] == [
        "message of f",
        "message of h",
        "message of g",
    ]
