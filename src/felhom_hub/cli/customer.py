"""`felhom-hub customer`: enter, look at, block and unblock customers, beside a hub that is serving.

`customer_changes.py` and `customer_keys.py` have the commands that change them and their keys.
"""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs --config first

import json
from typing import TYPE_CHECKING, Any

import click

from felhom_hub.base.instants import rfc3339, utc_now
from felhom_hub.cli.customer_changes import delete, edit
from felhom_hub.cli.customer_keys import revoke_key, rotate_key
from felhom_hub.cli.database import hub_database
from felhom_hub.cli.options import config_option, id_argument, json_option

if TYPE_CHECKING:
    from felhom_hub.customers.models import Customer

Document = dict[str, Any]

MASKED = "********"
_HEADINGS = ("ID", "NAME", "DOMAIN", "TYPE", "STATE")
_ITEM_WIDTH = 20

_WHAT_NEXT = """\
{customer_id} is a managed customer now.

API key             {api_key}
Retrieval password  {retrieval_password}

1. Set the API key as hub.api_key in the box's controller.yaml, and hub.url as {hub_url}.
2. Give the retrieval password to the customer, on paper: it fetches the configuration when the box is lost.
3. The box appears in the overview with its first report; until then it is PENDING.

felhom-hub customer show {customer_id} --reveal shows both secrets again."""


@click.group()
@config_option
def customer() -> None:
    """Add, show, list, edit, block, unblock and delete customers; rotate and revoke their keys."""


for _command in (edit, delete, rotate_key, revoke_key):
    customer.add_command(_command)


@customer.command(
    epilog='Example: felhom-hub customer add kovacs-peter --name "Kovács Péter" --domain kovacs.hu --email p@kovacs.hu'
)
@id_argument
@click.option("--name", required=True, help="As it is shown on every page and in mail.")
@click.option("--domain", required=True, help="The domain of the box.")
@click.option("--email", required=True, help="Where the customer is written to.")
@click.option("--town", default="", help="Where the box stands.")
@click.option("--phone", default="", help="How the customer is called.")
@click.option("--tags", default="", help="What servers have in common, separated by commas.")
@click.option("--note", default="", help="For the operator only.")
@json_option
@config_option
def add(customer_id: str, *, as_json: bool, **details: str) -> None:
    """Add the customer ID, and print its secrets.

    A customer that only reported so far becomes a managed one and keeps its history.
    """
    with hub_database():
        from django.conf import settings

        from felhom_hub.configs.save import Entered, create_config
        from felhom_hub.configs.settings import Settings
        from felhom_hub.customers.details import Details
        from felhom_hub.operators.audit import COMMAND_LINE

        entered = Entered(Details(**details), Settings())
        added = create_config(customer_id, entered, now=utc_now(), by=COMMAND_LINE)
        hub_url = settings.HUB.server.public_url or "the address of this hub"
    document = {
        "customer_id": added.customer_id,
        "api_key": added.secrets.api_key,
        "retrieval_password": added.secrets.retrieval_password,
        "was_manual": added.was_manual,
    }
    click.echo(json.dumps(document) if as_json else _WHAT_NEXT.format(**document, hub_url=hub_url))


@customer.command()
@id_argument
@click.option("--reveal", is_flag=True, help="Show the secrets in the clear; the audit keeps that it was done.")
@json_option
@config_option
def show(customer_id: str, *, reveal: bool, as_json: bool) -> None:
    """Show the customer ID, its secrets as stars."""
    with hub_database():
        from felhom_hub.customers.queries import customer_of

        found = customer_of(customer_id)
        document = _document(found) | (_revealed(found) if reveal else _masked(found))
    if as_json:
        click.echo(json.dumps(document))
        return
    for item, value in document.items():
        click.echo(f"{item.replace('_', ' '):<{_ITEM_WIDTH}}{_for_people(value)}".rstrip())


@customer.command("list")
@click.option("--all", "with_blocked", is_flag=True, help="With the blocked ones.")
@json_option
@config_option
def list_(*, with_blocked: bool, as_json: bool) -> None:
    """List the customers that are not blocked."""
    with hub_database():
        from felhom_hub.customers.queries import active_customers, all_customers, count_blocked

        page_after = all_customers if with_blocked else active_customers
        documents: list[Document] = []
        while page := page_after(after=documents[-1]["customer_id"] if documents else ""):
            documents += [_document(each) for each in page]
        hidden = 0 if with_blocked else count_blocked()
    if as_json:
        click.echo(json.dumps({"customers": documents}))
        return
    _print_table([_row(document) for document in documents])
    if hidden:
        click.echo(f"{hidden} blocked, not shown; --all shows them", err=True)


@customer.command()
@id_argument
@json_option
@config_option
def block(customer_id: str, *, as_json: bool) -> None:
    """Block the customer ID.

    Its reports are kept, but the overview hides it, and it fetches no configuration.
    """
    with hub_database():
        from felhom_hub.customers.block import block_customer
        from felhom_hub.operators.audit import COMMAND_LINE

        is_changed = block_customer(customer_id, now=utc_now(), by=COMMAND_LINE)
    outcome = "is blocked" if is_changed else "was blocked already"
    document = {"customer_id": customer_id, "blocked": True, "changed": is_changed}
    click.echo(json.dumps(document) if as_json else f"{customer_id} {outcome}")


@customer.command()
@id_argument
@json_option
@config_option
def unblock(customer_id: str, *, as_json: bool) -> None:
    """Unblock the customer ID."""
    with hub_database():
        from felhom_hub.customers.block import unblock_customer
        from felhom_hub.operators.audit import COMMAND_LINE

        is_changed = unblock_customer(customer_id, now=utc_now(), by=COMMAND_LINE) is not None
    outcome = "is not blocked any more" if is_changed else "was not blocked"
    document = {"customer_id": customer_id, "blocked": False, "changed": is_changed}
    click.echo(json.dumps(document) if as_json else f"{customer_id} {outcome}")


def _document(found: "Customer") -> Document:
    return {
        "customer_id": found.customer_id,
        "name": found.name,
        "domain": found.domain,
        "email": found.email,
        "town": found.town,
        "phone": found.phone,
        "tags": found.tags,
        "note": found.note,
        "config_type": "managed" if found.is_managed else "manual",
        "blocked": found.blocked_at is not None,
        "blocked_at": rfc3339(found.blocked_at),
        "created_at": rfc3339(found.created_at),
    }


def _masked(found: "Customer") -> Document:
    from felhom_hub.customers.credentials import Kind, kinds_held

    held = kinds_held(found)
    return {str(kind): MASKED if kind in held else None for kind in (Kind.API_KEY, Kind.RETRIEVAL_PASSWORD)}


def _revealed(found: "Customer") -> Document:
    from felhom_hub.customers.credentials import reveal_secrets
    from felhom_hub.operators.audit import COMMAND_LINE

    secrets = reveal_secrets(found.customer_id, now=utc_now(), by=COMMAND_LINE)
    return {"api_key": secrets.api_key, "retrieval_password": secrets.retrieval_password}


def _row(document: Document) -> tuple[str, ...]:
    state = "blocked" if document["blocked"] else "active"
    values = (document["customer_id"], document["name"], document["domain"], document["config_type"], state)
    return tuple(_for_people(value) for value in values)


def _print_table(rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as their widest value; without rows, what to do about it."""
    if not rows:
        click.echo("No customers. Add one with `felhom-hub customer add`, or wait for the first report.", err=True)
        return
    lines = [_HEADINGS, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    for line in lines:
        click.echo("  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True)).rstrip())


def _for_people(value: str | bool | None) -> str:
    """The value on one line; a name that a box has reported must not steer the terminal."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    line = " / ".join(value.splitlines())
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)
