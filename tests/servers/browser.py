"""A pytest plugin: the hub's pages asked by Django's client or by real Chromium, signed in as the operator.

`browser` is a client at NOW; `page` a window of Chromium on a real server, which fails its test on any script error,
breach of the content policy, or request to another origin; `new_page` makes more of them (`theme`, `width`, …), and
`unsound` looks at what one shows in both themes at both widths. With `--screenshots` it leaves pictures for people.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, Literal
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build/screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASSWORD = "három-öt-hét"
# Four rounds make a test quick; the hub's own hashes have twelve.
PASSWORD_HASH = "$2b$04$LEWBLF3OvE2dqATOpx2ySuoNrzRuR.4EU5sGNaGjDlxtZ7WNcrESG"

# WCAG 2.0 to 2.2 A and AA, and axe's best practices; what of them a theme can break.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOUR_RULES = ("color-contrast", "link-in-text-block")
LOOKS: tuple[tuple[Literal["light", "dark"], int, Sequence[str]], ...] = (
    ("light", 1440, RULES),
    ("dark", 1440, COLOUR_RULES),
    ("dark", 390, RULES),
    ("light", 390, COLOUR_RULES),
)

NewPage = Callable[..., Page]
_saves_pictures = False


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --screenshots."""
    parser.addoption("--screenshots", action="store_true", help=f"pictures of the pages, in {SCREENSHOTS}")


def pytest_configure(config: pytest.Config) -> None:
    """Pictures are saved, if the run is asked for them."""
    global _saves_pictures  # noqa: PLW0603 - a process has one run of pytest
    _saves_pictures = config.option.screenshots


# Playwright waits for a script's promise without end; ours are kept within 60 s, or fail and say what did not come.
WITHIN = """const within = (promise, what) => Promise.race([promise, new Promise((_, fail) => {
    setTimeout(() => fail(new Error(`not within 60 s: ${what}`)), 60_000);
})]);"""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


def _refusing_live(pages: "WSGIApplication") -> "WSGIApplication":
    """The hub refuses `/live` to whoever is not signed in; Django would lead there to the sign-in, as from a page."""
    from django.conf import settings  # noqa: PLC0415 - after Django's settings

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            is_led = environ["PATH_INFO"] == settings.LIVE_PATH and status.startswith("302")
            return start_response("401 Unauthorized" if is_led else status, headers, *error)

        return pages(environ, start)

    return app


@contextmanager
def serving() -> Iterator[str]:
    """Django's pages on a real server of the loopback; yields the address. Live updates are not served here."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - after Django's settings

    app = _refusing_live(get_wsgi_application())
    server = make_server("127.0.0.1", 0, app, server_class=_Server, handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def known_password(settings: Any) -> None:
    """Sign-in is on, with PASSWORD."""
    settings.HUB = replace(settings.HUB, auth=replace(settings.HUB.auth, password_hash=PASSWORD_HASH))


@pytest.fixture
def no_sign_in(settings: Any) -> None:
    """Everybody is the operator."""
    settings.HUB = replace(settings.HUB, auth=replace(settings.HUB.auth, password_hash=""))


def session_token(now: Any = None) -> str:
    """The operator has signed in; the token for the session cookie."""
    from felhom_hub.base.instants import utc_now  # noqa: PLC0415 - after Django's settings
    from felhom_hub.operators.sessions import open_session  # noqa: PLC0415 - likewise

    return open_session(password_hash=PASSWORD_HASH, address="127.0.0.1", user_agent="the tests", now=now or utc_now())


@pytest.fixture
def browser(known_password: None, db: None, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ARG001 - set the hub up
    """Django's client, signed in, at NOW; `csrf` among its attributes is the session's token."""
    from django.test import Client  # noqa: PLC0415 - after Django's settings
    from tests.build import NOW  # noqa: PLC0415 - likewise

    from felhom_hub.operators.models import Session  # noqa: PLC0415 - likewise

    monkeypatch.setattr("felhom_hub.base.arrival.utc_now", lambda: NOW)
    client: Any = Client(headers={"host": "localhost"})
    client.cookies["hub_session"] = session_token(NOW)
    client.csrf = Session.objects.get().csrf_token
    return client


@pytest.fixture
def hub_url(known_password: None, transactional_db: None) -> Iterator[str]:  # noqa: ARG001 - they set the hub up
    """The hub's address on the loopback."""
    with serving() as url:
        yield url


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in Chromium come last: Playwright's event loop, once it runs, leaves room for no other in this thread."""
    items.sort(key=_is_in_chromium)


def _is_in_chromium(item: pytest.Item) -> bool:
    return "chromium" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of a run; its windows share nothing, since each is in a context of its own."""
    # Playwright runs an event loop in this thread, which Django takes for an asynchronous caller.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def new_page(chromium: Browser, hub_url: str) -> Iterator[NewPage]:
    """Makes windows of a signed-in browser: `new_page(theme="dark", width=390, scripts=False, …)`."""
    contexts, problems = [], []

    def is_foreign(url: str) -> bool:
        return not url.startswith((hub_url, "data:", "blob:"))

    def make(*, theme: Any = "light", width: int = 1440, height: int = 900, scripts: bool = True, **more: Any) -> Page:
        context = chromium.new_context(
            base_url=hub_url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            java_script_enabled=scripts,
            **more,
        )
        contexts.append(context)
        context.add_cookies([{"name": "hub_session", "value": session_token(), "url": hub_url, "httpOnly": True}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if is_problem(message) else None)
        page.on("request", lambda request: problems.append(request.url) if is_foreign(request.url) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One window, light and wide."""
    return new_page()


def is_problem(message: ConsoleMessage) -> bool:
    """True for what a page must not say; an answer that is no success is logged by the browser itself."""
    return message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource")


def refresh(page: Page) -> int:
    """As when the tab is seen again: the page is fetched at once and settled; the answer's status."""
    with page.expect_response(lambda response: "hx-request" in response.request.headers) as caught:
        page.evaluate(f"""() => {{
            {WITHIN}
            const settled = new Promise((done) => {{
                document.addEventListener("hub:settled", () => done(), {{ once: true }});
            }});
            document.dispatchEvent(new Event("visibilitychange"));
            return within(settled, "the refresh has settled");
        }}""")
    return caught.value.status


def settle(page: Page) -> None:
    """What a change of size, theme or pointer has set off is drawn: an observer's frame, one more by it, and a last."""
    page.evaluate(f"""() => {{
        {WITHIN}
        return within(new Promise((done) => {{
            const frame = (left) => (left ? requestAnimationFrame(() => frame(left - 1)) : done());
            frame(3);
        }}), "three frames are drawn");
    }}""")


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def unsound(page: Page, name: str) -> list[str]:
    """What is wrong with what the page shows, in both themes at both widths: axe's violations, and sideways scrolling.

    The page is turned from one look to the next without being fetched again, so what is open stays open. Axe's rules
    are all applied in each theme and at each width; of the four looks two are asked for colours alone, the one thing
    that a theme and a width decide together. Each look may be saved as the picture NAME-THEME-WIDTH.
    """
    found = []
    for theme, width, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        # Without motion: a colour on its way from one theme to the other has the contrast of neither.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate("() => window.scrollTo(0, 0)")  # else the bar at the top covers a part of something
        settle(page)
        look = f"{name}-{theme}-{width}"
        found += [f"{look}: {violation}" for violation in axe_violations(page, rules)]
        if pixels := overflow(page):
            found.append(f"{look}: {pixels} pixels wider than its window")
        save_screenshot(page, look)
    return found


def axe_violations(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """What axe finds against the rules (or tags of rules): rule and first element of each."""
    if not page.evaluate("'axe' in window"):
        # Through the debugger's channel: the page's content policy allows no foreign script, and rightly so.
        page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
    found: list[str] = page.evaluate(
        f"""async (rules) => {{
            {WITHIN}
            const options = {{ runOnly: rules, resultTypes: ["violations"] }};
            const {{ violations }} = await within(axe.run(document, options), "axe has looked");
            return violations.map(
                (rule) => `${{rule.id}}: ${{rule.nodes[0].html.slice(0, 160)}} (${{rule.nodes[0].failureSummary}})`);
        }}""",
        list(rules),
    )
    return found


def save_screenshot(page: Page, name: str) -> None:
    """The whole page as `build/screenshots/NAME.png`, to be looked at beside the design's; with --screenshots only."""
    if not _saves_pictures:
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
