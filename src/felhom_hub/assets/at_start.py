"""The seeding at the hub's start, which takes its own short time and stops nothing."""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from felhom_hub.assets.manifest import note_seeding
from felhom_hub.assets.seed import left_alone_words, seed_store

# Ordinarily it is hashes only, and over in a second. On a slow volume the first start copies for longer: the rest comes
# with the next one, or with the button.
START_SECONDS = 10.0
_LOGGED = 20  # of files that are left alone

log = structlog.get_logger(__name__)


def seed_at_start(now: datetime) -> None:
    """The store has what the image has; where that fails the log says why, and the hub starts all the same."""
    assets = settings.HUB.assets
    if not assets.seed_dir.is_dir():
        log.info("assets_have_no_seed", reason=f"there is no directory {assets.seed_dir}; the store stays as it is")
        return
    try:
        done = seed_store(assets.seed_dir, assets.dir, seconds=START_SECONDS)
        for line in list(left_alone_words(done))[:_LOGGED]:
            log.warning("asset_left_alone", file=line)
        if done.trouble:
            log.error("assets_not_seeded", reason=done.trouble, done=done.words)
        elif done.added or done.changed:
            log.info("assets_seeded", done=done.words)
        note_seeding(f"{done.words}; ended early: {done.trouble}" if done.trouble else done.words, now=now)
    except (OSError, DatabaseError) as error:
        log.error("assets_not_seeded", reason=str(error))  # noqa: TRY400 - its own word is all there is to know
    finally:
        connection.close()
