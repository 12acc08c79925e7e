"""What the server and its worker processes say to each other, and what the server asks of the pool.

`Call` goes out, an `Outcome` comes back. Both hold variables as FEEL values; on the wire those are
packed by FEEL's own codec, since it alone keeps every number and every date as it is.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from penstock import feel
from penstock.workers.api import Job

Value = object
"""A FEEL value."""

FailureKind = Literal["raised", "crashed", "timeout", "arguments", "result", "unknown_function"]


class FunctionsError(Exception):
    """The folder of functions cannot be used; each problem names a file, a line and a remedy."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# -- what is asked, and what comes of it -------------------------------------------------------------


class Call(msgspec.Struct, frozen=True):
    """One run of a function for a job."""

    function: str
    """The function's name, as a model gives it."""
    variables: dict[str, Value]
    """All variables that the job sees; those of its input mappings cover outer ones."""
    job: Job
    timeout_ms: int | None = None
    """The model's time limit in milliseconds; None leaves it to the function, and then to the pool."""


class Done(msgspec.Struct, frozen=True):
    """The function returned; these are the variables of the job's result."""

    variables: dict[str, Value]


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The function could not be run to its end; the job may be tried again."""

    kind: FailureKind
    message: str
    detail: str | None = None
    """The traceback from the author's own code on, where there is one; 16 kB at most."""


class Thrown(msgspec.Struct, frozen=True):
    """The function raised `BpmnError`."""

    code: str
    message: str
    variables: dict[str, Value]


class Denied(msgspec.Struct, frozen=True, tag="denied"):
    """The function raised `Denied`: the user task is not changed."""

    reason: str


Outcome = Done | Failed | Thrown | Denied


class Withdrawn(msgspec.Struct, frozen=True):
    """The call was taken back before it began; nothing has come of it."""


class ParameterInfo(msgspec.Struct, frozen=True):
    """One parameter of a function, as its author wrote it."""

    name: str
    type: str | None
    """The annotation's text."""
    required: bool
    default: str | None = None
    """The default value's Python text."""


class FunctionInfo(msgspec.Struct, frozen=True):
    """What is known of a function without importing it."""

    name: str
    doc: str | None
    parameters: tuple[ParameterInfo, ...]
    takes_all: bool
    """Whether it has `**kwargs`, and so is handed every visible variable."""
    returns: str | None
    """The annotation's text."""
    timeout_ms: int | None
    """The time limit that `@task` set, in milliseconds."""
    file: str
    line: int


# -- frames ------------------------------------------------------------------------------------------


class Setup(msgspec.Struct, frozen=True, tag="setup"):
    """The first frame to a worker process: what it works for and within."""

    folder: str
    max_result_bytes: int
    memory_bytes: int | None


class Run(msgspec.Struct, frozen=True, tag="run"):
    """A call, its variables packed and its time limit settled."""

    function: str
    variables: bytes
    job: Job
    timeout_ms: int


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The functions are loaded."""

    functions: tuple[FunctionInfo, ...]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The functions cannot be loaded."""

    problems: tuple[str, ...]


class Said(msgspec.Struct, frozen=True, tag="said"):
    """A line that the author's code printed or logged."""

    source: str
    """`stdout`, `stderr` or a logger's name."""
    level: int
    """A level of the `logging` module."""
    text: str


class Returned(msgspec.Struct, frozen=True, tag="returned"):
    """`Done`, packed."""

    variables: bytes


class Raised(msgspec.Struct, frozen=True, tag="raised"):
    """`Thrown`, packed."""

    code: str
    message: str
    variables: bytes


ToChild = Setup | Run
FromChild = Ready | Refused | Said | Returned | Raised | Failed | Denied
Answer = Returned | Raised | Failed | Denied


def run(call: Call, timeout_ms: int) -> Run:
    """Pack a call whose time limit is `timeout_ms` milliseconds."""
    return Run(call.function, feel.dumps(call.variables), call.job, timeout_ms)


def outcome(answer: Answer) -> Outcome:
    """Unpack what a worker answered."""
    match answer:
        case Failed() | Denied():
            return answer
        case Returned(variables=variables):
            return Done(unpack(variables))
        case Raised(code=code, message=message, variables=variables):
            return Thrown(code, message, unpack(variables))


def unpack(variables: bytes) -> dict[str, Value]:
    """Unpack variables.

    Raises:
        ValueError: these bytes hold no variables.
    """
    values = feel.loads(variables)
    if not isinstance(values, dict):
        raise ValueError(f"variables are a context, not {feel.type_name(values)}")
    return values
