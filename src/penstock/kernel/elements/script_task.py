"""Script task (BPMN 13.3.3): the script is a FEEL expression, evaluated at once."""

from __future__ import annotations

from penstock.kernel.definition import Element, Value
from penstock.kernel.lifecycle import complete
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.variables import seen_by


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Evaluate the script and complete with its value.

    Without a result variable, the entries of a context become variables and any other value is dropped.

    Raises:
        Failure: the script, or an output mapping, has no value.
    """
    script = node.script
    assert script is not None, f"'{node.id}' has no script"
    value = script.expression(seen_by(step.instance, scope, element), step.now)
    result: dict[str, Value] = {}
    if script.result_variable is not None:
        result = {script.result_variable: value}
    elif isinstance(value, dict):
        result = value
    complete(step, scope, element, node, result=result)
