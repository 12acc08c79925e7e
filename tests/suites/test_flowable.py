"""Scenarios from the tests of Flowable's engine, against a whole runtime.

`flowable_failures.json` lists the scenarios that do not pass, each by name with its reason. A listed scenario
that passes fails as well, so that the list stays true.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.suites.flowable import play, scenarios

FAILURES: dict[str, str] = json.loads(Path(__file__).with_name("flowable_failures.json").read_text("utf-8"))
SCENARIOS = scenarios()

needs_suite = pytest.mark.skipif(
    not SCENARIOS, reason="suite not run: flowable-engine is not in PENSTOCK_SUITES"
)


@needs_suite
@pytest.mark.parametrize("scenario", [pytest.param(it, id=name) for name, it in SCENARIOS.items()])
def test_a_scenario_goes_as_it_does_elsewhere(scenario: dict[str, Any], tmp_path: Path) -> None:
    failure = play(scenario, tmp_path)
    if scenario["id"] in FAILURES:
        assert failure is not None, f"{scenario['id']} passes now: take it off the list"
    else:
        assert failure is None


@needs_suite
def test_every_listed_failure_is_a_scenario_of_the_suite() -> None:
    assert FAILURES.keys() <= SCENARIOS.keys()
