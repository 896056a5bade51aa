"""`felhom-hub simulate`: the alarms held against the truth, in a database of its own that is gone afterwards."""

# ruff: noqa: PLC0415  # --help needs no Django, and Django needs its settings first

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from felhom_hub.cli.options import config_option
from felhom_hub.cli.setup import forget_settings, set_up
from felhom_hub.simulation import sizes
from felhom_hub.simulation.switches import RULES

_MOST_NODES, _MOST_DAYS = 10_000, 365
_FAILED = 1
_PARTS = 1000  # of the bar

_HUB_YAML = """\
server: {{data_dir: '{data_dir}', public_url: 'https://hub.example.net'}}
notifications: {{operator_email: operator@example.net}}
"""


@click.command(epilog="Example: felhom-hub simulate --seed 7 --nodes 100 --days 30")
@click.option("--seed", type=click.IntRange(0), default=sizes.SEED, show_default=True, help="The same seed, the same run.")  # fmt: skip  # noqa: E501
@click.option("--nodes", type=click.IntRange(1, _MOST_NODES), help=f"How many servers. [default: {sizes.SHORT.nodes}]")
@click.option("--days", type=click.IntRange(1, _MOST_DAYS), help=f"For how long. [default: {sizes.SHORT.days}]")
@click.option("--long", "is_long", is_flag=True, help="The long form: a fleet's year, and each rule switched off; about five minutes of one processor.")  # fmt: skip  # noqa: E501
@click.option("--without", "rule", type=click.Choice(list(RULES)), metavar="RULE", help=f"Switch a rule off: {', '.join(RULES)}.")  # fmt: skip  # noqa: E501
@click.option("--json", "as_json", is_flag=True, help="As one JSON object, for scripts.")
@click.option("--write-docs", "docs", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Write the long form's results as a document.")  # fmt: skip  # noqa: E501
@config_option
def simulate(
    *, seed: int, nodes: int | None, days: int | None, is_long: bool, rule: str | None, as_json: bool, docs: Path | None
) -> None:
    """Hold the alarms against the truth: a simulated fleet with faults, on a virtual clock, with the hub's own rules.

    No hub.yaml is read and no database touched. Ends with status 1 where an outage was missed, an alarm doubled, or a
    message lost.
    """
    if is_long and (nodes or days or rule):
        raise click.UsageError("--long has its own sizes and rules; leave out --nodes, --days and --without")
    if docs is not None:
        _refuse_document(docs, is_long=is_long)
    with _own_database():
        document = _long(seed, docs, as_json=as_json) if is_long else _short(seed, nodes, days, rule, as_json=as_json)
    if document and not rule:
        raise SystemExit(_FAILED)


def _refuse_document(docs: Path, *, is_long: bool) -> None:
    """Before minutes of work, what is wrong with the file is told."""
    if not is_long:
        raise click.UsageError("--write-docs goes with --long")
    if not docs.parent.is_dir() or not os.access(docs if docs.exists() else docs.parent, os.W_OK):
        raise click.UsageError(f"{docs} cannot be written")


@contextmanager
def _own_database() -> Iterator[None]:
    """Inside, Django is set up over a new SQLite database with every setting at its default."""
    forget_settings()
    with tempfile.TemporaryDirectory(prefix="felhom-hub-simulate-") as directory:
        path = Path(directory, "hub.yaml")
        path.write_text(_HUB_YAML.format(data_dir=directory), encoding="utf-8")
        os.environ["FELHOM_HUB_CONFIG"] = str(path)
        set_up()
        import structlog
        from django.core.management import call_command
        from django.db import connection

        # Every message that is given up would be a line.
        structlog.configure(processors=[_drop])
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connection.close()


def _drop(_logger: object, _name: str, _event: MutableMapping[str, Any]) -> NoReturn:
    import structlog

    raise structlog.DropEvent


@contextmanager
def _bar(label: str) -> Iterator[Callable[[float], None]]:
    with click.progressbar(length=_PARTS, label=label, file=sys.stderr) as bar:
        shown = 0

        def show(progress: float) -> None:
            nonlocal shown
            now = round(progress * _PARTS)
            bar.update(now - shown)
            shown = now

        yield show


def _short(seed: int, nodes: int | None, days: int | None, rule: str | None, *, as_json: bool) -> list[str]:
    from felhom_hub.simulation.plan import make_plan
    from felhom_hub.simulation.run import simulate as run
    from felhom_hub.simulation.shown import as_document, faults_of, lines
    from felhom_hub.simulation.switches import Switches, without_rule

    size = replace(sizes.SHORT, nodes=nodes or sizes.SHORT.nodes, days=days or sizes.SHORT.days)
    with _bar(f"Simulating {size.nodes} nodes for {size.days} days") as show:
        result = run(make_plan(seed, size), without_rule(rule) if rule else Switches(), on_progress=show)
    click.echo(json.dumps(as_document(result)) if as_json else "\n".join(lines(result)))
    return list(faults_of(result))


def _long(seed: int, docs: Path | None, *, as_json: bool) -> list[str]:
    from felhom_hub.simulation.document import render
    from felhom_hub.simulation.long_form import run_long_form
    from felhom_hub.simulation.shown import as_document, faults_of, lines

    with _bar("Simulating a year") as show:
        form = run_long_form(seed, show)
    if as_json:
        without = {f"without_{name}": each for name, each in form.without.items()}
        runs = {"year": form.year, "with_all": form.with_all, **without}
        click.echo(json.dumps({name: as_document(each) for name, each in runs.items()}))
    else:
        click.echo("\n".join(lines(form.year)))
    if docs is not None:
        docs.write_text(render(form), encoding="utf-8")
    return list(faults_of(form.year))
