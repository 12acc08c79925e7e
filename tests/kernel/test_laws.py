"""Laws that hold for every process, whatever is done to it: random processes, random legal drivers.

A failure prints the process and what was done. In CI the examples are the same each time; elsewhere
Hypothesis prints what to add to see the same one again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings, strategies as st

from penstock.kernel import (
    InstanceState,
    ProcessInstance,
    Rejected,
    advance,
    commands as c,
    events as e,
    items,
)
from penstock.kernel.definition import ChangeTrigger, ConditionTrigger, Kind, triggers_of
from penstock.kernel.migration_problems import problems
from penstock.kernel.state import ROOT
from penstock.testing import Run, process
from tests.kernel.blocks import processes, tangles, versions
from tests.kernel.pictures import picture

LAW = settings(
    max_examples=int(os.environ.get("LAW_EXAMPLES", "200")),
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

ACTIONS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=40)
"""What a driver does: which of the possible actions, and with which values. Afterwards it only completes."""

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
        possible = [action for what in run.waiting for action in _possible(run, what, value)]
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


def _begins(run: Run, label: str) -> list[Callable[[], Any]]:
    """Give how to begin an activity of an ad-hoc sub-process in which none is active."""
    for _, element in run.elements():
        if element.element != label.partition("#")[0] or element.loop is not None or element.part:
            continue
        inner = run.instance.scope(element.key) if element.opened else None
        if inner is not None and inner.done and not element.ending:
            activity = f"a{element.element.removeprefix('case')}"
            return [partial(run.send, c.StartAdHoc(activity, {}, element.key))]
    return []


# -- what is so at every moment --------------------------------------------------------------------


def _check_tokens(run: Run) -> None:
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


def _check_waits(run: Run) -> None:
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
            waits_for_somebody = ad_hoc is not None and ad_hoc.completion is not None
            assert inner.elements or waits_for_somebody, f"'{element.element}' is open and empty"


def _check_counts(run: Run) -> None:
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


def _check_keys(run: Run) -> None:
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


_REPEATABLE = (c.AssignUserTask, c.SetVariables, c.TriggerEvent, c.StartAdHoc)
"""Commands that say what shall be, or that somebody who sees what waits may well give twice."""


def _check_stale(run: Run) -> None:
    """Every command that has been done is refused when it comes again, and changes nothing."""
    before = picture(run.instance)
    for command, _ in run.commands:
        if not isinstance(command, _REPEATABLE):
            with pytest.raises(Rejected):
                advance(run.definition, run.instance, command, run.now)
    assert picture(run.instance) == before


# -- the laws --------------------------------------------------------------------------------------


def _check_all(run: Run) -> None:
    _check_waits(run)
    _check_tokens(run)
    _check_counts(run)
    _check_keys(run)


@LAW
@given(processes(), ACTIONS)
def test_every_instance_ends_or_waits_for_something_named(text: str, actions: list[tuple[int, int]]) -> None:
    note(text)
    drive(Run(process(text)), actions, _check_all)


@LAW
@given(tangles(), ACTIONS, st.integers(1, 9))
def test_no_process_is_so_bad_that_an_instance_is_lost(
    text: str, actions: list[tuple[int, int]], slice_limit: int
) -> None:
    note(text)
    run = Run(process(text), reload=True, loop_limit=40, slice_limit=slice_limit)
    drive(run, actions[:15], _check_all, sound=False)


@LAW
@given(processes(), ACTIONS)
def test_a_stale_or_repeated_command_is_rejected_and_changes_nothing(
    text: str, actions: list[tuple[int, int]]
) -> None:
    note(text)
    drive(Run(process(text)), actions, _check_stale)


@LAW
@given(processes(), ACTIONS)
def test_saving_and_loading_at_every_step_changes_nothing(text: str, actions: list[tuple[int, int]]) -> None:
    note(text)
    definition = process(text)
    kept, saved = Run(definition), Run(definition, reload=True)
    pictures: list[dict[str, Any]] = []
    drive(kept, actions, lambda run: pictures.append(picture(run.instance)))
    again: list[dict[str, Any]] = []
    drive(saved, actions, lambda run: again.append(picture(run.instance)))
    assert saved.events == kept.events
    assert again == pictures


@LAW
@given(processes(), ACTIONS)
def test_replaying_the_commands_gives_the_same_events_and_state(
    text: str, actions: list[tuple[int, int]]
) -> None:
    note(text)
    run = Run(process(text))
    drive(run, actions, lambda _: None)
    instance = ProcessInstance("run", run.definition.id)
    events = [
        event
        for command, now in run.commands
        for event in advance(run.definition, instance, command, now).events
    ]
    assert events == run.events
    assert picture(instance) == picture(run.instance)


@pytest.fixture(scope="module", autouse=True)
def _narrow_parts() -> Iterator[None]:
    """Let three instances of a loop be so many that they are cut into parts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(items, "WIDTH", 2)
        yield


@LAW
@given(processes(), ACTIONS, st.integers(1, 7))
def test_slicing_a_command_changes_nothing_but_where_it_rests(
    text: str, actions: list[tuple[int, int]], slice_limit: int
) -> None:
    note(text)
    definition = process(text)
    whole, sliced = Run(definition), Run(definition, reload=True, slice_limit=slice_limit)
    drive(whole, actions, lambda _: None)
    drive(sliced, actions, lambda _: None)
    rests = (e.InstanceDeferred, e.InstanceContinued)
    assert [event for event in sliced.events if not isinstance(event, rests)] == whole.events


@LAW
@given(processes(), ACTIONS)
def test_a_suspension_loses_nothing(text: str, actions: list[tuple[int, int]]) -> None:
    note(text)
    definition = process(text)
    plain, suspended = Run(definition), Run(definition, reload=True)

    def interrupted(run: Run) -> None:
        if run.state is InstanceState.ACTIVE:
            run.suspend()
            run.resume()

    drive(plain, actions, lambda _: None)
    drive(suspended, actions, interrupted)
    acts = (e.InstanceSuspended, e.InstanceResumed)
    assert [event for event in suspended.events if not isinstance(event, acts)] == plain.events


@LAW
@given(processes(), ACTIONS)
def test_migrating_to_the_same_definition_changes_nothing(text: str, actions: list[tuple[int, int]]) -> None:
    note(text)
    definition = process(text)
    kept, migrated = Run(definition), Run(definition, reload=True)

    def migrate(run: Run) -> None:
        if run.state is InstanceState.ACTIVE and not problems(definition, definition, run.instance, {}):
            run.migrate(definition)

    drive(kept, actions, lambda _: None)
    drive(migrated, actions, migrate)
    acts = (e.InstanceMigrated, e.ElementMigrated, e.InstanceContinued)
    assert [event for event in migrated.events if not isinstance(event, acts)] == [
        event for event in kept.events if not isinstance(event, e.InstanceContinued)
    ]


@LAW
@given(versions(), ACTIONS, st.integers(0, 12))
def test_a_migration_that_is_not_refused_comes_to_its_end(
    texts: tuple[str, str], actions: list[tuple[int, int]], after: int
) -> None:
    for text in texts:
        note(text)
    before, target = map(process, texts)
    run = Run(before, reload=True)
    moments = iter(range(after))

    def migrate(run: Run) -> None:
        _check_waits(run)
        if next(moments, None) is not None or run.definition is target:
            return
        if run.state is InstanceState.ACTIVE and not problems(before, target, run.instance, {}):
            run.migrate(target)
            _check_all(run)

    drive(run, actions, migrate)


@LAW
@given(processes(), ACTIONS, st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=12))
def test_moving_tokens_leaves_nothing_that_waits_for_nothing(
    text: str, actions: list[tuple[int, int]], moves: list[tuple[int, int]]
) -> None:
    note(text)
    run = Run(process(text), reload=True)
    elements = sorted(run.definition.elements)
    left = iter(moves)

    def move(run: Run) -> None:
        _check_counts(run)
        _check_waits(run)
        put, taken = next(left, (0, 0))
        if run.state is not InstanceState.ACTIVE:
            return
        active = [element.key for _, element in run.elements()]
        scopes = [None, *(element.key for _, element in run.elements() if element.opened)]
        activate = [c.Activation(elements[put % len(elements)], scopes[put % len(scopes)])] if put else []
        terminate = [c.Termination(owner=active[taken % len(active)])] if taken else []
        try:
            run.modify(activate=activate, terminate=terminate)
        except Rejected:
            return
        note(f"{activate} {terminate}")
        _check_counts(run)
        _check_waits(run)
        _check_keys(run)

    drive(run, actions[:15], move, sound=False)


@LAW
@given(processes(), ACTIONS, st.integers(0, 25))
def test_cancelling_leaves_nothing_behind(text: str, actions: list[tuple[int, int]], after: int) -> None:
    note(text)
    run = Run(process(text), reload=True)
    drive_until = iter(range(after))

    class Enough(Exception):
        pass

    def stop(_: Run) -> None:
        if next(drive_until, None) is None:
            raise Enough

    try:
        drive(run, actions, stop)
    except Enough:
        if run.state is InstanceState.ACTIVE:
            run.cancel()
    _check_waits(run)
    _check_tokens(run)
    _check_counts(run)
