"""The attributes of the elements that run, by BPMN's schema.

An attribute that nobody knows is a slip of the pen, such as `defualt`, or a vendor's word without its
prefix. It would be passed over in silence, and the process would not do what its author wrote.
"""

from __future__ import annotations

import difflib
from typing import Final

from penstock.bpmn.coverage import COVERAGE, Treatment
from penstock.bpmn.coverage.groups import ACTIVITIES, TASKS
from penstock.bpmn.findings import Report
from penstock.bpmn.names import Xml, local_name, split_name, spot_of

_EVERY = frozenset({"id", "name"})
_ACTIVITY = frozenset({"completionQuantity", "default", "isForCompensation", "startQuantity"})
_EXPRESSIONS = ("activationCondition", "completionCondition", "loopCardinality", "loopCondition")
_ITEMS = ("dataInput", "dataOutput", "inputDataItem", "outputDataItem", "property")
_FORMAL = ("dataPath", "expression", "formalExpression", "from", "messagePath", "to", "transformation")
_OWN: dict[str, frozenset[str]] = {
    "boundaryEvent": frozenset({"attachedToRef", "cancelActivity", "parallelMultiple"}),
    "adHocSubProcess": frozenset({"cancelRemainingInstances", "ordering", "triggeredByEvent"}),
    "businessRuleTask": frozenset({"implementation"}),
    "callActivity": frozenset({"calledElement"}),
    "complexGateway": frozenset({"default", "gatewayDirection"}),
    "conditionExpression": frozenset({"evaluatesToTypeRef", "language"}),
    "error": frozenset({"errorCode", "structureRef"}),
    "compensateEventDefinition": frozenset({"activityRef", "waitForCompletion"}),
    "errorEventDefinition": frozenset({"errorRef"}),
    "escalation": frozenset({"escalationCode", "structureRef"}),
    "escalationEventDefinition": frozenset({"escalationRef"}),
    "exclusiveGateway": frozenset({"default", "gatewayDirection"}),
    **{name: frozenset({"evaluatesToTypeRef", "language"}) for name in _FORMAL},
    "correlationProperty": frozenset({"type"}),
    "correlationPropertyBinding": frozenset({"correlationPropertyRef"}),
    "correlationPropertyRetrievalExpression": frozenset({"messageRef"}),
    "correlationSubscription": frozenset({"correlationKeyRef"}),
    "globalBusinessRuleTask": frozenset({"implementation"}),
    "globalScriptTask": frozenset({"scriptLanguage"}),
    "globalUserTask": frozenset({"implementation"}),
    "inclusiveGateway": frozenset({"default", "gatewayDirection"}),
    "intermediateCatchEvent": frozenset({"parallelMultiple"}),
    "multiInstanceLoopCharacteristics": frozenset(
        {"behavior", "isSequential", "noneBehaviorEventRef", "oneBehaviorEventRef"}
    ),
    "standardLoopCharacteristics": frozenset({"loopMaximum", "testBefore"}),
    **{name: frozenset({"evaluatesToTypeRef", "language"}) for name in _EXPRESSIONS},
    **{name: frozenset({"isCollection", "itemSubjectRef"}) for name in _ITEMS},
    "parallelGateway": frozenset({"gatewayDirection"}),
    "process": frozenset({"definitionalCollaborationRef", "isClosed", "isExecutable", "processType"}),
    "scriptTask": frozenset({"scriptFormat"}),
    "sequenceFlow": frozenset({"isImmediate", "sourceRef", "targetRef"}),
    "serviceTask": frozenset({"implementation", "operationRef"}),
    "condition": frozenset({"evaluatesToTypeRef", "language"}),
    "eventBasedGateway": frozenset({"eventGatewayType", "gatewayDirection", "instantiate"}),
    "message": frozenset({"itemRef"}),
    "messageEventDefinition": frozenset({"messageRef", "operationRef"}),
    "receiveTask": frozenset({"implementation", "instantiate", "messageRef", "operationRef"}),
    "sendTask": frozenset({"implementation", "messageRef", "operationRef"}),
    "signal": frozenset({"structureRef"}),
    "signalEventDefinition": frozenset({"signalRef"}),
    "timeCycle": frozenset({"evaluatesToTypeRef", "language"}),
    "startEvent": frozenset({"isInterrupting", "parallelMultiple"}),
    "subProcess": frozenset({"triggeredByEvent"}),
    "transaction": frozenset({"method", "triggeredByEvent"}),
    "timeDate": frozenset({"evaluatesToTypeRef", "language"}),
    "timeDuration": frozenset({"evaluatesToTypeRef", "language"}),
    "userTask": frozenset({"implementation"}),
}
_KNOWN = {
    element: _EVERY | _OWN.get(element, frozenset()) | (_ACTIVITY if element in ACTIVITIES else frozenset())
    for element, row in COVERAGE.items()
    if row.treatment is Treatment.RUNS
}


KNOWN: Final = frozenset().union(*_KNOWN.values())
"""The names of all of them."""


def check_attributes(xml: Xml, report: Report) -> None:
    """Report the attributes without a namespace that BPMN does not know on an element that runs."""
    local = local_name(xml)
    known = _KNOWN.get(local)
    if known is None:
        return
    for name in map(str, xml.attrib):
        namespace, attribute = split_name(name)
        if namespace or attribute in known:
            continue
        nearest = difflib.get_close_matches(attribute, sorted(known), n=1)
        hint = f"Did you mean {nearest[0]}?" if nearest else _prefix_hint(local)
        report.warning(
            "unknown-attribute",
            spot_of(xml),
            f"BPMN has no attribute '{attribute}' on {COVERAGE[local].what} ({local}); it has no effect.",
            hint,
        )


def _prefix_hint(local: str) -> str:
    if local in TASKS:
        return "If it is a vendor's word, give it the vendor's prefix; otherwise remove it."
    return "Remove it."
