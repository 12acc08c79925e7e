"""The rules for message flows between pools (BPMN 7.6.2, 9.4).

A message flow shows how processes meet; what they send is in their events and tasks, and only where these
name no message, the flow says which. So what is wrong with one is a warning.
"""

from __future__ import annotations

from dataclasses import dataclass

from penstock.bpmn.coverage import COVERAGE
from penstock.bpmn.coverage.groups import DATA_AND_ARTIFACTS
from penstock.bpmn.findings import Report, sentence
from penstock.bpmn.names import BPMN, Xml, attribute, bpmn_child, bpmn_children, local_name, spot_of

_NEVER_SEND = frozenset({"startEvent", "intermediateCatchEvent"})
_NEVER_RECEIVE = frozenset({"endEvent", "intermediateThrowEvent"})


@dataclass(frozen=True, slots=True)
class _End:
    """What a message flow may name as its source or target."""

    id: str
    tag: str
    process: str | None
    """The process that it is, or is in; None for a pool that shows nothing of itself."""
    has_message: bool


def check_message_flows(root: Xml, report: Report) -> None:
    """Report the message flows that BPMN does not allow."""
    flows = [
        flow
        for collaboration in bpmn_children(root, "collaboration")
        for flow in bpmn_children(collaboration, "messageFlow")
    ]
    ends = _ends(root) if flows else {}
    for flow in flows:
        source, target = (_end(flow, name, ends, report) for name in ("sourceRef", "targetRef"))
        if source is None or target is None:
            continue
        if source.process is not None and source.process == target.process:
            report.warning(
                "message-flow-in-pool",
                spot_of(flow),
                f"The message flow connects '{source.id}' and '{target.id}', which are in the same pool.",
                "Use a sequence flow inside of a pool.",
            )
        _check_side(flow, source, _NEVER_SEND, "source", report)
        _check_side(flow, target, _NEVER_RECEIVE, "target", report)
        _check_message(flow, source, "endEvent", report)
        _check_message(flow, target, "startEvent", report)


def _ends(root: Xml) -> dict[str, _End]:
    ends = {}
    for participant in root.iter(f"{{{BPMN}}}participant"):
        if (identity := attribute(participant, "id")) is not None:
            process = (attribute(participant, "processRef") or "").rpartition(":")[2] or None
            ends[identity] = _End(identity, "participant", process, False)
    for process_xml in bpmn_children(root, "process"):
        for xml in process_xml.iter(f"{{{BPMN}}}*"):
            if (identity := attribute(xml, "id")) is not None:
                has_message = bpmn_child(xml, "messageEventDefinition") is not None
                ends[identity] = _End(identity, local_name(xml), attribute(process_xml, "id"), has_message)
    return ends


def _end(flow: Xml, name: str, ends: dict[str, _End], report: Report) -> _End | None:
    identity = (attribute(flow, name) or "").rpartition(":")[2]
    end = ends.get(identity)
    if end is None:
        report.warning(
            "unknown-reference",
            spot_of(flow),
            f"The {name} of the message flow is '{identity}', which is no pool and nothing in a process.",
            "Connect it to a pool, an event or an activity.",
        )
    elif end.tag in DATA_AND_ARTIFACTS:
        report.warning(
            "message-flow-end",
            spot_of(flow),
            f"The {name} of the message flow is {COVERAGE[end.tag].what}, '{identity}'.",
            "Connect it to a pool, an event or an activity.",
        )
        return None
    return end


def _check_side(flow: Xml, end: _End, forbidden: frozenset[str], side: str, report: Report) -> None:
    if end.tag in forbidden:
        report.warning(
            "message-flow-direction",
            spot_of(flow),
            f"{sentence(COVERAGE[end.tag].what)}, '{end.id}', is the {side} of a message flow, "
            "which BPMN does not allow.",
            "Turn the message flow round, or use another element.",
        )


def _check_message(flow: Xml, end: _End, event: str, report: Report) -> None:
    if end.tag == event and not end.has_message:
        report.warning(
            "message-flow-without-message",
            spot_of(flow),
            f"A message flow meets {COVERAGE[event].what}, '{end.id}', that has no message trigger.",
            "Give the event a messageEventDefinition, or connect the flow to something else.",
        )
