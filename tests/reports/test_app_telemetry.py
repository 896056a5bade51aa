from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import asdict
from tests.build import app_entry, report_body

from felhom_hub.base.tolerant import as_items
from felhom_hub.reports.app_telemetry import (
    MAX_APPS,
    MAX_ISSUES,
    MAX_ISSUES_OF_REPORT,
    PATHS,
    AppFacts,
    IssueFacts,
    read_apps,
    read_apps_of,
)

SEEN = "2026-02-25T08:15:00Z"
SEEN_UTC = datetime(2026, 2, 25, 8, 15, tzinfo=UTC)
OF_AN_ISSUE: dict[str, tuple[Any, Any]] = {
    "fingerprint": ("abc", "abc"),
    "message": ("gone", "gone"),
    "severity": ("warning", "warning"),
    "container_name": ("web", "web"),
    "count": (7, 7),
    "first_seen_at": (SEEN, SEEN_UTC),
    "last_seen_at": (SEEN, SEEN_UTC),
}
NUMBERS = (
    "memory_peak_mb", "cpu_avg_percent", "memory_request_mb", "memory_limit_mb", "log_errors_24h", "log_warnings_24h",
)  # fmt: skip
NO_ISSUE = IssueFacts("", "f", "error", "", 1, None, None)


def app(**members: Any) -> dict[str, Any]:
    """What is read of one app that has these members beside its name, without what it does not say."""
    (facts,) = read_apps([{"app_name": "a", **members}])
    return {name: value for name, value in asdict(facts).items() if value not in (None, ())}


def issues_of(entries: Any) -> tuple[IssueFacts, ...]:
    (facts,) = read_apps([{"app_name": "a", "issues": entries}])
    return facts.issues


def test_the_canonical_entry_is_read_whole() -> None:
    issue = {"severity": "error", "message": "no route", "fingerprint": "f1", "count": 3, "first_seen": SEEN,
             "last_seen": SEEN, "container_name": "immich-server"}  # fmt: skip

    assert read_apps([app_entry(top_issues=[issue])]) == (
        AppFacts(
            app_name="immich",
            display_name="Immich",
            memory_mb=790.4,
            memory_peak_mb=1100.9,
            cpu_avg_percent=2.4,
            memory_request_mb=1024,
            memory_limit_mb=2048,
            log_errors_24h=3,
            log_warnings_24h=11,
            issues=(IssueFacts("immich-server", "f1", "error", "no route", 3, SEEN_UTC, SEEN_UTC),),
        ),
    )


def test_every_name_in_the_table_is_tested() -> None:
    assert set(PATHS) == {
        "app_name", "display_name", "memory_current_mb", "memory_avg_mb", "issues", *NUMBERS, *OF_AN_ISSUE,
    }  # fmt: skip


@pytest.mark.parametrize("name", PATHS["app_name"])
def test_an_app_is_named_under_each_alias(name: str) -> None:
    assert [facts.app_name for facts in read_apps([{name: "immich"}])] == ["immich"]


@pytest.mark.parametrize("name", PATHS["display_name"])
def test_it_is_shown_by_its_title_else_by_its_name(name: str) -> None:
    assert app(**{name: "Immich"})["display_name"] == "Immich"
    assert app()["display_name"] == "a"


@pytest.mark.parametrize(("fact", "name"), [(fact, name) for fact in NUMBERS for name in PATHS[fact]])
def test_numbers_are_found_under_each_alias(fact: str, name: str) -> None:
    said = {"app_name": "a", "display_name": "a"}

    assert app(**{name: 7}) == {**said, fact: 7}
    assert app(**{name: "7"}) == {**said, fact: 7}
    assert app(**{name: 0}) == {**said, fact: 0}
    for unreadable in (-1, 1e300, 10**400, True, "many", None, [7], {"value": 7}):
        assert app(**{name: unreadable}) == said


@pytest.mark.parametrize("name", PATHS["memory_current_mb"])
@pytest.mark.parametrize("average", PATHS["memory_avg_mb"])
def test_memory_is_the_average_else_the_current_use(name: str, average: str) -> None:
    assert app(**{name: 500, average: 400})["memory_mb"] == 400
    assert app(**{name: 500})["memory_mb"] == 500
    assert app(**{name: 500, average: "n/a"})["memory_mb"] == 500
    assert app(**{name: 500, average: 0})["memory_mb"] == 0


def test_an_alias_counts_where_the_first_name_cannot_be_read() -> None:
    assert app(log_errors_24h="many", error_count=5)["log_errors_24h"] == 5
    assert app(catalog_memory_limit_mb=-1, mem_limit=5)["memory_limit_mb"] == 5


@pytest.mark.parametrize("name", PATHS["issues"])
@pytest.mark.parametrize("entries", [[{"fingerprint": "f"}], {"x": {"fingerprint": "f"}}])
def test_issues_are_found_under_each_alias(name: str, entries: Any) -> None:
    assert app(**{name: entries})["issues"] == (NO_ISSUE,)


@pytest.mark.parametrize(("fact", "name"), [(fact, name) for fact in OF_AN_ISSUE for name in PATHS[fact]])
def test_an_issue_is_read_under_each_alias(fact: str, name: str) -> None:
    sent, read = OF_AN_ISSUE[fact]

    (issue,) = issues_of([{"fingerprint": "f", name: sent}] if fact != "fingerprint" else [{name: sent}])

    assert asdict(issue) == {**asdict(NO_ISSUE), fact: read}


@pytest.mark.parametrize(
    ("entry", "fingerprints"),
    [
        ({"message": "no route to host"}, ["no route to host"]),
        ({"message": "x" * 500}, ["x" * 128]),
        ({"fingerprint": " ", "message": "gone"}, ["gone"]),
        ({"fingerprint": "f" * 500}, ["f" * 128]),
        ({}, []),
        ({"fingerprint": 5, "message": None}, []),
        ("gone", []),
        (None, []),
    ],
)
def test_an_issue_is_recognised_by_its_fingerprint_else_by_its_message(entry: Any, fingerprints: list[str]) -> None:
    assert [issue.fingerprint for issue in issues_of([entry])] == fingerprints


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("connection 123456 lost", "connection # lost"),
        ("job 1234567890123 of 98765432", "job # of #"),
        ("HTTP 502 from 10.0.0.5:8080", "HTTP 502 from 10.0.0.5:8080"),
        ("port 65535, id 12345", "port 65535, id 12345"),
        ("x " + "1" * 900 + "y", "x #y"),
    ],
)
def test_messages_that_differ_in_long_numbers_are_one_kind_of_issue(message: str, kind: str) -> None:
    (found,) = issues_of([{"message": message}])

    assert (found.fingerprint, found.message) == (kind, message)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("connection 123456 lost", "connection # lost"),
        ("8d969eef6ecad3c29a3a629280e686cf", "8d969eef6ecad3c29a3a629280e686cf"),
        ("2936478213", "2936478213"),
        ("f123456", "f123456"),
    ],
)
def test_a_fingerprint_that_is_a_sentence_is_treated_likewise_and_a_hash_is_kept(sent: str, kept: str) -> None:
    assert [issue.fingerprint for issue in issues_of([{"fingerprint": sent}])] == [kept]


@pytest.mark.parametrize(
    ("count", "kept"), [(0, 1), (1, 1), ("12", 12), (-5, 1), (None, 1), (1e12, 2_147_483_647), (10**400, 1), (2.9, 2)]
)
def test_an_issue_was_seen_once_at_least(count: Any, kept: int) -> None:
    assert issues_of([{"fingerprint": "f", "count": count}])[0].count == kept


def test_of_one_container_ten_issues_are_kept() -> None:
    entries = [{"fingerprint": f"f{index}", "container_name": name} for name in ("web", "db") for index in range(30)]

    kept = [(issue.container_name, issue.fingerprint) for issue in issues_of(entries)]

    assert MAX_ISSUES == 10
    assert kept == [(name, f"f{index}") for name in ("web", "db") for index in range(10)]


def test_an_issue_that_comes_twice_is_kept_once() -> None:
    entries = [{"fingerprint": "f", "count": count} for count in (3, 5)] * 20 + [{"fingerprint": "g"}]

    assert [(issue.fingerprint, issue.count) for issue in issues_of(entries)] == [("f", 3), ("g", 1)]


def test_a_report_has_so_many_issues_at_most() -> None:
    entries = [
        {"app_name": f"a{index}", "issues": [{"fingerprint": "f", "container": f"c{number}"} for number in range(100)]}
        for index in range(30)
    ]

    apps = read_apps(entries)

    assert len(apps) == 30
    assert sum(len(facts.issues) for facts in apps) == MAX_ISSUES_OF_REPORT


@pytest.mark.parametrize(
    "entries", [[], [None, 1, "a", [], {}], [{"app_name": " "}], [{"app_name": 5}], [{"title": 1}]]
)
def test_entries_without_a_name_are_left_out(entries: list[Any]) -> None:
    assert read_apps(entries) == ()


def test_each_app_counts_once_and_so_many_at_most() -> None:
    entries = [{"app_name": f"a{index // 2}", "mem_limit": index} for index in range(1000)]

    apps = read_apps(entries)

    assert [facts.app_name for facts in apps] == [f"a{index}" for index in range(MAX_APPS)]
    assert [facts.memory_limit_mb for facts in apps] == [2 * index for index in range(MAX_APPS)]


def test_texts_are_cut_and_cleaned() -> None:
    issue = {"fingerprint": "f", "message": "m\x00" * 2000, "severity": "s" * 50, "container": "\ud800" * 300}

    (facts,) = read_apps([{"app_name": "é" * 300, "display_name": "d\x00" * 300, "issues": [issue]}])

    assert (facts.app_name, facts.display_name) == ("é" * 200, "d" * 200)
    assert facts.issues == (IssueFacts("\ufffd" * 200, "f", "s" * 16, "m" * 1000, 1, None, None),)


@pytest.mark.parametrize(
    "apps",
    [
        [app_entry(), app_entry(app_name="b", name="c")],
        [app_entry(), app_entry(app_name="b", memory_avg_mb="12 ")],
        [app_entry(display_name="Árvíz"), "nonsense", None],
        {"immich": app_entry()},
        [],
        None,
        "nonsense",
    ],
)
def test_apps_of_a_body_in_whatever_wording_are_read_as_the_tolerant_way_reads_them(apps: Any) -> None:
    assert read_apps_of(report_body(app_telemetry=apps)) == read_apps(as_items(apps))


@pytest.mark.parametrize("entries", [[{"app_name": "immich"}], {"immich": {}}, {"x": {"name": "immich"}}])
def test_apps_of_a_body_come_as_a_list_or_by_name(entries: Any) -> None:
    assert [app.app_name for app in read_apps_of(report_body(app_telemetry=entries))] == ["immich"]


@pytest.mark.parametrize(
    "odd", [b'"text": "\\ud800"', b'"text": "\\u0000"', b'"number": 1e999', b'"number": ' + b"9" * 400]
)
def test_apps_are_read_beside_what_a_strict_reader_would_refuse(odd: bytes) -> None:
    body = b'{"customer_id": "a", %b, "app_telemetry": [{"app_name": "immich", "memory_avg_mb": 5}]}' % odd

    assert [(app.app_name, app.memory_mb) for app in read_apps_of(body)] == [("immich", 5)]
