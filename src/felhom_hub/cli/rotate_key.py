"""`felhom-hub rotate-key`: everything in the database is sealed with a new key, beside a serving hub."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs --config first

import json
import sys

import click

from felhom_hub.base.instants import utc_now
from felhom_hub.cli.database import hub_database
from felhom_hub.cli.options import config_option, json_option

_FAILED = 1
_NAMED = 20  # of what no key opens


@click.command()
@click.option("--only-reseal", is_flag=True, help="Make no key: seal with the first one that there is.")
@json_option
@config_option
@click.pass_context
def rotate_key(context: click.Context, *, only_reseal: bool, as_json: bool) -> None:
    """Seal every secret in the database anew with the first key.

    Where the key file holds one key only, a new one is put in front of it. Run it again after it was stopped: it goes
    on where it was. An older key may be removed once nothing is sealed with it; keep it for backups from before.
    """
    with hub_database():
        from django.conf import settings

        from felhom_hub.base import resealing
        from felhom_hub.base.secrets import add_key, keyring
        from felhom_hub.operators.audit import COMMAND_LINE, record_audit

        is_configured = bool(settings.HUB.secrets.keys)
        made = None
        if not only_reseal and not is_configured and len(keyring().keys) == 1:
            made = add_key(settings.HUB.secrets.key_file).key_id
            record_audit("secret_key_made", by=COMMAND_LINE, now=utc_now(), detail=f"key {made}")
        active, *older = (key.key_id for key in keyring().keys)
        resealed = 0
        unreadable: list[str] = []
        waiting = resealing.count_to_reseal()
        is_hidden = not sys.stderr.isatty()
        with click.progressbar(length=waiting, label="Sealing anew", file=sys.stderr, hidden=is_hidden) as bar:
            for portion in resealing.reseal():
                resealed += portion.resealed
                unreadable += portion.unreadable
                bar.update(portion.resealed + len(portion.unreadable))
        if resealed:
            detail = f"{resealed} with key {active}"
            record_audit("secrets_resealed", by=COMMAND_LINE, now=utc_now(), detail=detail)
        unused = [key_id for key_id in older if resealing.count_sealed_with(key_id) == 0]
        document = {
            "active_key": active,
            "made_key": made,
            "resealed": resealed,
            "unreadable": len(unreadable),
            "unused_keys": unused,
        }
    if as_json:
        click.echo(json.dumps(document))
    else:
        if made:
            click.echo(f"Key {made} was made. Copy the key file to where its copy is kept.")
        click.echo(f"Sealed anew with key {active}: {resealed}.")
        if unused:
            click.echo(
                f"Nothing is sealed any more with: {', '.join(unused)}. It may be removed, except for database backups "
                "from before."
            )
    for each in unreadable[:_NAMED]:
        click.echo(f"felhom-hub: no key opens {each}; it was left as it is", err=True)
    if unreadable:
        context.exit(_FAILED)
