"""What other engines do with BPMN's elements, as far as their documentation says, to be read beside our own.

Looked up in the manual of Camunda 7 (BPMN 2.0 reference, task markers), the documentation of Camunda 8 (BPMN
coverage and the pages of its elements, 8.9), the models that Flowable tests itself with, and SpiffWorkflow's
list of supported elements with the pages of SpiffArena. What none of these says is `?`.

`yes` is run as the standard says, `part` with limits that the engine documents, `no` refused or without
effect, `?` not known to us. An element without an entry is not known to us either.
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
    "sendTask": "yyp?",
    "receiveTask": "ypy?",
    "exclusiveGateway": "yyyy",
    "parallelGateway": "yyyy",
    "inclusiveGateway": "yyyy",
    "eventBasedGateway": "pppp",
    "complexGateway": "nnn?",
    "activationCondition": "nnn?",
    "callActivity": "yyyy",
    "subProcess": "yyyy",
    "transaction": "yn?y",
    "adHocSubProcess": "nyp?",
    "globalTask": "????",
    "globalManualTask": "????",
    "globalScriptTask": "????",
    "globalUserTask": "????",
    "globalBusinessRuleTask": "????",
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
    "linkEventDefinition": "yy??",
    "errorEventDefinition": "yyyy",
    "error": "yyyy",
    "escalationEventDefinition": "yyyy",
    "escalation": "yyyy",
    "compensateEventDefinition": "yy??",
    "cancelEventDefinition": "yn?y",
    "terminateEventDefinition": "yyyy",
    "eventDefinitionRef": "????",
    "correlationSubscription": "nnny",
    "correlationPropertyBinding": "nn??",
    "dataObject": "nnyy",
    "dataInputAssociation": "nn?y",
    "dataOutputAssociation": "nn?y",
    "ioSpecification": "nn?y",
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
    ("startEvent", "conditional"): "yp??",
    ("startEvent", "error"): "yyyy",
    ("startEvent", "escalation"): "yyyy",
    ("startEvent", "compensate"): "yn??",
    ("startEvent", "several"): "nn??",
    ("intermediateCatchEvent", "message"): "yyyy",
    ("intermediateCatchEvent", "timer"): "yyyy",
    ("intermediateCatchEvent", "signal"): "yyyy",
    ("intermediateCatchEvent", "conditional"): "yyyy",
    ("intermediateCatchEvent", "link"): "yy??",
    ("intermediateCatchEvent", "several"): "nn??",
    ("intermediateThrowEvent", None): "yyyy",
    ("intermediateThrowEvent", "message"): "yy?y",
    ("intermediateThrowEvent", "signal"): "yyyy",
    ("intermediateThrowEvent", "link"): "yy??",
    ("intermediateThrowEvent", "escalation"): "yyyy",
    ("intermediateThrowEvent", "compensate"): "yy??",
    ("intermediateThrowEvent", "several"): "nn??",
    ("boundaryEvent", "message"): "yyyy",
    ("boundaryEvent", "timer"): "yyyy",
    ("boundaryEvent", "signal"): "yyyy",
    ("boundaryEvent", "conditional"): "yyyy",
    ("boundaryEvent", "error"): "yyyy",
    ("boundaryEvent", "escalation"): "yyyy",
    ("boundaryEvent", "cancel"): "yn?y",
    ("boundaryEvent", "compensate"): "yy??",
    ("boundaryEvent", "several"): "nn??",
    ("endEvent", None): "yyyy",
    ("endEvent", "message"): "yy?y",
    ("endEvent", "signal"): "yy?y",
    ("endEvent", "error"): "yyyy",
    ("endEvent", "escalation"): "yyyy",
    ("endEvent", "cancel"): "yn?y",
    ("endEvent", "compensate"): "yy??",
    ("endEvent", "terminate"): "yyyy",
    ("endEvent", "several"): "nn??",
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
