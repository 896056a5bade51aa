"""The recurring work on sign-ins."""

from datetime import datetime, timedelta

from felhom_hub.base.schedule import every
from felhom_hub.base.words import number_words
from felhom_hub.operators.sessions import delete_expired
from felhom_hub.operators.throttle import forget_failures


@every(timedelta(hours=1), label="Session clean-up")
def clean_up_sign_ins(now: datetime) -> str:
    """Sessions that ended, and failed tries that make nobody wait any more, are deleted."""
    return f"{number_words(delete_expired(now) + forget_failures(now))} removed"
