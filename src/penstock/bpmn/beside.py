"""What stands beside the processes of a file: message flows, codes of errors and escalations, and so on."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.bpmn.names import BPMN, Xml, attribute, bpmn_children, line_of
from penstock.bpmn.raw import RawMessage, Source


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


def codes(root: Xml, tag: str) -> dict[str, str | None]:
    """Give the codes of the file's errors or escalations by their ids."""
    return {
        identity: attribute(xml, f"{tag}Code")
        for xml in bpmn_children(root, tag)
        if (identity := attribute(xml, "id")) is not None
    }


def associations(root: Xml) -> Iterator[tuple[str, str]]:
    """Give the source and the target of each association of the file."""
    for xml in root.iter(f"{{{BPMN}}}association"):
        source, target = attribute(xml, "sourceRef"), attribute(xml, "targetRef")
        if source is not None and target is not None:
            yield source, target


def reference(name: str | None) -> str | None:
    """Give the id that a qualified name refers to, without its prefix."""
    return None if name is None else name.rpartition(":")[2]
