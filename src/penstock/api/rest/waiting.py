"""What an instance waits for."""

from __future__ import annotations

from typing import Final, Literal

import msgspec
import sqlalchemy as sa

from penstock.api.http import Call, Reply
from penstock.api.keys import join_key, no_such
from penstock.api.queries import NoQuery
from penstock.api.times import iso
from penstock.store import calls, incidents, instances, jobs, timers, user_tasks

_ALL: Final = 1_000_000
"""An instance may wait for thousands of things; they are given at once."""


class Wait(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One thing that an instance waits for."""

    element: str
    """The id in the file."""
    element_instance: int
    kind: Literal["user_task", "job", "timer", "call", "incident"]
    name: str | None = None
    """The name of the user task, the type of the job or of the incident, the id of the called process."""
    due: str | None = None
    """When the timer is due."""
    key: str | None = None
    """The id of the user task, job, incident or called instance."""


async def get(call: Call[NoQuery, None]) -> Reply:
    """Give what an instance waits for, in the order in which it came there.

    Raises:
        ApiError: 404, there is no such instance.
    """
    waits = await call.runtime.read(_waits, call.path["instance"])
    if waits is None:
        raise no_such(call.path["instance"], "process instance")
    return Reply(waits)


def _waits(connection: sa.Connection, instance_id: str) -> list[Wait] | None:
    """Give what the instance waits for, None where there is no such instance."""
    if instances.find(connection, instance_id) is None:
        return None
    found: dict[int, Wait] = {}
    for job in jobs.of_instance(connection, instance_id):
        found[job.key] = Wait(job.element, job.owner, "job", job.type, key=join_key(instance_id, job.key))
    for timer in timers.of_instance(connection, instance_id):
        found[timer.key] = Wait(timer.element, timer.owner, "timer", due=iso(timer.due_at))
    for call in calls.of_instance(connection, instance_id):
        id = calls.called_id(instance_id, call.key)
        found[call.key] = Wait(call.element, call.owner, "call", call.process_id, key=id)
    for task in user_tasks.search(connection, instance_id=instance_id, state="open", limit=_ALL):
        id = join_key(instance_id, task.key)
        found[task.key] = Wait(task.element, task.owner, "user_task", task.name, key=id)
    for incident in incidents.search(connection, instance_id=instance_id, limit=_ALL):
        id = join_key(instance_id, incident.key)
        found[incident.key] = Wait(incident.element, incident.owner, "incident", incident.type, key=id)
    return [found[key] for key in sorted(found)]
