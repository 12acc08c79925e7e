"""Laws that hold for every process, whatever is done to it: random processes, random legal drivers.

A failure prints the process and what was done. In CI the examples are the same each time; elsewhere
Hypothesis prints what to add to see the same one again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
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
from penstock.kernel.migration_problems import problems
from penstock.testing import Run, process
from tests.kernel.blocks import processes, tangles, versions
from tests.kernel.deciding import DECISIONS
from tests.kernel.driver import check_counts, check_keys, check_tokens, check_waits, drive
from tests.kernel.pictures import picture

LAW = settings(
    max_examples=int(os.environ.get("LAW_EXAMPLES", "200")),
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

_run = partial(Run, decisions=DECISIONS)

ACTIONS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=40)
"""What a driver does: which of the possible actions, and with which values. Afterwards it only completes."""

_REPEATABLE = (c.AssignUserTask, c.UpdateUserTask, c.SetVariables, c.TriggerEvent, c.StartAdHoc)
"""Commands that say what shall be, or that somebody who sees what waits may well give twice."""


def _check_stale(run: Run) -> None:
    """Every command that has been done is refused when it comes again, and changes nothing."""
    before = picture(run.instance)
    # What a listener has denied may be asked for again.
    denied = any(isinstance(event, e.UserTaskDenied) for event in run.events)
    repeatable = (*_REPEATABLE, c.CompleteUserTask) if denied else _REPEATABLE
    for command, _ in run.commands:
        if not isinstance(command, repeatable):
            with pytest.raises(Rejected):
                advance(run.definition, run.instance, command, run.now, decisions=DECISIONS)
    assert picture(run.instance) == before


# -- the laws --------------------------------------------------------------------------------------


def _check_all(run: Run) -> None:
    check_waits(run)
    check_tokens(run)
    check_counts(run)
    check_keys(run)


@LAW
@given(processes(), ACTIONS)
def test_every_instance_ends_or_waits_for_something_named(text: str, actions: list[tuple[int, int]]) -> None:
    note(text)
    drive(_run(process(text)), actions, _check_all)


@LAW
@given(tangles(), ACTIONS, st.integers(1, 9))
def test_no_process_is_so_bad_that_an_instance_is_lost(
    text: str, actions: list[tuple[int, int]], slice_limit: int
) -> None:
    note(text)
    run = _run(process(text), reload=True, loop_limit=40, slice_limit=slice_limit)
    drive(run, actions[:15], _check_all, sound=False)


@LAW
@given(processes(), ACTIONS)
def test_a_stale_or_repeated_command_is_rejected_and_changes_nothing(
    text: str, actions: list[tuple[int, int]]
) -> None:
    note(text)
    drive(_run(process(text)), actions, _check_stale)


@LAW
@given(processes(), ACTIONS)
def test_saving_and_loading_at_every_step_changes_nothing(text: str, actions: list[tuple[int, int]]) -> None:
    note(text)
    definition = process(text)
    kept, saved = _run(definition), _run(definition, reload=True)
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
    run = _run(process(text))
    drive(run, actions, lambda _: None)
    instance = ProcessInstance("run", run.definition.id)
    events = [
        event
        for command, now in run.commands
        for event in advance(run.definition, instance, command, now, decisions=DECISIONS).events
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
    whole, sliced = _run(definition), _run(definition, reload=True, slice_limit=slice_limit)
    drive(whole, actions, lambda _: None)
    drive(sliced, actions, lambda _: None)
    rests = (e.InstanceDeferred, e.InstanceContinued)
    assert [event for event in sliced.events if not isinstance(event, rests)] == whole.events


@LAW
@given(processes(), ACTIONS)
def test_a_suspension_loses_nothing(text: str, actions: list[tuple[int, int]]) -> None:
    note(text)
    definition = process(text)
    plain, suspended = _run(definition), _run(definition, reload=True)

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
    kept, migrated = _run(definition), _run(definition, reload=True)

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
    run = _run(before, reload=True)
    moments = iter(range(after))

    def migrate(run: Run) -> None:
        check_waits(run)
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
    run = _run(process(text), reload=True)
    elements = sorted(run.definition.elements)
    left = iter(moves)

    def move(run: Run) -> None:
        check_counts(run)
        check_waits(run)
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
        check_counts(run)
        check_waits(run)
        check_keys(run)

    drive(run, actions[:15], move, sound=False)


@LAW
@given(processes(), ACTIONS, st.integers(0, 25))
def test_cancelling_leaves_nothing_behind(text: str, actions: list[tuple[int, int]], after: int) -> None:
    note(text)
    run = _run(process(text), reload=True)
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
    check_waits(run)
    check_tokens(run)
    check_counts(run)
