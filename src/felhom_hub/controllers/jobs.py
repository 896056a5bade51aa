"""The recurring look for new versions of the controller."""

from datetime import datetime

from django.conf import settings

from felhom_hub.base.schedule import Lane, every
from felhom_hub.base.words import count_words
from felhom_hub.controllers.registry import Account, RegistryError, tags_of
from felhom_hub.controllers.releases import note_failure, note_tags


@every(settings.HUB.registry.check_interval, label="Controller versions", lane=Lane.REMOTE)
def look_for_releases(now: datetime) -> str:
    """What the registry has on offer is known; where it cannot be asked, why."""
    registry = settings.HUB.registry
    if not registry.image:
        return "switched off"
    try:
        tags = tags_of(registry.image, Account(registry.username, registry.token))
    except RegistryError as error:
        note_failure(str(error), now=now)
        return f"not known: {error}"
    offer = note_tags(tags, now=now)
    return f"{offer.newest or 'no release'} of {count_words(len(tags), 'tag')}"
