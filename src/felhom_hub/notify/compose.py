"""Writes the message of a delivery: looks up what is known, and gives the letter its forms, text and HTML."""

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string

from felhom_hub.events.catalogue import Severity
from felhom_hub.notify.channels.contract import Message
from felhom_hub.notify.for_customer import customer_letter
from felhom_hub.notify.for_operator import operator_letter
from felhom_hub.notify.gather import STANDING, SUMMARY
from felhom_hub.notify.letter import Letter, Tone
from felhom_hub.notify.models import Delivery
from felhom_hub.notify.plain_text import text_of
from felhom_hub.notify.situation import Situation, incident_of
from felhom_hub.notify.summary_letters import HeldUp, customer_summary, operator_standing, operator_summary
from felhom_hub.reports.models import NodeState

_COLOURS: dict[Tone, dict[str, str]] = {
    "down": {"line": "#cc2f2f", "back": "#fce9e7", "text": "#a81e1e"},
    "warn": {"line": "#b87400", "back": "#fdf1d8", "text": "#7a4b00"},
    "ok": {"line": "#2f8f66", "back": "#e6f3ed", "text": "#1c6b4a"},
    "info": {"line": "#5b6577", "back": "#f3f4f6", "text": "#5b6577"},
}


def compose(delivery: Delivery, *, now: datetime) -> Message:
    """The message as it is sent at every try."""
    assert delivery.key is not None
    situation = situation_of(delivery, now=now)
    letter = letter_of(delivery, situation)
    return Message(
        key=delivery.key,
        recipient=delivery.recipient,
        subject=letter.subject,
        text=text_of(letter),
        html=html_of(letter),
        thread=_thread(situation, delivery.audience),
        facts={
            "event_type": situation.event_type,
            "severity": situation.severity,
            "customer_id": situation.customer_id,
            "message": situation.message,
        },
    )


def _thread(situation: Situation, audience: str) -> str:
    """What a mailbox gathers together: an incident, or all about one customer."""
    about = f"incident-{situation.incident}" if situation.incident else situation.customer_id or "fleet"
    return f"{about}.{audience}"


def letter_of(delivery: Delivery, situation: Situation) -> Letter:
    """The letter for the delivery's audience: of its event, or of the messages that it tells of together."""
    is_operator = delivery.audience == Delivery.Audience.OPERATOR
    if delivery.event_type == SUMMARY:
        held_up = _held_up(delivery)
        return operator_summary(situation, held_up) if is_operator else customer_summary(situation, held_up)
    if delivery.event_type == STANDING:
        return operator_standing(situation, _held_up(delivery))
    return operator_letter(situation) if is_operator else customer_letter(situation)


def _held_up(summary: Delivery) -> list[HeldUp]:
    rows = Delivery.objects.filter(gathered_in=summary).select_related("customer").order_by("at", "pk")
    return [
        HeldUp(
            _since(row) or row.at,
            (row.customer.name or row.customer.customer_id) if row.customer else "",
            row.event_type,
        )
        for row in rows
    ]


def _since(row: Delivery) -> datetime | None:
    """Since when the alarm stands that was told later than its event."""
    written = json.loads(row.inputs).get("since", "")
    return datetime.fromisoformat(written) if written else None


def html_of(letter: Letter) -> str:
    """The letter as HTML."""
    sender = "Felhom" if letter.language == "hu" else "felhom hub"
    return render_to_string(
        "notify/mail/letter.html", {"letter": letter, "colours": _COLOURS[letter.tone], "sender": sender}
    )


def situation_of(delivery: Delivery, *, now: datetime) -> Situation:
    """What is known of the delivery's event and customer."""
    inputs = json.loads(delivery.inputs)
    customer, event = delivery.customer, delivery.event
    node = NodeState.objects.filter(pk=customer.pk).first() if customer else None
    severity: Severity = inputs.get("severity", "info")
    return Situation(
        event_pk=event.pk if event else None,
        event_type=delivery.event_type,
        severity=severity,
        message=event.message if event else "",
        at=event.created_at if event else delivery.at,
        now=now,
        zone=settings.HUB.server.time_zone,
        customer_id=customer.customer_id if customer else "",
        name=customer.name if customer else "",
        town=customer.town if customer else "",
        domain=customer.domain if customer else "",
        phone=customer.phone if customer else "",
        last_report_at=node.last_received_at if node else None,
        last_backup_at=node.last_backup_at if node and node.last_backup_ok else None,
        controller_version=(node.controller_version or "") if node else "",
        held_back=inputs.get("held_back", 0),
        is_recovery=bool(inputs.get("recovers")),
        cooldown=timedelta(hours=inputs.get("cooldown_hours", 0)),
        hub_url=settings.HUB.server.public_url,
        later=inputs.get("later", ""),
        since=_since(delivery),
        incident=incident_of(event.event_type, event.details_json) if event else "",
    )
