"""What the answer to a report offers of what the operator wants, and what a report shows to be done. Pure."""

import msgspec

from felhom_hub.controllers.versions import parse_version


# A struct rather than a dataclass: it is the answer's member as it goes over the wire (contract 8).
class Pending(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is still to be done: the hash of the file to fetch, the version to update to."""

    config_hash: str | None = None
    update_to: str | None = None


class Wish(msgspec.Struct, frozen=True):
    """What the operator wants of one box; `expected_hash` is of the file that the hub would make now."""

    is_push_wanted: bool
    expected_hash: str | None
    update_to: str | None

    def is_config_done(self, config_hash: str | None) -> bool:
        """True when a box that reports `config_hash` has the file that it was to fetch."""
        return self.is_push_wanted and config_hash is not None and config_hash == self.expected_hash

    def is_update_done(self, version: str | None) -> bool:
        """True when a controller that reports `version` has the one that it was to update to, or a newer one."""
        reported, wanted = parse_version(version), parse_version(self.update_to)
        if reported is None or wanted is None:
            return self.update_to is not None and version == self.update_to
        return reported >= wanted


def pending_of(wish: Wish, *, config_hash: str | None, version: str | None) -> Pending | None:
    """What is still to be done by a box that reports these; None where nothing is.

    A configuration waits until the hub knows the hash of its file, since the box recognises the file by it.
    """
    offers_config = wish.is_push_wanted and not wish.is_config_done(config_hash)
    pending = Pending(
        config_hash=wish.expected_hash if offers_config else None,
        update_to=None if wish.is_update_done(version) else wish.update_to,
    )
    return None if pending == Pending() else pending
