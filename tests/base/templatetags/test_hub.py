from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template

from felhom_hub.operators.sessions import Operator

MOMENT = datetime(2026, 3, 12, 13, 18, 10, tzinfo=UTC)


def rendered(text: str, **values: object) -> str:
    return Template("{% load hub %}" + text).render(Context({"now": MOMENT + timedelta(hours=2, minutes=14), **values}))


@pytest.mark.parametrize(
    ("tag", "kind", "text"),
    [
        ("{% age at %}", "data-age", "2 h 14 min ago"),
        ("{% lasting at %}", "data-span", "2 h 14 min"),
        ("{% clock at %}", "data-clock", "14:18:10"),
        ("{% day at %}", "data-day", "12 Mar 2026"),
        ("{% moment at %}", "data-moment", "12 Mar 2026, 14:18"),
    ],
)
def test_a_time_has_its_absolute_form_as_title(tag: str, kind: str, text: str) -> None:
    assert rendered(tag, at=MOMENT) == (
        f'<time datetime="2026-03-12T13:18:10.000Z" title="Thu 12 Mar 2026, 14:18 Budapest time" {kind}>{text}</time>'
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("default", "default"),
        ("/etc/felhom/hub.yaml", "/<wbr>etc/<wbr>felhom/<wbr>hub.<wbr>yaml"),
        ("HUB_API__KEY", "HUB_<wbr>API__<wbr>KEY"),
        ("/<b>", "/<wbr>&lt;b&gt;"),
    ],
)
def test_a_path_may_go_on_in_a_new_line_behind_each_part(text: str, html: str) -> None:
    assert rendered("{{ path|breakable }}", path=text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("No code", "No code"),
        ("`a` and `b<c`.", "<code>a</code> and <code>b&lt;c</code>."),
        ("<b> is `text`", "&lt;b&gt; is <code>text</code>"),
        ("One ` alone", "One <code> alone</code>"),
    ],
)
def test_what_stands_between_backticks_is_code(text: str, html: str) -> None:
    assert rendered("{{ said|coded }}", said=text) == html


def test_the_time_of_the_data_is_now() -> None:
    title = "Thu 12 Mar 2026, 16:32 Budapest time"
    assert rendered("{% data_time %}") == (
        f'<time datetime="2026-03-12T15:32:10.000Z" title="{title}" data-now>16:32:10</time>'
    )


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("{{ v|percent }}", 91.2, "91 %"),
        ("{{ v|celsius }}", 62, "62 °C"),
        ("{{ v|megabytes }}", 1024, "1,024 MB"),
        ("{{ v|size }}", 9.8e9, "9.8 GB"),
        ("{{ v|number }}", 12345, "12,345"),
        ("{{ v|span }}", timedelta(minutes=5), "5 min"),
        ('{{ v|counted:"server" }}', 3, "3 servers"),
        ('{{ v|counted:"box,boxes" }}', 2, "2 boxes"),
    ],
)
def test_numbers_follow_the_copy_rules(text: str, value: object, words: str) -> None:
    assert rendered(text, v=value) == words


def test_icons_are_unspoken_and_their_names_escaped() -> None:
    assert rendered('{% icon "sun" %}') == '<svg class="i" aria-hidden="true"><use href="#i-sun"/></svg>'
    assert rendered("{% mark m %}", m='"><script>') == (
        '<svg class="mk" aria-hidden="true"><use href="#m-&quot;&gt;&lt;script&gt;"/></svg>'
    )


def test_a_form_carries_the_sessions_token() -> None:
    operator = Operator(csrf_token="abc", session="s")
    assert rendered("{% csrf_field %}", operator=operator) == '<input type="hidden" name="_csrf" value="abc">'
    assert rendered("{% csrf_field %}", operator=None) == '<input type="hidden" name="_csrf" value="">'
