"""`felhom-hub check`: shows what project/checks found, and turns it into an exit status."""

import json
import os
import sys
from collections.abc import Iterator

import click

from felhom_hub.cli.options import config_option
from felhom_hub.project.checks.exposure import check_access, check_public_url, check_time_zone
from felhom_hub.project.checks.files import check_assets_dir, check_data_dir, check_free_space, check_secret_keys
from felhom_hub.project.checks.findings import Finding, Level, fail, ok, warn
from felhom_hub.project.database_url import SqliteUrl
from felhom_hub.project.hubfile import HubFileError, Loaded, configured_path, load

_FAILED, _NOT_CHECKED = 1, 2
_COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}
_COLUMN = 16
_BAR_CHARACTERS = 40


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object, for scripts.")
@config_option
@click.pass_context
def check(context: click.Context, *, as_json: bool) -> None:
    """Say whether settings, disk and database are fit for a start; nothing is made or changed.

    The registry and the template's server are asked last, which may take half a minute each.

    Ends with 0 when all is fine or only worth a warning, with 1 when something failed, and with 2 when the settings
    are impossible.
    """
    try:
        loaded = load(configured_path(os.environ), os.environ)
    except HubFileError as error:
        if not as_json:
            raise
        findings = [warn("settings", line) for line in error.warnings] + [
            fail("settings", line) for line in error.problems
        ]
        _print_json(findings)
        context.exit(_NOT_CHECKED)
    findings = []
    for finding in _findings(loaded):
        findings.append(finding)
        if not as_json:
            _print_line(finding)
    if as_json:
        _print_json(findings)
    if any(finding.level is Level.FAIL for finding in findings):
        context.exit(_FAILED)


def _findings(loaded: Loaded) -> Iterator[Finding]:
    import django  # noqa: PLC0415 - --help needs no Django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "felhom_hub.project.settings")
    django.setup()
    from felhom_hub.base.instants import utc_now  # noqa: PLC0415 - likewise
    from felhom_hub.project.checks.backup import check_backup, check_growth  # noqa: PLC0415 - likewise
    from felhom_hub.project.checks.database import check_database  # noqa: PLC0415 - the settings come first
    from felhom_hub.project.checks.registry import check_registry, check_template  # noqa: PLC0415 - likewise

    options, now = loaded.options, utc_now()
    yield from (warn("settings", line) for line in loaded.warnings)
    if not loaded.warnings:
        path = configured_path(os.environ)
        yield ok("settings", str(path) if path else "no hub.yaml: each is by default or from the environment")
    yield check_time_zone(options.server, now)
    yield check_public_url(options.server)
    yield from check_access(options)
    yield check_data_dir(options.server.data_dir)
    yield check_free_space(options.server.data_dir)
    yield check_assets_dir(options.assets.dir)
    url = options.database.url
    # An empty PostgreSQL database, made for the first start, would look used.
    has_database = isinstance(url, SqliteUrl) and os.path.lexists(url.path)
    yield check_secret_keys(options.secrets, has_database=has_database)
    yield from check_database(url, now=now, on_progress=_show_progress)
    growth = check_growth(url, options.alerting, now=now)
    if growth is not None:
        yield growth
    yield check_backup(options.backup, url)
    # Last, since they may take long.
    yield check_registry(options.registry)
    yield check_template(options.registry)


def _print_line(finding: Finding) -> None:
    word = click.style(f"{finding.level:<5}", fg=_COLOURS[finding.level])
    click.echo(f"{word} {finding.check:<{_COLUMN}} {finding.message}")


def _print_json(findings: list[Finding]) -> None:
    checks = [{"check": finding.check, "level": finding.level, "message": finding.message} for finding in findings]
    is_fit = all(finding.level is not Level.FAIL for finding in findings)
    click.echo(json.dumps({"ok": is_fit, "checks": checks}, ensure_ascii=False))


def _show_progress(fraction: float) -> None:
    """A bar on the last line of a terminal, gone again when all is done."""
    if not sys.stderr.isatty():
        return
    done = int(fraction * _BAR_CHARACTERS)
    bar = "" if fraction >= 1 else f"reading every page [{'#' * done:<{_BAR_CHARACTERS}}] {fraction:.0%}"
    click.echo(f"\r\x1b[K{bar}", nl=False, err=True)
