"""Which names an asset may have (contract 7), and the content type that goes with each. Pure."""

import re

MAX_NAME_LENGTH = 128

_SLUG = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
_NAMES = re.compile(
    rf"{_SLUG}-logo\.(?:svg|png)"
    rf"|{_SLUG}-screenshot-[0-9]{{1,3}}\.webp"
    r"|favicon\.(?:ico|svg)"
    r"|favicon-([1-9][0-9]{0,3})x\1\.png"
    r"|apple-touch-icon\.png",
    re.ASCII,
)
CONTENT_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
    "ico": "image/vnd.microsoft.icon",
}
# For people who name a file wrongly.
NAMES_IN_WORDS = (
    "APP-logo.svg, APP-logo.png, APP-screenshot-1.webp, favicon.ico, favicon.svg, favicon-32x32.png or "
    "apple-touch-icon.png, where APP is small letters, digits, - and _"
)


def is_allowed(name: str) -> bool:
    """True for the name of an asset; everything else is no asset, whatever lies there.

    The rule says what is allowed and not what is dangerous: there is no separator, dot or letter to forget.
    """
    return len(name) <= MAX_NAME_LENGTH and _NAMES.fullmatch(name) is not None


def content_type_of(name: str) -> str:
    """The content type of an allowed name."""
    return CONTENT_TYPES[name.rpartition(".")[2]]
