import json
from collections.abc import Callable, Iterator

import pytest
from tests.servers.image_registry import NAME, PASSWORD, USERNAME, ImageRegistry, running_image_registry
from tests.servers.pages import Page, Pages

from felhom_hub.base.known_hosts import basic
from felhom_hub.base.targets import Target
from felhom_hub.controllers.registry import Account, RegistryError, place_of, tags_of

ACCOUNT = Account(USERNAME, PASSWORD)
SIGNED = basic(USERNAME, PASSWORD)
LIST = f"/v2/{NAME}/tags/list"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImageRegistry]:
    with running_image_registry(tmp_path_factory.mktemp("registry")) as registry:
        registry.push("v0.30.1", "0.31.0", "latest", *(f"v0.1.{number}" for number in range(230)))
        yield registry


def tags(*names: str, **headers: str) -> Page:
    return Page(200, json.dumps({"name": NAME, "tags": names}).encode(), headers)


def image_at(pages: Pages) -> str:
    return f"127.0.0.1:{pages.port}/{NAME}"


def wants(kind: str, then: Callable[[str, dict[str, str]], Page]) -> Callable[[str, dict[str, str]], Page]:
    """Asks for a sign-in where there is none."""

    def answer(path: str, headers: dict[str, str]) -> Page:
        if path.startswith(LIST) and "authorization" not in headers:
            return Page(401, b"{}", {"WWW-Authenticate": kind})
        return then(path, headers)

    return answer


def failing(image: str, account: Account = ACCOUNT) -> str:
    with pytest.raises(RegistryError) as failed:
        tags_of(image, account)
    return str(failed.value)


def test_a_real_registry_lists_its_tags_over_several_pages(registry: ImageRegistry) -> None:
    found = tags_of(registry.image, ACCOUNT)

    assert len(found) == len(set(found)) == 233
    assert {"v0.30.1", "0.31.0", "latest", "v0.1.229"} <= set(found)


def test_a_real_registry_says_who_may_not_look(registry: ImageRegistry) -> None:
    place = f"127.0.0.1:{registry.port}"

    assert failing(registry.image, Account(USERNAME, "wrong")) == (
        f"{place} refuses to list the tags of {NAME} (401); look at registry.username and registry.token."
    )
    assert failing(registry.image, Account()) == f"{place} wants a sign-in; set registry.username and registry.token."
    assert failing(f"{place}/admin/nothing") == f"{place} knows no image admin/nothing."


def test_a_token_is_fetched_where_the_registry_signs_in_itself(pages: Pages) -> None:
    def answer(path: str, headers: dict[str, str]) -> Page:
        if path.startswith("/v2/token"):
            assert headers["authorization"] == SIGNED
            assert path == "/v2/token?service=container_registry&scope=repository%3Aadmin%2Ffelhom-controller%3Apull"
            return Page(200, b'{"token": "t0ken.of.an.hour"}')
        assert headers["authorization"] == "Bearer t0ken.of.an.hour"
        if "last=" not in path:
            return tags("v0.30.0", Link=f'<{LIST}?last=v0.30.0&n=200>; rel="next"')
        return tags("v0.30.1")

    realm = f"{pages.url}/v2/token"
    pages.answer = wants(f'Bearer realm="{realm}",service="container_registry",scope=""', answer)

    assert tags_of(image_at(pages), ACCOUNT) == ["v0.30.0", "v0.30.1"]


def test_credentials_go_to_no_other_hosts_sign_in(pages: Pages, elsewhere: Pages) -> None:
    pages.answer = wants(f'Bearer realm="{elsewhere.url}/token",service="r"', lambda _path, _headers: tags("v1.0.0"))
    elsewhere.answer = lambda _path, _headers: Page(200, b'{"access_token": "anonymous"}')

    assert tags_of(image_at(pages), ACCOUNT) == ["v1.0.0"]
    assert elsewhere.signed == []
    assert pages.signed == ["Bearer anonymous"]

    elsewhere.answer = lambda _path, _headers: Page(401)
    assert "credentials go to the registry's own host only" in failing(image_at(pages))
    assert elsewhere.signed == []


@pytest.mark.parametrize("kind", ["token", "tags"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(pages: Pages, elsewhere: Pages, status: int, kind: str) -> None:
    away = Page(status, b"", {"Location": f"{elsewhere.url}/v2/"})

    def answer(path: str, _headers: dict[str, str]) -> Page:
        return away if path.startswith("/token") == (kind == "token") else Page(200, b'{"token": "t"}')

    pages.answer = wants(f'Bearer realm="{pages.url}/token"', answer)

    assert f"answered {status}" in failing(image_at(pages))
    assert elsewhere.requests == []


def test_the_next_page_is_not_looked_for_at_another_host(pages: Pages, elsewhere: Pages) -> None:
    pages.answer = wants(
        "Basic", lambda _path, _headers: tags("v1", Link=f'<{elsewhere.url}{LIST}?last=v1>; rel="next"')
    )

    assert "next page of tags at another host" in failing(image_at(pages))
    assert elsewhere.requests == []


@pytest.mark.parametrize("link", ["http://[::1", "ftp://127.0.0.1/v2/", "https://127.0.0.1/v2/"])
def test_a_next_page_nowhere_is_told(pages: Pages, link: str) -> None:
    pages.answer = lambda _path, _headers: tags("v1", Link=f'<{link}>; rel="next"')

    assert "next page of tags at another host" in failing(image_at(pages))


def test_pages_without_end_are_given_up(pages: Pages) -> None:
    pages.answer = lambda path, _headers: tags("v1", Link=f'<{path}>; rel="next"')

    assert "more than 100 pages" in failing(image_at(pages))
    assert len(pages.requests) == 100


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (Page(200, b"<html>"), "what is not JSON"),
        (Page(200, b"[1]"), "what is not JSON"),
        (Page(200, b'{"tags": {"a": 1}}'), "what is no list of tags"),
        (Page(500), "answered 500 in place of the tags"),
        (Page(401, b"", {"WWW-Authenticate": "Digest realm=x"}), "a kind that the hub does not know"),
        (Page(401, b"", {"WWW-Authenticate": 'Bearer realm="file:///etc/passwd"'}), "a sign-in that cannot be asked"),
        (Page(401), "a kind that the hub does not know"),
        (Page(401, b"", {"WWW-Authenticate": 'Bearer realm="http://[::1"'}), "a sign-in that cannot be asked"),
    ],
)
def test_what_is_no_list_of_tags_is_told_in_a_sentence(pages: Pages, page: Page, sentence: str) -> None:
    pages.answer = lambda _path, _headers: page

    told = failing(image_at(pages))

    assert sentence in told
    assert PASSWORD not in told


def test_a_repository_without_tags_has_none(pages: Pages) -> None:
    pages.answer = lambda _path, _headers: Page(200, b'{"name": "x", "tags": null}')

    assert tags_of(image_at(pages), ACCOUNT) == []


def test_only_a_registry_on_this_machine_is_asked_over_http() -> None:
    assert place_of("gitea.example.hu/admin/app") == (Target("https", "gitea.example.hu", 443), "admin/app")
    assert place_of("localhost:5000/app") == (Target("http", "localhost", 5000), "app")
    assert place_of("127.0.0.1.example.hu/app")[0].scheme == "https"
    with pytest.raises(RegistryError, match=r"cannot be asked"):
        place_of("0x7f.1/app")
