"""The DMN Technology Compatibility Kit: every case of its levels 2 and 3 that is there.

`kit_failures.json` lists the cases that do not pass, each by name with its reason. A case that is listed and
passes fails as well, so that the list stays true.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.dmn.kit import KIT, Case, agrees, cases, decide, reading

FAILURES: dict[str, str] = json.loads(Path(__file__).with_name("kit_failures.json").read_text("utf-8"))
CASES = {case.name: case for case in cases()}

needs_kit = pytest.mark.skipif(not CASES, reason="suite not run: dmn-tck is not in PENSTOCK_SUITES")


@needs_kit
@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_a_case_of_the_kit_is_decided_as_it_expects(case: Case) -> None:
    actual = decide(case)
    passes = agrees(actual, None if case.error else case.expected)
    listed = FAILURES.get(case.name)
    if listed is not None:
        assert not passes, f"{case.name} passes now: take it off the list"
    else:
        assert passes, f"{case.name} gives {actual!r}, not {case.expected!r}"


@needs_kit
def test_every_listed_failure_is_a_case_of_the_kit() -> None:
    assert FAILURES.keys() <= CASES.keys()


@needs_kit
@pytest.mark.parametrize("file", sorted(KIT.glob("*/*/*.dmn")), ids=lambda file: file.stem)
def test_a_model_of_the_kit_is_read_without_an_error(file: Path) -> None:
    assert not reading(file).errors
