from datetime import UTC, datetime

import pytest
from django.template import Context, Template

from felhom_hub.base.templatetags.hub import icon
from felhom_hub.fleet.meters import DISK, meter_of
from felhom_hub.fleet.strip import Strip
from felhom_hub.reports.config_sync import ConfigSync
from felhom_hub.reports.status import Status

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def rendered(markup: str, **values: object) -> str:
    return Template("{% load fleet %}" + markup).render(Context({"now": NOW, **values}))


@pytest.mark.parametrize(
    ("status", "start", "word"),
    [
        (Status.DOWN, '<span class="st t-down">', "DOWN"),
        (Status.PENDING, '<span class="st t-idle dash">', "PENDING"),
        (Status.OK, '<span class="st t-ok">', "OK"),
    ],
)
def test_a_badge_is_shape_tone_and_word(status: Status, start: str, word: str) -> None:
    badge = rendered("{% badge status %}", status=status)

    assert badge.startswith(start)
    assert badge.endswith(f"</svg>{word}</span>")


def test_a_quiet_badge_has_no_ground() -> None:
    assert rendered('{% badge status "quiet" %}', status=Status.OK).startswith('<span class="st t-ok quiet">')


@pytest.mark.parametrize(
    ("sync", "is_managed", "markup"),
    [
        (ConfigSync.IN_SYNC, True, f'<span class="txt calm sync">{icon("check")}in sync</span>'),
        (ConfigSync.MISMATCH, True, f'<span class="txt b t-warn sync">{icon("diff")}differs</span>'),
        (ConfigSync.UNKNOWN, True, '<span class="none">unknown</span>'),
        (ConfigSync.UNKNOWN, False, '<span class="none">none</span>'),
        ("unknown", True, '<span class="none">unknown</span>'),
    ],
)
def test_whether_the_config_is_in_sync_is_read_from_shape_and_word(sync: str, is_managed: bool, markup: str) -> None:
    assert rendered("{% config_sync s is_managed=m %}", s=sync, m=is_managed) == markup


def test_what_differs_may_lead_to_its_keys() -> None:
    link = f'<a href="/customers/a/diff" class="txt b t-warn sync">{icon("diff")}differs</a>'

    assert rendered('{% config_sync s is_managed=True path="/customers/a" %}', s=ConfigSync.MISMATCH) == link
    assert "<a " not in rendered('{% config_sync s is_managed=True path="/customers/a" %}', s=ConfigSync.IN_SYNC)


def test_a_meter_says_its_state_in_a_word_and_its_drive_escaped() -> None:
    meter = rendered("{% meter m %}", m=meter_of(97, DISK, title='Fullest drive: <"hdd">'))

    assert meter == (
        '<div class="m hot t-down" title="Fullest drive: &lt;&quot;hdd&quot;&gt;"><span>97 <i>%</i>'
        '<b class="vh">, critical</b></span><svg class="mb" viewBox="0 0 60 5" preserveAspectRatio="none" '
        'aria-hidden="true"><path d="M0 2.5H60"/><path class="f" d="M0 2.5H58.2"/><path class="k" d="M51 0v5M57 0v5"/>'
        "</svg></div>"
    )


def test_a_last_known_meter_is_marked_as_old() -> None:
    meter = rendered("{% meter m %}", m=meter_of(97, DISK, is_old=True))

    assert meter.startswith('<div class="m old" title="Last known value"><span>97 <i>%</i></span>')


def test_what_is_not_reported_says_so() -> None:
    assert rendered("{% meter m %}", m=meter_of(None, DISK)) == '<span class="none" title="Not reported">n/a</span>'


def test_a_strip_is_one_picture_with_a_spoken_summary() -> None:
    drawing = Strip((("a", "M0 10H190"), ("x", "M190 16.3H191.4")), "95 of 96 reports arrived, 0 late, 1 missed", 1)
    spoken = "Last 24 hours: 95 of 96 reports arrived, 0 late, 1 missed"

    assert rendered("{% strip s %}", s=drawing) == (
        '<svg class="hb" viewBox="0 0 192 20" preserveAspectRatio="none" role="img" '
        f'aria-label="{spoken}"><title>{spoken}</title><path class="h" d="M48 0v20M96 0v20M144 0v20"/>'
        '<path class="a" d="M0 10H190"/><path class="x" d="M190 16.3H191.4"/></svg>'
    )


@pytest.mark.parametrize(
    ("percent", "tone", "start", "length"),
    [
        (41.26, "", '<svg class="bar"', "41.3"),
        (250, "warn", '<svg class="bar hot t-warn"', "100"),
        (-5, "", "<svg", "0"),
    ],
)
def test_a_bar_stays_within_its_frame(percent: float, tone: str, start: str, length: str) -> None:
    bar = rendered("{% bar p t %}", p=percent, t=tone)

    assert bar.startswith(start)
    assert f'd="M0 4H{length}"/></svg>' in bar


def test_a_toned_word_is_escaped() -> None:
    assert rendered('{% toned "warn" "x" word %}', word="<b>").endswith("&lt;b&gt;</span>")


def test_times_of_day_are_the_hubs_local_ones() -> None:
    assert rendered("{{ now|hour_minute }} {{ now|weekday }}") == "13:00 Mon"


def test_a_moment_on_a_time_line_tells_its_age() -> None:
    title = "Sun 22 Nov 2026, 02:05 Budapest time, 1 d 10 h ago"

    assert rendered("{% moment at %}", at=datetime(2026, 11, 22, 1, 5, tzinfo=UTC)) == (
        f'<time datetime="2026-11-22T01:05:00.000Z" title="{title}">02:05</time>'
    )
