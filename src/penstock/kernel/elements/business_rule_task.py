"""Business rule task (BPMN 13.3.3): a decision is made at once, or a worker does the task as a job."""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.decisions import Reference
from penstock.kernel.definition import Element
from penstock.kernel.failures import Failure, shown
from penstock.kernel.jobs import open_job
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import seen_by


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Make the decision and record why it is as it is; the element completes with its value.

    Completing is a phase of its own: an output mapping that fails is tried again without deciding anew.

    Raises:
        Failure: the id of the decision has no value, there is no such decision, or it cannot be made.
    """
    if node.job is not None:
        open_job(step, scope, element, node)
        return
    spec = node.decision
    assert spec is not None, f"'{node.id}' decides nothing"
    seen = seen_by(step.instance, scope, element)
    id = spec.decision(seen, step.now)
    if not isinstance(id, str) or not id:
        raise Failure("decision", f"the decision id `{spec.decision.text}` gave {shown(id)}, expected a text")
    reference = Reference(id, spec.binding, spec.tag, step.instance.definition)
    decided = step.decisions.evaluate(reference, seen, step.now)
    values = {} if spec.result_variable is None else {spec.result_variable: decided.value}
    step.emit(
        e.DecisionEvaluated(
            scope.key,
            element.key,
            node.id,
            id,
            decided.definition,
            decided.version,
            values,
            dict(decided.reasons),
        )
    )
    step.plan(Phase.COMPLETE, scope.key, element.key)
