"""All rules about a process, in the order in which they report.

The schema says what a file may hold; these say what a process must be to run. Each is a function over the
graph of one process that adds to the report.
"""

from __future__ import annotations

from penstock.bpmn.rules.events import EVENT_RULES
from penstock.bpmn.rules.exceptional import EXCEPTIONAL_RULES
from penstock.bpmn.rules.flows import FLOW_RULES
from penstock.bpmn.rules.outside import OUTSIDE_RULES
from penstock.bpmn.rules.ways import WAY_RULES

RULES = (*FLOW_RULES, *EVENT_RULES, *EXCEPTIONAL_RULES, *OUTSIDE_RULES, *WAY_RULES)
