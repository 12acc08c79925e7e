"""What a project's manifest.json says of its workflows, as data.

Kept apart from the reading of the file, since everything else at this surface needs only the data.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

from penstock.kernel.definition import Value

ParameterType = Literal[
    "boolean",
    "dataset",
    "date",
    "dateTime",
    "decimal",
    "duration",
    "group",
    "number",
    "object",
    "person",
    "string",
    "text",
    "time",
]

TYPES: Final[tuple[ParameterType, ...]] = get_args(ParameterType)
"""The same types at run time, in the order in which messages list them."""


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """One start parameter of a workflow, or one property of an object."""

    keys: tuple[str, ...]
    """The keys under which a caller may send it: its aliases first, then its name. Never empty."""
    variable: str
    """The process variable that takes its value: its name, else its first alias."""
    type: ParameterType
    list: bool = False
    nullable: bool = False
    default: Value = None
    """Its value as JSON where a caller sends none; None where there is no default."""
    children: tuple[Parameter, ...] = ()
    """For an object: its properties. Empty where it may have any."""


class WorkflowMapping(msgspec.Struct, frozen=True, omit_defaults=True):
    """One alias by which an app knows a workflow."""

    alias: str
    model_id: str | None = None
    """The id of the model, kept over its versions; None where the alias itself names the process."""
    version: str | None = None
    """The version that runs; None for the newest active one."""
    start_name: str | None = None
    """The name or the id of the start event; None for the only one without a trigger."""
    parameters: tuple[Parameter, ...] | None = None
    """None where the mapping has no parameters key, and so takes any object."""
