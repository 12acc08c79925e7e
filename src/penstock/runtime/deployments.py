"""Deployment: files become frozen versions of processes, all of them or none.

A version that was deployed never changes. Its number is the file's version tag, or what the deployment says,
else the next minor one. The same content again is no new version.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec
import sqlalchemy as sa

from penstock import bpmn
from penstock.bpmn import Finding, ReadProcess
from penstock.kernel.definition import (
    CycleTrigger,
    MessageTrigger,
    SignalTrigger,
    Single,
    TimerTrigger,
    triggers_of,
)
from penstock.kernel.failures import Failure
from penstock.kernel.triggers.message import address
from penstock.kernel.triggers.signal import name_of
from penstock.runtime.definitions import Definitions
from penstock.runtime.ids import process_uid
from penstock.store import definitions as store, starts
from penstock.store.rows import DefinitionRow, ProcessRow, StartRow

_SEMANTIC: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
FIRST: Final = "1.0.0"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to deploy."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment came to: each process of its files with its version, new or there before."""

    id: str
    definitions: list[DefinitionRow]
    findings: list[Finding]


class Refused(Exception):
    """The files have errors; nothing was deployed."""

    def __init__(self, findings: list[Finding]) -> None:
        errors = [finding for finding in findings if finding.severity == "error"]
        super().__init__("; ".join(finding.message for finding in errors[:3]))
        self.findings = findings


@dataclass(slots=True)
class Plan:
    """What a deployment would write."""

    deployment: str
    findings: list[Finding] = field(default_factory=list)
    definitions: list[DefinitionRow] = field(default_factory=list)
    new: list[tuple[DefinitionRow, SourceFile]] = field(default_factory=list)
    processes: list[ProcessRow] = field(default_factory=list)
    starts: dict[str, list[StartRow]] = field(default_factory=dict)
    """By the key of a new version, what starts its instances."""

    def deployed(self) -> Deployed:
        """Give it as the caller sees it."""
        return Deployed(self.deployment, self.definitions, self.findings)


def read(file: SourceFile, functions: Collection[str] | None) -> bpmn.Reading:
    """Read one file, whatever its kind."""
    if file.name.lower().endswith((".dmn", ".form")):
        return bpmn.Reading((), (_unsupported_file(file),))
    return bpmn.read(file.content, file=file.name, functions=functions)


def plan(
    files: Sequence[SourceFile],
    definitions: Definitions,
    *,
    id: str,
    actor: str,
    now: int,
    version: str | None,
    functions: Collection[str] | None,
) -> Plan:
    """Work out what deploying the files would do.

    Arguments:
        version: the semantic version that every process of the files gets, whatever their tags say.

    Raises:
        Refused: a file has an error, or a version is frozen with other content.
    """
    result = Plan(id)
    seen: dict[str, str] = {}
    if not files:
        result.findings.append(_finding("", "no-file", "no file was given", "Give at least one .bpmn file."))
    for file in files:
        reading = read(file, functions)
        result.findings += reading.findings
        if not reading.executable and not reading.errors:
            result.findings.append(
                _finding(
                    file.name,
                    "nothing-to-run",
                    "no process of the file is executable",
                    'Set isExecutable="true" on the process that shall run.',
                )
            )
        for process in reading.processes:
            if process.id in seen:
                result.findings.append(_twice(file, process, seen[process.id]))
            elif process.definition is not None:
                seen[process.id] = file.name
                _plan_process(result, file, process, definitions, actor, now, version)
    if any(finding.severity == "error" for finding in result.findings):
        raise Refused(result.findings)
    return result


def write(connection: sa.Connection, planned: Plan) -> None:
    """Write what was planned."""
    for process in planned.processes:
        store.put_process(connection, process)
    for row, file in planned.new:
        store.add(connection, row, file.name, file.content)
        starts.replace(connection, row.id, planned.starts[row.key])


def _plan_process(
    result: Plan,
    file: SourceFile,
    process: ReadProcess,
    definitions: Definitions,
    actor: str,
    now: int,
    version: str | None,
) -> None:
    digest = hashlib.sha256(file.content).hexdigest()
    versions = definitions.versions(process.id)
    tag = version or _tag(result, file, process)
    for row in versions:
        if row.digest == digest and tag in (None, row.version):
            result.definitions.append(row)
            return
    number = tag or next_minor([row.version for row in versions])
    if any(row.version == number for row in versions):
        result.findings.append(_frozen(file, process, number))
        return
    name = process.name or process.id
    row = DefinitionRow(
        key=f"{process.id}:{number}",
        kind="process",
        id=process.id,
        name=name,
        version=number,
        ordinal=len(versions) + 1,
        active=True,
        deployment=result.deployment,
        digest=digest,
        deployed_by=actor,
        deployed_at=now,
    )
    result.definitions.append(row)
    result.new.append((row, file))
    result.starts[row.key] = _starts(result, file, process, row.key, now)
    result.processes.append(_process_row(process, name, definitions.process(process.id), actor, now))


def _starts(result: Plan, file: SourceFile, process: ReadProcess, key: str, now: int) -> list[StartRow]:
    """Give what starts instances of a new version, or a finding where that has no value."""
    definition = process.definition
    assert definition is not None, "a process with errors is not planned"
    found: list[StartRow] = []
    for element in map(definition.elements.__getitem__, definition.starts):
        for position, trigger in enumerate(triggers_of(element)):
            try:
                said = _said(trigger, now)
            except Failure as failure:
                message = f"'{element.id}' cannot start an instance: {failure.message}"
                remedy = "Write a fixed value: there are no variables before an instance has begun."
                result.findings.append(
                    _finding(file.name, "start-without-value", message, remedy, process=process)
                )
            else:
                if said is not None:
                    found.append(StartRow(process.id, element.id, position, key, *said))
    return found


_Said = tuple[Literal["message", "signal", "timer"], str, int | None, str | None]


def _said(trigger: Single, now: int) -> _Said | None:
    """Give the kind, name, moment and rest of what starts an instance, None for what does not by itself."""
    match trigger:
        case MessageTrigger(name):
            return "message", address(MessageTrigger(name), {}, now)[0], None, None
        case SignalTrigger():
            return "signal", name_of(trigger, {}, now), None, None
        case TimerTrigger(schedule):
            return "timer", "", schedule.due({}, now), None
        case CycleTrigger(cycle):
            return "timer", "", *cycle.first({}, now)
    return None


def _process_row(
    process: ReadProcess, name: str, known: ProcessRow | None, actor: str, now: int
) -> ProcessRow:
    changed = {"name": name, "alias": process.alias, "description": process.description or ""}
    if known is not None:
        return msgspec.structs.replace(known, **changed, updated_by=actor, updated_at=now)
    return ProcessRow(
        uid=process_uid(process.id),
        process_id=process.id,
        **changed,  # type: ignore[arg-type]
        created_by=actor,
        created_at=now,
        updated_by=actor,
        updated_at=now,
    )


def _tag(result: Plan, file: SourceFile, process: ReadProcess) -> str | None:
    tag = process.version_tag
    if tag is None or _SEMANTIC.fullmatch(tag):
        return tag
    message = f"the version tag '{tag}' is no semantic version, so the next minor version is given"
    remedy = "Write the tag as three numbers, such as 1.2.0, or leave it out."
    result.findings.append(
        _finding(file.name, "version-tag", message, remedy, process=process, severity="warning")
    )
    return None


def is_semantic(version: str) -> bool:
    """Whether the text is a semantic version of three numbers."""
    return _SEMANTIC.fullmatch(version) is not None


def next_minor(versions: Sequence[str]) -> str:
    """Give the next minor version after all of these."""
    if not versions:
        return FIRST
    major, minor, _ = max(tuple(map(int, version.split("."))) for version in versions)
    return f"{major}.{minor + 1}.0"


# -- findings --------------------------------------------------------------------------------------


def _finding(
    file: str,
    code: str,
    message: str,
    remedy: str,
    *,
    process: ReadProcess | None = None,
    severity: bpmn.Severity = "error",
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        element=None if process is None else process.id,
        line=None if process is None else process.line,
        message=message,
        remedy=remedy,
        file=file,
    )


def _frozen(file: SourceFile, process: ReadProcess, version: str) -> Finding:
    message = f"version {version} of process '{process.id}' is deployed with other content and is frozen"
    remedy = f"Raise the version tag above {version}, or leave it out to get the next minor version."
    return _finding(file.name, "version-frozen", message, remedy, process=process)


def _twice(file: SourceFile, process: ReadProcess, other: str) -> Finding:
    message = f"process '{process.id}' is in two files of this deployment, {other} and {file.name}"
    return _finding(
        file.name, "process-twice", message, "Give each process an id of its own.", process=process
    )


def _unsupported_file(file: SourceFile) -> Finding:
    kind = "decisions (.dmn)" if file.name.lower().endswith(".dmn") else "forms (.form)"
    message = f"{kind} are not run by this release"
    return _finding(file.name, "unsupported-file", message, "Deploy the .bpmn files without it.")
