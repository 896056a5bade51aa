"""`/live`: who may listen, when a note comes, and when a stream ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from pytest_django import Settings
from tests.asgi import GONE, call, run, scope_of
from tests.operators.site import with_auth
from tests.servers.browser import PASSWORD_HASH

from felhom_hub.base.endpoint import AsgiApp, Message
from felhom_hub.base.instants import utc_now
from felhom_hub.fleet import live
from felhom_hub.fleet.live import News, live_endpoint
from felhom_hub.operators.sessions import SESSION_COOKIE, end_session, open_session

pytestmark = pytest.mark.django_db(transaction=True)

NOTE, HEARTBEAT = b"event: fleet\ndata: {}\n\n", b": still here\n\n"
SECONDS = 60
FOR_EVER = 3600.0


@pytest.fixture(autouse=True)
def _slow_clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign-in is on; nothing happens by the clock unless a test says so."""
    with_auth(settings, password_hash=PASSWORD_HASH)
    monkeypatch.setattr(live, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", FOR_EVER)
    monkeypatch.setattr(live, "SESSION_CHECK_SECONDS", FOR_EVER)


@pytest.fixture
def token() -> str:
    return open_session(password_hash=PASSWORD_HASH, address="192.0.2.7", user_agent="", now=utc_now())


@dataclass
class Page:
    """An open page: what it was sent, and a way to close it."""

    sent: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> Message:
        await self.closed.wait()
        return GONE

    async def next_message(self) -> Message:
        async with asyncio.timeout(SECONDS):
            return await self.sent.get()

    async def next_part(self) -> bytes:
        part: bytes = (await self.next_message())["body"]
        return part


@asynccontextmanager
async def opened(app: AsgiApp, token: str) -> AsyncIterator[tuple[Page, "asyncio.Task[None]"]]:
    """A page whose stream has begun; the page is closed at the end of the block, and the stream has ended."""
    page = Page()
    scope = scope_of(path="/live", headers={"Cookie": f"{SESSION_COOKIE}={token}"})
    stream = asyncio.ensure_future(app(scope, page.receive, page.sent.put))
    try:
        assert (await page.next_message())["status"] == 200
        assert await page.next_part() == HEARTBEAT
        yield page, stream
    finally:
        page.closed.set()
        async with asyncio.timeout(SECONDS):
            await stream


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cookie": f"{SESSION_COOKIE}={'0' * 64}"},
        {"Cookie": f"{SESSION_COOKIE}=short"},
        {"Cookie": "\x01=;"},
        {"Authorization": "Bearer the-global-key-of-the-tests"},
    ],
)
def test_whoever_is_not_signed_in_is_refused_in_the_one_shape(headers: dict[str, str]) -> None:
    answer = run(call(live_endpoint(News(), asyncio.Event()), path="/live", headers=headers))

    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json() == {"ok": False, "error": "Sign in to follow the fleet"}


def test_other_methods_are_refused() -> None:
    answer = run(call(live_endpoint(News(), asyncio.Event()), "POST", "/live"))

    assert (answer.status, answer.headers["allow"]) == (405, "GET")


def test_stream_is_not_kept_by_caches_and_not_held_back_by_proxies(token: str) -> None:
    async def first() -> Message:
        page = Page()
        page.closed.set()
        scope = scope_of(path="/live", headers={"Cookie": f"{SESSION_COOKIE}={token}"})
        await live_endpoint(News(), asyncio.Event())(scope, page.receive, page.sent.put)
        return await page.next_message()

    assert run(first()) == {
        "type": "http.response.start",
        "status": 200,
        "headers": [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ],
    }


def test_every_open_page_is_told_when_something_landed_and_not_before(token: str) -> None:
    async def main() -> None:
        news = News()
        app = live_endpoint(news, asyncio.Event())
        async with opened(app, token) as (one, _), opened(app, token) as (other, _):
            await asyncio.sleep(0.05)  # time for a note that nobody should send
            assert (one.sent.empty(), other.sent.empty()) == (True, True)
            for _ in range(2):
                news.landed()
                assert [await one.next_part(), await other.next_part()] == [NOTE, NOTE]
        assert news.streams == 0

    run(main())


def test_however_much_lands_within_the_quiet_time_makes_one_note(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "QUIET_SECONDS", 1.0)

    async def main() -> float:
        news, loop = News(), asyncio.get_running_loop()
        async with opened(live_endpoint(news, asyncio.Event()), token) as (page, _):
            news.landed()
            assert await page.next_part() == NOTE
            noted_at = loop.time()
            for _ in range(50):
                news.landed()
                await asyncio.sleep(0)
            assert await page.next_part() == NOTE
            apart = loop.time() - noted_at
            await asyncio.sleep(1.5)
            assert page.sent.empty()
        return apart

    assert run(main()) > 0.9


def test_what_landed_before_the_page_opened_is_no_news_for_it(token: str) -> None:
    async def main() -> None:
        news = News()
        news.landed()
        async with opened(live_endpoint(news, asyncio.Event()), token) as (page, _):
            await asyncio.sleep(0.05)
            assert page.sent.empty()

    run(main())


def test_silent_stream_gets_heartbeats(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.01)

    async def main() -> list[bytes]:
        async with opened(live_endpoint(News(), asyncio.Event()), token) as (page, _):
            return [await page.next_part() for _ in range(3)]

    assert run(main()) == [HEARTBEAT] * 3


def test_stream_ends_after_signing_out(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr(live, "SESSION_CHECK_SECONDS", 0.05)

    async def main() -> None:
        news = News()
        async with opened(live_endpoint(news, asyncio.Event()), token) as (page, stream):
            for _ in range(10):  # while the session holds, looks at it change nothing
                assert await page.next_part() == HEARTBEAT
            await asyncio.to_thread(end_session, token)
            async with asyncio.timeout(SECONDS):
                await stream
            while not page.sent.empty():
                last = page.sent.get_nowait()
            assert last == {"type": "http.response.body", "body": b""}
        assert news.streams == 0

    run(main())


@pytest.mark.parametrize("quiet_seconds", [0.0, FOR_EVER])
def test_stream_ends_at_once_when_the_hub_stops(
    quiet_seconds: float, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "QUIET_SECONDS", quiet_seconds)

    async def main() -> Message:
        news, stopping = News(), asyncio.Event()
        async with opened(live_endpoint(news, stopping), token) as (page, stream):
            news.landed()
            assert await page.next_part() == NOTE
            stopping.set()
            async with asyncio.timeout(SECONDS):
                await stream
            return await page.next_message()

    assert run(main()) == {"type": "http.response.body", "body": b""}


def test_page_too_many_is_told_so_until_another_is_closed(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_STREAMS", 2)
    headers = {"Cookie": f"{SESSION_COOKIE}={token}"}

    async def main() -> None:
        news = News()
        app = live_endpoint(news, asyncio.Event())
        async with opened(app, token):
            async with opened(app, token):
                refused = await call(app, path="/live", headers=headers)
            async with opened(app, token):
                assert news.streams == 2
        assert (refused.status, int(refused.headers["retry-after"]) > 0) == (503, True)
        sentence = "Too many pages are open; this one goes on refreshing every minute"
        assert json.loads(refused.body) == {"ok": False, "error": sentence}

    run(main())
