"""What a query gives: one frozen struct a table, in the field's own words. Times are epoch milliseconds."""

from __future__ import annotations

from typing import Literal

import msgspec

from penstock.kernel.commands import Command
from penstock.kernel.definition import Value

Status = Literal["active", "incident", "completed", "cancelled", "suspended"]
"""`incident` is an active instance that has at least one open incident; a suspended one may have some too."""


class ProcessRow(msgspec.Struct, frozen=True):
    """A process with all its versions."""

    uid: str
    process_id: str
    name: str
    alias: str | None
    description: str
    created_by: str
    created_at: int
    updated_by: str
    updated_at: int


class DefinitionRow(msgspec.Struct, frozen=True):
    """One deployed version."""

    key: str
    kind: str
    id: str
    name: str
    version: str
    ordinal: int
    active: bool
    deployment: str
    digest: str
    deployed_by: str
    deployed_at: int
    notes: str = ""
    """What whoever deployed it says about it."""


class DraftRow(msgspec.Struct, frozen=True):
    """A file that somebody works on, without its content."""

    id: str
    kind: str
    name: str
    revision: int
    created_by: str
    created_at: int
    updated_by: str
    updated_at: int
    lock_holder: str | None = None
    lock_name: str | None = None
    lock_until: int | None = None


class TaskDraftRow(msgspec.Struct, frozen=True):
    """What was entered into a user task that is not done yet."""

    revision: int
    variables: bytes
    """As FEEL's JSON."""
    saved_by: str
    saved_at: int


class DecisionFileRow(msgspec.Struct, frozen=True):
    """A DMN file that was deployed."""

    digest: str
    """Over the file and what it imports."""
    namespace: str
    imports: dict[str, str]
    """By namespace, the digest of each imported file."""
    deployed_at: int


class InstanceRow(msgspec.Struct, frozen=True):
    """A process instance as it stood at a commit."""

    id: str
    definition_key: str
    process_id: str
    version: str
    business_key: str | None
    parent_id: str | None
    status: Status
    incidents: int
    created_by: str
    updated_by: str
    started_at: int
    updated_at: int
    ended_at: int | None
    variables: dict[str, Value]
    """The process's own variables."""


class JournalRow(msgspec.Struct, frozen=True):
    """One command to an instance, and what came of it, still encoded."""

    seq: int
    at: int
    actor: str
    command: bytes
    events: bytes
    elements: bytes | None = None
    """By the keys of their element instances, the elements of events that do not name them."""


class JobRow(msgspec.Struct, frozen=True):
    instance_id: str
    key: int
    scope: int
    owner: int
    element: str
    type: str
    retries: int
    tries: int
    available_at: int
    worker: str | None
    trace: str | None
    """The `traceparent` of what opened it, where somebody watches."""


class TimerRow(msgspec.Struct, frozen=True):
    instance_id: str
    key: int
    scope: int
    owner: int
    element: str
    due_at: int
    tries: int
    """How many tries to fire it have failed; `due_at` is when the next is due."""


class UserTaskRow(msgspec.Struct, frozen=True):
    instance_id: str
    key: int
    scope: int
    owner: int
    element: str
    name: str
    state: Literal["creating", "open", "completed", "cancelled"]
    assignee: str | None
    candidate_users: list[str]
    candidate_groups: list[str]
    due_at: int | None
    follow_up_at: int | None
    priority: int
    form: str | None
    created_at: int
    ended_at: int | None


class IncidentRow(msgspec.Struct, frozen=True):
    instance_id: str
    key: int
    scope: int
    owner: int
    element: str
    type: str
    message: str
    detail: str | None
    at: int


class CallRow(msgspec.Struct, frozen=True):
    instance_id: str
    key: int
    scope: int
    owner: int
    element: str
    process_id: str


OutboxKey = tuple[str, int, int]
"""The instance that asked for a command, the number of its journal row, and the command's place among its."""


class OutboxRow(msgspec.Struct, frozen=True):
    """A command that an instance is yet to be sent, by the journal row that asked for it."""

    instance_id: str
    seq: int
    place: int
    """Which it is of those that the journal row asked for."""
    target: str
    """The id of the instance that it is for."""
    definition_key: str | None
    """With `StartInstance`: what to start."""
    command: Command

    @property
    def key(self) -> OutboxKey:
        """What tells it from all others."""
        return self.instance_id, self.seq, self.place


class SubscriptionRow(msgspec.Struct, frozen=True):
    """A wait of an instance for a message, a signal or a condition."""

    id: int
    instance_id: str
    key: int
    scope: int
    owner: int
    element: str
    kind: str
    """`message`, `signal` or `condition`; marked in a suspended instance, see `held`."""
    name: str
    correlation_key: str
    process_id: str


class Correlated(msgspec.Struct, frozen=True, array_like=True):
    """Where a message has gone."""

    process_id: str
    instance_id: str
    element: str


class MessageRow(msgspec.Struct, frozen=True):
    """A message that is kept, for those who will wait for it or because it came with an id."""

    id: int
    variables: dict[str, Value]
    correlated: list[Correlated]
    business_key: str | None
    """Of an instance that it starts."""


class StartRow(msgspec.Struct, frozen=True):
    """What starts instances of a process: one trigger of one of its start events."""

    process_id: str
    element: str
    position: int
    definition_key: str
    kind: Literal["message", "signal", "timer", "condition"]
    name: str
    """Of a message or a signal; empty for the others."""
    due_at: int | None
    rest: str | None
    tries: int = 0
    """For a timer: how many tries to start by it have failed; `due_at` is when the next is due."""


class GatheringRow(msgspec.Struct, frozen=True):
    """A start of an instance that needs each of several triggers, some of which have come."""

    id: int
    process_id: str
    element: str
    correlation_key: str | None
    """None until a message has come."""
    business_key: str | None
    came: int
    """A bit for each trigger of the event, by its position."""
    variables: dict[str, Value]
    """What they have brought."""
    since: int = 0
    """When the first of them came."""
    expires_at: int | None = None
    """Until when the others are waited for; None where all have come, and it waits for its key."""


class SendingRow(msgspec.Struct, frozen=True):
    """A message or signal that an instance has sent."""

    instance_id: str
    seq: int
    position: int
    kind: Literal["message", "signal"]
    name: str
    correlation_key: str
    variables: dict[str, Value]
    ttl: int | None
    before: int
    """For a signal: what its sender began to wait for with this key or a later one does not get it."""


class BroadcastRow(msgspec.Struct, frozen=True):
    """A signal on its way."""

    id: int
    name: str
    variables: dict[str, Value]
    instance_id: str | None
    """The only instance that it is for."""
    sender: str | None
    before: int
    after_id: int
    last_id: int


class Counts(msgspec.Struct, frozen=True):
    """How many instances stand where, and the time that the completed ones took in all."""

    active: int
    incident: int
    completed: int
    cancelled: int
    completed_ms: int


class NodeRow(msgspec.Struct, frozen=True):
    """A server that shares the database."""

    id: str
    name: str
    """Its host and process, for people."""
    version: str
    started_at: int
    seen_at: int
