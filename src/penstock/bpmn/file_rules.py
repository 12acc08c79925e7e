"""The rules for a file as a whole: how formal its expressions are, and its partners (BPMN 8.4.6, 9)."""

from __future__ import annotations

from typing import Final

from penstock.bpmn.coverage import COVERAGE
from penstock.bpmn.findings import Report, sentence
from penstock.bpmn.names import (
    BPMN,
    XSI,
    Spot,
    Xml,
    attribute,
    bpmn_children,
    is_true,
    line_of,
    local_name,
    spot_of,
    text_of,
)


def check_file(root: Xml, report: Report) -> None:
    """Report what BPMN does not allow in the file as a whole."""
    _ids_are_their_own(root, report)
    _expressions_are_formal(root, report)
    _participants_are_counted(root, report)
    _choreographies_stand_apart(root, report)
    _events_name_operations(root, report)


def _ids_are_their_own(root: Xml, report: Report) -> None:
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


_EXPRESSIONS: Final = (
    *(
        "activationCondition",
        "completionCondition",
        "loopCardinality",
        "loopCondition",
        "timeCycle",
        "timeDate",
    ),
    *("timeDuration", "formalExpression", "from", "to", "transformation", "messagePath", "dataPath"),
)
"""Those whose text is read where they stand; conditions are looked at there."""


def _expressions_are_formal(root: Xml, report: Report) -> None:
    for xml in root.iter(*(f"{{{BPMN}}}{name}" for name in (*_EXPRESSIONS, "condition"))):
        kind = (attribute(xml, f"{{{XSI}}}type") or "").rpartition(":")[2]
        if kind == "tExpression":
            report.warning(
                "informal-expression",
                spot_of(xml),
                f"{sentence(COVERAGE[local_name(xml)].what)} says that it is natural language.",
                'Write xsi:type="tFormalExpression", and FEEL.',
            )
        elif not text_of(xml) and local_name(xml) != "condition":
            report.warning(
                "empty-expression",
                spot_of(xml),
                f"{sentence(COVERAGE[local_name(xml)].what)} is empty.",
                "Write an expression, or remove it.",
            )


def _participants_are_counted(root: Xml, report: Report) -> None:
    for xml in root.iter(f"{{{BPMN}}}participantMultiplicity"):
        least, most = attribute(xml, "minimum") or "0", attribute(xml, "maximum") or "1"
        numbers = all(text.removeprefix("-").isdecimal() for text in (least, most))
        if not numbers or int(least) < 0 or int(most) < max(1, int(least)):
            report.warning(
                "participant-multiplicity",
                spot_of(xml),
                f"A participant is there from {least} to {most} times.",
                "Let it be there once or more at most, and at most not less than at least.",
            )


_IN_NO_GLOBAL_CONVERSATION: Final = (
    *(
        "conversation",
        "subConversation",
        "callConversation",
        "participantAssociation",
        "messageFlowAssociation",
    ),
    *("conversationAssociation", "textAnnotation", "association", "group"),
)


def _choreographies_stand_apart(root: Xml, report: Report) -> None:
    ids = {attribute(xml, "id"): xml for xml in root.iter(f"{{{BPMN}}}choreography")}
    for xml in root.iter(
        f"{{{BPMN}}}choreography", f"{{{BPMN}}}globalConversation", f"{{{BPMN}}}globalChoreographyTask"
    ):
        held = _IN_NO_GLOBAL_CONVERSATION if local_name(xml) == "globalConversation" else ()
        for child in (
            *bpmn_children(xml, "choreographyRef"),
            *(it for name in held for it in bpmn_children(xml, name)),
        ):
            report.warning(
                "collaboration-part",
                spot_of(child),
                f"{sentence(COVERAGE[local_name(xml)].what)} cannot hold {COVERAGE[local_name(child)].what}.",
                "Move it into a collaboration, or remove it.",
            )
    for xml in root.iter(f"{{{BPMN}}}collaboration"):
        for ref in (text_of(it).rpartition(":")[2] for it in bpmn_children(xml, "choreographyRef")):
            if ref in ids and is_true(attribute(ids[ref], "isClosed")) is not is_true(
                attribute(xml, "isClosed")
            ):
                report.warning(
                    "collaboration-closed",
                    spot_of(xml),
                    f"The collaboration and its choreography '{ref}' differ on isClosed.",
                    "Correct one of the two.",
                )


def _events_name_operations(root: Xml, report: Report) -> None:
    """Hold a file that declares operations to what BPMN asks of it (10.5.5): each message event names one.

    No operation is ever called, and hardly a model has any; where there is none, none is asked for.
    """
    if next(root.iter(f"{{{BPMN}}}operation"), None) is None:
        return
    for process in bpmn_children(root, "process"):
        if attribute(process, "isExecutable") in ("false", "0"):
            continue
        for xml in process.iter(f"{{{BPMN}}}messageEventDefinition"):
            named = attribute(xml, "operationRef") or next(bpmn_children(xml, "operationRef"), None)
            if named is None:
                report.warning(
                    "missing-operation",
                    spot_of(xml),
                    "A message event names no operation, though the file declares some and the process runs.",
                    "Set operationRef, or remove the interface if messages are all that is meant.",
                )
