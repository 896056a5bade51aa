import pytest
from tests.servers.pages import Page, Pages

from felhom_hub.base import outbound
from felhom_hub.base.known_hosts import basic
from felhom_hub.configs.template_fetch import MAX_BYTES, Fetched, FetchError, Marks, Source, fetch_template
from felhom_hub.controllers.registry import Account

TEXT = "customer: {}\nhub: {}\n"
ACCOUNT = Account("hub", "t0ken-of-the-registry")
PATH = "/admin/controller/raw/branch/main/controller.yaml.example"


def source_at(pages: Pages, *, registry: Pages | None = None) -> Source:
    return Source(pages.url + PATH, f"127.0.0.1:{(registry or pages).port}/admin/controller", ACCOUNT)


def failing(source: Source, known: Marks | None = None) -> str:
    with pytest.raises(FetchError) as failed:
        fetch_template(source, known or Marks())
    return str(failed.value)


def test_it_is_fetched_again_only_when_it_has_changed(pages: Pages) -> None:
    def answer(path: str, headers: dict[str, str]) -> Page:
        assert path == PATH
        is_known = headers.get("if-none-match") == '"1"'
        return Page(304) if is_known else Page(200, TEXT.encode(), {"ETag": '"1"', "Last-Modified": "Thu, 12 Mar 2026"})

    pages.answer = answer
    first = fetch_template(source_at(pages), Marks())

    assert first == Fetched(TEXT, Marks('"1"', "Thu, 12 Mar 2026"))
    assert fetch_template(source_at(pages), first.marks) is None
    assert pages.requests[1][1]["if-modified-since"] == "Thu, 12 Mar 2026"
    assert fetch_template(source_at(pages), Marks('"0"')) == first


def test_what_never_changed_is_no_answer_to_who_knows_nothing(pages: Pages) -> None:
    pages.answer = lambda _path, _headers: Page(304)

    assert "answered 304 in place of the template" in failing(source_at(pages))


def test_the_registrys_credentials_go_to_its_own_server_only(pages: Pages, elsewhere: Pages) -> None:
    pages.answer = elsewhere.answer = lambda _path, _headers: Page(200, TEXT.encode())

    fetch_template(source_at(pages), Marks())
    fetch_template(source_at(elsewhere, registry=pages), Marks())
    fetch_template(Source(pages.url + PATH), Marks())

    assert pages.signed == [basic(ACCOUNT.username, ACCOUNT.token)]
    assert elsewhere.signed == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_it_is_not_looked_for_where_a_redirect_leads(pages: Pages, elsewhere: Pages, status: int) -> None:
    pages.answer = lambda _path, _headers: Page(status, b"", {"Location": f"{elsewhere.url}/x"})

    told = failing(source_at(pages))

    assert f"leads to another address ({status}), which is not followed" in told
    assert ACCOUNT.token not in told
    assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (Page(200, b""), "is empty"),
        (Page(200, b" \n\n"), "is empty"),
        (Page(200, b"a" * (MAX_BYTES + 1)), "is larger than 256 KiB"),
        (Page(200, b"\xff\xfea"), "is no text in UTF-8"),
        (Page(200, b"a: 1\0"), "is no text"),
        (Page(401), "refuses to give the template (401)"),
        (Page(404), "has no template at that address (404)"),
        (Page(500), "answered 500 in place of the template"),
        (Page(200, b"a", {"Content-Length": "100"}), "broke off"),
    ],
)
def test_what_is_no_template_is_told_in_a_sentence(pages: Pages, page: Page, sentence: str) -> None:
    pages.answer = lambda _path, _headers: page

    assert sentence in failing(source_at(pages))


def test_a_server_that_is_not_there_or_does_not_answer_is_told(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "CALL_SECONDS", 0.0)
    assert "did not answer within" in failing(source_at(pages))
    assert "cannot be asked" in failing(Source("https://0x7f.1/x"))
    assert "could not be reached" in failing(Source("http://127.0.0.1:1/x"))


def test_marks_that_could_not_be_sent_back_are_none(pages: Pages) -> None:
    pages.answer = lambda _path, _headers: Page(200, TEXT.encode(), {"ETag": "é" * 3, "Last-Modified": "x" * 201})

    fetched = fetch_template(source_at(pages), Marks())

    assert fetched is not None
    assert fetched.marks == Marks()


def test_line_ends_and_a_mark_of_byte_order_are_no_change(pages: Pages) -> None:
    pages.answer = lambda _path, _headers: Page(200, b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())

    fetched = fetch_template(source_at(pages), Marks())

    assert fetched is not None
    assert fetched.text == TEXT
