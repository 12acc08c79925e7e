"""What other engines do with BPMN's elements, as far as can be read in public, to be seen beside our own.

Looked up on 2026-11-24: the manual of Camunda 7 (BPMN 2.0 reference), the documentation of Camunda 8 (BPMN
coverage and the pages of its elements, 8.8 and 8.9), Flowable's parse handlers and converters (what an event
with a trigger becomes) and the models that it tests itself with, SpiffWorkflow's list of supported elements
and its parser, and the BPMN reference of SpiffArena. What none of these says is `?`.

`yes` is run as the standard says, `part` with limits that the engine documents or its code shows, `no`
refused or without effect, `?` not known to us. An element without an entry is not known to us either.
"""

from __future__ import annotations

from typing import Final

PEERS: Final = ("Camunda 7", "Camunda 8", "Flowable", "SpiffArena")
"""The engines, in the order of the columns."""

UNKNOWN: Final = "?"

_WORDS: Final = {"y": "yes", "p": "part", "n": "no", "?": UNKNOWN}

_ELEMENTS: Final = {
    "process": "yyyy",
    "startEvent": "yyyy",
    "endEvent": "yyyy",
    "intermediateCatchEvent": "yyyy",
    "intermediateThrowEvent": "yyyy",
    "boundaryEvent": "yyyy",
    "task": "yyyy",
    "manualTask": "yyyy",
    "serviceTask": "yyyy",
    "scriptTask": "yyyy",
    "userTask": "yyyy",
    "businessRuleTask": "yyyy",
    "sendTask": "yypy",
    "receiveTask": "yppy",
    "exclusiveGateway": "yyyy",
    "parallelGateway": "yyyy",
    "inclusiveGateway": "yyyy",
    "eventBasedGateway": "pppp",
    "complexGateway": "nnnn",
    "activationCondition": "nnnn",
    "callActivity": "yyyy",
    "subProcess": "yyyy",
    "transaction": "ynyy",
    "adHocSubProcess": "nypn",
    "globalTask": "???n",
    "globalManualTask": "???n",
    "globalScriptTask": "???n",
    "globalUserTask": "???n",
    "globalBusinessRuleTask": "???n",
    "sequenceFlow": "yyyy",
    "conditionExpression": "yyyy",
    "script": "yyyy",
    "standardLoopCharacteristics": "nnny",
    "loopCondition": "nnny",
    "multiInstanceLoopCharacteristics": "yyyy",
    "loopCardinality": "ynyy",
    "loopDataInputRef": "ynyy",
    "loopDataOutputRef": "nn?y",
    "inputDataItem": "ynyy",
    "outputDataItem": "nn?y",
    "completionCondition": "yyyy",
    "complexBehaviorDefinition": "????",
    "timerEventDefinition": "yyyy",
    "timeDate": "yyyy",
    "timeDuration": "yyyy",
    "timeCycle": "yyyy",
    "messageEventDefinition": "yyyy",
    "message": "yyyy",
    "signalEventDefinition": "yyyy",
    "signal": "yyyy",
    "conditionalEventDefinition": "yyyy",
    "condition": "yyyy",
    "linkEventDefinition": "yynn",
    "errorEventDefinition": "yyyy",
    "error": "yyyy",
    "escalationEventDefinition": "yyyy",
    "escalation": "yyyy",
    "compensateEventDefinition": "pppn",
    "cancelEventDefinition": "ynyy",
    "terminateEventDefinition": "yyyy",
    "eventDefinitionRef": "????",
    "correlationSubscription": "nnn?",
    "correlationPropertyBinding": "nn??",
    "dataObject": "nnyy",
    "dataInputAssociation": "nnpy",
    "dataOutputAssociation": "nnpy",
    "ioSpecification": "nnpy",
    "property": "nn??",
    "performer": "????",
    "humanPerformer": "ynyn",
    "potentialOwner": "ynyn",
    "resourceAssignmentExpression": "ynyn",
    "choreographyTask": "nnnn",
    "subChoreography": "nnnn",
    "callChoreography": "nnnn",
}

_TRIGGERS: Final = {
    ("startEvent", None): "yyyy",
    ("startEvent", "message"): "yyyy",
    ("startEvent", "timer"): "yyyy",
    ("startEvent", "signal"): "yyyy",
    ("startEvent", "conditional"): "yppy",
    ("startEvent", "error"): "yyyy",
    ("startEvent", "escalation"): "yyyy",
    ("startEvent", "compensate"): "ynnn",
    ("startEvent", "several"): "nnny",
    ("intermediateCatchEvent", "message"): "yyyy",
    ("intermediateCatchEvent", "timer"): "yyyy",
    ("intermediateCatchEvent", "signal"): "yyyy",
    ("intermediateCatchEvent", "conditional"): "yyyy",
    ("intermediateCatchEvent", "link"): "yynn",
    ("intermediateCatchEvent", "several"): "nnny",
    ("intermediateThrowEvent", None): "yyyy",
    ("intermediateThrowEvent", "message"): "yyny",
    ("intermediateThrowEvent", "signal"): "yyyy",
    ("intermediateThrowEvent", "link"): "yynn",
    ("intermediateThrowEvent", "escalation"): "yyyy",
    ("intermediateThrowEvent", "compensate"): "pppn",
    ("intermediateThrowEvent", "several"): "nnny",
    ("boundaryEvent", "message"): "yyyy",
    ("boundaryEvent", "timer"): "yyyy",
    ("boundaryEvent", "signal"): "yyyy",
    ("boundaryEvent", "conditional"): "yyyy",
    ("boundaryEvent", "error"): "yyyy",
    ("boundaryEvent", "escalation"): "yyyy",
    ("boundaryEvent", "cancel"): "ynyy",
    ("boundaryEvent", "compensate"): "pppn",
    ("boundaryEvent", "several"): "nnny",
    ("endEvent", None): "yyyy",
    ("endEvent", "message"): "yyny",
    ("endEvent", "signal"): "yyny",
    ("endEvent", "error"): "yyyy",
    ("endEvent", "escalation"): "yyyy",
    ("endEvent", "cancel"): "ynyy",
    ("endEvent", "compensate"): "ppnn",
    ("endEvent", "terminate"): "yyyy",
    ("endEvent", "several"): "nnny",
}


def peers_of(element: str) -> tuple[str, ...]:
    """Give what each of the other engines does with an element."""
    return _words(_ELEMENTS.get(element))


def peers_of_trigger(event: str, trigger: str | None) -> tuple[str, ...]:
    """Give what each of the other engines does with an event of this trigger."""
    name = None if trigger is None else trigger.removesuffix("EventDefinition")
    return _words(_TRIGGERS.get((event, name)))


def entries() -> tuple[frozenset[str], frozenset[tuple[str, str | None]]]:
    """Give the elements, and the events with their triggers, of which something is said."""
    return frozenset(_ELEMENTS), frozenset(_TRIGGERS)


def _words(said: str | None) -> tuple[str, ...]:
    return tuple(_WORDS[it] for it in said) if said is not None else (UNKNOWN,) * len(PEERS)
