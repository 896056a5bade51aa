"""Every channel of `CHANNELS` keeps the contract; a new one is tested by being there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.build import NOW
from tests.notify.channels.messages import MESSAGE

from felhom_hub.notify.channels import CHANNELS, DEFAULT_CHANNEL, channels_for
from felhom_hub.notify.channels.contract import Channel, DeliveryError, retry_after_of
from felhom_hub.notify.models import Delivery

# What sets each up, towards a port where nobody listens.
NOBODY_LISTENS: dict[str, dict[str, object]] = {
    "email": {"resend_api_key": "re_key", "resend_api_url": "http://127.0.0.1:1", "operator_email": "o@example.org"},
    "apprise": {"apprise_url": "ntfy://127.0.0.1:1/re_key?token=t0ken"},
    "webhook": {"webhook_url": "http://127.0.0.1:1/hook?token=t0ken", "webhook_secret": "re_key"},
}
each_channel = pytest.mark.parametrize("channel", CHANNELS.values(), ids=list(CHANNELS))


@each_channel
def test_its_name_is_its_folder_and_fits_its_column(channel: Channel) -> None:
    assert CHANNELS[channel.kind] is channel
    assert type(channel).__module__ == f"felhom_hub.notify.channels.{channel.kind}.channel"
    assert len(channel.kind) <= (Delivery._meta.get_field("channel").max_length or 0)


@each_channel
def test_it_is_not_there_before_it_is_set_up(channel: Channel) -> None:
    assert (channel.provider(), channel.operator_recipient()) == ("", "")


@each_channel
def test_once_set_up_it_knows_the_operator(channel: Channel, notifications: Callable[..., None]) -> None:
    notifications(**NOBODY_LISTENS[channel.kind])

    assert channel.provider() != ""
    assert channel.operator_recipient() != ""


@each_channel
def test_it_tells_that_the_provider_is_away(channel: Channel, notifications: Callable[..., None]) -> None:
    notifications(**NOBODY_LISTENS[channel.kind])

    with pytest.raises(DeliveryError) as raised:
        channel.send(MESSAGE)
    error = raised.value
    # Apprise does not tell how far it got.
    assert (error.is_permanent, error.is_provider, error.is_uncertain) == (False, True, channel.kind == "apprise")
    assert error.answer != ""


@each_channel
def test_it_tells_no_secret(channel: Channel, notifications: Callable[..., None]) -> None:
    notifications(**NOBODY_LISTENS[channel.kind])

    with pytest.raises(DeliveryError) as raised:
        channel.send(MESSAGE)
    assert "re_key" not in raised.value.answer
    assert "t0ken" not in raised.value.answer + channel.operator_recipient()


def test_mail_is_decided_on_even_before_it_is_set_up() -> None:
    assert [channel.kind for channel in channels_for("customer")] == [DEFAULT_CHANNEL]
    assert [channel.kind for channel in channels_for("operator")] == [DEFAULT_CHANNEL]


def test_an_error_of_a_delivery_is_by_default_for_this_message_and_this_moment() -> None:
    error = DeliveryError("busy", retry_after=timedelta(seconds=1))

    assert (str(error), error.is_permanent, error.is_provider, error.is_uncertain) == ("busy", False, False, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30", timedelta(seconds=30)),
        ("0", timedelta()),
        ("99999999999999999999", timedelta(hours=1)),
        ("Mon, 23 Nov 2026 12:01:00 GMT", timedelta(minutes=1)),
        ("Mon, 23 Nov 2026 11:00:00 GMT", timedelta()),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, expected: timedelta | None) -> None:
    assert retry_after_of(text, now=NOW) == expected
