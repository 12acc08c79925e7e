"""Conditional events (BPMN 10.5.5): triggered when a variable that changes makes their condition true.

An event that does not interrupt is triggered again only after its condition has been false. A condition that
gives anything but true has not been met, so that variables which are not there yet do no harm.

A vendor's variable listener is looked at in the same way: it has been met once its variable has been set.
"""

from __future__ import annotations

from penstock.kernel import events as e
from penstock.kernel.definition import ChangeTrigger, ConditionTrigger, Single, triggers_of
from penstock.kernel.failures import Failure
from penstock.kernel.phases import Phase
from penstock.kernel.state import ElementInstance, ProcessInstance, Scope, Subscription
from penstock.kernel.step import Step
from penstock.kernel.triggers.occurrence import come
from penstock.kernel.variables import seen_by


class WatchingStep(Step):
    """A step of a definition with conditions: a variable that changes plans a look at those that see it."""

    __slots__ = ()

    def emit(self, event: e.Event) -> None:
        """Let the event happen, and plan the looks at conditions that it calls for."""
        changes: list[tuple[int, int, int]] = []
        if type(event) is e.VariablesSet and event.owner is None and self.instance.conditions:
            changes = _changes(self, event)
        super().emit(event)
        for place in changes:
            super().emit(e.ChangeSeen(*place))
        if type(event) is e.VariablesSet and self.instance.conditions:
            for scope, owner in dict.fromkeys(self.instance.conditions.values()):
                if _is_within(self.instance, scope, event.scope):
                    self.plan(Phase.CHECK, scope, owner)


def _is_within(instance: ProcessInstance, scope: int, outer: int) -> bool:
    at: int | None = scope
    while at is not None and at != outer:
        found = instance.scope(at)
        at = None if found is None else found.parent
    return at is not None


def _changes(step: Step, event: e.VariablesSet) -> list[tuple[int, int, int]]:
    """Give the places that listen to what the event is about to change: scope, owner and key."""
    if step.definition.listened.isdisjoint(event.values):
        return []
    instance, known = step.instance, step.scope(event.scope).variables
    return [
        (scope, owner, key)
        for key, (scope, owner) in instance.conditions.items()
        if isinstance(trigger := _trigger(step, scope, owner, key), ChangeTrigger)
        and trigger.variable in event.values
        and (trigger.updated if trigger.variable in known else trigger.created)
        and _is_within(instance, scope, event.scope)
    ]


def _trigger(step: Step, scope: int, owner: int, key: int) -> Single:
    subscription = (step.scope(scope).elements[owner].subscriptions or {})[key]
    return triggers_of(step.element(subscription.event))[subscription.index]


def check(step: Step, scope: Scope, element: ElementInstance) -> None:
    """Look at the conditions that the element instance waits for, and let what is met happen.

    Raises:
        Failure: a condition cannot be evaluated, and no incident says so yet; or what an event that is met
            waits for anew has no value.
    """
    before = len(step.events)
    for key, subscription, is_met in _looked_at(step, scope, element):
        if element.subscriptions is None or key not in element.subscriptions:
            return  # what was met before it has ended the waiting
        if is_met and subscription.armed:
            try:
                come(step, scope, element, key, {})
            except Failure:
                if len(step.events) == before:
                    raise
                step.plan(Phase.CHECK, scope.key, element.key)  # for a look that fails before all else
                return
        elif not is_met and not subscription.armed:
            step.emit(e.ConditionArmed(scope.key, element.key, key))


def _looked_at(step: Step, scope: Scope, element: ElementInstance) -> list[tuple[int, Subscription, bool]]:
    variables = seen_by(step.instance, scope, element)
    found = []
    for key, subscription in (element.subscriptions or {}).items():
        trigger = triggers_of(step.element(subscription.event))[subscription.index]
        if isinstance(trigger, ChangeTrigger):
            found.append((key, subscription, True))
        elif isinstance(trigger, ConditionTrigger):
            try:
                found.append((key, subscription, trigger.condition(variables, step.now) is True))
            except Failure:
                if element.incident is None:
                    raise
    return found
