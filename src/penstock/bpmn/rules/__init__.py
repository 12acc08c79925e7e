"""All rules about a process, in the order in which they report.

The schema says what a file may hold; these say what a process must be to run. Each is a function over the
graph of one process that adds to the report.
"""

from __future__ import annotations

from penstock.bpmn.rules.events import EVENT_RULES
from penstock.bpmn.rules.exceptional import EXCEPTIONAL_RULES
from penstock.bpmn.rules.flows import FLOW_RULES
from penstock.bpmn.rules.joins import JOIN_RULES
from penstock.bpmn.rules.outside import OUTSIDE_RULES
from penstock.bpmn.rules.ways import WAY_RULES

RULES = (*FLOW_RULES, *EVENT_RULES, *EXCEPTIONAL_RULES, *OUTSIDE_RULES, *WAY_RULES, *JOIN_RULES)

OF_DRAWINGS = frozenset(
    {
        *("boundary-not-attached", "boundary-without-flow", "cancel-not-interrupting"),
        *("cancel-outside-transaction", "compensation-flow", "compensation-handler"),
        *("compensation-not-interrupting", "condition-not-allowed", "default-not-allowed"),
        *("error-not-interrupting", "event-gateway-mixed", "event-gateway-one-way", "event-gateway-target"),
        *("event-in-ad-hoc", "event-sub-process-flow", "event-sub-process-start", "flow-crosses-scope"),
        *("flow-into-boundary", "flow-into-start", "flow-list-differs", "flow-out-of-end"),
        *("gateway-direction", "idle-gateway", "implicit-end", "instantiate-inside"),
        *("ad-hoc-without-activity", "link-with-flow", "link-with-two-targets", "link-without-source"),
        *("link-without-target", "no-end-event", "start-without-flow", "trigger-not-allowed"),
        *("unknown-reference", "unreachable"),
    }
)
"""The findings that hold for a process which is only drawn, too: those of BPMN itself, not of running it."""
