import pytest

from felhom_hub.base.paths import local_path


@pytest.mark.parametrize("path", ["/", "/customers/kiss", "/customers/kiss?period=7d&x=//a", "/a#b", "/név", "/a:b"])
def test_a_path_of_the_hub_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "", " ", "customers", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil",
        "/\r\nSet-Cookie: a=b", "/\u2028", "https://evil.example", "javascript:alert(1)", "//[broken", "/" * 2001,
    ],
)  # fmt: skip
def test_anything_else_becomes_the_start_page(path: str) -> None:
    assert local_path(path) == "/"
    assert local_path(path, "/customers") == "/customers"
