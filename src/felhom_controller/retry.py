"""When to try again: exponential backoff with jitter, and the hub's `Retry-After`. Waiting itself is the caller's."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# An absurd Retry-After must not silence a controller: the hub calls it down after an hour.
RETRY_AFTER_LIMIT_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """The growth of waits: `first_seconds` after the first failure, doubled each time, never over the limit."""

    first_seconds: float = 2.0
    limit_seconds: float = 300.0

    def delay_seconds(
        self, failures: int, *, retry_after_seconds: float | None, draw: Callable[[], float] = random.random
    ) -> float:
        """Seconds to wait after so many failures in a row (1 or more).

        Half of the wait is drawn, so that a herd that failed together does not return together; a `Retry-After` is a
        lower bound, and up to a tenth is added to it.
        """
        span = min(self.limit_seconds, self.first_seconds * 2.0 ** min(failures - 1, 30))
        wait = span * (0.5 + 0.5 * draw())
        if retry_after_seconds is None:
            return wait
        return max(wait, retry_after_seconds * (1 + 0.1 * draw()))


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for (RFC 9110, 10.2.3: seconds or an HTTP date).

    None when there is none or it cannot be read; never over the limit.
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), RETRY_AFTER_LIMIT_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return min(max(0.0, (aware - now).total_seconds()), RETRY_AFTER_LIMIT_SECONDS)
