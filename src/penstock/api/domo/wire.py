"""The bodies that this surface gives, with just the fields, names and order that Domo's clients know.

Times are ISO 8601 texts with milliseconds and Z; ids of users are texts.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

DomoStatus = Literal["IN_PROGRESS", "COMPLETED", "CANCELED", "FAILED"]

Permission = Literal[
    "ADMIN",
    "SHARE",
    "DELETE",
    "WRITE",
    "READ",
    "EXPORT",
    "EXECUTE",
    "READ_CONTENT",
    "UPDATE_CONTENT",
]


class Instance(msgspec.Struct, frozen=True, rename="camel"):
    """One run of a model."""

    id: str
    model_id: str
    model_name: str
    model_version: str
    bpmn_process_id: str
    bpmn_process_name: str
    deployment_id: str
    created_by: str
    created_on: str
    updated_by: str
    updated_on: str
    status: DomoStatus | None
    """Null only for a run that has been accepted and has not begun."""


class InstanceMetric(msgspec.Struct, frozen=True, rename="camel"):
    """How one run of a model stands."""

    instance_id: str
    model_id: str
    version: str
    creator_id: str
    workflow_start_time: str
    workflow_end_time: str | None
    """Null where it has not come to an end by itself."""
    workflow_cancel_time: str | None
    """Null where it was not cancelled."""
    workflow_cycle_time: Annotated[int, msgspec.Meta(ge=0)]
    """Milliseconds from its start to its end, or to now."""
    status: DomoStatus | None


class Metrics(msgspec.Struct, frozen=True, rename="camel"):
    """How the runs of a model stand."""

    model_id: str
    version: str
    completed_workflows: int
    in_progress_workflows: int
    failed_workflows: int
    canceled_workflows: int
    average_cycle_time: int
    """Milliseconds, over the completed runs; 0 where there are none."""
    instance_metric: list[InstanceMetric]
    """A page of runs, the newest first."""


class UserPermission(msgspec.Struct, frozen=True, rename="camel"):
    """What a user may do with a model."""

    id: str
    name: str
    avatar_key: str
    role: str
    role_id: int
    permissions: list[Permission]


class Model(msgspec.Struct, frozen=True, rename="camel"):
    """A process with all its versions."""

    id: str
    name: str
    description: str
    owner: str
    created_by: str
    created_on: str
    updated_by: str
    updated_on: str
    last_version_updated_by: str
    last_version_updated_on: str
    user_permissions: list[UserPermission] | msgspec.UnsetType = msgspec.UNSET
    """Given only when asked for."""
