"""The rules for alarms and the dashboard: sound to Prometheus' own tool, and of metrics that the hub has."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from tests.servers.hub import running_hub
from tests.structure.files import ROOT

RULES, TESTS = ROOT / "deploy" / "prometheus" / "alerts.yaml", ROOT / "deploy" / "prometheus" / "alerts_test.yaml"
SCRAPE = ROOT / "deploy" / "prometheus" / "scrape.yaml"
DASHBOARD = ROOT / "deploy" / "grafana" / "felhom-hub.json"
_METRIC = re.compile(r"\b(?:felhom_hub|process)_\w+\b(?=[{\[ )]|$)")
_OF_PROMETHEUS = {"up"}


def promtool(*arguments: str) -> str:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def alerts() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]


def queries() -> Iterator[str]:
    """All of the rules and of the dashboard."""
    yield from (rule["expr"] for rule in alerts())
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_prometheus_takes_the_rules_and_each_alarm_comes_when_it_should() -> None:
    assert f"SUCCESS: {len(alerts())} rules found" in promtool("check", "rules", str(RULES))
    assert "SUCCESS" in promtool("test", "rules", str(TESTS))
    cases = yaml.safe_load(TESTS.read_text("utf-8"))["tests"]
    tried = {test["alertname"] for case in cases for test in case["alert_rule_test"] if "exp_alerts" in test}
    assert tried == {rule["alert"] for rule in alerts()}


def test_every_alarm_says_where_and_what_to_do() -> None:
    for rule in alerts():
        assert {"summary", "description"} == set(rule["annotations"]), rule["alert"]
        assert "$labels.instance" in rule["annotations"]["summary"], rule["alert"]
        assert rule["labels"]["severity"] in {"warning", "critical"}


def test_every_metric_is_one_of_the_hubs(tmp_path: Path) -> None:
    with running_hub(tmp_path, settings={"backup.dir": str(tmp_path / "backups")}) as hub:
        assert hub.post("/api/v1/report", b'{"customer_id": "a"}').status == 200
        # What is known of backups is noted by the threads of the jobs, which begin after the first answers.
        while "felhom_hub_backup" not in (said := hub.get("/metrics").body.decode()):
            pass
    there = {line.split("{")[0].split(" ")[0] for line in said.splitlines() if not line.startswith("#")}
    named = {name for query in queries() for name in _METRIC.findall(query)}

    assert len(named) > 6
    assert sorted(named - there) == []


def test_the_scrape_reads_where_the_metrics_are() -> None:
    (job,) = yaml.safe_load(SCRAPE.read_text("utf-8"))

    assert (job["job_name"], job["metrics_path"]) == ("felhom-hub", "/metrics")
    assert [query for query in queries() if f'job="{job["job_name"]}"' not in query] == []


def test_the_dashboards_panels_stand_side_by_side() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
