"""`dashboard`: server time, compressed bytes and queries of the operator's pages, over HTTP and signed in."""

import http.client
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

import bcrypt

from bench.inside import call
from bench.result import BenchError, Line, Outcome, Run
from bench.servers import Server

PASSWORD = "the bench's own"  # noqa: S105 - of a hub that lives for a minute
_P95_MS = 100.0
# A page asks no more of a larger fleet. Which groups it shows, and what a customer has, makes so much of a difference.
_QUERIES_APART = 2
_SMALL_FLEET = 28


@dataclass(frozen=True)
class Page:
    """`few_bytes` bounds it with a small fleet, `many_bytes` with any larger one (design language, section 8)."""

    path: str
    few_bytes: int
    many_bytes: int


@dataclass(frozen=True)
class Seen:
    """What one page took with one fleet."""

    fleet: int
    milliseconds: list[float]
    size: int
    queries: int

    @property
    def p95(self) -> float:
        """The time that one in twenty answers takes longer than."""
        return quantiles(self.milliseconds, n=20, method="inclusive")[-1]


def pages(customer_id: str) -> dict[str, Page]:
    """The pages by name."""
    return {
        "overview": Page("/", 20_000, 70_000),
        "overview sorted": Page("/?sort=disk", 20_000, 70_000),
        "overview by missed reports": Page("/?sort=reports", 20_000, 70_000),
        "overview by version": Page("/?sort=controller", 20_000, 70_000),
        "overview filtered": Page("/?q=a", 20_000, 70_000),
        "search": Page("/search?q=a", 20_000, 20_000),
        "customer": Page(f"/customers/{customer_id}", 30_000, 30_000),
        "apps": Page("/apps", 30_000, 30_000),
        "app": Page("/apps/immich", 30_000, 30_000),
    }


def run(run: Run) -> Outcome:
    """Each page with fleets of several sizes; a page that this hub does not have is left out."""
    taken: dict[str, list[Seen]] = {}
    for fleet in run.plan.fleets:
        place = run.directory / str(fleet)
        run.tell(f"making a fleet of {fleet:,}")
        call(place / "data", "bench.fill:seed_fleet", count=fleet, now=datetime.now(UTC).isoformat())
        customer_id = call(place / "data", "bench.dashboard_inside:some_customer")
        known = pages(customer_id)
        queries = call(
            place / "data", "bench.dashboard_inside:count_queries", paths=[page.path for page in known.values()]
        )
        run.tell(f"asking for pages of {fleet:,}")
        with closing(with_password(place)) as server:
            server.start()
            visitor = Visitor(server.port)
            for name, page in known.items():
                if queries[page.path] is None:
                    run.tell(f"there is no {page.path}")
                    continue
                times, size = visitor.times(page.path, run.plan.repetitions)
                taken.setdefault(name, []).append(Seen(fleet, times, size, queries[page.path]))
            server.stop()
    return _outcome(taken)


def with_password(place: Path) -> Server:
    """A hub that an operator signs in to, on the data under `place`; not yet started."""
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    return Server(place, settings={"auth.password_hash": hashed})


class Visitor:
    """A browser that has signed in and keeps its connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        form = urlencode({"password": PASSWORD})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("POST", "/login", form, headers)
            answer = connection.getresponse()
            answer.read()
        cookie = answer.getheader("Set-Cookie", "")
        if answer.status != HTTPStatus.SEE_OTHER or not cookie:
            raise BenchError(f"the sign-in was answered {answer.status}")
        self.headers = {"Cookie": cookie.partition(";")[0], "Accept-Encoding": "gzip"}

    def times(self, path: str, repetitions: int) -> tuple[list[float], int]:
        """Milliseconds until each answer was there, whole, and how many bytes the last one had."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            seen = [self.get(connection, path) for _ in range(repetitions + 1)]
        return [milliseconds for milliseconds, _ in seen[1:]], seen[-1][1]  # the first meets code that was never run

    def get(self, connection: http.client.HTTPConnection, path: str) -> tuple[float, int]:
        """Milliseconds until the answer was there, whole, and its bytes; BenchError where it is not a page."""
        began = time.perf_counter()
        connection.request("GET", path, headers=self.headers)
        answer = connection.getresponse()
        size = len(answer.read())
        took = (time.perf_counter() - began) * 1000
        if answer.status != HTTPStatus.OK or answer.getheader("Content-Encoding") != "gzip":
            raise BenchError(f"GET {path} was answered {answer.status}")
        return took, size


def _outcome(taken: dict[str, list[Seen]]) -> Outcome:
    lines = []
    for name, found in taken.items():
        page = pages("")[name]
        for seen in found:
            p50 = median(seen.milliseconds)
            most = page.few_bytes if seen.fleet <= _SMALL_FLEET else page.many_bytes
            lines += [
                Line(f"{name} of {seen.fleet:,} customers, p95", seen.p95, "ms", f"p50 {p50:.1f} ms",
                     goal=f"< {_P95_MS:.0f} ms", is_met=seen.p95 < _P95_MS),
                Line("its bytes, compressed", seen.size, "B", goal=f"≤ {most:,} B", is_met=seen.size <= most),
            ]  # fmt: skip
        counts = [seen.queries for seen in found]
        goal = f"constant, ± {_QUERIES_APART} by what is shown"
        is_met = max(counts) - min(counts) <= _QUERIES_APART
        lines.append(Line(f"{name}: queries", max(counts), "", goal=goal, is_met=is_met))
    details = {
        name: [{"fleet": seen.fleet, "ms": seen.milliseconds, "bytes": seen.size, "queries": seen.queries}
               for seen in found]
        for name, found in taken.items()
    }  # fmt: skip
    return Outcome(lines, details)
