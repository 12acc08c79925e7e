"""Whether an instance has nothing to do but wait, with all that it calls.

A called process is an instance of its own. Whoever waits for the caller wants to know how far both have come,
so the caller rests only when what it calls does.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from typing import Final

import sqlalchemy as sa

from penstock.kernel import InstanceState, ProcessInstance, Rejected
from penstock.kernel.definition import ProcessDefinition
from penstock.kernel.state import ROOT
from penstock.store import calls, jobs, states
from penstock.store.states import Stored

FEW: Final = 100
"""Element instances that are looked at after a commit, at most, to see whether there is something to do."""

CALLS_POLL_S: Final = 0.02
"""How often it is looked whether what an instance calls has come to rest."""


class Rest(Enum):
    """How far an instance is from having nothing to do but wait."""

    BUSY = "it has something to do itself"
    CALLS = "what it calls has something to do"
    SETTLED = "it only waits, or has ended"


def rest_of(connection: sa.Connection, instance_id: str, functions: frozenset[str]) -> Rest:
    """Tell how far an instance is from having nothing to do here but wait.

    Arguments:
        functions: the types of the jobs that are worked on here; another is waited for.

    Raises:
        Rejected: there is no such instance.
    """
    stored = states.load_stored(connection, instance_id)
    if stored is None:
        raise no_instance(instance_id)
    if _works(connection, stored, functions):
        return Rest.BUSY
    called = (calls.called_id(instance_id, call.key) for call in calls.of_instance(connection, instance_id))
    return Rest.SETTLED if all(_waits(connection, id, functions) for id in called) else Rest.CALLS


def rest_in(
    instance: ProcessInstance, definition: ProcessDefinition, functions: Collection[str]
) -> tuple[Rest, tuple[str, int] | None] | None:
    """Tell how far an instance is from rest by its state alone, and the first of the jobs that it waits for.

    None where its state alone does not tell.

    Arguments:
        functions: as for `rest_of`.
    """
    if instance.state is not InstanceState.ACTIVE:
        return Rest.SETTLED, None
    if instance.agenda:
        return Rest.BUSY, None
    elements = instance.scopes[ROOT].elements
    if len(elements) > FEW:
        return None
    for element in elements.values():
        if element.opened or element.call is not None:
            return None  # there is more of it elsewhere
        spec = definition.elements[element.element].job
        if element.job is not None and spec is not None and spec.type in functions:
            return Rest.BUSY, (instance.id, element.job.key)
    return Rest.SETTLED, None


def _works(connection: sa.Connection, stored: Stored, functions: frozenset[str]) -> bool:
    """Tell whether an instance has something to do itself, or a job that is worked on here."""
    instance = stored.instance
    if instance.state is not InstanceState.ACTIVE:
        return False
    open_jobs = jobs.of_instance(connection, instance.id) if instance.jobs else ()
    return bool(instance.agenda) or any(job.type in functions for job in open_jobs)


def _waits(connection: sa.Connection, called: str, functions: frozenset[str]) -> bool:
    """Tell whether a called instance only waits; one that has yet to start, or has ended, has news."""
    stored = states.load_stored(connection, called)
    if stored is None or stored.instance.state is not InstanceState.ACTIVE:
        return False
    return rest_of(connection, called, functions) is Rest.SETTLED


def no_instance(instance_id: str) -> Rejected:
    """Give the refusal of a request about an instance that there is not."""
    return Rejected("not_found", f"there is no process instance '{instance_id}'")
