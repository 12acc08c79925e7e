"""What may be asked of a process instance.

A command names what it means by keys, and the state is the guard: a command for something that is no longer
there is rejected and changes nothing, so that each may be sent again blindly after a crash. `scope` is the
key of the scope that holds the element instance, `owner` the element instance's own key.
"""

from __future__ import annotations

import msgspec

from penstock.kernel.definition import Value


class _Command(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    pass


class StartInstance(_Command, frozen=True):
    """Start the instance at one of its definition's start events."""

    start: str
    variables: dict[str, Value]
    business_key: str | None = None
    correlation_key: str | None = None
    """By a message with a key: there is one such instance of the process at a time."""


class CompleteJob(_Command, frozen=True):
    """A worker has done the job; `variables` are what it gives."""

    scope: int
    owner: int
    key: int
    variables: dict[str, Value]


class FailJob(_Command, frozen=True):
    """A worker could not do the job: it is tried again later, or an incident when no try is left.

    `retries` (tries left) and `backoff` (milliseconds) override what the model and the counting say. `tries`
    says which try it was (how many had failed before it), so that a report that is sent again is known.
    """

    scope: int
    owner: int
    key: int
    message: str
    detail: str | None = None
    retries: int | None = None
    backoff: int | None = None
    tries: int | None = None


class ThrowJobError(_Command, frozen=True):
    """A worker throws a BPMN error, which goes to the nearest boundary event that catches it."""

    scope: int
    owner: int
    key: int
    code: str
    message: str
    variables: dict[str, Value]


class CompleteUserTask(_Command, frozen=True):
    """A person has done the task; `variables` are what they gave."""

    scope: int
    owner: int
    key: int
    variables: dict[str, Value]


class AssignUserTask(_Command, frozen=True):
    """Give the task to somebody, or to nobody; a claim is refused when somebody else holds it."""

    scope: int
    owner: int
    key: int
    assignee: str | None
    claim: bool = False


class FireTimer(_Command, frozen=True):
    """A timer is due."""

    scope: int
    owner: int
    key: int


class SetVariables(_Command, frozen=True):
    """Set variables of a scope, by default of the process itself."""

    variables: dict[str, Value]
    scope: int = 0


class ResolveIncident(_Command, frozen=True):
    """Run the failed phase again, with variables put right; `retries` is for a job opened anew."""

    scope: int
    owner: int
    key: int
    variables: dict[str, Value]
    retries: int | None = None


class CancelInstance(_Command, frozen=True):
    """End the instance now, wherever it is."""


class CorrelateMessage(_Command, frozen=True):
    """A message has come for an open subscription; `variables` are what it brings."""

    scope: int
    owner: int
    key: int
    variables: dict[str, Value]


class ReceiveSignal(_Command, frozen=True):
    """A signal that was broadcast has come for an open subscription."""

    scope: int
    owner: int
    key: int
    variables: dict[str, Value]


class TriggerEvent(_Command, frozen=True):
    """Let an event happen for which an element instance waits, as if what it waits for had come."""

    scope: int
    owner: int
    element: str
    """The event: the element itself, one on its boundary, or one behind an event-based gateway."""
    variables: dict[str, Value]


class Continue(_Command, frozen=True):
    """Go on with what an earlier command left planned; sent by the runtime to whoever asked for it."""


# -- operating -------------------------------------------------------------------------------------


class SuspendInstance(_Command, frozen=True):
    """Let nothing happen in the instance until it is resumed."""


class ResumeInstance(_Command, frozen=True):
    """Go on after a suspension."""


class Activation(msgspec.Struct, frozen=True, omit_defaults=True):
    """An element at which a token is put."""

    element: str
    scope: int | None = None
    """The key of an open scope around the element, for when there are several; None for the only one."""
    variables: dict[str, Value] = {}
    """Set in the scope that holds the element."""


class Termination(msgspec.Struct, frozen=True, omit_defaults=True):
    """An element instance that is cancelled, or all of an element: one of the two is given."""

    element: str | None = None
    owner: int | None = None


class ModifyInstance(_Command, frozen=True):
    """Put tokens at elements and take others away, whatever the flows say."""

    activate: list[Activation]
    terminate: list[Termination]


class StartAtElement(_Command, frozen=True):
    """Start the instance at any element, as a new run of the instance `origin`."""

    element: str
    variables: dict[str, Value]
    business_key: str | None = None
    origin: str | None = None


class MigrateInstance(_Command, frozen=True):
    """Go on by another definition; `mapping` names the elements there that have other ids than here."""

    definition: str
    mapping: dict[str, str]


Command = (
    StartInstance
    | CompleteJob
    | FailJob
    | ThrowJobError
    | CompleteUserTask
    | AssignUserTask
    | FireTimer
    | SetVariables
    | ResolveIncident
    | CancelInstance
    | Continue
    | CorrelateMessage
    | ReceiveSignal
    | TriggerEvent
    | SuspendInstance
    | ResumeInstance
    | ModifyInstance
    | StartAtElement
    | MigrateInstance
)
