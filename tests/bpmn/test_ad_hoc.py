"""Ad-hoc sub-processes: their words, and what may not be in them."""

from __future__ import annotations

import pytest

from penstock.kernel.definition import AdHocSpec
from tests.bpmn.models import around, element, errors


def _ad_hoc(attributes: str = "", inner: str = "") -> str:
    return around(f'<adHocSubProcess id="x" {attributes}>{inner}<task id="one"/></adHocSubProcess>')


def _spec(attributes: str = "", inner: str = "") -> AdHocSpec:
    found = element(_ad_hoc(attributes, inner)).ad_hoc
    assert found is not None
    return found


def test_it_is_parallel_and_cancels_what_remains_unless_it_says_otherwise() -> None:
    assert _spec() == AdHocSpec()


def test_its_ordering_and_its_condition_are_read() -> None:
    found = _spec(
        'ordering="Sequential" cancelRemainingInstances="false"',
        "<completionCondition>${done}</completionCondition>",
    )

    assert (found.sequential, found.cancel_remaining) == (True, False)
    assert found.completion is not None
    assert found.completion.text == "done"


def test_what_it_begins_with_is_an_expression() -> None:
    words = '<extensionElements><zeebe:adHoc activeElementsCollection="=steps"/></extensionElements>'
    found = _spec(inner=words)

    assert found.active is not None
    assert found.active.text == "steps"


def test_its_elements_know_that_they_are_in_it() -> None:
    assert element(_ad_hoc(), "one").in_ad_hoc


@pytest.mark.parametrize("event", ["startEvent", "endEvent"])
def test_start_and_end_events_in_it_are_errors(event: str) -> None:
    assert errors(_ad_hoc(inner=f'<{event} id="event"/>')) == ["event-in-ad-hoc"]


def test_an_ordering_that_bpmn_does_not_know_is_an_error() -> None:
    assert errors(_ad_hoc('ordering="Parallel"')) == []
    assert errors(_ad_hoc('ordering="sequential"')) == ["invalid-ordering"]
