"""Call activity (BPMN 13.3.4): another process runs as an instance of its own, and is waited for."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from penstock.kernel import events as e
from penstock.kernel.definition import CallSpec, Element, Variables
from penstock.kernel.effects import StartCalled
from penstock.kernel.failures import Failure, shown
from penstock.kernel.state import ElementInstance, Scope
from penstock.kernel.step import Step
from penstock.kernel.triggers.calling import caller_of
from penstock.kernel.triggers.message import as_text
from penstock.kernel.variables import seen_by

DEEPEST: Final = 100
"""How many calls may be around an instance."""


def activate(step: Step, scope: Scope, element: ElementInstance, node: Element) -> None:
    """Have the process started, and wait.

    Raises:
        Failure: the id of the process or the business key has no value, or the calls are too deep.
    """
    spec = node.call
    assert spec is not None, f"'{node.id}' calls nothing"
    around = step.instance.caller
    depth = 1 if around is None else around.depth + 1
    if depth > DEEPEST:
        raise Failure(
            "call", f"'{node.id}' is in {DEEPEST} calls already: the processes call each other endlessly"
        )
    seen = seen_by(step.instance, scope, element)
    process = spec.process(seen, step.now)
    if not isinstance(process, str) or not process:
        raise Failure("call", f"the process id `{spec.process.text}` gave {shown(process)}, expected a text")
    business_key = _business_key(step, spec, seen)
    caller = caller_of(step, scope, element)
    variables = dict(seen) if spec.all_in else dict(element.variables or {})
    step.emit(e.CallOpened(scope.key, element.key, caller.key, node.id, process))
    step.effects.append(StartCalled(process, spec, variables, business_key, caller))


def _business_key(step: Step, spec: CallSpec, seen: Variables) -> str | None:
    if spec.business_key is None:
        return step.instance.business_key
    value = spec.business_key(seen, step.now)
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return as_text(value)
    raise Failure("call", f"the business key `{spec.business_key.text}` gave {shown(value)}, expected a text")
