"""Which variables an element reads: for warnings of those that nothing sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from penstock import feel
from penstock.bpmn.cycles import FeelCycle
from penstock.bpmn.expressions import FeelCondition, FeelExpression
from penstock.bpmn.schedules import FeelSchedule
from penstock.kernel.definition import (
    ConditionTrigger,
    CycleTrigger,
    Element,
    Expression,
    IoMapping,
    Kind,
    MessageTrigger,
    MultiInstance,
    SignalTrigger,
    Single,
    StandardLoop,
    TimerTrigger,
    triggers_of,
)

GIVEN: Final = frozenset(
    {
        *("activationCount", "error", "escalation", "loopCounter", "numberOfActiveInstances"),
        *("numberOfCompletedInstances", "numberOfInstances", "numberOfTerminatedInstances"),
        "waitingForStart",
    }
)
"""What the engine itself gives to those who may ask for it."""

Read = tuple[str, str]
"""A variable, and the expression that reads it."""


def reads_of(element: Element, result: bool) -> Iterator[Read]:
    """Give what an element reads that others have set.

    Arguments:
        element: the element.
        result: whether nobody knows what variables it gets when it completes, so that those may be read.
    """
    for expression in _begun_with(element):
        yield from _of(expression)
    yield from _mapped(element.inputs)
    if not result:
        yield from _mapped(element.outputs)
    loop = element.loop
    if isinstance(loop, StandardLoop):
        yield from _of(loop.maximum)
    if isinstance(loop, StandardLoop | MultiInstance) and not result:
        yield from _of(loop.condition if isinstance(loop, StandardLoop) else loop.completion)


def reads_of_flow(condition: Expression | None) -> Iterator[Read]:
    """Give what the condition of a sequence flow reads."""
    yield from _of(condition)


def _begun_with(element: Element) -> Iterator[Expression | None]:
    task, call, loop = element.user_task, element.call, element.loop
    if task is not None:
        yield from (task.assignee, task.candidate_users, task.candidate_groups)
        yield from (task.due_at, task.follow_up_at, task.priority, task.name)
    if call is not None:
        yield from (call.process, call.business_key)
    if isinstance(loop, MultiInstance):
        yield from (loop.collection, loop.cardinality)
    yield element.script.expression if element.script is not None else None
    yield element.decision.decision if element.decision is not None else None
    yield element.ad_hoc.active if element.ad_hoc is not None else None
    yield from (element.activation, element.skip)
    if element.kind is Kind.START_EVENT and element.scope is None:
        return  # it is asked about what comes from outside
    for trigger in triggers_of(element):
        yield from _asked(trigger)


def _asked(trigger: Single) -> Iterator[Expression | None]:
    match trigger:
        case MessageTrigger(name=name, key=key):
            yield from (name, key)
        case SignalTrigger(name=name):
            yield name
        case ConditionTrigger(condition=condition):
            yield condition
        case TimerTrigger(schedule=FeelSchedule(expression=expression)):
            yield expression
        case CycleTrigger(cycle=FeelCycle(expression=expression)):
            yield expression


def _mapped(mappings: tuple[IoMapping, ...]) -> Iterator[Read]:
    """Give what mappings read; each sees what the ones before it gave."""
    given: set[str] = set()
    for mapping in mappings:
        yield from (read for read in _of(mapping.source) if read[0] not in given)
        given.add(mapping.target[0])


def _of(expression: Expression | None) -> Iterator[Read]:
    if isinstance(expression, FeelExpression | FeelCondition):
        text = expression.text.removeprefix("=")
        for name in sorted(feel.needed(expression.compiled.text) - GIVEN):
            if not name.startswith("_"):
                yield name, text
