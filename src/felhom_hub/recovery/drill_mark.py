"""The mark by which the hub knows its own drills among those who fetch a recovery answer.

It opens nothing: the passphrase does. It only keeps the audit from saying that somebody has taken the keys of the
house; so nobody but who has this hub's keys can make one.
"""

from datetime import datetime, timedelta
from typing import Final

from felhom_hub.base.instants import parse_rfc3339, rfc3339
from felhom_hub.base.secrets import SecretsError, open_text, seal

HEADER: Final = "X-Recovery-Drill"
_HOLDS: Final = timedelta(minutes=15)


def drill_mark(customer_id: str, now: datetime) -> str:
    """The mark of a drill of this customer that begins now; raises SecretsError."""
    return seal(rfc3339(now) or "", purpose=_purpose(customer_id))


def is_drill(mark: str, customer_id: str, now: datetime) -> bool:
    """True for a mark that this hub has made for this customer a moment ago."""
    if not mark:
        return False
    try:
        made_at = parse_rfc3339(open_text(mark, purpose=_purpose(customer_id)))
    except SecretsError:
        return False
    return made_at is not None and abs(now - made_at) <= _HOLDS


def _purpose(customer_id: str) -> str:
    return f"drill:{customer_id}"
