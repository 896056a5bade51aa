import pytest
from hypothesis import given
from hypothesis import strategies as some

from felhom_hub.telemetry.address import AppsView, AppView, app_path, app_view, apps_view
from felhom_hub.telemetry.periods import DAY, MONTH


def test_addresses_say_the_whole_view() -> None:
    view = AppsView(MONTH, "a b", needs_change=True, sort="p95", is_reversed=True, shows_all=True)

    assert view.path == "/apps?period=30d&q=a+b&show=change&sort=-p95&all=1"
    asked = {"period": "30d", "q": " a  b ", "show": "change", "sort": "-p95", "all": "1"}
    assert apps_view(asked) == view
    assert AppsView().path == "/apps"


def test_wrong_words_are_left_out() -> None:
    assert apps_view({"period": "1y", "sort": "-secret", "show": "x", "all": "yes", "q": "\x00"}) == AppsView()


def test_one_apps_view() -> None:
    view = AppView("immich", DAY, "peak")

    assert view.path == "/apps/immich?period=24h&sort=peak"
    assert app_view("immich", {"period": "24h", "sort": "peak"}) == view


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a b", "/apps/a%20b"),
        ("a/b", "/apps/a%2Fb"),
        ("100%?#", "/apps/100%25%3F%23"),
        ("🐙", "/apps/%F0%9F%90%99"),
        ("..", "/apps/-?name=.."),
        ("a/../b", "/apps/-?name=a%2F..%2Fb"),
        ("/a", "/apps/-?name=%2Fa"),
        ("a\nb", "/apps/-?name=a%0Ab"),
    ],
)
def test_every_name_has_an_address(name: str, path: str) -> None:
    assert app_path(name) == path


@given(some.text(min_size=1, max_size=200))
def test_addresses_are_plain(name: str) -> None:
    path = app_path(name.encode("utf-8", "replace").decode())

    assert path.isascii()
    assert "//" not in path
