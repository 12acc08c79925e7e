"""Input and output sets of activities (BPMN 10.4.2): what is said of them, since they hold nothing back.

BPMN lets an activity wait until the data of one of its input sets is there, and takes the first set that is.
Data lives in variables here, which may be null: an activity begins with what there is, and every association
is a mapping. So whoever relies on the sets is told, with what says the same.
"""

from __future__ import annotations

from penstock.bpmn.coverage.groups import ACTIVITIES
from penstock.bpmn.findings import Report
from penstock.bpmn.names import BPMN, Xml, attribute, bpmn_child, bpmn_children, spot_of, text_of


def check_sets(root: Xml, report: Report) -> None:
    """Report the activities that BPMN would hold back, or whose sets are alternatives."""
    for activity in (it for tag in sorted(ACTIVITIES) for it in root.iter(f"{{{BPMN}}}{tag}")):
        io = bpmn_child(activity, "ioSpecification")
        if io is not None:
            _check_inputs(activity, io, report)
            _check_outputs(activity, io, report)


def _check_inputs(activity: Xml, io: Xml, report: Report) -> None:
    id = attribute(activity, "id") or ""
    fed = {ref for it in bpmn_children(activity, "dataInputAssociation") for ref in _refs(it, "targetRef")}
    sets = [set(_refs(it, "dataInputRefs")) for it in bpmn_children(io, "inputSet")]
    optional = {ref for it in bpmn_children(io, "inputSet") for ref in _refs(it, "optionalInputRefs")}
    if sum(map(bool, sets)) > 1:
        report.warning(
            "input-sets-all-taken",
            spot_of(io),
            f"'{id}' has {len(sets)} input sets. BPMN takes the first whose data is there, and waits for it; "
            "Penstock takes all of them as they are, and waits for none.",
            "Choose between the data in FEEL, as in =if order != null then order else draft.",
        )
    elif sets and (sets[0] & fed) - optional:
        report.info(
            "input-not-awaited",
            spot_of(io),
            f"'{id}' begins whether the data of its input set is there or not; what is not is null.",
            "Put a conditional event before it, such as =order != null, if it is to wait.",
        )


def _check_outputs(activity: Xml, io: Xml, report: Report) -> None:
    sets = [_refs(it, "dataOutputRefs") for it in bpmn_children(io, "outputSet")]
    if sum(map(bool, sets)) > 1:
        report.warning(
            "output-sets-all-given",
            spot_of(io),
            f"'{attribute(activity, 'id') or ''}' has {len(sets)} output sets. BPMN gives the first whose "
            "data is there; Penstock gives all of them, and what is not there as null.",
            "Choose between the data in FEEL, in the transformation of a data association.",
        )


def _refs(xml: Xml, name: str) -> list[str]:
    return [text_of(child).rpartition(":")[2] for child in bpmn_children(xml, name)]
