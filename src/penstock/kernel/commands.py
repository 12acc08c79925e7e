"""What may be asked of a process instance.

A command names what it means by keys, and the state is the guard: a command for something that is no longer
there is rejected and changes nothing, so that each may be sent again blindly after a crash. `scope` is the
key of the scope that holds the element instance, `owner` the element instance's own key.
"""

from __future__ import annotations

import msgspec

from penstock.kernel.definition import Reach, Value
from penstock.kernel.kept import Called


class _Command(msgspec.Struct, frozen=True, tag=True, omit_defaults=True, gc=False):
    pass


class Caller(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The call activity that waits for a called instance to end, in another instance."""

    instance: str
    scope: int
    owner: int
    key: int
    depth: int
    """How many calls are around the called instance, this one included."""
    codes: list[str] = []
    """The error codes that something around the call activity catches."""
    every: bool = False
    """Whether something around it catches every error."""
    escalations: dict[str, bool] = {}
    """By the escalation codes that something around it catches, whether that interrupts it."""
    every_escalation: bool | None = None
    """Whether what catches every other escalation interrupts it; None where nothing does."""
    root: str = ""
    """The instance that nothing called, around all calls; empty in what was stored without it."""


class StartInstance(_Command, frozen=True):
    """Start the instance at one of its definition's start events."""

    start: str
    variables: dict[str, Value]
    business_key: str | None = None
    correlation_key: str | None = None
    """By a message with a key: there is one such instance of the process at a time."""
    caller: Caller | None = None
    held: bool = False
    """Suspended at its start, until it is resumed."""


class CompleteJob(_Command, frozen=True):
    """A worker has done the job; `variables` are what it gives.

    That of a task listener gives no variables. It may correct attributes of the user task, by their names in
    `UserTaskUpdated`, or deny the change that it was run before, with a reason.
    """

    scope: int
    owner: int
    key: int
    variables: dict[str, Value]
    corrections: dict[str, Value] = {}
    denied: str | None = None


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


class UpdateUserTask(_Command, frozen=True):
    """Change attributes of the task: `candidate_users`, `candidate_groups`, `due_at`, `follow_up_at`
    (epoch milliseconds or None) and `priority`."""

    scope: int
    owner: int
    key: int
    changes: dict[str, Value]


class FireTimer(_Command, frozen=True):
    """A timer is due."""

    scope: int
    owner: int
    key: int


class FailTimer(_Command, frozen=True):
    """A timer could not be fired, however often that was tried: it is an incident."""

    scope: int
    owner: int
    key: int
    message: str


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


class ResolveIncidents(_Command, frozen=True):
    """Resolve every open incident of the instance, each as by `ResolveIncident`."""

    variables: dict[str, Value]
    retries: int | None = None


class CancelInstance(_Command, frozen=True):
    """End the instance now, wherever it is; one that was called is cancelled by its caller only."""

    by_caller: bool = False


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


class CompleteCall(_Command, frozen=True):
    """The called instance has completed; `variables` are what it had."""

    scope: int
    owner: int
    key: int
    variables: dict[str, Value]
    reach: Reach = "scope"
    """What the terminate end event that ended it ends here, too."""
    called: Called | None = None
    """What may be compensated in it, if anything may."""


class UndoCalled(_Command, frozen=True):
    """Begin a called instance that has completed anew, to compensate what was completed in it."""

    called: Called
    business_key: str | None
    caller: Caller


class ThrowCallError(_Command, frozen=True):
    """The called instance was ended by an error that nothing in it caught."""

    scope: int
    owner: int
    key: int
    code: str
    message: str
    variables: dict[str, Value]


class ThrowCallEscalation(_Command, frozen=True):
    """The called instance threw an escalation that nothing in it caught."""

    scope: int
    owner: int
    key: int
    code: str
    number: int
    """Grows from one escalation of the called instance to the next."""
    ended: bool = False
    """Whether that ended the called instance, since what catches it here interrupts the call."""


class FailCall(_Command, frozen=True):
    """The process could not be called: there is none such."""

    scope: int
    owner: int
    key: int
    message: str


class StartAdHoc(_Command, frozen=True):
    """Begin an activity of an ad-hoc sub-process; `variables` are the activity's own.

    `owner` says in which of several open ones, by the key of its element instance; by default in the oldest.
    """

    element: str
    variables: dict[str, Value]
    owner: int | None = None


# -- operating -------------------------------------------------------------------------------------


class SuspendInstance(_Command, frozen=True):
    """Let nothing happen in the instance until it is resumed."""


class ResumeInstance(_Command, frozen=True):
    """Go on after a suspension."""


class Activation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """An element at which a token is put."""

    element: str
    scope: int | None = None
    """The key of an open scope around the element, for when there are several; None for the only one."""
    variables: dict[str, Value] = {}
    """Set in the scope that holds the element."""


class Termination(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
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
    | UpdateUserTask
    | FireTimer
    | FailTimer
    | SetVariables
    | ResolveIncident
    | ResolveIncidents
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
    | CompleteCall
    | UndoCalled
    | ThrowCallError
    | ThrowCallEscalation
    | FailCall
    | StartAdHoc
)
