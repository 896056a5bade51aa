"""`felhom-hub drill`: rehearses the loss of a box over real HTTP, beside a serving hub, and records the proof."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs --config first

import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any

import click

from felhom_hub.base.instants import rfc3339, utc_now
from felhom_hub.base.words import count_words
from felhom_hub.cli.database import hub_database
from felhom_hub.cli.options import config_option
from felhom_hub.project.durations import parse_days

if TYPE_CHECKING:
    from felhom_hub.customers.models import Customer
    from felhom_hub.recovery.models import Drill
    from felhom_hub.recovery.rehearse import Rehearsal

_WITH_GAPS, _MISTAKE = 1, 2


class Days(click.ParamType[timedelta]):
    """Whole days."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        try:
            return value if isinstance(value, timedelta) else parse_days(str(value))
        except ValueError:
            self.fail(f"{value!r} must be days such as 90d", param, ctx)


@click.command(epilog="Example: felhom-hub drill kovacs-peter --without 3f2a9c1e-…")
@click.argument("customer_id", metavar="[ID]", required=False)
@click.option("--hub", "hub_url", metavar="URL", help="Address of the hub. [default: server.listen, on this machine]")
@click.option("--disks", type=click.File("rb"), help="JSON list of the disks found: device, uuid, fstype, size_gb. [default: all that the snapshot describes]")  # fmt: skip  # noqa: E501
@click.option("--without", multiple=True, metavar="UUID", help="Rehearse that this disk is lost too; may be repeated.")
@click.option("--all", "is_all", is_flag=True, help="Drill every customer that has a retrieval password.")
@click.option("--due", type=Days(), metavar="DAYS", help="Drill those whose last drill is so many days ago, as 90d.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object, for scripts.")
@config_option
def drill(
    customer_id: str | None,
    *,
    hub_url: str | None,
    disks: IO[bytes] | None,
    without: tuple[str, ...],
    is_all: bool,
    due: timedelta | None,
    as_json: bool,
) -> None:
    """Rehearse that the box of the customer ID is lost: from its passphrase to a plan of its apps, over real HTTP.

    The reference controller fetches as a box would, writes what came into a scratch directory that is gone afterwards,
    recognises the disks, and plans the apps. How it ended is kept, and shown on the customer's page. The status is 0
    when it passed, 1 when something was missing, and 2 when it could not be held.
    """
    if sum([customer_id is not None, is_all, due is not None]) != 1:
        raise click.UsageError("name one customer, or give --all, or --due")
    if disks is not None and without:
        raise click.UsageError("give --disks or --without, not both")
    if customer_id is None and (disks is not None or without):
        raise click.UsageError("--disks and --without go with one customer")
    with hub_database():
        from felhom_hub.customers.queries import customer_of
        from felhom_hub.recovery.rehearse import Rehearsal

        rehearsal = Rehearsal(_address(hub_url), None if disks is None else disks.read(), without)
        customers = _fleet(due) if customer_id is None else [customer_of(customer_id)]
        held, problem = _held(customers, rehearsal, with_bar=customer_id is None)
        documents = [_document(customer, each) for customer, each in held]
    if as_json and customer_id is not None:
        click.echo(json.dumps(documents[0] if documents else {"error": problem}))
    elif as_json:
        click.echo(json.dumps({"drills": documents, "error": problem or None}))
    else:
        click.echo("\n".join(_sheet(documents[0]) if customer_id is not None and documents else _table(documents)))
    if problem:
        raise click.UsageError(problem)
    if any(document["result"] != "passed" for document in documents):
        raise SystemExit(_WITH_GAPS)


def _address(given: str | None) -> str:
    from felhom_hub.recovery.rehearse import DrillMistake, own_hub_url

    try:
        return own_hub_url() if given is None else given
    except DrillMistake as error:
        raise click.UsageError(str(error)) from None


def _fleet(due: timedelta | None) -> "list[Customer]":
    from felhom_hub.recovery.drill_queries import drillable_customers, due_customers

    return drillable_customers() if due is None else due_customers(due, utc_now())


def _held(
    customers: "Sequence[Customer]", rehearsal: "Rehearsal", *, with_bar: bool
) -> "tuple[list[tuple[Customer, Drill]], str]":
    """Those that were held, and why no more were, or an empty text."""
    from felhom_hub.operators.audit import COMMAND_LINE
    from felhom_hub.recovery.drill_outcome import NotDone
    from felhom_hub.recovery.rehearse import DrillMistake, perform_drill

    held: list[tuple[Customer, Drill]] = []
    label = f"Drilling {count_words(len(customers), 'customer')}"
    with click.progressbar(customers, label=label, file=sys.stderr, hidden=not with_bar) as bar:
        for customer in bar:
            try:
                held.append((customer, perform_drill(customer, rehearsal, now=utc_now(), by=COMMAND_LINE)))
            except NotDone as error:
                return held, f"no drill of {customer.customer_id} was held: {error}; is the hub serving there?"
            except DrillMistake as error:
                return held, str(error)
    return held, ""


def _document(customer: "Customer", drill: "Drill") -> dict[str, Any]:
    return {
        "customer_id": customer.customer_id,
        "started_at": rfc3339(drill.started_at),
        "duration_ms": drill.duration_ms,
        "by": drill.actor,
        "result": drill.result,
        "gaps": drill.gaps,
        "snapshot_version": drill.snapshot_version,
        "disks_matched": drill.disks_matched,
        "disks_described": drill.disks_described,
        "stacks_planned": drill.stacks_planned,
        "stacks_all": drill.stacks_all,
    }


def _sheet(document: dict[str, Any]) -> list[str]:
    """One drill for people."""
    version = document["snapshot_version"]
    rows = {
        "drill of": document["customer_id"],
        "result": _words(document),
        "took": _took(document),
        "snapshot": "none" if version is None else f"version {version}",
        "disks": f"{document['disks_matched']} of {document['disks_described']} found",
        "apps": f"{document['stacks_planned']} of {document['stacks_all']} can be restored",
        "found": "nothing is missing" if not document["gaps"] else count_words(len(document["gaps"]), "finding"),
    }
    return [f"{name:<10}{value}" for name, value in rows.items()] + [f"  {gap}" for gap in document["gaps"]]


def _table(documents: Sequence[dict[str, Any]]) -> list[str]:
    """A line a drill, and the sums."""
    width = max((len(each["customer_id"]) for each in documents), default=0)
    lines = [
        f"{each['customer_id']:<{width}}  {_words(each):<10}{_took(each):<8}{'; '.join(each['gaps'][:2])}".rstrip()
        for each in documents
    ]
    passed = sum(each["result"] == "passed" for each in documents)
    return [*lines, f"{passed} of {count_words(len(documents), 'drill')} passed"]


def _words(document: dict[str, Any]) -> str:
    from felhom_hub.recovery.drill_words import RESULT_WORDS

    return str(RESULT_WORDS[document["result"]])


def _took(document: dict[str, Any]) -> str:
    from felhom_hub.recovery.drill_words import took_words

    return took_words(document["duration_ms"])
