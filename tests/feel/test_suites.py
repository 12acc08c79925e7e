"""The FEEL cases of three suites that others wrote: each passes, or is listed with its reason.

A listed case that passes fails the test too, so that the list stays true. The suites are no part of the
project: where they are absent, the run says which it did not run.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.feel import suites

LISTED: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parent / "suite_failures.json").read_text(encoding="utf-8")
)
"""By suite and reason, the names of the cases that do not pass."""


@pytest.mark.parametrize("suite", suites.FILES)
def test_every_case_of_a_suite_passes_or_is_listed_with_its_reason(suite: str) -> None:
    if not suites.present(suite):
        pytest.skip(f"the suite {suite} was not run: no {suites.SUITES / suites.FILES[suite]}")
    listed = {name for names in LISTED[suite].values() for name in names}
    failures = {
        case.name: difference
        for case in suites.cases(suite)
        if (difference := suites.difference(case)) is not None
    }
    unlisted = {name: difference for name, difference in failures.items() if name not in listed}
    assert unlisted == {}
    assert listed - failures.keys() == set()


@pytest.mark.parametrize("suite", suites.FILES)
def test_no_case_that_two_engines_agree_on_is_listed(suite: str) -> None:
    if not suites.present(suite):
        pytest.skip(f"the suite {suite} was not run: no {suites.SUITES / suites.FILES[suite]}")
    listed = {name for names in LISTED[suite].values() for name in names}
    agreed = {case.name for case in suites.cases(suite) if case.agreed and suite != "dmn-tck"}
    assert listed & agreed == set()
