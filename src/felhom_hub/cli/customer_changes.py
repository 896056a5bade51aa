"""`felhom-hub customer edit` and `delete`: what the form and the question on the pages do."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs --config first

import json

import click

from felhom_hub.base.instants import utc_now
from felhom_hub.cli.database import hub_database
from felhom_hub.cli.options import config_option, id_argument, json_option


@click.command(epilog='Example: felhom-hub customer edit kovacs-peter --town Szeged --note ""')
@id_argument
@click.option("--name", help="As it is shown on every page and in mail.")
@click.option("--domain", help="The domain of the box.")
@click.option("--email", help="Where the customer is written to.")
@click.option("--town", help="Where the box stands.")
@click.option("--phone", help="How the customer is called.")
@click.option("--tags", help="What servers have in common, separated by commas.")
@click.option("--note", help="For the operator only.")
@json_option
@config_option
def edit(customer_id: str, *, as_json: bool, **details: str | None) -> None:
    """Change what is written down about the customer ID; what is not given stays as it is."""
    given = {name: value for name, value in details.items() if value is not None}
    if not given:
        raise click.UsageError("Nothing to change; give at least one of --name, --domain, --email and the like")
    with hub_database():
        from felhom_hub.configs.save import edit_details
        from felhom_hub.operators.audit import COMMAND_LINE

        changed = edit_details(customer_id, given, now=utc_now(), by=COMMAND_LINE)
    outcome = f"{customer_id}: changed {', '.join(changed)}" if changed else f"{customer_id} was so already"
    click.echo(json.dumps({"customer_id": customer_id, "changed": list(changed)}) if as_json else outcome)


@click.command()
@id_argument
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@json_option
@config_option
def delete(customer_id: str, *, is_sure: bool, as_json: bool) -> None:
    """Delete the customer ID: its configuration, keys, tokens and passphrase.

    Asks for the id to be typed. Reports, events and infrastructure backups stay.
    """
    with hub_database():
        from felhom_hub.configs.delete import delete_with_config, kept_words
        from felhom_hub.customers.queries import customer_of
        from felhom_hub.operators.audit import COMMAND_LINE

        found = customer_of(customer_id)
        if not is_sure:
            click.echo(
                f"{found.name or customer_id}: configuration, keys, tokens and passphrase go; "
                f"{kept_words(found.pk)} stay.",
                err=True,
            )
            typed = click.prompt(f"Type {customer_id} to delete it", default="", show_default=False, err=True)
            if typed.strip() != customer_id:
                raise click.UsageError("That is not its id; nothing was deleted")
        is_changed = delete_with_config(customer_id, now=utc_now(), by=COMMAND_LINE)
    outcome = f"{customer_id} is deleted" if is_changed else f"{customer_id} was deleted by somebody else"
    click.echo(json.dumps({"customer_id": customer_id, "deleted": is_changed}) if as_json else outcome)
