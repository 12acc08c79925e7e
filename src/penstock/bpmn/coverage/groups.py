"""The families of BPMN's elements, by their names in the schema.

Several layers ask whether an element is an activity or an event; they all ask here.
"""

from __future__ import annotations

SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
"""The activities that hold elements of their own."""

RUN_SUB_PROCESSES = frozenset({"subProcess", "transaction"})
"""Those of them whose elements a token goes through from their start event."""

TASKS = frozenset(
    {
        "task",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "userTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    }
)

GLOBAL_TASKS = frozenset(
    {"globalBusinessRuleTask", "globalManualTask", "globalScriptTask", "globalTask", "globalUserTask"}
)
"""The tasks that stand beside the processes, for call activities."""

ACTIVITIES = TASKS | SUB_PROCESSES | {"callActivity"}

THROWERS = frozenset({"intermediateThrowEvent", "endEvent", "implicitThrowEvent"})

EVENTS = THROWERS | {"startEvent", "intermediateCatchEvent", "boundaryEvent"}

GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"}
)

CHOREOGRAPHY_ACTIVITIES = frozenset({"choreographyTask", "subChoreography", "callChoreography"})

FLOW_NODES = ACTIVITIES | EVENTS | GATEWAYS | CHOREOGRAPHY_ACTIVITIES
"""All between which sequence flows run."""

SCOPES = SUB_PROCESSES | {"process"}
"""The elements that hold flow nodes and sequence flows."""

ROLES = ("resourceRole", "performer", "humanPerformer", "potentialOwner")
"""What says who does an activity."""

DATA_AND_ARTIFACTS = frozenset(
    {
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "association",
        "group",
        "textAnnotation",
    }
)

EVENT_DEFINITIONS = frozenset(
    {
        "messageEventDefinition",
        "timerEventDefinition",
        "errorEventDefinition",
        "escalationEventDefinition",
        "cancelEventDefinition",
        "compensateEventDefinition",
        "conditionalEventDefinition",
        "linkEventDefinition",
        "signalEventDefinition",
        "terminateEventDefinition",
    }
)
