"""Sign-in and the refresh in real Chromium: what the reader is doing survives, and the page says when it is old."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from tests.operators.site import site
from tests.servers.browser import PASSWORD, is_problem, refresh

from felhom_hub.operators.models import Session

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, hub_url: str) -> Iterator[Page]:
    """Signed in, on the overview; any script error or foreign request fails the test."""
    context = chromium.new_context(base_url=hub_url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if is_problem(message) else None)
    page.on("request", lambda request: problems.append(request.url) if is_foreign(request, hub_url) else None)
    page.goto("/")
    page.get_by_label("Operator password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All 3 servers are well")
    yield page
    context.close()
    assert problems == []


def is_foreign(request: Request, own: str) -> bool:
    return not request.url.startswith(own)


def test_sign_in_comes_back_to_the_page_and_shows_the_password_on_demand(chromium: Browser, hub_url: str) -> None:
    context = chromium.new_context(base_url=hub_url)
    page = context.new_page()
    page.goto("/?q=kiss")
    assert page.url == f"{hub_url}/login?next=/%3Fq%3Dkiss"
    field = page.get_by_label("Operator password")
    expect(field).to_be_focused()

    field.fill(PASSWORD)
    page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    page.keyboard.press("Enter")

    expect(page.get_by_role("listitem")).to_have_text(["kiss 3 min"])
    assert page.url == f"{hub_url}/?q=kiss"
    assert [cookie["name"] for cookie in context.cookies() if cookie["httpOnly"]] == ["hub_session"]
    context.close()


def test_sign_in_sign_out_and_theme_work_without_scripts(chromium: Browser, hub_url: str) -> None:
    context = chromium.new_context(base_url=hub_url, java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Operator password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All 3 servers are well")

    page.get_by_role("button", name="Switch to the light theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_label("Filter this list").fill("papp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem")).to_have_text(["papp 4 min"])
    page.locator("summary", has=page.locator("use[href='#i-user']")).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    context.close()


def test_a_refresh_keeps_focus_typing_selection_scroll_and_open_menus(page: Page) -> None:
    page.locator("#columns summary").click()
    page.get_by_label("CPU").check()
    page.get_by_label("Note").fill("half a sentence")
    page.set_viewport_size({"width": 1440, "height": 300})
    page.evaluate("scrollTo(0, 120)")
    page.evaluate("""() => {
        const text = document.querySelector("#row-kiss span").firstChild;
        getSelection().setBaseAndExtent(text, 0, text, 5);
        window.sameRow = document.querySelector("#row-papp");
    }""")
    page.get_by_role("link", name="papp").focus()
    site.headline, site.rows = "1 of 4 servers needs attention", [
        ("kiss", "9 min"), ("papp", "10 min"), ("szabo", "11 min"), ("uj", "1 min"),
    ]  # fmt: skip

    refresh(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 4 servers needs attention")
    assert page.title() == "Fleet: 1 of 4 servers needs attention · felhom hub"
    expect(page.locator("#row-papp span")).to_have_text("10 min")
    expect(page.locator("#row-uj span")).to_have_text("1 min")
    expect(page.get_by_role("link", name="papp")).to_be_focused()
    expect(page.locator("#columns")).to_have_attribute("open", "")
    expect(page.get_by_label("CPU")).to_be_checked()
    expect(page.get_by_label("Note")).to_have_value("half a sentence")
    assert page.evaluate("getSelection().toString()") == "3 min"
    assert page.evaluate("scrollY") == 120
    assert page.evaluate("document.querySelector('#row-papp') === window.sameRow")


def test_a_half_typed_filter_survives_a_refresh(page: Page) -> None:
    page.get_by_label("Filter this list").evaluate("field => { field.value = 'ki' }")
    site.headline = "Fresh"

    refresh(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Fresh")
    expect(page.get_by_label("Filter this list")).to_have_value("ki")


def test_an_unchanged_page_is_answered_with_304_and_touches_nothing(page: Page) -> None:
    assert refresh(page) == 200
    page.evaluate("""() => {
        window.touched = [];
        new MutationObserver((changes) => window.touched.push(...changes.map((change) => change.target.outerHTML)))
            .observe(document.querySelector("main"), { subtree: true, childList: true, attributes: true });
    }""")

    assert refresh(page) == 304
    assert page.evaluate("window.touched") == []


def test_rows_stay_where_they_are_read_until_sorting_is_asked_for(page: Page) -> None:
    refresh(page)
    page.get_by_role("link", name="papp").focus()
    site.rows = [("uj", "1 min"), ("szabo", "down"), ("papp", "4 min"), ("kiss", "3 min")]

    refresh(page)

    expect(page.get_by_role("listitem")).to_have_text(["kiss 3 min", "papp 4 min", "szabo down", "uj 1 min"])
    page.get_by_role("button", name="Sort again").click()
    expect(page.get_by_role("listitem")).to_have_text(["uj 1 min", "szabo down", "papp 4 min", "kiss 3 min"])
    expect(page.get_by_role("button", name="Sort again")).to_be_hidden()


def test_a_kept_order_gives_way_once_nobody_reads_the_list(page: Page) -> None:
    page.get_by_role("link", name="papp").focus()
    site.rows = [("papp", "4 min"), ("kiss", "3 min"), ("szabo", "5 min")]
    refresh(page)
    expect(page.get_by_role("listitem")).to_have_text(["kiss 3 min", "papp 4 min", "szabo 5 min"])

    page.get_by_label("Note").focus()
    refresh(page)

    expect(page.get_by_role("listitem")).to_have_text(["papp 4 min", "kiss 3 min", "szabo 5 min"])


def test_two_failures_show_the_lost_connection_and_the_next_success_takes_it_away(page: Page) -> None:
    shown = page.locator("#live time").text_content()
    site.is_down = True
    refresh(page)
    expect(page.locator("[data-lost]")).to_have_count(0)
    refresh(page)

    expect(page.get_by_role("alert")).to_contain_text("No connection to the hub since")
    expect(page.get_by_role("alert")).to_contain_text(f"You see numbers from {shown}. Trying again every 10 s.")
    site.is_down = False
    page.get_by_role("button", name="Try now").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_ended_session_shows_the_note_and_keeps_what_was_typed(page: Page) -> None:
    page.get_by_label("Note").fill("half a sentence")
    Session.objects.all().delete()

    refresh(page)

    expect(page.get_by_role("alert")).to_contain_text("You are signed out")
    expect(page.get_by_label("Note")).to_have_value("half a sentence")
    expect(page.get_by_role("link", name="Sign in")).to_have_attribute("href", "/login?next=%2F")


def test_filtering_follows_the_typing_in_list_address_and_announcement(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.get_by_label("Go to customer or app")).to_be_focused()
    page.get_by_label("Filter this list").click()
    page.keyboard.type("sza", delay=20)

    expect(page.get_by_role("listitem")).to_have_text(["szabo 5 min"])
    expect(page.get_by_role("status")).to_have_text("1 of 3 shown")
    page.wait_for_url(lambda url: url.endswith("/?q=sza"))
    expect(page.get_by_label("Filter this list")).to_be_focused()


def test_everything_is_reached_by_keyboard_and_single_keys_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="kiss")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="kiss")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_label("Single-key shortcuts in this browser").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="keyboard shortcuts").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_theme_changes_at_once_and_the_server_renders_it_from_then_on(page: Page) -> None:
    page.get_by_role("button", name="Switch to the dark theme").click()
    expect(page.get_by_role("button", name="Switch to the light theme")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"

    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_pause_stops_the_refresh_and_resume_refreshes_at_once(page: Page) -> None:
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#live")).to_contain_text("paused")
    site.headline = "Fresh"
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    with page.expect_response(lambda response: "hx-request" in response.request.headers):
        page.get_by_role("button", name="Resume").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Fresh")
    expect(page.locator("#live")).to_contain_text("every 60 s")


def test_what_lands_is_seen_at_once_through_the_stream(page: Page) -> None:
    site.headline, site.stream = "Something landed", "retry: 600000\n\nevent: fleet\ndata: kiss\n\n"
    page.evaluate("window.stayed = true")

    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Resume").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Something landed")
    assert page.evaluate("window.stayed")


def test_a_stream_that_breaks_makes_the_page_look_at_once(page: Page) -> None:
    site.stream_seconds, site.headline = 1.5, "The hub was restarted"

    page.get_by_role("button", name="Pause").click()
    with page.expect_response(lambda response: "hx-request" in response.request.headers):
        page.get_by_role("button", name="Resume").click()
    site.headline = "The hub was restarted once more"

    expect(page.get_by_role("heading", level=1)).to_have_text("The hub was restarted once more")


def test_a_stream_that_was_refused_is_asked_for_again_after_the_next_refresh(page: Page) -> None:
    site.is_stream_refused = True
    page.get_by_role("button", name="Pause").click()
    with page.expect_response("**/live") as refused:
        page.get_by_role("button", name="Resume").click()
    site.is_stream_refused = False

    with page.expect_response("**/live") as opened:
        refresh(page)

    assert (refused.value.status, opened.value.status) == (503, 200)
