import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from django.template import Context, Template
from tests.fleet.summaries import NOW, node, summary

from felhom_hub.fleet.backups import Backup, backup_of
from felhom_hub.fleet.columns import CHOOSABLE, Column
from felhom_hub.fleet.rows import row_of
from felhom_hub.fleet.updates import Updates
from felhom_hub.reports.config_sync import ConfigSync

LAST_NIGHT = NOW - timedelta(hours=10)


def rendered(markup: str, **values: object) -> str:
    return Template("{% load fleet_cells %}" + markup).render(Context({"now": NOW, **values}))


def words(markup: str) -> str:
    """What is read of it."""
    return " ".join(re.sub(r"<title>.*?</title>|<[^>]*>", " ", markup).split())


def cells(
    age: timedelta = timedelta(minutes=4), *, columns: Collection[Column] = CHOOSABLE, **members: Any
) -> list[str]:
    row = row_of(summary(node(age, **members)), now=NOW)
    written = rendered("{% reported_cells r columns %}", r=row, columns=columns)
    return re.findall(r"<td .*?</td>", written)


def test_a_healthy_server_has_its_cells_in_the_order_of_the_columns() -> None:
    found = cells()

    assert [words(cell) for cell in found] == [
        "",
        "4 min ago backup 10 h",
        "8 % 48 °C",
        "61 %",
        "41 %",
        "48 °C",
        "10 h ago",
        "v0.30.0 config unknown",
        "unknown",
        "none",
    ]
    assert [re.findall(r'class="(.*?)"', cell)[0] for cell in found] == [
        "c-hb", "c-seen seen", "c-cpu", "c-mem", "c-dsk", "c-tmp", "c-bk fine", "c-ver fine",
        "c-cfg", "c-ev fine",
    ]  # fmt: skip
    assert [re.findall(r'data-l="(.*?)"', cell) for cell in found[2:]] == [
        ["CPU"], ["Memory"], ["Disk hdd1"], ["CPU temp"], ["Last backup"], ["Controller"],
        ["Config"], ["Events, 24 h"],
    ]  # fmt: skip


def test_a_newer_release_is_told_beside_the_version() -> None:
    row = row_of(summary(node()), now=NOW, updates=Updates("v0.30.2", {"v0.30.0": 1}))
    markup = rendered("{% reported_cells r columns %}", r=row, columns=(Column.CONTROLLER,))

    assert words(markup) == "4 min ago v0.30.0 v0.30.2 is out"
    assert 'class="c-ver"' in markup


@pytest.mark.parametrize(
    ("sync", "is_managed", "css", "word"),
    [
        (ConfigSync.IN_SYNC, True, "c-cfg fine", "in sync"),
        (ConfigSync.IN_SYNC_FORMATTING, True, "c-cfg fine", "in sync (formatting differs)"),
        (ConfigSync.MISMATCH, True, "c-cfg", "differs"),
        (ConfigSync.UNKNOWN, True, "c-cfg", "unknown"),
        (ConfigSync.UNKNOWN, False, "c-cfg fine", "none"),
    ],
)
def test_the_state_of_the_config_has_a_column_and_a_line_below_the_version(
    sync: ConfigSync, is_managed: bool, css: str, word: str
) -> None:
    row = row_of(summary(node(config_sync=sync), is_managed=is_managed), now=NOW)
    markup = rendered("{% reported_cells r columns %}", r=row, columns=(Column.CONTROLLER, Column.CONFIG))

    assert words(markup) == f"4 min ago v0.30.0 config {word} {word}"
    assert re.findall(r'class="(c-cfg.*?)"', markup) == [css]
    links = ["/customers/kovacs-peter/diff"] * 2 if sync is ConfigSync.MISMATCH else []
    assert re.findall(r'<a [^>]*href="(.*?)"', markup) == links


def test_the_state_of_the_config_is_below_the_report_where_there_is_no_version() -> None:
    row = row_of(summary(node(config_sync=ConfigSync.MISMATCH), is_managed=True), now=NOW)
    markup = rendered("{% reported_cells r columns %}", r=row, columns=(Column.CONFIG,))

    assert words(re.findall(r"<td .*?</td>", markup)[0]) == "4 min ago config differs"


def test_one_that_cannot_be_rebuilt_is_said_wherever_its_backup_is() -> None:
    row = row_of(summary(node()), now=NOW, is_lost=True)
    markup = rendered("{% reported_cells r columns %}", r=row, columns=(Column.BACKUP,))

    assert words(markup) == "4 min ago backup 10 h cannot be rebuilt 10 h ago cannot be rebuilt"
    assert 'class="c-bk"' in markup


def test_columns_that_were_not_chosen_are_nowhere_not_even_below_others() -> None:
    assert [words(cell) for cell in cells(columns=(Column.CPU, Column.DISK))] == ["4 min ago", "8 %", "41 %"]
    assert [words(cell) for cell in cells(columns=())] == ["4 min ago"]


def test_a_server_that_never_reported_has_no_such_cells() -> None:
    assert rendered("{% reported_cells r columns %}", r=row_of(summary(), now=NOW), columns=CHOOSABLE) == ""


def test_what_a_controller_has_written_is_escaped() -> None:
    written = "".join(cells(disk_name='"><script>1</script>', controller_version="<script>2</script>"))

    assert "<script>" not in written
    assert 'data-l="Disk &quot;&gt;&lt;script&gt;1&lt;/script&gt;"' in written
    assert "&lt;script&gt;2&lt;/script&gt;" in written


def test_a_silent_server_is_loud_about_its_report_and_calm_about_the_rest() -> None:
    found = cells(timedelta(hours=3), disk_percent=99.0, temperature_celsius=95.0, last_backup_at=NOW - timedelta(9))

    assert '<span class="txt b t-down"><time' in found[1]
    assert [words(cell) for cell in found[1:]] == [
        "3 h ago backup 9 d", "8 % 95 °C", "61 %", "99 %", "95 °C", "9 d ago", "v0.30.0 config unknown",
        "unknown", "none",
    ]  # fmt: skip
    assert "hot" not in "".join(found)


def test_a_hot_processor_stays_visible_where_it_has_no_column() -> None:
    assert (
        '<span class="mg mg-tmp"><span class="txt b t-warn">▲ 84 °C</span></span>' in cells(temperature_celsius=84)[2]
    )


def test_a_server_that_says_little_has_cells_too() -> None:
    found = cells(
        cpu_percent=None, memory_percent=None, disk_percent=None, disk_name=None, temperature_celsius=None,
        controller_version=None, last_backup_at=None, last_backup_ok=None,
    )  # fmt: skip

    assert [words(cell) for cell in found[1:]] == [
        "4 min ago backup n/a",
        *["n/a"] * 5,
        "n/a config unknown",
        "unknown",
        "none",
    ]


@pytest.mark.parametrize(
    ("backup", "cell", "short"),
    [
        (backup_of(None, is_ok=None, is_old=False, now=NOW), "n/a", "backup n/a"),
        (backup_of(LAST_NIGHT, is_ok=True, is_old=False, now=NOW), "10 h ago", "backup 10 h"),
        (backup_of(LAST_NIGHT, is_ok=False, is_old=False, now=NOW), "failed 10 h ago", "backup failed"),
        (backup_of(NOW - timedelta(3), is_ok=True, is_old=False, now=NOW), "3 d ago expected nightly", "backup 3 d"),
        (backup_of(NOW - timedelta(3), is_ok=False, is_old=True, now=NOW), "3 d ago", "backup 3 d"),
    ],
)
def test_a_backup_in_words(backup: Backup, cell: str, short: str) -> None:
    assert words(rendered("{% backup_cell b %}", b=backup)) == cell
    assert words(rendered("{% backup_short b %}", b=backup)) == short


@pytest.mark.parametrize(
    ("errors", "warnings", "said", "links"),
    [
        (0, 0, "none", []),
        (1, 0, "1 error", ["/customers/a?severity=error#events"]),
        (0, 2, "2 warnings", ["/customers/a?severity=warning#events"]),
        (
            1200,
            1,
            "1,200 errors 1 warning",
            ["/customers/a?severity=error#events", "/customers/a?severity=warning#events"],
        ),
    ],
)
def test_events_lead_to_themselves(errors: int, warnings: int, said: str, links: list[str]) -> None:
    tags = rendered("{% event_tags path e w %}", path="/customers/a", e=errors, w=warnings)

    assert words(tags) == said
    assert re.findall(r'<a .*?href="(.*?)"', tags) == links
