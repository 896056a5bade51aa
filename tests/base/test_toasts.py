import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from felhom_hub.base.toasts import TOAST_COOKIE, Toast, register_toast, show_toast, toast_of

LENT = register_toast(
    "test_lent", "{name} is lent.", undo_path="/books/{id}/return?since={before}", name_of=str.capitalize
)


def after(cookie: str) -> Toast | None:
    request = RequestFactory().get("/")
    request.COOKIES[TOAST_COOKIE] = cookie
    return toast_of(request)


def test_the_next_page_says_what_worked_and_offers_to_undo_it() -> None:
    response = show_toast(HttpResponse(), LENT, subject="odusszeia", before=17)

    assert after(response.cookies[TOAST_COOKIE].value) == Toast(
        "Odusszeia is lent.", "/books/odusszeia/return?since=17"
    )


def test_nothing_need_be_known_of_before() -> None:
    response = show_toast(HttpResponse(), LENT, subject="odusszeia")

    assert after(response.cookies[TOAST_COOKIE].value) == Toast("Odusszeia is lent.", "/books/odusszeia/return?since=")


def test_what_is_gone_brings_its_name_along() -> None:
    name = "Odüsszeia <b> {id}"
    response = show_toast(HttpResponse(), LENT, subject="odusszeia", before=17, name=name)

    cookie = response.cookies[TOAST_COOKIE].value
    assert after(cookie) == Toast(f"{name} is lent.", "/books/odusszeia/return?since=17")
    assert name not in cookie
    assert after(cookie.replace("odusszeia", "iliasz")) is None


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "test_lent",
        "test_lent:",
        "unknown:x",
        "test_lent:../../logout",
        "test_lent:a/b",
        "test_lent:<b>",
        "test_lent:a b",
        "test_lent:a:b",
        "test_lent:a:1:2",
        "test_lent:a~Iliasz",
        "test_lent:a~",
    ],
)
def test_nothing_but_our_own_sentences_can_be_planted(cookie: str) -> None:
    assert after(cookie) is None


def test_the_cookie_is_gone_soon_and_not_sent_by_other_sites() -> None:
    morsel = show_toast(HttpResponse(), LENT, subject="iliasz").cookies[TOAST_COOKIE]

    assert (morsel["max-age"], morsel["samesite"]) == (8, "Lax")
