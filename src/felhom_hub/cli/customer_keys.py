"""`felhom-hub customer rotate-key` and `revoke-key`: a customer's own API keys."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs --config first

import json
import re
from datetime import timedelta

import click

from felhom_hub.base.instants import rfc3339, utc_now
from felhom_hub.cli.database import hub_database
from felhom_hub.cli.options import config_option, id_argument, json_option

_SPAN = re.compile(r"([0-9]{1,4})([dh])|0", re.ASCII)


class Span(click.ParamType[timedelta]):
    """Days or hours, such as 7d and 12h."""

    name = "span"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The span in `value`."""
        if isinstance(value, timedelta):
            return value
        found = _SPAN.fullmatch(str(value))
        if found is None:
            self.fail(f"{value!r} is no span such as 7d, 12h or 0", param, ctx)
        number = int(found[1] or 0)
        return timedelta(days=number) if found[2] == "d" else timedelta(hours=number)


@click.command("rotate-key")
@id_argument
@click.option("--overlap", type=Span(), default="7d", show_default=True, help="For how long older keys still hold.")
@json_option
@config_option
def rotate_key(customer_id: str, *, overlap: timedelta, as_json: bool) -> None:
    """Make a new API key for the customer ID, and print it; older ones hold for the overlap."""
    with hub_database():
        from felhom_hub.customers import keys
        from felhom_hub.operators.audit import COMMAND_LINE

        rotated = keys.rotate_key(customer_id, overlap=overlap, now=utc_now(), by=COMMAND_LINE)
    end = rfc3339(rotated.older_hold_until)
    if as_json:
        document = {
            "customer_id": customer_id,
            "number": rotated.number,
            "api_key": rotated.api_key,
            "older_keys_hold_until": end,
        }
        click.echo(json.dumps(document))
        return
    click.echo(f"API key {rotated.number}  {rotated.api_key}")
    click.echo(f"Older keys hold until {end}." if end else "No older key holds.")
    click.echo(
        "Set it as hub.api_key in the box's controller.yaml; the hub's configuration for the box has it already."
    )


@click.command("revoke-key")
@id_argument
@click.argument("number", metavar="[KEY-NUMBER]", type=int, required=False)
@click.option("--all-but-newest", is_flag=True, help="Every key but the newest.")
@json_option
@config_option
def revoke_key(customer_id: str, *, number: int | None, all_but_newest: bool, as_json: bool) -> None:
    """Revoke an API key of the customer ID, from the next request on; without a number, list those that hold."""
    if number is not None and all_but_newest:
        raise click.UsageError("Give either a key's number or --all-but-newest")
    with hub_database():
        from felhom_hub.customers import keys
        from felhom_hub.customers.queries import customer_of
        from felhom_hub.operators.audit import COMMAND_LINE

        now, revoked = utc_now(), None
        customer = customer_of(customer_id)
        if all_but_newest:
            revoked = keys.revoke_older_keys(customer_id, now=now, by=COMMAND_LINE)
        elif number is not None:
            revoked = keys.revoke_key(customer_id, number, now=now, by=COMMAND_LINE)
        left = keys.keys_of(customer, now=now)
    is_asked = number is not None or all_but_newest
    if as_json:
        documents = [
            {
                "number": key.number,
                "made_at": rfc3339(key.made_at),
                "holds_until": rfc3339(key.holds_until),
                "used_at": rfc3339(key.used_at),
                "used_from": key.used_from or None,
            }
            for key in left
        ]
        click.echo(json.dumps({"customer_id": customer_id, "changed": revoked is not None, "keys": documents}))
        return
    if is_asked:
        click.echo("Revoked." if revoked else "There was nothing to revoke.")
    for key in left:
        end = f"until {rfc3339(key.holds_until)}" if key.holds_until else "until it is revoked"
        use = f"used {rfc3339(key.used_at)} from {key.used_from or '-'}" if key.used_at else "not used yet"
        click.echo(f"key {key.number}  made {rfc3339(key.made_at)}  holds {end}  {use}")
    if not left:
        click.echo("No key holds: the box can report with the global key alone.", err=True)
    elif not is_asked:
        click.echo("Name the number of the one to revoke, or give --all-but-newest.", err=True)
