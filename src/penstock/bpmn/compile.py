"""The raw model to the kernel's definition.

Every part is compiled even when another one is broken, so that one reading gives all findings; whether
the result may be used is for the caller to ask the report.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping

from penstock.bpmn import (
    calls,
    compile_triggers,
    decisions as of_decisions,
    forms as of_forms,
    listeners,
    loops,
    texts,
)
from penstock.bpmn.coverage.groups import RUN_SUB_PROCESSES
from penstock.bpmn.exceptional import event_sub_processes_of_process, linked
from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph
from penstock.bpmn.iso import parse_duration
from penstock.bpmn.known import Known
from penstock.bpmn.names import Spot
from penstock.bpmn.names_of_variables import check_result_variable, is_variable_name
from penstock.bpmn.raw import RawFlow, RawMapping, RawNode, Source
from penstock.bpmn.sources import is_feel_language, name_source
from penstock.kernel.definition import (
    AdHocSpec,
    DecisionSpec,
    Element,
    Flow,
    IoMapping,
    JobSpec,
    Kind,
    ProcessDefinition,
    ScriptSpec,
    UserTaskSpec,
    Value,
)

DEFAULT_RETRIES = 3
MAX_RETRIES = 1000

_KINDS = {kind.value: kind for kind in Kind}


def compile_process(graph: Graph, known: Known, report: Report) -> ProcessDefinition:
    """Compile a process; it may be used only if the report has no error."""
    flows = {flow.id: _flow(flow, report) for outgoing in graph.outgoing.values() for flow in outgoing}
    compiled = {
        node.id: _element(node, graph, flows, known, report)
        for node in graph.nodes.values()
        if node.tag in _KINDS
    }
    elements = linked(compiled, _handlers(graph, compiled))
    elements |= listeners.compile_process(graph.process, known.functions, report)
    around = event_sub_processes_of_process(elements.values())
    starts, initial = tuple(_starts(graph)), _initial(graph, report)
    return ProcessDefinition(graph.process.id, graph.process.name, elements, starts, around, initial)


def _initial(graph: Graph, report: Report) -> dict[str, Value]:
    """Give the variables that an instance has from the first, which are literals."""
    values = {}
    for raw in graph.process.initial:
        source = texts.feel_or_text(raw.source, graph.process.id, report)
        if not is_variable_name(raw.target):
            report.warning(
                "invalid-variable-name",
                Spot(graph.process.id, raw.line),
                f"The data object '{raw.target}' begins with a value, and its name is no name of a variable.",
                "Use letters, digits and _, not beginning with a digit.",
            )
        elif source is not None:
            values[raw.target] = source({}, 0)
    return values


def _starts(graph: Graph) -> Iterator[str]:
    for node in graph.members[None]:
        if node.tag == "startEvent" or (node.tag == "receiveTask" and node.instantiate):
            yield node.id
        elif node.tag == "eventBasedGateway" and node.instantiate:
            yield from (flow.target for flow in graph.outgoing[node.id] if flow.target is not None)


def _handlers(graph: Graph, compiled: Mapping[str, Element]) -> dict[str, str]:
    """Give the activity that compensates each activity that has one."""
    return {
        host: activities[0]
        for event, activities in graph.undoing.items()
        if (host := graph.nodes[event].attached_to) in compiled and host and activities[0] in compiled
    }


def _flow(raw: RawFlow, report: Report) -> Flow:
    return Flow(raw.id, raw.source or "", raw.target or "", texts.condition(raw.condition, raw.id, report))


def _element(
    node: RawNode,
    graph: Graph,
    flows: Mapping[str, Flow],
    known: Known,
    report: Report,
) -> Element:
    inner_starts = [inner.id for inner in graph.members.get(node.id, ()) if inner.tag == "startEvent"]
    return Element(
        id=node.id,
        kind=_KINDS[node.tag],
        scope=node.scope,
        name=node.name,
        incoming=tuple(flow.id for flow in graph.incoming[node.id]),
        outgoing=tuple(flows[flow.id] for flow in graph.outgoing[node.id]),
        default=flows.get(node.default) if node.default else None,
        trigger=compile_triggers.trigger(node, graph, report),
        interrupting=node.interrupting,
        attached_to=node.attached_to,
        boundary=tuple(event.id for event in graph.boundary[node.id]),
        inputs=_mappings(node, [*_index(node), *node.settings.inputs], report),
        outputs=_mappings(node, node.settings.outputs, report),
        job=_job(node, known.functions, report) if _is_job(node) else None,
        script=_script(node, report) if node.tag == "scriptTask" else None,
        user_task=_user_task(node, report) if node.tag == "userTask" else None,
        together=_together(node, graph),
        call=calls.compile_call(node, known.processes, report) if node.tag == "callActivity" else None,
        decision=_decision(node, known.decisions, report),
        form=of_forms.compile_form(node, known.forms, report),
        activation=texts.condition(node.activation, node.id, report),
        ad_hoc=_ad_hoc(node, report) if node.tag == "adHocSubProcess" else None,
        in_ad_hoc=node.scope is not None and graph.nodes[node.scope].tag == "adHocSubProcess",
        loop=loops.compile_loop(node, graph, report),
        skip=texts.condition(node.settings.skip, node.id, report),
        listeners=listeners.compile_listeners(node, known.functions, report),
        start_quantity=node.start_quantity,
        completion_quantity=node.completion_quantity,
        start=inner_starts[0] if node.tag in RUN_SUB_PROCESSES and inner_starts else None,
        event_sub_process=node.event_sub_process,
    )


def _ad_hoc(node: RawNode, report: Report) -> AdHocSpec:
    return AdHocSpec(
        node.ordering == "Sequential",
        texts.condition(node.completion, node.id, report),
        node.cancel_remaining,
        texts.feel_only(node.settings.active_elements, node.id, report),
    )


def _together(node: RawNode, graph: Graph) -> tuple[str, ...]:
    """Give the events that must come too once this one has begun an instance (BPMN 13.4.4)."""
    sources = (graph.nodes.get(flow.source or "") for flow in graph.incoming[node.id])
    return tuple(
        flow.target
        for gateway in sources
        if gateway is not None and gateway.tag == "eventBasedGateway" and gateway.parallel
        for flow in graph.outgoing[gateway.id]
        if flow.target is not None and flow.target != node.id
    )


# -- mappings --------------------------------------------------------------------------------------


def _mappings(node: RawNode, mappings: list[RawMapping], report: Report) -> tuple[IoMapping, ...]:
    made = (_mapping(node, mapping, report) for mapping in mappings)
    return tuple(mapping for mapping in made if mapping is not None)


def _index(node: RawNode) -> list[RawMapping]:
    """Give what sets the variable that holds the place of a multi-instance's item, from 0."""
    if node.loop is None or node.loop.index is None:
        return []
    source = Source("loopCounter - 1", True, node.loop.line, "the place of the item")
    return [RawMapping(source, node.loop.index, node.loop.line)]


def _mapping(node: RawNode, raw: RawMapping, report: Report) -> IoMapping | None:
    source = texts.feel_or_text(raw.source, node.id, report, "mapping")
    target = tuple(raw.target.split("."))
    if not all(is_variable_name(name) for name in target):
        report.error(
            "invalid-variable-name",
            Spot(node.id, raw.line),
            f"The target '{raw.target}' of a mapping of '{node.id}' is no name of a variable.",
            "Use letters, digits and _, not beginning with a digit, and dots between the parts of a path.",
        )
        return None
    return IoMapping(source, target) if source is not None else None


# -- service tasks ---------------------------------------------------------------------------------


def _is_job(node: RawNode) -> bool:
    """Whether a worker does the work: of a service task always, of a decision and of what sends a message if
    it says so."""
    may = node.tag in ("sendTask", "intermediateThrowEvent", "endEvent", "businessRuleTask")
    return node.tag == "serviceTask" or (may and node.settings.job_type is not None)


def _job(node: RawNode, functions: Collection[str] | None, report: Report) -> JobSpec | None:
    settings, at = node.settings, Spot(node.id, node.settings.job_line or node.line)
    if settings.job_type is None:
        report.error(
            "missing-job-type",
            at,
            f"The service task '{node.id}' does not say what does its work.",
            'Add <zeebe:taskDefinition type="..."/> with the name of a Python function.',
        )
        return None
    if _is_expression(settings.job_type):
        report.error(
            "unsupported-expression",
            at,
            f"The job type of '{node.id}' is an expression; Penstock takes a fixed name only.",
            "Write the name of a Python function, and choose between functions by a gateway.",
        )
    elif functions is not None and settings.job_type not in functions:
        _unknown_function(node, settings.job_type, functions, at, report)
    return JobSpec(
        type=settings.job_type,
        retries=_retries(node, at, report),
        backoff=_header_duration(
            node, "retryBackoff", settings.headers.get("retryBackoff") or settings.backoff, report
        ),
        timeout=_header_duration(node, "timeout", settings.headers.get("timeout"), report),
        headers=dict(settings.headers),
    )


def _is_expression(text: str) -> bool:
    return text.startswith(("=", "${", "#{"))


def _unknown_function(
    node: RawNode, job_type: str, functions: Collection[str], at: Spot, report: Report
) -> None:
    nearest = difflib.get_close_matches(job_type, sorted(functions), n=3)
    hint = f"Did you mean {' or '.join(repr(name) for name in nearest)}? If not, add" if nearest else "Add"
    report.warning(
        "unknown-function",
        at,
        f"The service task '{node.id}' calls '{job_type}', and there is no function of that name.",
        f"{hint} a Python function of that name, or let another worker offer it.",
    )


def _decision(node: RawNode, decisions: Collection[str] | None, report: Report) -> DecisionSpec | None:
    if node.tag != "businessRuleTask" or _is_job(node):
        return None
    return of_decisions.compile_decision(node, decisions, report)


def _retries(node: RawNode, at: Spot, report: Report) -> int:
    text = node.settings.retries
    if text is None:
        return DEFAULT_RETRIES
    if _is_expression(text):
        report.error(
            "unsupported-expression",
            at,
            f"The retries of '{node.id}' are an expression; Penstock takes a fixed number only.",
            "Write a whole number.",
        )
    elif not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_RETRIES):
        report.error(
            "invalid-retries",
            at,
            f"The retries of '{node.id}' are {text!r}, not a whole number from 1 to {MAX_RETRIES}.",
            "Write how often the job is tried in all, 1 for once.",
        )
    else:
        return int(text)
    return DEFAULT_RETRIES


def _header_duration(node: RawNode, name: str, text: str | None, report: Report) -> int | None:
    if text is None:
        return None
    at = Spot(node.id, node.settings.job_line or node.line)
    try:
        duration = parse_duration(text)
        problem = None
        if duration.months or duration.milliseconds < 1:
            problem = f"'{text}' is not a positive duration in days or less"
    except ValueError as error:
        problem = str(error)
    if problem is not None:
        report.error(
            "invalid-time",
            at,
            f"The {name} of '{node.id}' cannot be used: {problem}.",
            "Write an ISO 8601 duration such as PT30S.",
        )
        return None
    return duration.milliseconds


# -- scripts and user tasks ------------------------------------------------------------------------


def _script(node: RawNode, report: Report) -> ScriptSpec | None:
    source = node.settings.script or _standard_script(node, report)
    expression = texts.feel_only(source, node.id, report)
    variable = node.settings.result_variable
    check_result_variable(node, variable, report)
    if variable is None and expression is not None:
        report.warning(
            "result-not-kept",
            node,
            f"The script task '{node.id}' names no result variable, so the value of its script is dropped.",
            "Name a variable: resultVariable on zeebe:script.",
        )
    return ScriptSpec(expression, variable) if expression is not None else None


def _standard_script(node: RawNode, report: Report) -> Source | None:
    script = node.script
    if script is None or not script.text:
        report.error(
            "missing-script",
            node,
            f"The script task '{node.id}' has no script.",
            'Add <zeebe:script expression="=..." resultVariable="..."/>.',
        )
        return None
    if script.format is None or not is_feel_language(script.format):
        language = "no language" if script.format is None else f"the language '{script.format}'"
        report.error(
            "unsupported-language",
            Spot(node.id, script.line),
            f"The script of '{node.id}' names {language}; Penstock runs scripts in FEEL only.",
            'Write it in FEEL with scriptFormat="feel", or use a service task with a Python function.',
        )
        return None
    return Source(script.text.removeprefix("=").strip(), True, script.line, "the script")


def _user_task(node: RawNode, report: Report) -> UserTaskSpec:
    settings = node.settings
    return UserTaskSpec(
        assignee=texts.feel_or_text(settings.assignee, node.id, report),
        candidate_users=texts.feel_or_text(settings.candidate_users, node.id, report),
        candidate_groups=texts.feel_or_text(settings.candidate_groups, node.id, report),
        due_at=texts.moment(settings.due_date, node.id, report),
        follow_up_at=texts.moment(settings.follow_up_date, node.id, report),
        priority=texts.priority(settings.priority, node.id, report),
        name=texts.feel_or_text(name_source(node.name or "", node, report), node.id, report),
    )
