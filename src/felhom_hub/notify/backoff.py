"""When a message that could not be sent is tried again, and when no more. Pure."""

from datetime import datetime, timedelta

# Resend forgets an idempotency key after 24 h; a try after that could send the message twice. One hour is for the
# slowest try and for clocks that differ.
GIVE_UP_AFTER = timedelta(hours=23)
_FIRST = timedelta(seconds=30)
_LONGEST = timedelta(minutes=15)  # a provider that is back after hours is noticed soon


def next_try(
    attempts: int, *, now: datetime, first_tried_at: datetime, retry_after: timedelta | None, chance: float
) -> datetime | None:
    """The time of the next try after `attempts` failed ones; None when the message is given up.

    The pause doubles with each try, and `chance` (0 to 1) takes up to half of it away, so that what failed together is
    not tried together. A pause that the provider asked for is kept in full.
    """
    pause = min(_FIRST * 2 ** min(attempts - 1, 10), _LONGEST) * (1 - chance / 2)
    at = now + max(pause, retry_after or timedelta())
    return None if is_over(at, first_tried_at) else at


def is_over(at: datetime, first_tried_at: datetime) -> bool:
    """True when a try at that time could be too late for the provider to know the message again."""
    return at >= first_tried_at + GIVE_UP_AFTER
