"""The ways to send, each a folder. To add one: a folder with a channel (contract.py), and its line in `CHANNELS`."""

from collections.abc import Iterator
from contextlib import contextmanager

from felhom_hub.notify.channels.apprise.channel import AppriseChannel
from felhom_hub.notify.channels.contract import Channel
from felhom_hub.notify.channels.email.channel import EmailChannel
from felhom_hub.notify.channels.webhook.channel import WebhookChannel

DEFAULT_CHANNEL = "email"
CHANNELS: dict[str, Channel] = {
    channel.kind: channel for channel in (EmailChannel(), WebhookChannel(), AppriseChannel())
}


def channels_for(audience: str) -> list[Channel]:
    """The channels whose decisions are kept: e-mail always, and what else is set up and reaches the audience."""
    return [
        channel
        for channel in CHANNELS.values()
        if (audience == "operator" or channel.reaches_customers)
        and (channel.kind == DEFAULT_CHANNEL or channel.provider())
    ]


@contextmanager
def only_channel(channel: Channel) -> Iterator[None]:
    """Within it there is no other channel: whoever plays a provider takes every message that would go out."""
    usual = dict(CHANNELS)
    CHANNELS.clear()
    CHANNELS[channel.kind] = channel
    try:
        yield
    finally:
        CHANNELS.clear()
        CHANNELS.update(usual)
