"""The behavior of a multi-instance: what it throws, and what is wrong with that."""

from __future__ import annotations

import pytest

from penstock.kernel.definition import EscalationTrigger, MultiInstance, SignalTrigger
from tests.bpmn.models import around, element, errors, warnings

_ROOT = (
    '<signal id="s1" name="voted"/><escalation id="e1" escalationCode="VETO"/><escalation id="bare"/>'
    '<signalEventDefinition id="d1" signalRef="s1"/><timerEventDefinition id="d2"/>'
)


def _looped(attributes: str, inner: str = "") -> str:
    return around(
        f'<userTask id="x"><multiInstanceLoopCharacteristics {attributes}>'
        f"<loopCardinality>3</loopCardinality>{inner}</multiInstanceLoopCharacteristics></userTask>"
    )


def _complex(event: str, condition: str = "numberOfCompletedInstances = 2") -> str:
    formal = f'<condition xsi:type="tFormalExpression">{condition}</condition>' if condition else ""
    return f"<complexBehaviorDefinition>{formal}{event}</complexBehaviorDefinition>"


_VETO = '<event id="v"><escalationEventDefinition escalationRef="e1"/></event>'


def _behavior(body: str) -> list[tuple[object, str | None, bool]]:
    loop = element(body, root=_ROOT).loop
    assert isinstance(loop, MultiInstance)
    return [
        (it.trigger, None if it.condition is None else it.condition.text, it.first)
        for it in loop.behavior_events
    ]


@pytest.mark.parametrize(("behavior", "first"), [("None", False), ("One", True)])
def test_none_and_one_name_an_event_definition_beside_the_process(behavior: str, first: bool) -> None:
    reference = f'{behavior.lower()}BehaviorEventRef="tns:d1"'
    ((trigger, condition, is_first),) = _behavior(_looped(f'behavior="{behavior}" {reference}'))

    assert isinstance(trigger, SignalTrigger)
    assert trigger.name({}, 0) == "voted"
    assert (condition, is_first) == (None, first)


def test_each_complex_definition_has_a_condition_and_an_event() -> None:
    signal = "<event><signalEventDefinition signalRef='s1'/></event>"
    found = _behavior(_looped('behavior="Complex"', _complex(_VETO) + _complex(signal, "=veto")))

    assert [condition for _, condition, _ in found] == ["numberOfCompletedInstances = 2", "veto"]
    assert found[0][0] == EscalationTrigger("VETO")
    assert isinstance(found[1][0], SignalTrigger)


@pytest.mark.parametrize("attributes", ["", 'behavior="All"'])
def test_all_throws_nothing(attributes: str) -> None:
    assert _behavior(_looped(attributes)) == []


@pytest.mark.parametrize(
    ("attributes", "inner", "code"),
    [
        ('behavior="Some"', "", "invalid-behavior"),
        ('behavior="None"', "", "missing-behavior-event"),
        ('behavior="Complex"', "", "missing-behavior-event"),
        ('behavior="Complex"', _complex("<event/>"), "missing-behavior-event"),
        ('behavior="One" oneBehaviorEventRef="gone"', "", "unknown-reference"),
        ('behavior="One" oneBehaviorEventRef="d2"', "", "behavior-event"),
        (
            'behavior="Complex"',
            _complex('<event><escalationEventDefinition escalationRef="bare"/></event>'),
            "behavior-event",
        ),
        (
            'behavior="Complex"',
            _complex('<event><signalEventDefinition signalRef="gone"/></event>'),
            "behavior-event",
        ),
        ('behavior="Complex"', _complex(_VETO, "1 +"), "feel-syntax"),
    ],
)
def test_what_is_wrong_with_a_behavior_is_said(attributes: str, inner: str, code: str) -> None:
    assert errors(_looped(attributes, inner), _ROOT) == [code]


def test_a_complex_definition_without_a_condition_throws_nothing() -> None:
    found = errors(_looped('behavior="Complex"', _complex(_VETO, "")), _ROOT)

    assert found == ["missing-condition", "missing-behavior-event"]


def test_an_event_that_does_not_belong_to_the_behavior_is_a_warning() -> None:
    assert warnings(_looped('oneBehaviorEventRef="d1"'), _ROOT) == ["unused-behavior-event"]
    assert warnings(_looped("", _complex(_VETO)), _ROOT) == ["unused-behavior-event"]
