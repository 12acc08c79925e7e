"""What the end of an activity means for the ad-hoc sub-process that holds it (BPMN 13.3.5)."""

from __future__ import annotations

from typing import Final

from penstock.kernel.definition import AdHocSpec, Element, Kind, Variables
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step

ACTIVITIES: Final = frozenset(
    {
        Kind.TASK,
        Kind.MANUAL_TASK,
        Kind.SERVICE_TASK,
        Kind.BUSINESS_RULE_TASK,
        Kind.SCRIPT_TASK,
        Kind.USER_TASK,
        Kind.SUB_PROCESS,
        Kind.CALL_ACTIVITY,
        Kind.AD_HOC_SUB_PROCESS,
        Kind.SEND_TASK,
        Kind.RECEIVE_TASK,
        Kind.TRANSACTION,
    }
)


def spec_around(step: Step, node: Element) -> AdHocSpec:
    """Give what the ad-hoc sub-process around an element says."""
    assert node.scope is not None, f"'{node.id}' is in no sub-process"
    spec = step.element(node.scope).ad_hoc
    assert spec is not None, f"'{node.scope}' is no ad-hoc sub-process"
    return spec


def owner_of(step: Step, scope: Scope) -> ElementInstance:
    """Give the element instance that holds a scope."""
    assert scope.parent is not None, "the process itself is no ad-hoc sub-process"
    return step.scope(scope.parent).elements[scope.key]


def is_over(step: Step, node: Element, variables: Variables) -> bool:
    """Tell whether the sub-process ends with the element that completes now.

    Raises:
        Failure: the completion condition has no value.
    """
    completion = spec_around(step, node).completion
    return completion is not None and node.kind in ACTIVITIES and completion(variables, step.now) is True
