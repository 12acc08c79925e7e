"""The XML tree to the raw model, without judging anything but what can be read at all.

The walk visits every child of a process. What the coverage table knows it takes, names or refuses;
what the table does not know is an error. So nothing that might be meant to run is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from penstock.bpmn.admit import admitted, check_children
from penstock.bpmn.attributes import check_attributes
from penstock.bpmn.coverage import COVERAGE, TRIGGERS, Treatment
from penstock.bpmn.coverage.groups import EVENT_DEFINITIONS, EVENTS, FLOW_NODES, SUB_PROCESSES
from penstock.bpmn.findings import Report, sentence
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
from penstock.bpmn.raw import RawFile, RawFlow, RawNode, RawProcess, RawScript, RawTrigger, Settings, Source
from penstock.bpmn.sources import condition_source, open_source
from penstock.bpmn.vendors import camunda, zeebe
from penstock.bpmn.vendors.juel import looks_like_juel


def collect(root: Xml, report: Report) -> RawFile:
    """Give what the file holds for the engine; what cannot be read is reported."""
    _check_ids(root, report)
    check_message_flows(root, report)
    error_codes = _codes(root, "error")
    processes = []
    for xml in elements_of(root):
        if namespace_of(xml) != BPMN or local_name(xml) in EVENT_DEFINITIONS:
            continue
        if admitted(xml, "definitions", report) and local_name(xml) == "process":
            process = _process(xml, attribute(root, "expressionLanguage"), report)
            if process is not None:
                processes.append(process)
    if not list(bpmn_children(root, "process")):
        report.error(
            "no-process",
            spot_of(root),
            "The file holds no process.",
            "Draw a process, or deploy another file.",
        )
    return RawFile(tuple(processes), error_codes, _codes(root, "escalation"), tuple(_associations(root)))


def _codes(root: Xml, tag: str) -> dict[str, str | None]:
    """Give the codes of the file's errors or escalations by their ids."""
    return {
        identity: attribute(xml, f"{tag}Code")
        for xml in bpmn_children(root, tag)
        if (identity := attribute(xml, "id")) is not None
    }


def _associations(root: Xml) -> Iterator[tuple[str, str]]:
    for xml in root.iter(f"{{{BPMN}}}association"):
        source, target = attribute(xml, "sourceRef"), attribute(xml, "targetRef")
        if source is not None and target is not None:
            yield source, target


def _check_ids(root: Xml, report: Report) -> None:
    seen: dict[str, int | None] = {}
    for xml in root.iter(f"{{{BPMN}}}*"):
        identity = attribute(xml, "id")
        if identity is None:
            continue
        if identity in seen:
            report.error(
                "duplicate-id",
                Spot(identity, line_of(xml)),
                f"The id '{identity}' is used twice, first by an element on line {seen[identity]}.",
                "Give one of the two another id.",
            )
        seen.setdefault(identity, line_of(xml))


# -- processes -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """What is gathered on the way through one process."""

    report: Report
    language: str | None
    nodes: list[RawNode] = field(default_factory=list)
    flows: list[RawFlow] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    """The ids of the nodes so far."""


def _process(xml: Xml, language: str | None, report: Report) -> RawProcess | None:
    at, identity = spot_of(xml), attribute(xml, "id")
    if identity is None:
        report.error(
            "missing-id", at, "A process has no id.", "Give it an id; it is the name to start it by."
        )
        return None
    if not _is_to_run(xml, identity, report):
        return None
    walk = _Walk(report, language)
    settings = _settings(xml, "process", report)
    _scope(xml, None, 0, walk)
    return RawProcess(
        id=identity,
        line=at.line,
        name=attribute(xml, "name"),
        description="\n\n".join(filter(None, map(text_of, bpmn_children(xml, "documentation")))) or None,
        settings=settings,
        nodes=tuple(walk.nodes),
        flows=tuple(walk.flows),
    )


def _is_to_run(xml: Xml, identity: str, report: Report) -> bool:
    executable = attribute(xml, "isExecutable")
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
    _settings(xml, "sequenceFlow", walk.report)
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
            conditional=bpmn_child(xml, "conditionExpression") is not None,
            condition=_condition(xml, identity, walk),
            named=identity is not None,
        )
    )


def _condition(xml: Xml, flow_id: str | None, walk: _Walk) -> Source | None:
    expression = bpmn_child(xml, "conditionExpression")
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
    triggers = _triggers(xml, report) if local in EVENTS else ()
    # What is refused as a whole gets no second finding for its extensions.
    settings = _settings(xml, local, report) if runs and _all_run(local, triggers) else Settings()
    walk.nodes.append(
        RawNode(
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
            parallel_multiple=is_true(attribute(xml, "parallelMultiple")),
            event_sub_process=is_true(attribute(xml, "triggeredByEvent")),
            for_compensation=is_true(attribute(xml, "isForCompensation")),
            script=_script(xml) if local == "scriptTask" else None,
            settings=settings,
        )
    )
    if local in SUB_PROCESSES:
        _scope(xml, identity, depth + 1, walk)
    elif runs:
        check_children(xml, EVENT_DEFINITIONS if local in EVENTS else frozenset(), report)
    if runs:
        _check_quantities(xml, local, at, report)


def _own_id(xml: Xml, walk: _Walk) -> str:
    """Give the id of a flow node, or a made-up one where it has none of its own.

    That is an error in the file; but the walk goes on through what is in the element, and no rule shall
    take one element for another.
    """
    local, identity = local_name(xml), attribute(xml, "id")
    if identity is None:
        what = sentence(COVERAGE[local].what)
        walk.report.error(
            "missing-id", spot_of(xml), f"{what} has no id.", "Give it an id, so that flows can name it."
        )
    if identity is None or identity in walk.ids:
        identity = f":{local}-{len(walk.ids) + 1}"
    walk.ids.add(identity)
    return identity


def _all_run(event: str, triggers: tuple[RawTrigger, ...]) -> bool:
    rows = (TRIGGERS.get((event, trigger.tag)) for trigger in triggers)
    return all(row is not None and row.treatment is Treatment.RUNS for row in rows)


def _check_quantities(xml: Xml, local: str, at: Spot, report: Report) -> None:
    for name in ("startQuantity", "completionQuantity"):
        value = attribute(xml, name)
        if value not in (None, "1"):
            report.error(
                "unsupported-quantity",
                at,
                f'{sentence(COVERAGE[local].what)} says {name}="{value}"; '
                "Penstock runs activities with a quantity of 1 only.",
                f"Remove {name}, and draw a parallel gateway or a loop instead.",
            )


def _script(xml: Xml) -> RawScript | None:
    script = bpmn_child(xml, "script")
    if script is None:
        return None
    return RawScript(text_of(script), attribute(xml, "scriptFormat"), line_of(script))


_TIMER_KINDS = frozenset({"timeDate", "timeDuration", "timeCycle"})


def _triggers(xml: Xml, report: Report) -> tuple[RawTrigger, ...]:
    definitions = (child for child in bpmn_children(xml) if local_name(child) in EVENT_DEFINITIONS)
    return tuple(_trigger(definition, report) for definition in definitions)


def _trigger(xml: Xml, report: Report) -> RawTrigger:
    local = local_name(xml)
    check_attributes(xml, report)
    if local == "timerEventDefinition":
        check_children(xml, frozenset(), report)
        return RawTrigger(
            tag=local,
            line=line_of(xml),
            date=_timer_text(xml, "timeDate", "the date", report),
            duration=_timer_text(xml, "timeDuration", "the duration", report),
            kinds=sum(1 for child in bpmn_children(xml) if local_name(child) in _TIMER_KINDS),
        )
    if local in _THROWN:
        check_children(xml, frozenset(), report)
        _settings(xml, local, report)
    return RawTrigger(
        local,
        line_of(xml),
        error_ref=attribute(xml, "errorRef"),
        escalation_ref=attribute(xml, "escalationRef"),
        activity_ref=attribute(xml, "activityRef"),
        waits=attribute(xml, "waitForCompletion") not in ("false", "0"),
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
