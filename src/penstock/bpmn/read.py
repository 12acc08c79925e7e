"""Read a BPMN file: parse, collect, judge, compile.

The stages run one after the other over the whole file, and each adds to the same report. Only XML that
cannot be parsed ends the reading early.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from penstock.bpmn.collect import collect
from penstock.bpmn.compile import compile_process
from penstock.bpmn.correlation import read_correlation
from penstock.bpmn.coverage.groups import GLOBAL_TASKS
from penstock.bpmn.findings import Finding, Report
from penstock.bpmn.global_tasks import as_process
from penstock.bpmn.graph import Graph, graph_of
from penstock.bpmn.known import NOTHING_KNOWN, Known
from penstock.bpmn.names import Spot, attribute, bpmn_children
from penstock.bpmn.parse import DEFAULT_LIMITS, ParseLimits, parse
from penstock.bpmn.raw import RawFile
from penstock.bpmn.rules import OF_DRAWINGS, RULES
from penstock.bpmn.undeclared import check_variables
from penstock.kernel.definition import ProcessDefinition


@dataclass(frozen=True, slots=True)
class StartInfo:
    """A start event of a process."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class ReadProcess:
    """An executable process of a file."""

    id: str
    name: str | None
    version_tag: str | None
    """From `zeebe:versionTag` or `camunda:versionTag`."""
    alias: str | None
    """From the extension property named `alias`."""
    description: str | None
    """The documentation of the process."""
    line: int | None
    starts: tuple[StartInfo, ...]
    """The start events of the process itself, in the order of the file."""
    definition: ProcessDefinition | None
    """None when the file has an error."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, and all that is to be said about it."""

    processes: tuple[ReadProcess, ...]
    """The processes that are to run, and the global tasks as processes of one task; those with
    `isExecutable="false"` are not among them."""
    findings: tuple[Finding, ...]
    """In the order of the file."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the file from being deployed."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def executable(self) -> bool:
        """Whether the file can be deployed: it has a process, and no error."""
        return bool(self.processes) and not self.errors


def read(
    data: bytes,
    *,
    file: str = "",
    known: Known = NOTHING_KNOWN,
    limits: ParseLimits = DEFAULT_LIMITS,
) -> Reading:
    """Read a BPMN 2.0 file.

    Whatever the bytes are, the answer is a `Reading`; nothing is raised for them. The same bytes give
    equal definitions.

    Args:
        data: the bytes of the file.
        file: its name, for the findings.
        known: what there is beside it; an element that names anything else gets a warning.
        limits: how large a file may be.
    """
    report = Report(file)
    root = parse(data, report, limits)
    if root is None:
        return Reading((), report.findings())
    raw = collect(root, report)
    correlation = read_correlation(root, report)
    graphs = [graph_of(process, raw, correlation) for process in raw.processes]
    for graph in graphs:
        _judge(graph, report)
    for process in raw.drawn:
        _judge_drawing(graph_of(process, raw, correlation), report)
    known = _with_own(known, raw)
    definitions = [compile_process(graph, known, report) for graph in graphs]
    called = {node.global_task for process in raw.processes for node in process.nodes}
    for task in raw.global_tasks:
        graph = graph_of(as_process(task), raw, correlation)
        graphs.append(graph)
        # What is wrong with one that is called in this file has been said of the call.
        said = Report(file) if task.id in called else report
        definitions.append(compile_process(graph, known, said))
    failed = report.failed
    if not failed:
        for graph, definition in zip(graphs[: len(raw.processes)], definitions, strict=False):
            check_variables(graph, definition, known, report)
    processes = (
        _read_process(graph, None if failed else definition)
        for graph, definition in zip(graphs, definitions, strict=True)
    )
    return Reading(tuple(processes), report.findings())


def _with_own(known: Known, file: RawFile) -> Known:
    """Give what is known together with what the file itself has."""
    if known.processes is None:
        return known
    own = {process.id for process in file.processes} | {task.id for task in file.global_tasks}
    return replace(known, processes={*known.processes, *own})


def processes_of(data: bytes, limits: ParseLimits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """Give the ids of what a file has for call activities, without a word about it."""
    root = parse(data, Report(), limits)
    if root is None:
        return ()
    found = (attribute(xml, "id") for name in ("process", *GLOBAL_TASKS) for xml in bpmn_children(root, name))
    return tuple(id for id in found if id is not None)


def _judge(graph: Graph, report: Report) -> None:
    for rule in RULES:
        rule(graph, report)


def _judge_drawing(graph: Graph, report: Report) -> None:
    """Hold a process that is not to run against BPMN's own rules, which keeps nothing from running."""
    found = Report()
    _judge(graph, found)
    for it in found.findings():
        if it.code in OF_DRAWINGS:
            report.warning(it.code, Spot(it.element, it.line), it.message, it.remedy)


def _read_process(graph: Graph, definition: ProcessDefinition | None) -> ReadProcess:
    process = graph.process
    return ReadProcess(
        id=process.id,
        name=process.name,
        version_tag=process.settings.version_tag,
        alias=process.settings.properties.get("alias", "").strip() or None,
        description=process.description,
        line=process.line,
        starts=tuple(
            StartInfo(node.id, node.name) for node in graph.members[None] if node.tag == "startEvent"
        ),
        definition=definition,
    )
