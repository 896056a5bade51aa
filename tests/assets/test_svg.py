import pytest

from felhom_hub.assets.svg import svg_problem

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawn(inside: str, attributes: str = "") -> bytes:
    return f"{HEAD} {attributes}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    "content",
    [
        drawn('<path d="M0 0h8" fill="#fff"/>'),
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + drawn("<title>\xc3\xa9</title>"),
        b"\xef\xbb\xbf" + drawn("<g/>"),
        drawn('<defs><linearGradient id="a"/></defs><rect fill="url(#a)" style="fill: url(\'#a\')"/>'),
        drawn('<style>.a { fill: url(#b); stroke: red }</style><use xlink:href="#a" href="#b"/>'),
        drawn('<image href="data:image/png;base64,iVBORw0KGgo="/>'),
        drawn('<filter><feColorMatrix values="0 0 1 0"/></filter>'),
        drawn('<circle r="2"><animate attributeName="r" values="2;3;2" dur="1s" from="1" to="2"/></circle>'),
        drawn('<!-- drawn by hand --><g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:label="one"/>'),
        drawn("<text>javascript: url(http://example.hu) &lt;script&gt;</text>"),
    ],
)
def test_what_only_draws_is_taken(content: bytes) -> None:
    assert svg_problem(content) is None


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (drawn("<script>alert(1)</script>"), "script"),
        (drawn("<SCRIPT/>"), "SCRIPT"),
        (drawn('<s:script xmlns:s="http://www.w3.org/2000/svg"/>'), "script"),
        (drawn('<script xmlns="http://www.w3.org/1999/xhtml"/>'), "script"),
        (drawn('<iframe xmlns="http://www.w3.org/1999/xhtml" src="x"/>'), "iframe"),
        (drawn('<i:script xmlns:i="http://www.inkscape.org/namespaces/inkscape"/>'), "script"),
        (drawn("<foreignObject/>"), "foreignObject"),
        (drawn("<g/>", 'onload="alert(1)"'), "onload"),
        (drawn('<g ONCLICK="x"/>'), "onclick"),
        (drawn('<g onfoo="x"/>'), "onfoo"),
        (drawn('<a href="https://example.hu"/>'), "href"),
        (drawn('<a xlink:href="javascript:alert(1)"/>'), "javascript"),
        (drawn('<a href="&#106;avascript:alert(1)"/>'), "javascript"),
        (drawn('<a href=" java&#10;script:alert(1)"/>'), "href"),
        (drawn('<use href="other.svg#a"/>'), "href"),
        (drawn('<use href="data:image/svg+xml;base64,PHN2Zz4="/>'), "href"),
        (drawn('<image href="//example.hu/x.png"/>'), "href"),
        (drawn('<image href="data:image/svg+xml;base64,PHN2Zz4="/>'), "href"),
        (drawn('<rect fill="url(https://example.hu/#a)"/>'), "fill"),
        (drawn('<rect fill="u\\72l(https://example.hu/#a)"/>'), "fill"),
        (drawn("<rect style=\"fill: url( '//example.hu' )\"/>"), "style"),
        (drawn('<rect style="fill: u\\72l(//example.hu)"/>'), "style"),
        (drawn("<style>@import 'https://example.hu/x.css'</style>"), "@import"),
        (drawn("<style>@im<g/>port 'x'</style>"), "styles"),
        (drawn("<style><![CDATA[.a{fill:url(http://example.hu)}]]></style>"), "style"),
        (drawn('<style>.a{background:image-set("http://example.hu")}</style>'), "image-set"),
        (drawn('<g><set attributeName="xlink:href" to="#a"/></g>'), "href"),
        (drawn('<g><set attributeName="onclick" to="x"/></g>'), "onclick"),
        (drawn('<g><animate attributeName="fill" values="#a;javascript:alert(1)"/></g>'), "values"),
        (drawn("<g/>", 'xml:base="https://example.hu/"'), "xml:base"),
        (b'<?xml-stylesheet href="x.css"?>' + drawn(""), "xml-stylesheet"),
        (b"<!DOCTYPE svg>" + drawn(""), "DOCTYPE"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + drawn("&b;"), "DOCTYPE"),
        (b'<?xml version="1.0" encoding="UTF-7"?>' + drawn(""), "UTF-8"),
        (drawn("<g/>").decode().encode("utf-16"), "UTF-8"),
        (drawn("<g>" * 300 + "</g>" * 300), "nested"),
        (drawn("<g>"), "no XML"),
        (b"<html/>", "no SVG"),
        (b"<svg/>", "no SVG"),
        (b"\x89PNG", "UTF-8"),
        (b"", "no XML"),
    ],
)
def test_what_runs_or_fetches_is_refused_with_a_sentence_that_names_it(content: bytes, word: str) -> None:
    problem = svg_problem(content)

    assert problem is not None
    assert word in problem
    assert problem.endswith(".")
    assert problem.isprintable()
