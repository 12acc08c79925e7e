"""Deployment: files become frozen versions of processes, decisions and forms, all of them or none.

A version that was deployed never changes. Its number is the file's version tag, or what the deployment says,
else the next minor one. The same content again is no new version.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

import msgspec
import sqlalchemy as sa

from penstock import bpmn, forms
from penstock.bpmn import Finding, Known, ReadProcess
from penstock.kernel.definition import (
    ConditionTrigger,
    CycleTrigger,
    MessageTrigger,
    ProcessDefinition,
    SignalTrigger,
    Single,
    TimerTrigger,
    triggers_of,
)
from penstock.kernel.failures import Failure
from penstock.kernel.triggers.message import address
from penstock.kernel.triggers.signal import name_of
from penstock.runtime.decisions import KIND as DECISION, DeployedDecisions
from penstock.runtime.definitions import KIND as PROCESS, Definitions
from penstock.runtime.dmn_files import ReadDmn, SourceFile as SourceFile, is_dmn, read_dmn
from penstock.runtime.forms import KIND as FORM, DeployedForms
from penstock.runtime.ids import process_uid
from penstock.store import acts, changes, decision_files, definitions as store, revisions, starts
from penstock.store.rows import DecisionFileRow, DefinitionRow, ProcessRow, StartRow

_SEMANTIC: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
FIRST: Final = "1.0.0"


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment came to: each process and decision with its version, new or there before."""

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
    decision_files: list[tuple[DecisionFileRow, SourceFile]] = field(default_factory=list)
    """The DMN files."""
    seen: dict[tuple[str, str], SourceFile] = field(default_factory=dict)
    """By kind and id, the file that has it."""
    starts: dict[str, list[StartRow]] = field(default_factory=dict)
    """By the key of a new version, what starts its instances."""

    def deployed(self) -> Deployed:
        """Give it as the caller sees it."""
        return Deployed(self.deployment, self.definitions, self.findings)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be said about a file that is not deployed."""

    executable: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Deployments:
    """What is deployed."""

    definitions: Definitions
    decisions: DeployedDecisions
    forms: DeployedForms

    def refresh(self) -> None:
        """Read anew what there is; processes last, so that who sees a new one sees what it names."""
        self.decisions.refresh()
        self.forms.refresh()
        self.definitions.refresh()


def check(file: SourceFile, functions: Collection[str] | None, deployed: Deployments) -> Checked:
    """Read one file, whatever its kind, beside what is deployed."""
    if is_dmn(file):
        read = read_dmn([file], deployed.decisions)[0]
        return Checked(read.usable, read.findings)
    if is_form(file):
        form = forms.read(file.content, file=file.name)
        return Checked(form.form is not None, form.findings)
    known = Known(
        functions,
        deployed.decisions.ids(),
        deployed.forms.ids(),
        [row.process_id for row in deployed.definitions.processes()],
        deployed.forms.fields,
    )
    reading = bpmn.read(file.content, file=file.name, known=known)
    return Checked(reading.executable, reading.findings)


def plan(
    files: Sequence[SourceFile],
    deployed: Deployments,
    *,
    id: str,
    actor: str,
    now: int,
    version: str | None,
    notes: str,
    functions: Collection[str] | None,
) -> Plan:
    """Work out what deploying the files would do.

    Arguments:
        version: the semantic version that all of them get, whatever their tags say.
        notes: what whoever deploys says about it.

    Raises:
        Refused: a file has an error, or a version is frozen with other content.
    """
    result = Plan(id)
    stamp = _Stamp(id, actor, now, version, notes)
    if not files:
        result.findings.append(
            _finding("", "no-file", "no file was given", "Give at least one .bpmn, .dmn or .form file.")
        )
    for read in read_dmn([file for file in files if is_dmn(file)], deployed.decisions):
        _plan_dmn(result, read, deployed.decisions, stamp)
    for file in filter(is_form, files):
        _plan_form(result, file, deployed.forms, stamp)
    bpmn_files = [file for file in files if not is_dmn(file) and not is_form(file)]
    known = Known(
        functions,
        {*deployed.decisions.ids(), *_planned(result, DECISION)},
        {*deployed.forms.ids(), *_planned(result, FORM)},
        {*(row.process_id for row in deployed.definitions.processes()), *_processes(bpmn_files)},
        _fields(files, deployed.forms),
    )
    for file in bpmn_files:
        _plan_file(result, file, deployed.definitions, stamp, known)
    if any(finding.severity == "error" for finding in result.findings):
        raise Refused(result.findings)
    return result


def write(connection: sa.Connection, planned: Plan, known: int) -> bool:
    """Write what was planned, unless another node has deployed since; False where one has.

    Arguments:
        known: how often the deployments had changed when it was planned.
    """
    if revisions.lock(connection, "deployments") != known:
        return False
    revisions.advance(connection, "deployments")
    for process in planned.processes:
        store.put_process(connection, process)
    for row, file in planned.new:
        store.add(connection, row, file.name, file.content)
        if row.kind == PROCESS:
            starts.replace(connection, row.id, planned.starts[row.key])
    for dmn, file in planned.decision_files:
        store.add_file(connection, dmn.digest, file.name, file.content)
        decision_files.add(connection, dmn)
    for row, _ in planned.new:
        acts.add(connection, row.deployed_at, row.deployed_by, acts.DEPLOY, row.key, row.id)
    if planned.new:
        changes.add(connection, planned.new[0][0].deployed_at, subjects=[changes.DEPLOYMENTS])
    return True


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What is the same for all that a deployment adds."""

    deployment: str
    actor: str
    now: int
    version: str | None
    notes: str


class _Versioned(Protocol):
    """A process, a decision or a form of a file."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def version_tag(self) -> str | None: ...
    @property
    def line(self) -> int | None: ...


def _plan_dmn(result: Plan, read: ReadDmn, decisions: DeployedDecisions, stamp: _Stamp) -> None:
    result.findings += read.findings
    if not read.usable:
        return
    if not decisions.has(read.digest):
        row = DecisionFileRow(read.digest, read.namespace, read.imports, stamp.now)
        result.decision_files.append((row, read.file))
    for decision in read.decisions:
        if _is_first(result, DECISION, decision, read.file):
            versions = decisions.versions(decision.id)
            _plan_version(result, DECISION, decision, read.file, read.digest, versions, stamp)


def _planned(result: Plan, kind: str) -> Iterator[str]:
    """Give the ids of one kind that the deployment has."""
    return (row.id for row in result.definitions if row.kind == kind)


def _processes(bpmn_files: Sequence[SourceFile]) -> Iterator[str]:
    """Give the ids of the processes of files that are deployed together; a single one knows its own."""
    for file in bpmn_files if len(bpmn_files) > 1 else ():
        yield from bpmn.processes_of(file.content)


def _fields(files: Sequence[SourceFile], deployed: DeployedForms) -> Callable[[str], Collection[str] | None]:
    """Give what tells the variables that a form sets, those of the deployment before those that are there."""
    read = (forms.read(file.content).form for file in files if is_form(file))
    own = {form.id: forms.variables_of(form) for form in read if form is not None}
    return lambda id: own[id] if id in own else deployed.fields(id)


def _plan_form(result: Plan, file: SourceFile, deployed: DeployedForms, stamp: _Stamp) -> None:
    reading = forms.read(file.content, file=file.name)
    result.findings += reading.findings
    if reading.form is not None and _is_first(result, FORM, reading.form, file):
        digest = hashlib.sha256(file.content).hexdigest()
        versions = deployed.versions(reading.form.id)
        _plan_version(result, FORM, reading.form, file, digest, versions, stamp)


def _plan_file(
    result: Plan,
    file: SourceFile,
    definitions: Definitions,
    stamp: _Stamp,
    known: Known,
) -> None:
    reading = bpmn.read(file.content, file=file.name, known=known)
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
        if _is_first(result, PROCESS, process, file) and process.definition is not None:
            _plan_process(result, file, process, definitions, stamp)


def _is_first(result: Plan, kind: str, what: _Versioned, file: SourceFile) -> bool:
    """Whether no other file of the deployment has it; a finding says so otherwise."""
    other = result.seen.setdefault((kind, what.id), file)
    if other is not file:
        result.findings.append(_twice(file, kind, what, other.name))
    return other is file


def _plan_process(
    result: Plan, file: SourceFile, process: ReadProcess, definitions: Definitions, stamp: _Stamp
) -> None:
    digest = hashlib.sha256(file.content).hexdigest()
    row = _plan_version(result, PROCESS, process, file, digest, definitions.versions(process.id), stamp)
    if row is not None:
        result.starts[row.key] = _starts(result, file, process, row.key, stamp.now)
        known = definitions.process(process.id)
        result.processes.append(_process_row(process, row.name, known, stamp.actor, stamp.now))


def _plan_version(
    result: Plan,
    kind: str,
    what: _Versioned,
    file: SourceFile,
    digest: str,
    versions: Sequence[DefinitionRow],
    stamp: _Stamp,
) -> DefinitionRow | None:
    """Add a version, and give it if it is a new one."""
    tag = stamp.version or _tag(result, file, what)
    for row in versions:
        if row.digest == digest and tag in (None, row.version):
            result.definitions.append(row)
            return None
    number = tag or next_minor([row.version for row in versions])
    if any(row.version == number for row in versions):
        result.findings.append(_frozen(file, kind, what, number))
        return None
    row = DefinitionRow(
        # Of old, the key of a process is without its kind.
        key=f"{what.id}:{number}" if kind == PROCESS else f"{kind}:{what.id}:{number}",
        kind=kind,
        id=what.id,
        name=what.name or what.id,
        version=number,
        ordinal=len(versions) + 1,
        active=True,
        deployment=stamp.deployment,
        digest=digest,
        deployed_by=stamp.actor,
        deployed_at=stamp.now,
        notes=stamp.notes,
    )
    result.definitions.append(row)
    result.new.append((row, file))
    return row


def _starts(result: Plan, file: SourceFile, process: ReadProcess, key: str, now: int) -> list[StartRow]:
    """Give what starts instances of a new version, or a finding where that has no value."""
    assert process.definition is not None, "a process with errors is not planned"
    found: list[StartRow] = []
    for start in starts_of(process.definition, key, now):
        if isinstance(start, StartRow):
            found.append(start)
        else:
            element, failure = start
            message = f"'{element}' cannot start an instance: {failure.message}"
            remedy = "Write a fixed value: there are no variables before an instance has begun."
            result.findings.append(_finding(file.name, "start-without-value", message, remedy, what=process))
    return found


def starts_of(definition: ProcessDefinition, key: str, now: int) -> Iterator[StartRow | tuple[str, Failure]]:
    """Give what starts instances of a version, or the element and why its trigger has no value."""
    for element in map(definition.elements.__getitem__, definition.starts):
        for position, trigger in enumerate(triggers_of(element)):
            try:
                said = _said(trigger, now)
            except Failure as failure:
                yield element.id, failure
            else:
                if said is not None:
                    yield StartRow(definition.id, element.id, position, key, *said)


_Said = tuple[Literal["message", "signal", "timer", "condition"], str, int | None, str | None]


def _said(trigger: Single, now: int) -> _Said | None:
    """Give the kind, name, moment and rest of what starts an instance, None for what does not by itself."""
    match trigger:
        case MessageTrigger(name):
            return "message", address(MessageTrigger(name), {}, now)[0], None, None
        case SignalTrigger(local=False):
            return "signal", name_of(trigger, {}, now), None, None
        case TimerTrigger(schedule):
            return "timer", "", schedule.due({}, now), None
        case CycleTrigger(cycle):
            return "timer", "", *cycle.first({}, now)
        case ConditionTrigger():
            return "condition", "", None, None
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


def _tag(result: Plan, file: SourceFile, what: _Versioned) -> str | None:
    tag = what.version_tag
    if tag is None or _SEMANTIC.fullmatch(tag):
        return tag
    message = f"the version tag '{tag}' is no semantic version, so the next minor version is given"
    remedy = "Write the tag as three numbers, such as 1.2.0, or leave it out."
    result.findings.append(_finding(file.name, "version-tag", message, remedy, what=what, severity="warning"))
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
    what: _Versioned | None = None,
    severity: bpmn.Severity = "error",
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        element=None if what is None else what.id,
        line=None if what is None else what.line,
        message=message,
        remedy=remedy,
        file=file,
    )


def _frozen(file: SourceFile, kind: str, what: _Versioned, version: str) -> Finding:
    message = f"version {version} of {kind} '{what.id}' is deployed with other content and is frozen"
    remedy = f"Raise the version tag above {version}, or leave it out to get the next minor version."
    return _finding(file.name, "version-frozen", message, remedy, what=what)


def _twice(file: SourceFile, kind: str, what: _Versioned, other: str) -> Finding:
    message = f"{kind} '{what.id}' is in two files of this deployment, {other} and {file.name}"
    return _finding(file.name, f"{kind}-twice", message, f"Give each {kind} an id of its own.", what=what)


def is_form(file: SourceFile) -> bool:
    """Whether the name of a file is that of a form."""
    return file.name.lower().endswith(".form")
