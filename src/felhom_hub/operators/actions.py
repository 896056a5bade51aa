"""Every action of the audit in plain words; one more action is one line here, and a test asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    """What an action is about; the audit's chips, in this order."""

    SECRET = "secret"  # noqa: S105 - a word, no secret
    SIGN_IN = "sign-in"
    CHANGE = "change"
    HUB = "hub"


KIND_LABELS: Mapping[ActionKind, str] = {
    ActionKind.SECRET: "Secrets and keys",
    ActionKind.SIGN_IN: "Sign-in",
    ActionKind.CHANGE: "Customers",
    ActionKind.HUB: "Hub",
}
# Of the sprite; a customer and the hub have those of their entries in the navigation.
KIND_ICONS: Mapping[ActionKind, str] = {
    ActionKind.SECRET: "key",
    ActionKind.SIGN_IN: "user",
    ActionKind.CHANGE: "people",
    ActionKind.HUB: "cog",
}


@dataclass(frozen=True)
class Action:
    """`words` tell what was done, without who and to whom."""

    words: str
    kind: ActionKind


ACTIONS: Mapping[str, Action] = {
    "signed_in": Action("Signed in", ActionKind.SIGN_IN),
    "signed_out": Action("Signed out", ActionKind.SIGN_IN),
    "sign_in_paused": Action("Wrong passwords, sign-in paused", ActionKind.SIGN_IN),
    "session_revoked": Action("Another browser signed out", ActionKind.SIGN_IN),
    "signed_out_others": Action("All other browsers signed out", ActionKind.SIGN_IN),
    "signed_out_everywhere": Action("Signed out everywhere", ActionKind.SIGN_IN),
    "customer_added": Action("Customer added", ActionKind.CHANGE),
    "customer_moved_in": Action("Customer moved in from another hub", ActionKind.CHANGE),
    "customer_edited": Action("Customer edited", ActionKind.CHANGE),
    "config_edited": Action("Configuration edited", ActionKind.CHANGE),
    "config_restored": Action("Earlier configuration restored", ActionKind.CHANGE),
    "customer_deleted": Action("Customer deleted", ActionKind.CHANGE),
    "customer_blocked": Action("Customer blocked", ActionKind.CHANGE),
    "customer_unblocked": Action("Customer unblocked", ActionKind.CHANGE),
    "api_key_made": Action("API key made", ActionKind.SECRET),
    "api_key_rotated": Action("API key rotated", ActionKind.SECRET),
    "api_key_revoked": Action("API key revoked", ActionKind.SECRET),
    "secrets_revealed": Action("Secrets revealed", ActionKind.SECRET),
    "secret_revealed": Action("One secret revealed", ActionKind.SECRET),
    "secret_copied": Action("One secret copied", ActionKind.SECRET),
    "config_fetched": Action("Configuration fetched by passphrase", ActionKind.SECRET),
    "pending_config_fetched": Action("Wanted configuration fetched with the box's own key", ActionKind.SECRET),
    "recovery_fetched": Action("Recovery answer fetched by passphrase", ActionKind.SECRET),
    "infra_backup_fetched": Action("Infrastructure backup fetched with a key", ActionKind.SECRET),
    "infra_backup_downloaded": Action("Infrastructure backup downloaded", ActionKind.SECRET),
    "secret_key_made": Action("Key for sealing secrets made", ActionKind.SECRET),
    "secrets_resealed": Action("Secrets sealed anew", ActionKind.SECRET),
    "retrieval_unlocked": Action("Retrieval unlocked after wrong passwords", ActionKind.SECRET),
    "drill_done": Action("Recovery drill done", ActionKind.CHANGE),
    "tokens_changed": Action("Infrastructure tokens changed", ActionKind.SECRET),
    "controller_host_confirmed": Action("Host of a controller confirmed", ActionKind.CHANGE),
    "controller_host_withdrawn": Action("Host of a controller withdrawn", ActionKind.CHANGE),
    "live_config_asked": Action("Live configuration asked for", ActionKind.SECRET),
    "config_push_asked": Action("Push of the configuration asked for", ActionKind.SECRET),
    "controller_update_asked": Action("Update of a controller asked for", ActionKind.CHANGE),
    "controller_call_ended": Action("Call to a controller ended", ActionKind.CHANGE),
    "controller_call_withdrawn": Action("Call to a controller withdrawn", ActionKind.CHANGE),
    "config_pulled": Action("Configuration taken over from a controller", ActionKind.CHANGE),
    "delivery_sent_again": Action("Failed message sent again", ActionKind.CHANGE),
    "preferences_changed": Action("Notifications of a customer changed", ActionKind.CHANGE),
    "address_mailed_again": Action("Address mailed again after a bounce", ActionKind.CHANGE),
    "channel_tested": Action("Test message sent", ActionKind.HUB),
    "alarm_path_tested": Action("Alarm path tested by hand", ActionKind.HUB),
    "silence_made": Action("Silence made", ActionKind.CHANGE),
    "silence_changed": Action("Silence changed", ActionKind.CHANGE),
    "silence_ended": Action("Silence ended", ActionKind.CHANGE),
    "alarm_acknowledged": Action("Alarm acknowledged", ActionKind.CHANGE),
    "acknowledgement_taken_back": Action("Acknowledgement taken back", ActionKind.CHANGE),
    "assets_refreshed": Action("Assets refreshed from the image", ActionKind.HUB),
    "asset_uploaded": Action("Asset uploaded", ActionKind.HUB),
    "asset_deleted": Action("Asset deleted", ActionKind.HUB),
    "asset_restored": Action("Deleted asset restored", ActionKind.HUB),
    "job_run": Action("Background job run by hand", ActionKind.HUB),
}


def action_words(name: str) -> str:
    """The action in plain words; one that a newer or older hub has recorded, by its name."""
    known = ACTIONS.get(name)
    return known.words if known else name.replace("_", " ").capitalize()


def actions_like(text: str) -> list[str]:
    """The names of the actions whose words hold the text, whatever its case."""
    return [name for name, action in ACTIONS.items() if text.casefold() in action.words.casefold()]


def actions_of(kind: ActionKind) -> list[str]:
    """The names of the actions of a kind."""
    return [name for name, action in ACTIONS.items() if action.kind is kind]
