"""From an alias to the process that it names, and to the start event that a mapping asks for.

Domo's apps carry model ids of the server they were written for, so a mapping whose id is not known here
is resolved by its alias.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from operator import attrgetter
from typing import Final

from penstock.api.domo.mapping import WorkflowMapping
from penstock.api.errors import ApiError, not_found
from penstock.kernel.definition import Element, MessageTrigger, ProcessDefinition
from penstock.store.rows import DefinitionRow, ProcessRow

_NAMES: Final = (attrgetter("process_id"), attrgetter("alias"), attrgetter("name"))
"""What a process may be called by, the strongest first."""


def find_process(
    alias: str, mappings: Mapping[str, WorkflowMapping], processes: Sequence[ProcessRow]
) -> ProcessRow:
    """Give the process that an alias names.

    A mapping's `modelId` goes first. Without one that is known, the alias is the process's id, its alias
    property or its name; where none is just so, the only one that differs in case and punctuation alone.
    Without a mapping, the alias is a model's id, or a process's id, alias property or name just as written.

    Raises:
        ApiError: 404, there is no such process, or more than one.
    """
    mapping = mappings.get(alias)
    model_id = alias if mapping is None else mapping.model_id
    for process in processes:
        if process.uid == model_id:
            return process
    for name_of in _NAMES:
        found = [process for process in processes if name_of(process) == alias]
        if found:
            return _only(alias, found)
    if mapping is not None:
        plain = _plain(alias)
        found = [
            process
            for process in processes
            if plain and any(_plain(name_of(process) or "") == plain for name_of in _NAMES)
        ]
        if found:
            return _only(alias, found)
    raise _unknown(alias, mapping, mappings, processes)


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _only(alias: str, found: Sequence[ProcessRow]) -> ProcessRow:
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"'{process.process_id}'" for process in found)
    raise not_found(
        f"The alias '{alias}' fits more than one process: {names}. "
        "Give its entry in manifest.json the modelId of the one that is meant."
    )


def _unknown(
    alias: str,
    mapping: WorkflowMapping | None,
    mappings: Mapping[str, WorkflowMapping],
    processes: Iterable[ProcessRow],
) -> ApiError:
    names = {name for process in processes for name_of in _NAMES if (name := name_of(process))}
    if mapping is None:
        message = (
            f"There is no workflow with the alias '{alias}': no entry of manifest.json and no process has it."
        )
        return not_found(message + _did_you_mean(alias, {*mappings, *names}))
    by_id = f" and none with the model id '{mapping.model_id}'" if mapping.model_id else ""
    message = (
        f"The alias '{alias}' is in manifest.json, but no process is deployed "
        f"with this id, alias or name{by_id}."
    )
    return not_found(message + _did_you_mean(alias, names))


def _did_you_mean(alias: str, names: Iterable[str]) -> str:
    by_plain = {_plain(name): name for name in sorted(names)}
    near = get_close_matches(_plain(alias), by_plain, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(repr(by_plain[name]) for name in near)}?" if near else ""


def find_version(
    process: ProcessRow, version: str | None, versions: Sequence[DefinitionRow]
) -> DefinitionRow:
    """Give the version of a process that an alias stands for: the pinned one, else the newest active one.

    Raises:
        ApiError: 404, it is not deployed.
    """
    for row in reversed(versions):
        if row.version == version if version is not None else row.active:
            return row
    if version is None:
        raise not_found(f"The process '{process.process_id}' has no active version.")
    deployed = ", ".join(row.version for row in versions) or "none"
    raise not_found(
        f"The process '{process.process_id}' has no version '{version}'. Deployed are: {deployed}."
    )


def find_start(process: ProcessDefinition, start_name: str | None) -> str:
    """Give the id of the start event that a mapping asks for.

    Args:
        start_name: its id or its name, or `Start` and the name of the process, as Domo names the start that
            has no name of its own. None for the only one without a trigger (BPMN 10.5.2), or, where there is
            none, for the only one by a message.

    Raises:
        ApiError: 404, there is none with this name; 400, there is not just one of these.
    """
    starts = [process.elements[id] for id in process.starts]
    plain = [start for start in starts if start.trigger is None] or [
        start for start in starts if isinstance(start.trigger, MessageTrigger)
    ]
    if start_name is None:
        return _only_start(process, plain)
    for start in starts:
        if start_name in (start.id, start.name):
            return start.id
    if start_name == f"Start {process.name or process.id}":
        return _only_start(process, plain)
    known = ", ".join(f"'{start.name or start.id}'" for start in starts)
    raise not_found(f"The process '{process.id}' has no start event '{start_name}'. It has: {known}.")


def _only_start(process: ProcessDefinition, starts: Sequence[Element]) -> str:
    if len(starts) == 1:
        return starts[0].id
    if not starts:
        raise ApiError(
            400, f"The process '{process.id}' has no start event without a trigger or by a message."
        )
    names = ", ".join(f"'{start.name or start.id}'" for start in starts)
    raise ApiError(
        400, f"The process '{process.id}' has several start events: {names}. Set startName in manifest.json."
    )
