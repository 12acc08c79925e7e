"""Every metric that an alert or the dashboard names is one that a server shows, with those labels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from tests.api.conftest import Server, database, empty, fresh_database, server

__all__ = ["database", "empty", "fresh_database", "server"]

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
METRIC: Final = re.compile(r"\b(?:penstock|process)_\w+")
OF_PROMETHEUS: Final = {"job", "instance", "le"}
"""Labels that the scraper gives, and those of histograms."""


def expressions() -> Iterator[tuple[str, str]]:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "penstock.rules.yaml").read_text())
    for rule in rules["groups"][0]["rules"]:
        yield rule["alert"], rule["expr"]
    for panel in json.loads((DEPLOY / "grafana" / "penstock.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.fixture
def shown(server: Server) -> dict[str, set[str]]:
    """The names of all samples, each with its labels, of a server on which something has happened."""
    server.start("charge")
    (job,) = server.done("/jobs/activate", {"type": "charge"})["items"]
    server.done(f"/jobs/{job['key']}/fail", {"message": "no", "retries": 0})
    server.start("charge")
    server.runtime.metrics.jobs.labels("charge", "done")  # this server has no functions
    text = server.client.get("/metrics").text
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        labels = {name for sample in family.samples for name in sample.labels}
        found[family.name] = found.get(family.name, set()) | labels
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, set()) | set(sample.labels)
    return found


def test_every_metric_that_is_named_is_shown_with_its_labels(shown: dict[str, set[str]]) -> None:
    named: dict[str, set[str]] = {}
    for place, expression in expressions():
        metrics = METRIC.findall(expression)
        assert metrics or "up{" in expression, place
        for metric in metrics:
            assert metric in shown, f"{place}: {metric}"
        grouped = re.findall(r"by \(([\w, ]+)\)", expression)
        chosen = re.findall(r"[{,](\w+)[!=]?[=~]", expression)
        labels = {label.strip() for group in grouped for label in group.split(",")} | set(chosen)
        known = set().union(*(shown[metric] for metric in metrics)) if metrics else set()
        assert labels <= known | OF_PROMETHEUS, f"{place}: {labels - known}"
        named |= dict.fromkeys(metrics, labels)
    assert len(named) > 20


def test_work_that_is_open_is_counted_by_type_and_state(server: Server) -> None:
    for _ in range(3):
        server.start("charge")
    server.done("/jobs/activate", {"type": "charge", "lease": "PT1H"})
    samples = samples_of(server)
    assert samples['penstock_jobs_open{"state": "available", "type": "charge"}'] == 2
    assert samples['penstock_jobs_open{"state": "leased", "type": "charge"}'] == 1
    assert samples["penstock_database_up{}"] == 1
    assert samples["penstock_timers_due{}"] == 0
    assert samples['penstock_database_connections_max{"what": "read"}'] == 4


def test_what_is_no_longer_open_is_no_longer_shown(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.runtime.measuring.STANDS_S", 0.0)
    server.start("charge")
    assert 'penstock_jobs_open{"state": "available", "type": "charge"}' in samples_of(server)
    (job,) = server.done("/jobs/activate", {"type": "charge"})["items"]
    server.done(f"/jobs/{job['key']}/fail", {"message": "no", "retries": 0})
    samples = samples_of(server)
    assert not [name for name in samples if name.startswith("penstock_jobs_open")]
    assert samples['penstock_incidents_open{"type": "job"}'] == 1
    assert samples['penstock_incidents_total{"type": "job"}'] == 1
    assert samples['penstock_instances_total{"event": "started", "process": "charge"}'] == 1


def test_a_database_that_is_away_is_said_and_the_rest_is_shown(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr("penstock.runtime.measuring.measure", away)
    samples = samples_of(server)
    assert samples["penstock_database_up{}"] == 0
    assert "penstock_commit_seconds_count{}" in samples


def samples_of(server: Server) -> dict[str, float]:
    """Give every sample by its name and labels."""
    text = server.client.get("/metrics").text
    return {
        f"{sample.name}{json.dumps(sample.labels, sort_keys=True)}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
