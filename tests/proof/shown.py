"""What a transcript must hold to show an element, a trigger or an attribute of BPMN: asked of its definition.

A transcript is written in words of our own, so that its text does not name what it shows. What the process
in it compiles to does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from penstock.bpmn.coverage.groups import FLOW_NODES
from penstock.kernel.definition import (
    CancelTrigger,
    CompensateTrigger,
    ConditionTrigger,
    CycleTrigger,
    Element,
    ErrorTrigger,
    EscalationTrigger,
    Kind,
    LinkTrigger,
    MessageTrigger,
    MultiInstance,
    MultipleTrigger,
    ProcessDefinition,
    SignalTrigger,
    Single,
    StandardLoop,
    TerminateTrigger,
    TimerTrigger,
    triggers_of,
)
from penstock.testing import process

ROOT: Final = Path(__file__).parents[2]

TRIGGER_OF: Final[dict[str, tuple[type, ...]]] = {
    "messageEventDefinition": (MessageTrigger,),
    "timerEventDefinition": (TimerTrigger, CycleTrigger),
    "signalEventDefinition": (SignalTrigger,),
    "conditionalEventDefinition": (ConditionTrigger,),
    "errorEventDefinition": (ErrorTrigger,),
    "escalationEventDefinition": (EscalationTrigger,),
    "compensateEventDefinition": (CompensateTrigger,),
    "cancelEventDefinition": (CancelTrigger,),
    "terminateEventDefinition": (TerminateTrigger,),
    "linkEventDefinition": (LinkTrigger,),
    "several": (MultipleTrigger,),
}
"""What an event definition compiles to."""


@cache
def text_of(transcript: str) -> str:
    """Give the text of a transcript, by its path in the repository."""
    return (ROOT / transcript).read_text("utf-8")


@cache
def definition_of(transcript: str) -> ProcessDefinition:
    """Give the process of a transcript."""
    return process(text_of(transcript).partition("\n> ")[0])


def _elements(transcript: str) -> Iterator[Element]:
    yield from definition_of(transcript).elements.values()


def _any(asked: Callable[[Element], object]) -> Callable[[str], bool]:
    return lambda transcript: any(asked(element) for element in _elements(transcript))


def _says(*words: str) -> Callable[[str], bool]:
    return lambda transcript: all(word in text_of(transcript) for word in words)


def _triggered(*types: type) -> Callable[[str], bool]:
    return _any(lambda element: isinstance(element.trigger, types) or _holds(element, types))


def _holds(element: Element, types: tuple[type, ...]) -> bool:
    return any(isinstance(trigger, types) for trigger in triggers_of(element))


def _trigger(asked: Callable[[Single], object]) -> Callable[[str], bool]:
    return _any(lambda element: any(asked(trigger) for trigger in triggers_of(element)))


def _loop(asked: Callable[[StandardLoop], object]) -> Callable[[str], bool]:
    return _any(lambda element: isinstance(element.loop, StandardLoop) and asked(element.loop))


def _each(asked: Callable[[MultiInstance], object]) -> Callable[[str], bool]:
    return _any(lambda element: isinstance(element.loop, MultiInstance) and asked(element.loop))


def _thrown(asked: Callable[[MultiInstance], object]) -> Callable[[str], bool]:
    return _each(lambda loop: loop.behavior_events and asked(loop))


_ASSIGNED: Final = _any(lambda element: element.user_task and element.user_task.assignee)
_OFFERED: Final = _any(lambda element: element.user_task and element.user_task.candidate_groups)
_MAPPED: Final = _any(lambda element: element.inputs or element.outputs)
_GIVEN: Final = _any(lambda element: element.inputs)
_TAKEN: Final = _any(lambda element: element.outputs)
_KEYED: Final = _trigger(lambda trigger: isinstance(trigger, MessageTrigger) and trigger.key)
_COMPLEX: Final = _thrown(lambda loop: any(event.condition for event in loop.behavior_events))

PARTS: Final[dict[str, Callable[[str], bool]]] = {
    "process": _says("process "),
    "sequenceFlow": _any(lambda element: element.outgoing),
    "conditionExpression": _any(lambda element: any(flow.condition for flow in element.outgoing)),
    "activationCondition": _any(lambda element: element.activation),
    "script": _any(lambda element: element.script),
    "standardLoopCharacteristics": _loop(lambda loop: True),
    "loopCondition": _loop(lambda loop: loop.condition),
    "multiInstanceLoopCharacteristics": _each(lambda loop: True),
    "loopCardinality": _each(lambda loop: loop.cardinality),
    "loopDataInputRef": _each(lambda loop: loop.collection),
    "loopDataOutputRef": _each(lambda loop: loop.output_collection),
    "inputDataItem": _each(lambda loop: loop.input_element),
    "outputDataItem": _each(lambda loop: loop.output_element),
    "completionCondition": _each(lambda loop: loop.completion),
    "complexBehaviorDefinition": _COMPLEX,
    "event": _COMPLEX,
    "timerEventDefinition": _triggered(TimerTrigger, CycleTrigger),
    "timeDate": _says("timer again: at 2020-01-01"),
    "timeDuration": _says("timer wait: after PT"),
    "timeCycle": _triggered(CycleTrigger),
    "errorEventDefinition": _triggered(ErrorTrigger),
    "error": _trigger(lambda trigger: isinstance(trigger, ErrorTrigger) and trigger.code),
    "escalationEventDefinition": _triggered(EscalationTrigger),
    "escalation": _trigger(lambda trigger: isinstance(trigger, EscalationTrigger) and trigger.code),
    "compensateEventDefinition": _triggered(CompensateTrigger),
    "cancelEventDefinition": _triggered(CancelTrigger),
    "terminateEventDefinition": _triggered(TerminateTrigger),
    "messageEventDefinition": _triggered(MessageTrigger),
    "message": _triggered(MessageTrigger),
    "signalEventDefinition": _triggered(SignalTrigger),
    "signal": _triggered(SignalTrigger),
    "eventDefinitionRef": _triggered(SignalTrigger),
    "conditionalEventDefinition": _triggered(ConditionTrigger),
    "condition": _triggered(ConditionTrigger),
    "linkEventDefinition": _triggered(LinkTrigger),
    "globalTask": _says("global task "),
    "globalManualTask": _says("global manual "),
    "globalScriptTask": _says("global script "),
    "globalUserTask": _says("global user "),
    "globalBusinessRuleTask": _says("global rule "),
    "performer": _ASSIGNED,
    "humanPerformer": _ASSIGNED,
    **dict.fromkeys(("potentialOwner", "resourceRef"), _OFFERED),
    **dict.fromkeys(("resourceAssignmentExpression", "formalExpression", "expression"), _OFFERED),
    **dict.fromkeys(("ioSpecification", "transformation", "assignment", "from", "to"), _MAPPED),
    **dict.fromkeys(("dataInput", "dataInputAssociation", "sourceRef"), _GIVEN),
    **dict.fromkeys(("dataOutput", "dataOutputAssociation", "targetRef"), _TAKEN),
    "property": _any(lambda element: element.kind is Kind.SUB_PROCESS and element.inputs),
    **dict.fromkeys(
        (
            *("correlationProperty", "correlationPropertyRetrievalExpression", "messagePath", "dataPath"),
            *("correlationKey", "correlationPropertyRef", "correlationSubscription"),
            "correlationPropertyBinding",
        ),
        _KEYED,
    ),
}
"""What shows an element that is no flow node."""

ATTRIBUTE: Final[dict[str, Callable[[str], bool]]] = {
    "id": _any(lambda element: element.id),
    "name": _any(lambda element: element.name),
    "attachedToRef": _any(lambda element: element.attached_to),
    "cancelActivity": _any(lambda element: element.attached_to and not element.interrupting),
    "isInterrupting": _any(lambda it: it.kind is Kind.START_EVENT and it.trigger and not it.interrupting),
    "parallelMultiple": _any(lambda it: isinstance(it.trigger, MultipleTrigger) and it.trigger.parallel),
    "cancelRemainingInstances": _any(lambda it: it.ad_hoc and not it.ad_hoc.cancel_remaining),
    "ordering": _any(lambda element: element.ad_hoc and element.ad_hoc.sequential),
    "triggeredByEvent": _any(lambda element: element.event_sub_process),
    "calledElement": _any(lambda element: element.call),
    "default": _any(lambda element: element.default),
    "isForCompensation": _any(lambda element: element.compensation),
    "startQuantity": _any(lambda element: element.start_quantity > 1),
    "completionQuantity": _any(lambda element: element.completion_quantity > 1),
    "errorCode": PARTS["error"],
    "errorRef": PARTS["error"],
    "escalationCode": PARTS["escalation"],
    "escalationRef": PARTS["escalation"],
    "messageRef": _triggered(MessageTrigger),
    "correlationKeyRef": _KEYED,
    "correlationPropertyRef": _KEYED,
    "signalRef": _triggered(SignalTrigger),
    "activityRef": _trigger(lambda trigger: isinstance(trigger, CompensateTrigger) and trigger.activity),
    "waitForCompletion": _trigger(lambda it: isinstance(it, CompensateTrigger) and not it.waits),
    "isSequential": _each(lambda loop: loop.sequential),
    "behavior": _thrown(lambda loop: True),
    "noneBehaviorEventRef": _thrown(lambda loop: not loop.behavior_events[0].first),
    "oneBehaviorEventRef": _thrown(lambda loop: loop.behavior_events[0].first),
    "loopMaximum": _loop(lambda loop: loop.maximum),
    "testBefore": _loop(lambda loop: loop.test_before),
    "instantiate": _any(lambda it: it.kind is Kind.RECEIVE_TASK and not it.incoming),
    "eventGatewayType": _any(lambda element: element.together),
    "sourceRef": _any(lambda element: len(element.outgoing) > 1),
    "targetRef": _any(lambda element: len(element.incoming) > 1),
    "scriptLanguage": _says("global script "),
}
"""What shows an attribute."""


def shows_element(element: str, transcript: str) -> bool:
    """Tell whether the process of a transcript holds an element of BPMN, or what it compiles to."""
    if element in FLOW_NODES:
        return any(it.kind.value == element for it in _elements(transcript))
    return PARTS[element](transcript)


def shows_trigger(event: str, trigger: str | None, transcript: str) -> bool:
    """Tell whether the process of a transcript holds an event of this kind with this trigger."""
    events = [it for it in _elements(transcript) if it.kind.value == event]
    if trigger is None:
        return any(it.trigger is None for it in events)
    return any(isinstance(it.trigger, TRIGGER_OF[trigger]) for it in events)
