"""Ends the alarms that no event ends, by what the customers' boxes read and the lines that their meters have."""

from datetime import datetime

from felhom_hub.configs.queries import own_thresholds
from felhom_hub.configs.thresholds import lines_of
from felhom_hub.notify.let_pass import let_pass, passing_alarms
from felhom_hub.notify.passing import METERED, Reading, is_over
from felhom_hub.reports.queries import readings_of


def end_what_passed(now: datetime) -> int:
    """Alarms whose condition is over, or has not come again for a day, stand no more; returns how many."""
    standing = passing_alarms(now)
    pks = {each.subject for each in standing}
    own, readings = own_thresholds(pks), readings_of(pks)

    def reading_of(pk: int, event_type: str) -> Reading | None:
        meter, line = METERED.get(event_type, ("", ""))
        value = readings[pk].values.get(meter) if pk in readings else None
        if value is None:
            return None
        high, critical = lines_of(own.get(pk, {}), meter)
        return Reading(value, high if line == "high" else critical, readings[pk].made_at)

    over = [each for each in standing if is_over(each, reading_of(each.subject, each.event_type), now=now)]
    return let_pass(over, now=now)
