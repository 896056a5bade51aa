"""Does what the answer to a report says that the operator wants: fetches the configuration, asks for the update.

A hub that cannot reach a controller offers it so (`pending`). Whatever goes wrong leaves the old file in place and is
tried again after the next report, whose answer offers it again.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from felhom_controller.client import HubClient, HubError
from felhom_controller.config import ConfigError, ConfigFile

_LIMIT_BYTES = 1024 * 1024  # of a configuration
_LONGEST_VERSION = 64

_log = structlog.get_logger("felhom_controller.wishes")


@dataclass(slots=True)
class Doer:
    """One controller's configuration, and how it is brought to another version; `asked_for` is the last of these."""

    customer_id: str
    key: Callable[[], str]
    config: ConfigFile
    update_to: Callable[[str], None]
    asked_for: str | None = None


def do_pending(pending: Mapping[str, Any], doer: Doer, client: HubClient) -> bool:
    """What is wanted is done as far as it can be; True where the next report says something new, and should be made."""
    config_hash, version = pending.get("config_hash"), pending.get("update_to")
    try:
        is_changed = isinstance(config_hash, str) and _fetched(config_hash, doer, client)
        if isinstance(version, str) and 0 < len(version) <= _LONGEST_VERSION and version != doer.asked_for:
            doer.update_to(version)
            doer.asked_for = version
            is_changed = True
    except (HubError, ConfigError, OSError) as error:
        _log.warning("what the hub wants cannot be done now; it is tried after the next report", reason=str(error))
        return False
    return is_changed


def _fetched(config_hash: str, doer: Doer, client: HubClient) -> bool:
    """The file with that hash is live; False where it was already. Raises HubError, ConfigError, OSError."""
    if doer.config.hash() == config_hash:
        return False
    path = f"/api/v1/pending/{doer.customer_id}/config"
    content = client.download(path, key=doer.key(), limit_bytes=_LIMIT_BYTES)
    if hashlib.sha256(content).hexdigest() != config_hash:
        # Cut off on its way, or changed at the hub meanwhile: the next answer says which file it is by then.
        raise ConfigError("the configuration that came is not the one that was offered")
    doer.config.apply(content)
    _log.info("the configuration that the hub wants is live", config_hash=config_hash)
    return True
