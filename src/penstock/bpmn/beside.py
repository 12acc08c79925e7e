"""What stands beside the processes of a file: message flows, codes of errors and escalations, and so on."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.bpmn.coverage.groups import EVENT_DEFINITIONS
from penstock.bpmn.findings import Report
from penstock.bpmn.names import (
    BPMN,
    Xml,
    attribute,
    bpmn_children,
    line_of,
    local_name,
    spot_of,
    text_of,
)
from penstock.bpmn.raw import RawMessage, Source
from penstock.feel.hints import nearest


def messages_of_flows(root: Xml, messages: dict[str, RawMessage]) -> dict[str, str]:
    """Give the message of each element that a message flow meets, by the element's id.

    A flow that names no message is a message of its own, which is added to the file's.
    """
    found: dict[str, str] = {}
    for collaboration in bpmn_children(root, "collaboration"):
        for flow in bpmn_children(collaboration, "messageFlow"):
            identity = attribute(flow, "id") or "message-flow"
            ref = reference(attribute(flow, "messageRef"))
            if ref not in messages:
                ref = f":{identity}"
                name = attribute(flow, "name") or identity
                messages[ref] = RawMessage(
                    Source(name, False, line_of(flow), "the name of the message"), None
                )
            for end in ("sourceRef", "targetRef"):
                if (element := reference(attribute(flow, end))) is not None:
                    found.setdefault(element, ref)
    return found


def codes(root: Xml, tag: str, report: Report) -> dict[str, str | None]:
    """Give the codes of the file's errors or escalations by their ids, and by what is a code in place of one.

    A reference is the name of an element (BPMN 10.5.5), and many files have the code itself there. Nothing
    else could be meant by it, unless it is nearly the id of an element, which is a slip of the pen.
    """
    found = {
        identity: attribute(xml, f"{tag}Code")
        for xml in bpmn_children(root, tag)
        if (identity := attribute(xml, "id")) is not None
    }
    ids = sorted(found)
    for xml in root.iter(f"{{{BPMN}}}{tag}EventDefinition"):
        ref = reference(attribute(xml, f"{tag}Ref"))
        if ref is None or ref in found or nearest(ref, ids):
            continue
        found[ref] = ref
        report.warning(
            "reference-as-code",
            spot_of(xml),
            f"The {tag}Ref '{ref}' names no {tag} of this file, so it is taken as the {tag}Code itself.",
            f'Add <{tag} id="{ref}" {tag}Code="{ref}"/> beside the process.',
        )
    return found


def definition_beside(root: Xml, name: str) -> Xml | None:
    """Give the event definition with this id that stands beside the processes, None where there is none."""
    beside = (it for it in bpmn_children(root) if local_name(it) in EVENT_DEFINITIONS)
    return next((it for it in beside if attribute(it, "id") == name), None)


def shared_definitions(xml: Xml, report: Report) -> Iterator[Xml]:
    """Give the event definitions beside the processes that an event refers to (BPMN 10.5.1)."""
    for child in bpmn_children(xml, "eventDefinitionRef"):
        name = text_of(child).rpartition(":")[2]
        found = definition_beside(xml.getroottree().getroot(), name)
        if found is not None:
            yield found
        else:
            report.error(
                "unknown-reference",
                spot_of(child),
                f"The eventDefinitionRef '{name}' names no event definition beside the processes.",
                "Add one with this id to the definitions, or put the event definition into the event.",
            )


def associations(root: Xml) -> Iterator[tuple[str, str]]:
    """Give the source and the target of each association of the file."""
    for xml in root.iter(f"{{{BPMN}}}association"):
        source, target = attribute(xml, "sourceRef"), attribute(xml, "targetRef")
        if source is not None and target is not None:
            yield source, target


def reference(name: str | None) -> str | None:
    """Give the id that a qualified name refers to, without its prefix."""
    return None if name is None else name.rpartition(":")[2]
