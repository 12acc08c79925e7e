"""The behaviours of bpmn-elements: each is shown here by something, or is none of ours for a reason."""

from __future__ import annotations

import pytest

from tests.proof.test_lines import says
from tests.suites.behaviours import BEHAVIOURS, match, scenarios

SCENARIOS = scenarios()

needs_suite = pytest.mark.skipif(
    not SCENARIOS, reason="suite not run: bpmn-elements is not in PENSTOCK_SUITES"
)


@needs_suite
def test_every_behaviour_has_been_looked_at() -> None:
    assert len(SCENARIOS) == 231
    assert not [names for names in SCENARIOS if match(*names) is None]


def test_what_is_said_to_show_a_behaviour_shows_it() -> None:
    places = {it for known in BEHAVIOURS.values() for it in known.values() if not isinstance(it, str)}
    assert not [place for place in places if not says(place)]


@needs_suite
def test_nothing_is_said_of_what_is_no_behaviour() -> None:
    used = {id(match(*names)) for names in SCENARIOS}
    assert not [
        f"{feature}: {name}"
        for feature, known in BEHAVIOURS.items()
        for name, it in known.items()
        if id(it) not in used
    ]
