"""The behavior of a multi-instance (BPMN 10.3.8, 13.3.7): what it throws as its instances complete.

All throws nothing, None for each instance, One for the first, and Complex what its definitions say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from penstock.bpmn import compile_triggers, texts
from penstock.bpmn.beside import definition_beside, reference
from penstock.bpmn.coverage.groups import EVENT_DEFINITIONS
from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph
from penstock.bpmn.names import (
    Spot,
    Xml,
    attribute,
    bpmn_child,
    bpmn_children,
    line_of,
    local_name,
    spot_of,
    text_of,
)
from penstock.bpmn.raw import RawBehaviorEvent, RawNode, RawTrigger
from penstock.bpmn.sources import open_source
from penstock.kernel.definition import BehaviorEvent, EscalationTrigger, MessageTrigger, SignalTrigger

_REFERENCES = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}


def read_behavior(
    xml: Xml, trigger: Callable[[Xml], RawTrigger], report: Report
) -> tuple[RawBehaviorEvent, ...]:
    """Read what a multi-instance throws.

    Arguments:
        trigger: reads an event definition.
    """
    behavior = attribute(xml, "behavior") or "All"
    if behavior not in ("All", "Complex", *_REFERENCES):
        report.error(
            "invalid-behavior",
            spot_of(xml),
            f"The multi-instance says behavior={behavior!r}, which BPMN does not know.",
            "Write All, One, None or Complex.",
        )
        return ()
    _report_unused(xml, behavior, report)
    if behavior in _REFERENCES:
        found = list(_referred(xml, behavior, trigger, report))
    else:
        definitions = bpmn_children(xml, "complexBehaviorDefinition") if behavior == "Complex" else ()
        found = [it for definition in definitions for it in _complex(definition, trigger, report)]
    if behavior != "All" and not found:
        what = _REFERENCES.get(behavior, "a complexBehaviorDefinition with an event definition")
        report.error(
            "missing-behavior-event",
            spot_of(xml),
            f"The multi-instance says behavior={behavior!r}, and not which event it throws.",
            f"Give it {what}, or remove behavior.",
        )
    return tuple(found)


def _report_unused(xml: Xml, behavior: str, report: Report) -> None:
    unused = [name for it, name in _REFERENCES.items() if it != behavior and attribute(xml, name) is not None]
    if behavior != "Complex" and bpmn_child(xml, "complexBehaviorDefinition") is not None:
        unused.append("complexBehaviorDefinition")
    for name in unused:
        report.warning(
            "unused-behavior-event",
            spot_of(xml),
            f"The multi-instance has {name}, which has no effect with behavior={behavior!r}.",
            "Remove it, or set the behavior for which it is meant.",
        )


def _referred(
    xml: Xml, behavior: str, trigger: Callable[[Xml], RawTrigger], report: Report
) -> Iterator[RawBehaviorEvent]:
    """Give the event whose definition an attribute names, one that stands beside the processes."""
    name = reference(attribute(xml, _REFERENCES[behavior]))
    if name is None:
        return
    found = definition_beside(xml.getroottree().getroot(), name)
    if found is not None:
        yield RawBehaviorEvent(trigger(found), first=behavior == "One")
        return
    report.error(
        "unknown-reference",
        spot_of(xml),
        f"The {_REFERENCES[behavior]} '{name}' names no event definition beside the processes of this file.",
        "Add one with this id, such as a signalEventDefinition, to the definitions.",
    )
    yield RawBehaviorEvent(RawTrigger("", line_of(xml)))


def _complex(xml: Xml, trigger: Callable[[Xml], RawTrigger], report: Report) -> Iterator[RawBehaviorEvent]:
    text, event = bpmn_child(xml, "condition"), bpmn_child(xml, "event")
    if text is None:
        report.error(
            "missing-condition",
            spot_of(xml),
            "A complexBehaviorDefinition has no condition.",
            "Add a condition in FEEL, such as numberOfCompletedInstances = 2.",
        )
        return
    condition = open_source(text_of(text), "the condition of the behavior", spot_of(text), report, whole=True)
    for definition in bpmn_children(event) if event is not None else ():
        if local_name(definition) in EVENT_DEFINITIONS:
            yield RawBehaviorEvent(trigger(definition), condition)


def compile_behavior(
    events: Iterable[RawBehaviorEvent], node: RawNode, graph: Graph, report: Report
) -> tuple[BehaviorEvent, ...]:
    """Compile what a multi-instance throws."""
    made = (_compiled(event, node, graph, report) for event in events)
    return tuple(it for it in made if it is not None)


def _compiled(event: RawBehaviorEvent, node: RawNode, graph: Graph, report: Report) -> BehaviorEvent | None:
    if not event.trigger.tag:
        return None  # it names nothing, which has been said
    trigger = compile_triggers.single(event.trigger, node, graph, report)
    named = not isinstance(trigger, EscalationTrigger) or trigger.code is not None
    if isinstance(trigger, MessageTrigger | SignalTrigger | EscalationTrigger) and named:
        condition = None if event.condition is None else texts.condition(event.condition, node.id, report)
        return BehaviorEvent(trigger, condition, event.first)
    report.error(
        "behavior-event",
        Spot(node.id, event.trigger.line),
        f"The multi-instance '{node.id}' cannot throw the {event.trigger.tag} of its behavior: "
        "it throws messages, signals and escalations that are in the file.",
        "Refer to a message or a signal with a name, or to an escalation with a code.",
    )
    return None
