"""Whether an SVG only draws: no script, no handler, nothing fetched from elsewhere. Pure.

What is refused is said and not repaired: a file that somebody made better than we understood it would be broken by us.
"""

import re
from typing import Any
from xml.parsers import expat

_SVG = "http://www.w3.org/2000/svg"
# What editors leave behind; browsers draw none of it.
_EDITOR_SPACES = (
    "http://www.inkscape.org/namespaces/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/",
)
_REFUSED_ELEMENTS = {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}
_ANIMATIONS = {"animate", "set", "animatetransform", "animatemotion"}
_ADDRESSES = {"href", "src"}
_ANIMATED = {"from", "to", "by", "values"}  # what an animation puts into an attribute
_MAX_DEPTH = 200
_OWN_IMAGE = re.compile(r"data:image/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=\s]*", re.ASCII | re.IGNORECASE)
_URL = re.compile(r"url\s*\(\s*(['\"]?)\s*([^)]*)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*\s*:|//", re.IGNORECASE)


class _Refusal(Exception):
    """What is wrong, as a sentence."""


def svg_problem(content: bytes) -> str | None:
    """Why the bytes are not taken as an SVG, as a sentence; None where they only draw."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "It is not written in UTF-8."
    reader = _Reader()
    try:
        reader.read(content)
    except _Refusal as refusal:
        return str(refusal)
    except expat.ExpatError as error:
        return f"It is no XML: {expat.ErrorString(error.code)} in line {error.lineno}."
    return None


class _Reader:
    """One pass over the document; raises _Refusal at the first thing that does more than draw."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._style = ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = _check_declaration
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._parser.ProcessingInstructionHandler = _refuse_instruction
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, content: bytes) -> None:
        self._parser.Parse(content, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self._open and (space, local) != (_SVG, "svg"):
            raise _Refusal("It is no SVG: its outermost element must be svg, of the SVG namespace.")
        if space != _SVG and not space.startswith(_EDITOR_SPACES):
            raise _Refusal(f"It has an element {_shown(local)} that is not of SVG.")
        if local.lower() in _REFUSED_ELEMENTS:
            raise _Refusal(f"It has an element {_shown(local)}, which can run or fetch something.")
        if self._open and self._open[-1] == "style":
            raise _Refusal("It has an element inside its styles, which can hide a part of them.")
        if len(self._open) >= _MAX_DEPTH:
            raise _Refusal(f"Its elements are nested deeper than {_MAX_DEPTH} levels.")
        for key, value in attributes.items():
            _check_attribute(local.lower(), key.rpartition(" ")[2].lower(), value)
        self._open.append(local.lower())
        self._style = ""

    def _end(self, _name: str) -> None:
        if self._open.pop() == "style":
            _check_css(self._style, "style")

    def _text(self, text: str) -> None:
        if self._open and self._open[-1] == "style":
            self._style += text


def _check_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise _Refusal("It says that it is not written in UTF-8.")


def _refuse_doctype(*_of: Any) -> None:
    raise _Refusal("It has a DOCTYPE, which can define entities and fetch files. Remove that line.")


def _refuse_instruction(target: str, _data: str) -> None:
    raise _Refusal(f"It has a processing instruction ({_shown(target)}), which can fetch a style sheet.")


def _check_attribute(element: str, name: str, value: str) -> None:
    if name.startswith("on"):
        raise _Refusal(f"It has a handler ({_shown(name)}), which runs a script.")
    if name == "base":
        raise _Refusal("It has an xml:base, which makes its addresses those of another place.")
    if element in _ANIMATIONS and name == "attributename":
        changed = value.strip().rpartition(":")[2].lower()
        if changed == "href" or changed.startswith("on"):
            raise _Refusal(f"It has an animation that changes {_shown(changed)}.")
    plain = "".join(value.split())
    is_within = plain == "" or plain.startswith("#") or (element == "image" and _OWN_IMAGE.fullmatch(plain))
    if name in _ADDRESSES and not is_within:
        raise _leading_out(name, value)
    if element in _ANIMATIONS and name in _ANIMATED and _SCHEME.search(plain):
        raise _leading_out(name, value)
    if name == "style":
        _check_css(value, name)
    elif "\\" in value and "(" in value:
        raise _Refusal(f"It has an escape in {_shown(name)}, which can hide an address.")
    _check_urls(value, name)


def _leading_out(where: str, target: str) -> _Refusal:
    return _Refusal(f"It has an address that leads out of it ({_shown(where)}: {_shown(target)}).")


def _check_css(value: str, where: str) -> None:
    if "\\" in value or "/*" in value:
        # An escape or a comment can hide the words that are looked for below.
        raise _Refusal(f"It has an escape or a comment in its styles ({_shown(where)}). Remove it.")
    found = re.search(r"@import|@charset|@namespace|expression\s*\(|behaviou?r\s*:|-moz-binding|image-set|image\s*\(", value, re.IGNORECASE)  # fmt: skip  # noqa: E501
    if found:
        raise _Refusal(f"It has {_shown(found[0])} in its styles, which can fetch or run something.")
    _check_urls(value, where)


def _check_urls(value: str, where: str) -> None:
    for _, target in _URL.findall(value):
        if not target.lstrip().startswith("#"):
            raise _leading_out(where, target)


def _shown(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)[:60]
