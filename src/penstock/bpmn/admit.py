"""What may stand where in a file, by the coverage table.

Every element that the walk meets is asked for here once: known and run, known and without effect, refused,
or unknown. So nothing that might be meant to run is passed over in silence.
"""

from __future__ import annotations

from penstock.bpmn.attributes import check_attributes
from penstock.bpmn.coverage import COVERAGE, Treatment
from penstock.bpmn.findings import Report, sentence
from penstock.bpmn.names import BPMN, Xml, elements_of, local_name, namespace_of, spot_of


def admitted(xml: Xml, parent: str, report: Report) -> bool:
    """Tell whether the element is one that Penstock knows at this place, and report what is not run."""
    local, at = local_name(xml), spot_of(xml)
    row = COVERAGE.get(local)
    if row is None:
        report.error(
            "unknown-element",
            at,
            f"'{local}' is no element of BPMN 2.0.",
            "Correct its name, or put it into extensionElements in a namespace of its own.",
        )
        return False
    if row.parents and parent not in row.parents:
        report.error(
            "misplaced-element",
            at,
            f"{sentence(row.what)} ({local}) cannot stand in a {parent}.",
            "Move it to where BPMN allows it, or remove it.",
        )
        return False
    check_attributes(xml, report)
    if row.treatment is Treatment.REFUSED:
        report.error("unsupported-element", at, f"{sentence(row.what)} ({local}): {row.note}.", row.remedy)
        return False
    if row.treatment is Treatment.NOT_RUN:
        report.info("not-run", at, f"{sentence(row.what)} ({local}) has no effect: {row.note}.", row.remedy)
        return False
    return True


def check_children(xml: Xml, skip: frozenset[str], report: Report) -> None:
    """Report each child, and each of theirs, that has no business there."""
    parent = local_name(xml)
    for child in elements_of(xml):
        local = local_name(child)
        if namespace_of(child) != BPMN:
            report.warning(
                "misplaced-extension",
                spot_of(child),
                f"'{local}' of the namespace '{namespace_of(child)}' stands outside extensionElements.",
                "Put it into extensionElements.",
            )
        elif local != "extensionElements" and local not in skip and admitted(child, parent, report):
            check_children(child, frozenset(), report)
