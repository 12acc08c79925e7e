"""Does to an instance what may be done to it, and checks what is so at every moment of every instance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from penstock.kernel import InstanceState, commands as c, events as e
from penstock.kernel.ad_hoc import ACTIVITIES
from penstock.kernel.definition import ChangeTrigger, ConditionTrigger, Kind, triggers_of
from penstock.kernel.state import ROOT
from penstock.testing import Run

TO_THE_END = 500
"""Actions after which a sound process must have ended, once nobody goes round a loop again."""

CROWDED = 60
"""What a tangle may wait for before its driver lets it be."""

Check = Callable[[Run], None]


def drive(run: Run, actions: list[tuple[int, int]], check: Check, *, sound: bool = True) -> None:
    """Start the instance and do something possible at a time; take a sound process to its end."""
    run.start(c=actions[0][1] % 4 if actions else 0, again=False)
    check(run)
    for which, value in actions:
        if run.state is not InstanceState.ACTIVE:
            return
        if not sound and len(run.waiting) > CROWDED:
            return  # a tangle that doubles its tokens by each timer would never be done with the next
        possible = acts(run, value)
        if not possible:
            break
        possible[which % len(possible)]()
        check(run)
    for _ in range(TO_THE_END if sound else 0):
        if run.state is not InstanceState.ACTIVE:
            return
        # What may come again and again does not bring the instance to its end.
        waits = sorted(run.waiting, key=lambda what: _is_around(run, what))
        next(action for what in waits for action in _possible(run, what, 0))()
        check(run)
    assert not sound, f"the instance has not ended, it waits for {run.waiting}"


def acts(run: Run, value: int = 0) -> list[Callable[[], Any]]:
    """Give all that may be done to the instance now."""
    return [action for what in run.waiting for action in _possible(run, what, value)]


def _is_around(run: Run, what: str) -> bool:
    """Whether it waits for an event on a boundary, or for the start of an event sub-process."""
    match what.split():
        case [_, event, "on", _]:
            return run.definition.elements[event].kind in (Kind.BOUNDARY_EVENT, Kind.START_EVENT)
    return False


def _possible(run: Run, what: str, value: int) -> list[Callable[[], Any]]:
    """Give what a driver may do about one thing that the instance waits for, completing it first."""
    *kind, name = what.split()
    match kind:
        case ["job"]:
            return [
                lambda: run.complete_job(name, c=value % 4),
                lambda: run.fail_job(name),
                lambda: run.throw_error(name, "BAD", c=value % 4),
                lambda: run.throw_error(name, "OTHER"),
            ]
        case ["listener"]:
            return _of_listener(run, name, value)
        case ["call"]:
            return [
                lambda: run.complete_call(name, c=value % 4),
                lambda: run.throw_call_error(name, "BAD", c=value % 4),
                lambda: run.throw_call_error(name, "OTHER"),
                lambda: run.fail_call(name),
                lambda: run.throw_call_escalation(name, "E"),
                lambda: run.throw_call_escalation(name, "E", ended=True),
            ]
        case ["user", "task"]:
            return [
                lambda: run.complete_task(name, again=value % 3 == 2, c=value % 4),
                lambda: run.assign_task(name, f"u{value % 2}"),
                lambda: run.update_task(name, priority=value),
            ]
        case ["incident"]:
            return [lambda: run.resolve(name, c=value % 4), lambda: run.resolve(name, 1)]
        case ["timer"] | ["timer", _, "on"]:
            return [lambda: run.advance("PT1M")]
        case ["message"] | ["message", _, "on"]:
            return [lambda: run.correlate(what.split()[1], c=value % 4), lambda: run.trigger(what.split()[1])]
        case ["signal"] | ["signal", _, "on"]:
            return [lambda: run.signal(what.split()[1], c=value % 4), lambda: run.trigger(what.split()[1])]
        case ["condition"] | ["condition", _, "on"]:
            name = what.split()[1]
            values = (9, -1)
            return [lambda: run.trigger(name), *(lambda c=c: run.set_variables(c=c) for c in values)]
        case ["ad-hoc"]:
            return _begins(run, name)
        case ["join"] | ["compensation", "by"]:
            return []
    raise AssertionError(f"the law knows nothing of '{what}'")


def _of_listener(run: Run, name: str, value: int) -> list[Callable[[], Any]]:
    """Give what the worker of a listener may do."""
    found = [
        it for _, it in run.elements() if it.listening is not None and it.element == name.partition("#")[0]
    ]
    plain = {it.listening.event for it in found if it.listening is not None} <= {"beforeAll", "start", "end"}
    variables = {"c": value % 4} if plain else {}
    others: list[Callable[[], Any]] = [
        lambda: run.fail_job(name),
        lambda: run.throw_error(name, "BAD"),
    ]
    if not plain:
        others += [
            lambda: run.complete_listener(name, priority=value),
            lambda: run.complete_listener(name, "no"),
        ]
    return [lambda: run.complete_job(name, **variables), *others]


def _begins(run: Run, label: str) -> list[Callable[[], Any]]:
    """Give how to begin an activity of an ad-hoc sub-process in which none is active."""
    for _, element in run.elements():
        if element.element != label.partition("#")[0] or element.loop is not None or element.part:
            continue
        inner = run.instance.scope(element.key) if element.opened else None
        if inner is not None and inner.done and not element.ending:
            inside = [it for it in run.definition.elements.values() if it.scope == element.element]
            begun = [it for it in inside if it.kind in ACTIVITIES and not it.incoming]
            # Whoever does a task may say what the sub-process waits for, so that it comes to its end.
            begun.sort(key=lambda it: it.kind is not Kind.USER_TASK)
            return [partial(run.send, c.StartAdHoc(it.id, {}, element.key)) for it in begun]
    return []


# -- what is so at every moment --------------------------------------------------------------------


def check_tokens(run: Run) -> None:
    """Every token that came onto a flow left it once, and none is on one while the instance waits."""
    on_flows: Counter[int] = Counter()
    for event in run.events:
        match event:
            case e.FlowTaken(scope):
                on_flows[scope] += 1
            case e.ElementEntered(scope, _, _, str()) | e.FlowJoined(scope):
                on_flows[scope] -= 1
            case e.FlowsDropped(scope):
                on_flows[scope] = 0
        assert all(tokens >= 0 for tokens in on_flows.values())
    assert not any(on_flows.values())
    assert run.state is not InstanceState.ACTIVE or all(
        scope.tokens == 0 for scope in run.instance.scopes.values()
    )


def check_waits(run: Run) -> None:
    """An instance has ended, with nothing left of it, or every element instance waits for something named."""
    if run.state is not InstanceState.ACTIVE:
        root = run.instance.scopes[ROOT]
        assert list(run.instance.scopes) == [ROOT]
        assert (dict(root.elements), root.tokens, root.joins) == ({}, 0, {})
        assert (run.instance.jobs, run.instance.incidents, run.instance.agenda) == (0, 0, [])
        return
    assert run.waiting
    for _, element in run.elements():
        own = {run.definition.elements[it.event] for it in (element.subscriptions or {}).values()}
        own |= {run.definition.elements[it] for it in (element.timers or {}).values()}
        listens = any(event.attached_to is None for event in own)
        waits = (
            element.call,
            element.job,
            element.task,
            element.incident,
            element.arrived,
            element.compensating,
        )
        holds = listens or element.opened or element.armed
        assert holds or any(it is not None for it in waits), element
        if element.opened and element.incident is None and not element.part:
            inner = run.instance.scope(element.key)
            assert inner is not None
            ad_hoc = run.definition.elements[element.element].ad_hoc
            waits_for_somebody = ad_hoc is not None and (ad_hoc.completion or ad_hoc.active is None)
            held_back = element.listening is not None
            assert inner.elements or waits_for_somebody or held_back, f"'{element.element}' is open and empty"


def check_counts(run: Run) -> None:
    """The counts that an instance keeps are what a recount gives."""
    elements = [element for _, element in run.elements()] if run.state is InstanceState.ACTIVE else []
    assert run.instance.jobs == sum(element.job is not None for element in elements)
    assert run.instance.incidents == sum(element.incident is not None for element in elements)
    conditions = {
        key
        for element in elements
        for key, it in (element.subscriptions or {}).items()
        if isinstance(
            triggers_of(run.definition.elements[it.event])[it.index], ConditionTrigger | ChangeTrigger
        )
    }
    assert set(run.instance.conditions) == conditions


def check_keys(run: Run) -> None:
    """No key is given twice, and none is beyond the counter."""
    keys: list[int] = []
    for event in run.events:
        match event:
            case e.ElementEntered() | e.EventSubProcessArmed():
                keys.append(event.owner)
            case e.EscalationThrown(told=int(told)):
                keys.append(told)
            case (
                e.CallOpened()
                | e.JobOpened()
                | e.UserTaskOpened()
                | e.TimerOpened()
                | e.IncidentRaised()
                | e.MessageSubscribed()
                | e.SignalSubscribed()
                | e.ConditionSubscribed()
            ):
                keys.append(event.key)
    assert keys == sorted(set(keys))
    assert run.instance.next_key == (keys[-1] + 1 if keys else 1)
