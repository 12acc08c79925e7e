"""What the client gives, and what it raises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

Variables = dict[str, Any]


class ClientError(Exception):
    """The server could not be asked, or said no; the message says what and why."""


class NoServer(ClientError):
    """No server answers at the address."""


class Refused(ClientError):
    """The server refused the request."""

    def __init__(self, status: int, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status."""
        self.findings = tuple(findings)
        """Where a model is at fault: all that was found."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong with a file, or worth knowing."""

    code: str
    severity: str
    element: str | None
    line: int | None
    message: str
    remedy: str
    file: str = ""


class DefinitionRef(msgspec.Struct, frozen=True):
    """A version of a process, as a deployment names it."""

    key: str
    kind: str
    id: str
    name: str
    version: str


class Deployment(msgspec.Struct, frozen=True):
    """What a deployment came to."""

    id: str
    definitions: list[DefinitionRef]
    findings: list[Finding] = []


class Started(msgspec.Struct, frozen=True, rename="camel"):
    """What the App API says of an instance (Domo's words)."""

    id: str
    model_id: str
    model_name: str
    model_version: str
    status: str | None
    created_on: str


class Instance(msgspec.Struct, frozen=True, rename="camel"):
    """A process instance."""

    id: str
    definition_key: str
    process_id: str
    version: str
    state: str
    incidents: int
    started_at: str
    business_key: str | None = None
    parent_id: str | None = None
    ended_at: str | None = None
    variables: Variables | None = None


class Migrated(Instance, frozen=True, rename="camel", kw_only=True):
    """A process instance, and what is in the way of its migration."""

    findings: list[Finding] = []


class Waiting(msgspec.Struct, frozen=True, rename="camel"):
    """Something that an instance waits for."""

    element: str
    element_instance: int
    kind: str
    name: str | None = None
    due: str | None = None
    activities: list[str] = []
    """Of an ad-hoc sub-process: what may be begun in it."""


class Incident(msgspec.Struct, frozen=True, rename="camel"):
    """What keeps a place of an instance from going on."""

    key: str
    type: str
    message: str
    element: str
    process_instance: str
    at: str
    detail: str | None = None
    """More for the person who repairs it, such as a traceback."""


class Event(msgspec.Struct, frozen=True, rename="camel"):
    """One line of the history of an instance."""

    seq: int
    at: str
    event: str
    element: str | None = None
    element_instance: int | None = None


class Batch(msgspec.Struct, frozen=True, rename="camel"):
    """One act for many instances, as it stands."""

    id: str
    operation: str
    state: str
    total: int
    done: int
    rejected: int
    created_by: str
    created_at: str
    ended_at: str | None = None


class BatchResult(msgspec.Struct, frozen=True, rename="camel"):
    """What a batch came to for one instance."""

    process_instance: str
    outcome: str
    at: str
    message: str | None = None
    """Where it was refused: why."""
    started: str | None = None
    """With `restart`: the new instance."""


class Refusal(msgspec.Struct, frozen=True, rename="camel"):
    """Why a batch would be refused for an instance."""

    process_instance: str
    message: str


class BatchPreview(msgspec.Struct, frozen=True, rename="camel"):
    """What a batch would do now."""

    total: int
    tried: int
    refusals: list[Refusal]
