"""Beginning anew where an instance has ended."""

from __future__ import annotations

from collections.abc import Mapping

from penstock.kernel.commands import StartAtElement
from penstock.kernel.definition import Value
from penstock.runtime.definitions import Definition, Definitions
from penstock.store.rows import InstanceRow


def definition_of(definitions: Definitions, row: InstanceRow) -> Definition:
    """Give the version by which an instance runs, or ran."""
    found = definitions.by_key(row.definition_key)
    assert found is not None, f"the definition {row.definition_key} is gone"
    return found


def restarting(
    row: InstanceRow, definition: Definition, element: str, variables: Mapping[str, Value]
) -> StartAtElement:
    """Give the command for a new instance of the version and with the variables of one that has ended.

    Arguments:
        element: where it starts; empty for where the process does.
        variables: go over those that the ended instance had.
    """
    start = element or definition.compiled.starts[0]
    return StartAtElement(start, {**row.variables, **variables}, row.business_key, row.id)
