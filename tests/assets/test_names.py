import pytest

from felhom_hub.assets.names import content_type_of, is_allowed


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("immich-logo.svg", "image/svg+xml"),
        ("paperless-ngx-logo.png", "image/png"),
        ("home_assistant-logo.svg", "image/svg+xml"),
        ("a-logo.svg", "image/svg+xml"),
        ("immich-screenshot-1.webp", "image/webp"),
        ("immich-screenshot-12.webp", "image/webp"),
        ("favicon.ico", "image/vnd.microsoft.icon"),
        ("favicon.svg", "image/svg+xml"),
        ("favicon-32x32.png", "image/png"),
        ("apple-touch-icon.png", "image/png"),
    ],
)
def test_names_of_the_contract_are_allowed(name: str, content_type: str) -> None:
    assert (is_allowed(name), content_type_of(name)) == (True, content_type)


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "logo.svg", "-logo.svg", "_-logo.svg", "immich.svg", "immich-logo.gif", "immich-logo.svg.gz",
        "immich-logo.svg ", " immich-logo.svg", "immich-logo.svg\n", "immich-logo.svg\0", "immich-logo.svg.",
        "Immich-logo.svg", "immich-logo.SVG", "ımmich-logo.svg", "immich-screenshot-.webp", "immich-screenshot-1.png",
        "immich-screenshot-1234.webp", "immich-screenshot-١.webp", "favicon-32x16.png", "favicon-032x032.png",
        "favicon-0x0.png", "favicon.png", "a/b-logo.svg", "../immich-logo.svg", "a\\b-logo.svg", ".immich-logo.svg",
        "a.b-logo.svg", "immich-logo.svg:x", f"{'a' * 200}-logo.svg", "con", "nul.svg", "COM1-logo.svg", "*-logo.svg",
    ],
)  # fmt: skip
def test_everything_else_is_no_asset(name: str) -> None:
    assert not is_allowed(name)
