from pathlib import Path

from felhom_hub.project.openapi.reference import render_reference

DOCUMENT = Path(__file__).parents[3] / "docs" / "api.md"


def test_reference_in_docs_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == render_reference(), (
        "docs/api.md is out of date: python -m felhom_hub.project.openapi > docs/api.md"
    )


def test_reference_names_the_members_of_nested_objects() -> None:
    written = render_reference()

    for member in ("customer_id", "health.status", "storage[].percent", "app_telemetry[].containers[].memory_avg_mb"):
        assert f"| `{member}` |" in written


def test_reference_lists_where_a_fact_is_looked_for() -> None:
    assert "| uptime_seconds | `system.uptime_seconds`, `system.uptime` |" in render_reference()


def test_every_link_within_the_reference_has_its_heading() -> None:
    written = render_reference()
    headings = {line[4:].lower() for line in written.splitlines() if line.startswith("### ")}
    linked = {part.partition(")")[0] for part in written.split("](#")[1:]}

    assert linked
    assert linked <= headings
