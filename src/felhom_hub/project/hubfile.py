"""Reads hub.yaml and environment into the typed table of options.py, and says all that is impossible in them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from felhom_hub.project.database_url import SqliteUrl
from felhom_hub.project.durations import format_duration
from felhom_hub.project.options import SETTINGS, Options
from felhom_hub.project.sources import Found, read_environment, read_yaml
from felhom_hub.project.unknown import unknown_key_warnings, unknown_variable_warnings
from felhom_hub.project.values import ImpossibleError, read_value

# Names the file for Django's settings module, which has no command line.
CONFIG_VARIABLE = "FELHOM_HUB_CONFIG"


@dataclass(frozen=True)
class Loaded:
    """`sources` has every dotted key with its place: "hub.yaml:12", a variable's name, or "default"."""

    options: Options
    warnings: tuple[str, ...]
    sources: Mapping[str, str]


class HubFileError(Exception):
    """The settings are impossible; `problems` has one line for each, without any secret, beside the usual warnings."""

    def __init__(self, problems: tuple[str, ...], warnings: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.warnings = warnings


_BY_VARIABLE = {setting.variable: setting for setting in SETTINGS.values()}
_KEYS_OF = {
    section.name: frozenset(setting.name for setting in SETTINGS.values() if setting.section == section.name)
    for section in fields(Options)
}


def configured_path(environ: Mapping[str, str]) -> Path | None:
    """The hub.yaml that the environment names, if it names one."""
    name = environ.get(CONFIG_VARIABLE, "")
    return Path(name) if name else None


def load(path: Path | None, environ: Mapping[str, str]) -> Loaded:
    """The settings of file and environment, the environment first; HubFileError lists everything that is impossible."""
    in_file = read_yaml(path, _KEYS_OF) if path is not None else Found()
    in_environment = read_environment(environ, _BY_VARIABLE)
    written = {**in_file.values, **in_environment.values}
    problems = [*in_file.problems, *in_environment.problems]
    values: dict[str, object] = {}
    for key, setting in SETTINGS.items():
        if key in written:
            try:
                values[key] = read_value(setting, written[key])
            except ImpossibleError as error:
                problems.append(str(error))
    warnings = [
        *unknown_key_warnings(in_file.unknown, SETTINGS),
        *unknown_variable_warnings(environ, _BY_VARIABLE, also_known=CONFIG_VARIABLE),
    ]
    options = _assembled(values)
    if "alerting.down_threshold" not in written and options.alerting.down_threshold <= options.alerting.stale_threshold:
        options, warning = _with_later_down(options)
        warnings.append(warning)
    sources = {key: written[key].where if key in written else "default" for key in SETTINGS}
    # What two settings say together is judged only where both could be read.
    readable = frozenset(SETTINGS) - (frozenset(written) - frozenset(values))
    if not in_file.problems and not in_environment.problems:
        problems += _contradictions(options, sources, readable)
    if problems:
        raise HubFileError(tuple(problems), tuple(warnings))
    return Loaded(options, tuple(warnings), sources)


def _assembled(values: Mapping[str, object]) -> Options:
    data_dir = values.get("server.data_dir", SETTINGS["server.data_dir"].default_value(Path()))
    assert isinstance(data_dir, Path)
    sections = {}
    for section in fields(Options):
        of_section = (setting for setting in SETTINGS.values() if setting.section == section.name)
        members = {
            setting.name: values[setting.key] if setting.key in values else setting.default_value(data_dir)
            for setting in of_section
        }
        sections[section.name] = section.type(**members)  # type: ignore[operator]  # every section is a dataclass
    return Options(**sections)


def _with_later_down(options: Options) -> tuple[Options, str]:
    """An old hub.yaml has no down_threshold: its longer stale_threshold must not stop the start."""
    stale = options.alerting.stale_threshold
    text = (
        f"alerting.down_threshold is not set, and its default {format_duration(options.alerting.down_threshold)} is "
        f"not longer than alerting.stale_threshold ({format_duration(stale)}): {format_duration(2 * stale)} is taken"
    )
    return replace(options, alerting=replace(options.alerting, down_threshold=2 * stale)), text


def _contradictions(options: Options, sources: Mapping[str, str], readable: frozenset[str]) -> list[str]:
    """A line for each pair of settings that are possible alone but not together."""
    problems = []
    if readable >= {"alerting.stale_threshold", "alerting.down_threshold"}:
        down, stale = options.alerting.down_threshold, options.alerting.stale_threshold
        if down <= stale:
            problems.append(
                f"{sources['alerting.down_threshold']}: alerting.down_threshold is {format_duration(down)}, "
                f"but must be longer than alerting.stale_threshold ({format_duration(stale)})"
            )
    if readable >= {"notifications.resend_api_key", "notifications.smtp_host"}:
        mail = options.notifications
        if mail.resend_api_key and mail.smtp_host:
            problems.append(
                f"{sources['notifications.smtp_host']}: notifications.smtp_host and notifications.resend_api_key are "
                "both set; keep the one that is to send the mail"
            )
    if readable >= {"database.url", "database.writer_process"}:
        database = options.database
        if database.writer_process and not isinstance(database.url, SqliteUrl):
            problems.append(
                f"{sources['database.writer_process']}: database.writer_process is for SQLite; on PostgreSQL several "
                "hubs can share the database"
            )
    if readable >= {"auth.password_hash", "auth.allow_no_login", "server.listen"}:
        auth, listen = options.auth, options.server.listen
        if auth.password_hash == "" and not auth.allow_no_login and not listen.is_loopback:
            problems.append(
                f'{sources["auth.password_hash"]}: auth.password_hash is "" (no login), but server.listen '
                f'"{listen}" can be reached from other machines: set a hash made with `felhom-hub hash-password`, '
                "or remove the key to get a password at the first start, or listen on 127.0.0.1, "
                "or set auth.allow_no_login: true"
            )
    return problems
