"""What the hub wants in a box's controller.yaml: the operator's overrides, and over them what the hub knows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from felhom_hub.configs.documents import read_again
from felhom_hub.configs.merge import Plain, merged
from felhom_hub.configs.overrides import has_values
from felhom_hub.configs.settings import Settings


@dataclass(frozen=True)
class Box:
    """Whose box it is, where it reports to, and its secrets by the names of their kinds; empty is not known."""

    customer_id: str
    name: str
    domain: str
    email: str
    hub_url: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def intent(box: Box, settings: Settings) -> dict[str, Plain]:
    """The values to lay over the template; what is empty keeps the template's. Raises DocumentError."""
    overrides = read_again(settings.overrides) if has_values(settings.overrides) else {}
    return merged(overrides, _known(box, settings))


def _known(box: Box, settings: Settings) -> dict[str, Any]:
    secrets = box.secrets
    known: dict[str, Any] = {
        "customer": {"id": box.customer_id, "name": box.name, "domain": box.domain, "email": box.email},
        "hub": {"enabled": True, "url": box.hub_url, "api_key": secrets.get("api_key", "")},
        "infrastructure": {
            "cf_tunnel_token": secrets.get("cf_tunnel_token", ""),
            "cf_api_token": secrets.get("cf_api_token", ""),
        },
        "web": {"session_secret": secrets.get("session_secret", "")},
        "monitoring": {"enabled": settings.is_monitored, "ping_uuids": settings.ping_uuids},
        "logging": {"level": settings.log_level},
    }
    return {section: _filled(values) for section, values in known.items() if _filled(values)}


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not known: an empty value that the template lacks would be a new key."""
    return {name: value for name, value in values.items() if value not in (None, "", {})}
