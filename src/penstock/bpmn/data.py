"""Data (BPMN 10.4): data objects, inputs, outputs and properties are variables, and associations map them.

A data input of an activity is a variable of its own, which an input mapping fills; a data output is what it
gives, which an output mapping takes on. A property of a sub-process is a variable in its scope.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from penstock.bpmn.beside import reference
from penstock.bpmn.coverage.groups import SUB_PROCESSES
from penstock.bpmn.findings import Report
from penstock.bpmn.names import BPMN, Xml, attribute, bpmn_child, bpmn_children, local_name, spot_of, text_of
from penstock.bpmn.names_of_variables import is_variable_name
from penstock.bpmn.raw import RawMapping, Settings, Source
from penstock.bpmn.sources import formal_source

_DATA: Final = (
    "dataInput",
    "dataObject",
    "dataObjectReference",
    "dataOutput",
    "dataStore",
    "dataStoreReference",
    "property",
)
_PLACEHOLDER: Final = "__"
"""How the names begin of properties that modelers draw only so that an association ends somewhere."""

Data = Mapping[str, str]
"""The variable of each piece of data of a file by its id; empty where it stands for none."""


def data_of(root: Xml) -> Data:
    """Give the variables of all data of a file; a reference has the name of what it refers to."""
    found = {
        identity: xml
        for local in _DATA
        for xml in root.iter(f"{{{BPMN}}}{local}")
        if (identity := attribute(xml, "id")) is not None
    }
    return {identity: _variable(xml, found) for identity, xml in found.items()}


def _variable(xml: Xml, data: Mapping[str, Xml]) -> str:
    local = local_name(xml)
    if local.endswith("Reference"):
        referred = data.get(reference(attribute(xml, f"{local.removesuffix('Reference')}Ref")) or "")
        xml = xml if referred is None or attribute(referred, "name") is None else referred
    name = attribute(xml, "name") or attribute(xml, "id") or ""
    return "" if name.startswith(_PLACEHOLDER) else as_variable(name)


def as_variable(name: str) -> str:
    """Give a name as FEEL can read it: `Order details` is the variable `Order_details`."""
    made = re.sub(r"\W+", "_", name).strip("_")
    if made[:1].isdigit():
        made = f"_{made}"
    return made if not made or is_variable_name(made) else f"{made}_"


def read_data(xml: Xml, settings: Settings, data: Data, language: str | None, report: Report) -> None:
    """Read the properties of a sub-process and the data associations of an activity or an event.

    Mappings that an extension gives go before.

    Arguments:
        language: the language of expressions in the file.
    """
    inputs = list(_mappings(xml, "dataInputAssociation", data, language, report))
    outputs = list(_mappings(xml, "dataOutputAssociation", data, language, report))
    if local_name(xml) in SUB_PROCESSES:
        inputs = [*_properties(xml, data), *inputs]
    for ours, theirs in ((inputs, settings.inputs), (outputs, settings.outputs)):
        if ours and theirs:
            report.info(
                "not-run",
                spot_of(xml),
                "The data associations here have no effect: an extension maps variables in their place.",
                "Remove one of the two.",
            )
        elif ours:
            theirs += ours
    if local_name(xml) == "callActivity" and settings.inputs == inputs != []:
        settings.all_in = False  # what it has data inputs for is what it passes


def _properties(xml: Xml, data: Data) -> Iterator[RawMapping]:
    for child in bpmn_children(xml, "property"):
        if variable := data.get(attribute(child, "id") or "", ""):
            at = spot_of(child)
            yield RawMapping(Source("null", True, at.line, f"the property '{variable}'"), variable, at.line)


def _mappings(xml: Xml, tag: str, data: Data, language: str | None, report: Report) -> Iterator[RawMapping]:
    for association in bpmn_children(xml, tag):
        sources = [_of(it, data) for it in bpmn_children(association, "sourceRef")]
        target = next((_of(it, data) for it in bpmn_children(association, "targetRef")), "")
        if not target:
            continue
        if assignments := list(bpmn_children(association, "assignment")):
            for assignment in assignments:
                yield from _assigned(assignment, target, language, report)
            continue
        at, what = spot_of(association), f"the data of '{target}'"
        transformation = bpmn_child(association, "transformation")
        if transformation is not None:
            source = _formal(transformation, what, language, report)
        elif len(sources) > 1:
            continue  # a rule says that no transformation makes one of them
        else:
            source = next((Source(it, True, at.line, what) for it in sources if it), None)
        if source is not None:
            yield RawMapping(source, target, at.line)


def _of(xml: Xml, data: Data) -> str:
    """Give the variable that a reference names; one that names no data is the name of a variable itself."""
    name = text_of(xml).rpartition(":")[2]
    return data.get(name, as_variable(name))


def _assigned(xml: Xml, target: str, language: str | None, report: Report) -> Iterator[RawMapping]:
    start, end = bpmn_child(xml, "from"), bpmn_child(xml, "to")
    source = None if start is None else _formal(start, f"the data of '{target}'", language, report)
    if source is None:
        return
    path = "" if end is None else text_of(end).removeprefix("=").strip()
    whole = path == target or path.startswith(f"{target}.")
    yield RawMapping(source, path if whole else f"{target}.{path}" if path else target, spot_of(xml).line)


def _formal(xml: Xml, what: str, language: str | None, report: Report) -> Source | None:
    return formal_source(text_of(xml), what, attribute(xml, "language"), language, spot_of(xml), report)


def other_end(activity: Xml | None, tag: str, id: str) -> str:
    """Give the data to which an association of an activity joins one of its data inputs or outputs."""
    own, other = ("targetRef", "sourceRef") if tag == "dataInputAssociation" else ("sourceRef", "targetRef")
    for association in () if activity is None else bpmn_children(activity, tag):
        ends = [text_of(it).rpartition(":")[2] for it in bpmn_children(association, own)]
        others = [text_of(it).rpartition(":")[2] for it in bpmn_children(association, other)]
        if id in ends and len(others) == 1:
            return others[0]
    return id
