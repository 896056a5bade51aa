"""What moving a Go hub's database in would do: each table with its rows and with how its columns are understood."""

from collections.abc import Callable
from dataclasses import dataclass

from felhom_hub.legacy.columns import MEANINGS, Columns, columns_of
from felhom_hub.legacy.customers import take_customers
from felhom_hub.legacy.entry import Take
from felhom_hub.legacy.happenings import take_events, take_messages, take_preferences
from felhom_hub.legacy.machines import take_backups, take_issues, take_reports, take_telemetry
from felhom_hub.legacy.models import MovedTable
from felhom_hub.legacy.source import Source


@dataclass(frozen=True)
class Step:
    """How one table is taken in; `is_whole` for one whose rows the Go hub changes, which is read anew each time."""

    take: Take
    is_whole: bool = False
    portion: int = 200  # rows of a transaction, for whose end a serving hub's intake waits


@dataclass(frozen=True)
class Table:
    """One table of the Go hub's; `step` is None for one that is not understood, and kept."""

    name: str
    rows: int
    through: int  # the number of the last row that was taken in before
    columns: Columns
    step: Step | None

    @property
    def problem(self) -> str:
        """Why it is kept and not taken in; empty where it is."""
        if self.step is not None:
            return ""
        if not self.columns.missing or self.name not in MEANINGS:
            return "the table is not known here"
        return f"no column was found for {', '.join(self.columns.missing)}"


# In this order: a customer's key and name first, its reports before what they repeat.
STEPS = {
    "customer_configs": Step(take_customers, is_whole=True, portion=20),
    "customer_notifications": Step(take_preferences, is_whole=True),
    "reports": Step(take_reports),
    "events": Step(take_events),
    "notification_log": Step(take_messages),
    "infra_backup_versions": Step(take_backups, portion=20),
    "infra_backups": Step(take_backups, is_whole=True, portion=20),
    "app_telemetry": Step(take_telemetry),
    "app_log_issues": Step(take_issues, is_whole=True),
}


def plan_of(source: Source) -> list[Table]:
    """The tables in the order in which they are taken in, those that are not understood last."""
    present = source.tables()
    moved = dict(MovedTable.objects.values_list("name", "through"))
    names = [*(name for name in STEPS if name in present), *(name for name in present if name not in STEPS)]
    return [_table(source, name, moved.get(name, 0), source.count) for name in names]


def _table(source: Source, name: str, through: int, count: Callable[..., int]) -> Table:
    meaning, present = MEANINGS.get(name), source.columns(name)
    columns = columns_of(meaning, present) if meaning else Columns({}, (), present, ())
    step = STEPS.get(name) if not columns.missing else None
    after = 0 if step is None or step.is_whole else through
    return Table(name, count(name, after=after), after, columns, step)
