"""What a page is made of, without its texts: the elements with their attributes, and the addresses that it names."""

from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser

# Their values may hold what somebody wrote; all others are the same whatever that is.
_FREE = {"value", "id", "for", "title", "content", "datetime", "aria-label", "aria-labelledby", "aria-describedby"}
_ADDRESSES = {"href", "action", "formaction", "src", "hx-get", "hx-post", "poster"}
_VOID = {"meta", "link", "input", "path", "rect", "circle", "line", "use", "br", "img", "base", "col"}


class Elements(HTMLParser):
    """Reads a page as it is fed: `counted` its elements, `addresses`, `words` and the `data` of its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()
        self.addresses: set[str] = set()
        self.words: list[str] = []
        self.data: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Counts the element with the ones that it stands in."""
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Counts an element that nothing stands in."""
        self.addresses |= {value or "" for name, value in attrs if name in _ADDRESSES}
        said = " ".join(sorted(_attribute(name, value) for name, value in attrs))
        self.counted[f"{' '.join(self._open[-4:])} <{tag} {said}>"] += 1

    def handle_endtag(self, tag: str) -> None:
        """Leaves the element, which must be the one that is open."""
        if not self._open or self._open.pop() != tag:
            self.counted[f"stray </{tag}>"] += 1

    def handle_data(self, data: str) -> None:
        """Keeps what is read, and what scripts read."""
        (self.data if self._open[-1:] == ["script"] else self.words).append(data)

    def handle_comment(self, data: str) -> None:
        """Counts a comment; our pages have none."""
        self.counted[f"comment {data[:40]}"] += 1


def _attribute(name: str, value: str | None) -> str:
    is_free = name in _FREE | _ADDRESSES or name.startswith("data-")
    return name if value is None or is_free else f"{name}={value!r}"


def is_ours(place: str) -> bool:
    """True for an address that cannot lead away from the hub, whoever reads it."""
    return place.startswith(("/", "#", "?")) and place[1:2] not in {"/", "\\"} and place.isprintable()


def strangers(plain: Iterable[Elements], hostile: dict[str, Elements]) -> dict[str, set[str]]:
    """By path, the elements that none of the plain pages has."""
    known = {what for page in plain for what in page.counted}
    found = {path[:90]: set(page.counted) - known for path, page in hostile.items()}
    return {path: what for path, what in found.items() if what}
