from dataclasses import replace
from datetime import UTC, datetime

from felhom_hub.base.charts import Chart, Limit, Line

EIGHT, NINE = datetime(2026, 3, 12, 8, tzinfo=UTC), datetime(2026, 3, 12, 9, tzinfo=UTC)
MEMORY = Chart(
    name="memory",
    title="Memory, MB",
    sentence="Memory rose from 600 to 645 MB",
    unit="MB",
    times=[EIGHT, NINE],
    lines=[Line("Average", [600.0, 645.0], is_filled=True), Line("Peak", [None, 1015.5], "second")],
    limits=[Limit("Limit", 1024.0)],
    top=1100.0,
    digits=1,
)


def test_the_script_gets_milliseconds_and_gaps() -> None:
    assert MEMORY.document == {
        "unit": "MB",
        "digits": 1,
        "top": 1100.0,
        "times": [1773302400000, 1773306000000],
        "lines": [
            {"label": "Average", "style": "first", "fill": True, "values": [600.0, 645.0]},
            {"label": "Peak", "style": "second", "fill": False, "values": [None, 1015.5]},
        ],
        "gaps": None,
        "limits": [{"label": "Limit", "value": 1024.0, "tone": "down"}],
    }


def test_what_is_shaded_may_be_said_apart() -> None:
    assert replace(MEMORY, gaps=[(EIGHT, NINE)]).document["gaps"] == [[1773302400000, 1773306000000]]


def test_the_table_begins_with_the_newest() -> None:
    assert MEMORY.rows == [(NINE, [645.0, 1015.5]), (EIGHT, [600.0, None])]
