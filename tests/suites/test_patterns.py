"""The workflow patterns 1 to 20: every case of the suite, with the trace that it expects.

`patterns_failures.json` lists the cases that do not pass, each by name with its reason and the clause of the
standard. A listed case that passes fails as well, so that the list stays true.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.suites.patterns import Pattern, patterns, trace

FAILURES: dict[str, str] = json.loads(Path(__file__).with_name("patterns_failures.json").read_text("utf-8"))
CASES = patterns()

needs_suite = pytest.mark.skipif(not CASES, reason="suite not run: betsy-patterns is not in PENSTOCK_SUITES")


@needs_suite
@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_a_pattern_leaves_the_trace_that_it_expects(case: Pattern, tmp_path: Path) -> None:
    try:
        found: object = trace(case, tmp_path)
    except Exception as failure:  # noqa: BLE001 - whatever it is, it is why the case fails
        found = f"{type(failure).__name__}: {failure}"
    if case.name in FAILURES:
        assert found != case.expected, f"{case.name} passes now: take it off the list"
    else:
        assert found == case.expected


@needs_suite
def test_every_listed_failure_is_a_case_of_the_suite() -> None:
    assert FAILURES.keys() <= CASES.keys()
