"""Which versions of the controller are on offer: what the registry's tags say, kept in one row."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from felhom_hub.controllers.models import Releases
from felhom_hub.controllers.versions import Version, is_older, newest_release, parse_version

_ROW = 1
_MAX_FAILURE = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """What is known of the registry; versions with one leading `v`, empty where there is none.

    `failure` is the sentence of the newest look, empty where it went well; what was known before it stays.
    """

    newest: str = ""
    newest_pre_release: str = ""  # only one that comes after the newest release
    tags: int = 0
    worked_at: datetime | None = None
    asked_at: datetime | None = None
    failure: str = ""

    def is_behind(self, version: str | None) -> bool:
        """True where the version is one, and comes before the newest release."""
        return is_older(version, self.newest)


def offer_now() -> Offer:
    """What is on offer; one query."""
    row = Releases.objects.filter(pk=_ROW).first()
    if row is None:
        return Offer()
    return Offer(row.newest, row.newest_pre_release, row.tags, row.worked_at, row.asked_at, row.failure)


def note_tags(tags: Collection[str], *, now: datetime) -> Offer:
    """The registry has these tags; what is no semantic version, such as `latest`, is left out."""
    versions = [version for tag in tags if (version := parse_version(tag)) is not None]
    newest = newest_release(tags)
    later = [each for each in versions if not each.is_release and (newest is None or each > newest)]
    values = {
        "newest": _written(newest),
        "newest_pre_release": _written(max(later, default=None)),
        "tags": len(tags),
        "worked_at": now,
        "asked_at": now,
        "failure": "",
    }
    Releases.objects.update_or_create(pk=_ROW, defaults=values)
    return offer_now()


def note_failure(sentence: str, *, now: datetime) -> None:
    """The registry could not be asked; what it said before stays."""
    Releases.objects.update_or_create(pk=_ROW, defaults={"asked_at": now, "failure": sentence[:_MAX_FAILURE]})


def _written(version: Version | None) -> str:
    return "" if version is None else str(version)
