"""The XML tree to the raw model, without judging anything but what can be read at all.

The walk visits every child of a process. What the coverage table knows it takes, names or refuses;
what the table does not know is an error. So nothing that might be meant to run is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from penstock.bpmn import loops
from penstock.bpmn.admit import admitted, check_children
from penstock.bpmn.attributes import check_attributes
from penstock.bpmn.beside import associations, codes, messages_of_flows, reference, shared_definitions
from penstock.bpmn.coverage import COVERAGE, TRIGGERS, Treatment
from penstock.bpmn.coverage.groups import ACTIVITIES, EVENT_DEFINITIONS, EVENTS, FLOW_NODES, SUB_PROCESSES
from penstock.bpmn.data import Data, data_of, read_data
from penstock.bpmn.data_rules import check_data
from penstock.bpmn.data_sets import check_sets
from penstock.bpmn.file_rules import check_file
from penstock.bpmn.findings import Report, sentence
from penstock.bpmn.global_tasks import TASK_OF, check_global_tasks, in_place
from penstock.bpmn.message_flows import check_message_flows
from penstock.bpmn.names import (
    BPMN,
    CAMUNDA_FAMILY,
    PENSTOCK,
    VENDOR_PREFIXES,
    XSI,
    ZEEBE,
    Spot,
    Xml,
    attribute,
    bpmn_child,
    bpmn_children,
    elements_of,
    extensions_of,
    is_true,
    line_of,
    local_name,
    namespace_of,
    spot_of,
    text_of,
)
from penstock.bpmn.raw import (
    RawFile,
    RawFlow,
    RawGlobalTask,
    RawLoop,
    RawMessage,
    RawNode,
    RawProcess,
    RawScript,
    RawTrigger,
    Settings,
    Source,
)
from penstock.bpmn.roles import read_roles
from penstock.bpmn.sources import condition_source, open_source
from penstock.bpmn.vendors import camunda, flowable, zeebe
from penstock.bpmn.vendors.juel import looks_like_juel


def collect(root: Xml, report: Report) -> RawFile:
    """Give what the file holds for the engine; what cannot be read is reported."""
    check_message_flows(root, report)
    check_data(root, report)
    check_sets(root, report)
    check_file(root, report)
    messages = {
        identity: RawMessage(
            _name(xml, "the name of the message", report), _settings(xml, "message", report).correlation_key
        )
        for xml in bpmn_children(root, "message")
        if (identity := attribute(xml, "id")) is not None
    }
    signals = {
        identity: _name(xml, "the name of the signal", report)
        for xml in bpmn_children(root, "signal")
        if (identity := attribute(xml, "id")) is not None
    }
    local_signals = frozenset(
        identity
        for xml in bpmn_children(root, "signal")
        if _settings(xml, "signal", report).local and (identity := attribute(xml, "id")) is not None
    )
    by_flow = messages_of_flows(root, messages)
    processes, drawn = list[RawProcess](), list[RawProcess]()
    tasks, data = _global_tasks(root, report), data_of(root)
    for xml in elements_of(root):
        if namespace_of(xml) != BPMN or local_name(xml) in EVENT_DEFINITIONS:
            continue
        if admitted(xml, "definitions", report) and local_name(xml) == "process":
            runs = _is_to_run(xml, report)
            # What is only drawn is read, too, but much of it is not what an engine could run.
            said = report if runs else Report()
            walk = _Walk(said, attribute(root, "expressionLanguage"), by_flow, tasks, data)
            process = _process(xml, walk, said)
            if process is not None:
                (processes if runs else drawn).append(process)
    check_global_tasks(tasks.values(), report)
    if not tasks and not list(bpmn_children(root, "process")):
        report.error(
            "no-process",
            spot_of(root),
            "The file holds no process.",
            "Draw a process, or deploy another file.",
        )
    return RawFile(
        tuple(processes),
        codes(root, "error", report),
        messages,
        signals,
        codes(root, "escalation", report),
        tuple(tasks.values()),
        tuple(associations(root)),
        local_signals,
        tuple(drawn),
    )


def _name(xml: Xml, what: str, report: Report) -> Source | None:
    name = attribute(xml, "name")
    return None if name is None else open_source(name, what, spot_of(xml), report)


# -- processes -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """What is gathered on the way through one process."""

    report: Report
    language: str | None
    message_flows: Mapping[str, str]
    """The message of each element that a message flow meets."""
    global_tasks: Mapping[str, RawGlobalTask]
    data: Data
    nodes: list[RawNode] = field(default_factory=list)
    flows: list[RawFlow] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    """The ids of the nodes so far."""


def _process(xml: Xml, walk: _Walk, report: Report) -> RawProcess | None:
    at, identity = spot_of(xml), attribute(xml, "id")
    if identity is None:
        report.error(
            "missing-id", at, "A process has no id.", "Give it an id; it is the name to start it by."
        )
        return None
    settings = _settings(xml, "process", report)
    read_roles(xml, "process", settings, report)
    _scope(xml, None, 0, walk)
    return RawProcess(
        id=identity,
        line=at.line,
        name=attribute(xml, "name"),
        description="\n\n".join(filter(None, map(text_of, bpmn_children(xml, "documentation")))) or None,
        settings=settings,
        initial=tuple(flowable.initial_values(xml)),
        nodes=tuple(walk.nodes),
        flows=tuple(walk.flows),
        data=frozenset(walk.data.values()),
        declares_inputs=any(
            next(bpmn_children(it, "dataInput"), None) is not None
            for it in bpmn_children(xml, "ioSpecification")
        ),
    )


def _is_to_run(xml: Xml, report: Report) -> bool:
    executable, identity = attribute(xml, "isExecutable"), attribute(xml, "id") or ""
    if executable is not None and not is_true(executable):
        report.warning(
            "not-executable",
            spot_of(xml),
            f"The process '{identity}' says isExecutable=\"{executable}\", so it is not deployed.",
            'Set isExecutable="true" if it is to run.',
        )
        return False
    if executable is None:
        report.info(
            "executable-assumed",
            spot_of(xml),
            f"The process '{identity}' does not say whether it is executable; it is taken as executable.",
            'Set isExecutable="true", since other tools read its absence as false.',
        )
    if executable is not None and attribute(xml, "processType") == "Public":
        report.warning(
            "public-process",
            spot_of(xml),
            f"The process '{identity}' is public; BPMN says that a public process is not executable.",
            'Remove processType="Public".',
        )
    return True


_READ_IN_SCOPES = FLOW_NODES | {"sequenceFlow"}


def _scope(xml: Xml, scope: str | None, depth: int, walk: _Walk) -> None:
    check_children(xml, _READ_IN_SCOPES, walk.report)
    parent = local_name(xml)
    for child in bpmn_children(xml):
        local = local_name(child)
        if local == "sequenceFlow":
            _flow(child, scope, walk)
        elif local in FLOW_NODES:
            runs = admitted(child, parent, walk.report)
            _node(child, scope, depth, runs, walk)


def _flow(xml: Xml, scope: str | None, walk: _Walk) -> None:
    identity, at = attribute(xml, "id"), spot_of(xml)
    check_attributes(xml, walk.report)
    check_children(xml, frozenset(), walk.report)
    skip = _settings(xml, "sequenceFlow", walk.report).skip
    condition = _condition(xml, identity, walk)
    if attribute(xml, "isImmediate") in ("false", "0"):
        walk.report.error(
            "flow-not-immediate",
            at,
            'A sequence flow says isImmediate="false", which BPMN forbids in an executable process.',
            "Remove isImmediate.",
        )
    walk.flows.append(
        RawFlow(
            id=identity or f"{scope or ''}:flow-{len(walk.flows) + 1}",
            line=at.line,
            source=attribute(xml, "sourceRef"),
            target=attribute(xml, "targetRef"),
            scope=scope,
            conditional=skip is not None or bpmn_child(xml, "conditionExpression") is not None,
            condition=condition if skip is None else flowable.unless_skipping(condition, skip),
            named=identity is not None,
        )
    )


def _condition(
    xml: Xml, flow_id: str | None, walk: _Walk, name: str = "conditionExpression"
) -> Source | None:
    expression = bpmn_child(xml, name)
    if expression is None:
        return None
    at = Spot(flow_id, line_of(expression))
    language = attribute(expression, "language")
    _check_formal(expression, at, walk.report)
    return condition_source(text_of(expression), language, walk.language, at, walk.report)


def _check_formal(xml: Xml, at: Spot, report: Report) -> None:
    # Without the type, BPMN takes the text as natural language (8.4.6), which nothing could evaluate.
    type_name = (attribute(xml, f"{{{XSI}}}type") or "").rpartition(":")[2]
    text = text_of(xml)
    if type_name != "tFormalExpression" and not text.startswith("=") and not looks_like_juel(text):
        report.warning(
            "informal-expression",
            at,
            "The condition is not marked as a formal expression; it is read as FEEL all the same.",
            'Add xsi:type="tFormalExpression", or a leading =.',
        )


_INTERRUPTS = {"startEvent": "isInterrupting"}
"""The attribute by which an event says that it interrupts, where it is not `cancelActivity`."""


# -- flow nodes ------------------------------------------------------------------------------------


def _node(xml: Xml, scope: str | None, depth: int, runs: bool, walk: _Walk) -> None:
    local, at, report = local_name(xml), spot_of(xml), walk.report
    identity = _own_id(xml, walk)
    triggers = _triggers(xml, walk) if local in EVENTS else _message_of_task(xml)
    triggers = _with_message_flow(identity, local, triggers, walk)
    # What is refused as a whole gets no second finding for its extensions.
    settings = _settings(xml, local, report) if runs and _all_run(local, triggers) else Settings()
    if local in ACTIVITIES:
        read_roles(xml, local, settings, report)
    if local in ACTIVITIES or local in EVENTS:
        read_data(xml, settings, walk.data, walk.language, report)
    if local in SUB_PROCESSES:
        settings.inputs[:0] = flowable.initial_values(xml)
    node = RawNode(
        id=identity,
        tag=local,
        line=at.line,
        scope=scope,
        depth=depth,
        name=attribute(xml, "name"),
        incoming=tuple(map(text_of, bpmn_children(xml, "incoming"))),
        outgoing=tuple(map(text_of, bpmn_children(xml, "outgoing"))),
        default=attribute(xml, "default"),
        triggers=triggers,
        attached_to=attribute(xml, "attachedToRef"),
        interrupting=attribute(xml, _INTERRUPTS.get(local, "cancelActivity")) not in ("false", "0"),
        direction=attribute(xml, "gatewayDirection"),
        event_sub_process=is_true(attribute(xml, "triggeredByEvent")),
        for_compensation=is_true(attribute(xml, "isForCompensation")),
        script=_script(xml) if local == "scriptTask" else None,
        called=attribute(xml, "calledElement") if local == "callActivity" else None,
        activation=loops.feel(xml, "activationCondition", "the activation condition", report)
        if local == "complexGateway"
        else None,
        completion=loops.feel(xml, "completionCondition", "the completion condition", report)
        if local == "adHocSubProcess"
        else None,
        ordering=attribute(xml, "ordering") if local == "adHocSubProcess" else None,
        cancel_remaining=attribute(xml, "cancelRemainingInstances") not in ("false", "0"),
        loop=_loop(xml, walk) if local in ACTIVITIES else None,
        start_quantity=loops.quantity(xml, "startQuantity", report) if local in ACTIVITIES else 1,
        completion_quantity=loops.quantity(xml, "completionQuantity", report) if local in ACTIVITIES else 1,
        settings=settings,
        instantiate=is_true(attribute(xml, "instantiate")),
        parallel=is_true(attribute(xml, "parallelMultiple"))
        or attribute(xml, "eventGatewayType") == "Parallel",
    )
    walk.nodes.append(in_place(node, walk.global_tasks, report))
    if local in SUB_PROCESSES:
        _scope(xml, identity, depth + 1, walk)
    elif runs:
        check_children(xml, EVENT_DEFINITIONS if local in EVENTS else frozenset(), report)


def _own_id(xml: Xml, walk: _Walk) -> str:
    """Give the id of a flow node, or a made-up one where it has none of its own.

    Only what something refers to needs one (BPMN 8.3.1), and nothing refers to an event sub-process. For all
    else that is an error in the file; but the walk goes on through what is in the element, and no rule shall
    take one element for another.
    """
    local, identity = local_name(xml), attribute(xml, "id")
    if identity is None and attribute(xml, "triggeredByEvent") not in ("true", "1"):
        what = sentence(COVERAGE[local].what)
        walk.report.error(
            "missing-id", spot_of(xml), f"{what} has no id.", "Give it an id, so that flows can name it."
        )
    if identity is None or identity in walk.ids:
        identity = f":{local}-{len(walk.ids) + 1}"
    walk.ids.add(identity)
    return identity


def _all_run(event: str, triggers: tuple[RawTrigger, ...]) -> bool:
    if event not in EVENTS:
        return True
    rows = (TRIGGERS.get((event, trigger.tag)) for trigger in triggers)
    return all(row is not None and row.treatment is Treatment.RUNS for row in rows)


def _loop(xml: Xml, walk: _Walk) -> RawLoop | None:
    found = loops.characteristics(xml)
    if found is None:
        return None
    settings = _settings(found, local_name(found), walk.report)
    return loops.read_loop(found, settings, lambda definition: _trigger(definition, walk), walk.report)


def _script(xml: Xml, language: str = "scriptFormat") -> RawScript | None:
    script = bpmn_child(xml, "script")
    if script is None:
        return None
    return RawScript(text_of(script), attribute(xml, language), line_of(script))


def _global_tasks(root: Xml, report: Report) -> dict[str, RawGlobalTask]:
    """Give the global tasks of the file by their ids."""
    found = {}
    for xml in (it for name in TASK_OF for it in bpmn_children(root, name)):
        identity, tag = attribute(xml, "id"), TASK_OF[local_name(xml)]
        check_children(xml, frozenset(), report)
        settings = _settings(xml, tag, report)
        read_roles(xml, tag, settings, report)
        script = _script(xml, "scriptLanguage") if tag == "scriptTask" else None
        if identity is None:
            report.error(
                "missing-id", spot_of(xml), "A global task has no id.", "Give it an id to call it by."
            )
        else:
            name = attribute(xml, "name")
            found[identity] = RawGlobalTask(identity, tag, line_of(xml), name, settings, script)
    return found


_CONDITIONAL = frozenset({"conditionalEventDefinition"})
_OUTSIDE = _CONDITIONAL | {"messageEventDefinition", "signalEventDefinition", "linkEventDefinition"}
_TIMER_KINDS = frozenset({"timeDate", "timeDuration", "timeCycle"})


def _message_of_task(xml: Xml) -> tuple[RawTrigger, ...]:
    """Give the message that a send or receive task names, as if it were an event's."""
    ref = attribute(xml, "messageRef") if local_name(xml) in ("sendTask", "receiveTask") else None
    return () if ref is None else (RawTrigger("messageEventDefinition", line_of(xml), ref=reference(ref)),)


def _with_message_flow(
    identity: str, local: str, triggers: tuple[RawTrigger, ...], walk: _Walk
) -> tuple[RawTrigger, ...]:
    """Let an element that names no message have that of the message flow which it meets (BPMN 9.4)."""
    ref = walk.message_flows.get(identity)
    if ref is None:
        return triggers
    if local in ("sendTask", "receiveTask") and not triggers:
        return (RawTrigger("messageEventDefinition", None, ref=ref),)
    return tuple(
        replace(it, ref=ref) if it.tag == "messageEventDefinition" and it.ref is None else it
        for it in triggers
    )


def _triggers(xml: Xml, walk: _Walk) -> tuple[RawTrigger, ...]:
    own = (child for child in bpmn_children(xml) if local_name(child) in EVENT_DEFINITIONS)
    definitions = (*own, *shared_definitions(xml, walk.report))
    listeners = flowable.variable_listeners(xml, walk.report)
    return (*(_trigger(definition, walk) for definition in definitions), *listeners)


def _trigger(xml: Xml, walk: _Walk) -> RawTrigger:
    local, report = local_name(xml), walk.report
    check_attributes(xml, report)
    settings = _settings(xml, local, report)
    if local in _OUTSIDE:
        check_children(xml, frozenset(), report)
        ref = reference(attribute(xml, "messageRef") or attribute(xml, "signalRef"))
        condition = _condition(xml, spot_of(xml).id, walk, "condition") if local in _CONDITIONAL else None
        link = attribute(xml, "name") if local == "linkEventDefinition" else None
        name = settings.event_name
        return RawTrigger(local, line_of(xml), ref=ref, name=name, condition=condition, link=link)
    if local == "timerEventDefinition":
        check_children(xml, frozenset(), report)
        return RawTrigger(
            tag=local,
            line=line_of(xml),
            date=_timer_text(xml, "timeDate", "the date", report),
            duration=_timer_text(xml, "timeDuration", "the duration", report),
            cycle=_timer_text(xml, "timeCycle", "the cycle", report),
            kinds=sum(1 for child in bpmn_children(xml) if local_name(child) in _TIMER_KINDS),
        )
    if local in _THROWN:
        check_children(xml, frozenset(), report)
    return RawTrigger(
        local,
        line_of(xml),
        error_ref=reference(attribute(xml, "errorRef")),
        escalation_ref=reference(attribute(xml, "escalationRef")),
        activity_ref=attribute(xml, "activityRef"),
        waits=attribute(xml, "waitForCompletion") not in ("false", "0"),
        reach=settings.reach,
    )


_THROWN = frozenset(
    {
        "errorEventDefinition",
        "escalationEventDefinition",
        "compensateEventDefinition",
        "cancelEventDefinition",
    }
)


def _timer_text(xml: Xml, name: str, what: str, report: Report) -> Source | None:
    child = bpmn_child(xml, name)
    if child is None:
        return None
    return open_source(text_of(child), f"{what} of the timer", spot_of(child), report)


# -- extensions ------------------------------------------------------------------------------------


def _settings(xml: Xml, holder: str, report: Report) -> Settings:
    settings = Settings()
    camunda.read_attributes(xml, holder, settings, report)
    for word in extensions_of(xml):
        namespace = namespace_of(word)
        if namespace == ZEEBE:
            zeebe.read_word(word, holder, settings, report)
        elif namespace in CAMUNDA_FAMILY:
            camunda.read_word(word, settings, report)
        elif namespace == PENSTOCK:
            report.error(
                "unknown-extension",
                spot_of(word),
                f"{VENDOR_PREFIXES[namespace]}:{local_name(word)} is not known to this version of Penstock.",
                "Remove it, or deploy to a newer server.",
            )
    return settings
