"""How often an activity is done, and for how many tokens (BPMN 10.3, 13.3.6, 13.3.7): read, and compiled.

A multi-instance is written in three ways that mean the same: by BPMN's own elements, by
`zeebe:loopCharacteristics`, and by Camunda 7's attributes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from penstock.bpmn import texts
from penstock.bpmn.behavior import compile_behavior, read_behavior
from penstock.bpmn.data import as_variable, data_of, other_end
from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph
from penstock.bpmn.names import Spot, Xml, attribute, bpmn_child, is_true, local_name, spot_of, text_of
from penstock.bpmn.names_of_variables import leading_name
from penstock.bpmn.raw import RawLoop, RawNode, RawTrigger, Settings, Source
from penstock.bpmn.sources import open_source
from penstock.kernel.definition import MultiInstance, StandardLoop

MAX_QUANTITY: Final = 1000
"""Tokens that an activity may wait for, or put on one flow at once."""

CHARACTERISTICS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")


def characteristics(xml: Xml) -> Xml | None:
    """Give the loop characteristics of an activity, None where it has none."""
    return next((child for name in CHARACTERISTICS if (child := bpmn_child(xml, name)) is not None), None)


def read_loop(xml: Xml, settings: Settings, trigger: Callable[[Xml], RawTrigger], report: Report) -> RawLoop:
    """Read loop characteristics whose extensions are in `settings`; `trigger` reads an event definition."""
    at = spot_of(xml)
    if local_name(xml) == "standardLoopCharacteristics":
        maximum = attribute(xml, "loopMaximum")
        return RawLoop(
            at.line,
            multi=False,
            condition=feel(xml, "loopCondition", "the loop condition", report),
            test_before=is_true(attribute(xml, "testBefore")),
            maximum=None if maximum is None else Source(maximum, True, at.line, "the maximum of the loop"),
        )
    return RawLoop(
        at.line,
        multi=True,
        sequential=is_true(attribute(xml, "isSequential")),
        cardinality=feel(xml, "loopCardinality", "the number of instances", report),
        collection=settings.loop_collection or _reference(xml, "loopDataInputRef", "the collection"),
        input_element=settings.loop_element or _item(xml, "inputDataItem"),
        index=settings.loop_index,
        output_collection=settings.loop_output or _named(xml, "loopDataOutputRef"),
        output_element=settings.loop_output_element or _item_source(xml),
        overview=settings.loop_overview,
        condition=feel(xml, "completionCondition", "the completion condition", report),
        behavior=read_behavior(xml, trigger, report),
    )


def quantity(xml: Xml, name: str, report: Report) -> int:
    """Read how many tokens an activity takes to begin, or puts on a flow (BPMN 10.3)."""
    text = attribute(xml, name)
    if text is None:
        return 1
    if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_QUANTITY:
        return int(text)
    report.error(
        "invalid-quantity",
        spot_of(xml),
        f"The {name} of the {local_name(xml)} is {text!r}, not a whole number from 1 to {MAX_QUANTITY}.",
        "Write how many tokens it is, or remove it for one.",
    )
    return 1


def feel(xml: Xml, name: str, what: str, report: Report) -> Source | None:
    """Read an expression, which needs no `=` here."""
    child = bpmn_child(xml, name)
    if child is None:
        return None
    source = open_source(text_of(child), what, spot_of(child), report, whole=True)
    return None if source is None else Source(source.text.strip(), True, source.line, what)


def _named(xml: Xml, name: str) -> str | None:
    """Give the variable that a reference names: of the data that is associated with it, else its own."""
    child = bpmn_child(xml, name)
    if child is None or not text_of(child):
        return None
    tag = "dataInputAssociation" if name == "loopDataInputRef" else "dataOutputAssociation"
    id = other_end(xml.getparent(), tag, text_of(child).rpartition(":")[2])
    return data_of(xml.getroottree().getroot()).get(id) or as_variable(id)


def _reference(xml: Xml, name: str, what: str) -> Source | None:
    variable = _named(xml, name)
    return None if variable is None else Source(variable, True, spot_of(xml).line, what)


def _item(xml: Xml, name: str) -> str | None:
    child = bpmn_child(xml, name)
    return None if child is None else attribute(child, "name") or attribute(child, "id")


def _item_source(xml: Xml) -> Source | None:
    variable = _item(xml, "outputDataItem")
    return None if variable is None else Source(variable, True, spot_of(xml).line, "the output element")


# -- to the kernel's -------------------------------------------------------------------------------


def compile_loop(node: RawNode, graph: Graph, report: Report) -> MultiInstance | StandardLoop | None:
    """Compile how often an activity is done."""
    raw = node.loop
    if raw is None:
        return None
    if not raw.multi:
        return _standard(node, raw, report)
    collection = texts.feel_only(raw.collection, node.id, report)
    cardinality = texts.feel_only(raw.cardinality, node.id, report)
    if (raw.collection is None) is (raw.cardinality is None):
        both = "both a collection and a number" if raw.collection else "neither a collection nor a number"
        report.error(
            "multi-instance-size",
            Spot(node.id, raw.line),
            f"The multi-instance '{node.id}' has {both} of instances.",
            'Add <zeebe:loopCharacteristics inputCollection="=items"/>, or a loopCardinality.',
        )
    if (raw.output_collection is None) is not (raw.output_element is None):
        report.error(
            "multi-instance-output",
            Spot(node.id, raw.line),
            f"The multi-instance '{node.id}' has only one of an output collection and an output element.",
            "Give it both, or none.",
        )
    return MultiInstance(
        raw.sequential,
        collection,
        cardinality,
        raw.input_element,
        raw.output_collection,
        texts.feel_only(raw.output_element, node.id, report),
        leading_name(raw.output_element.text) if raw.output_element is not None else None,
        texts.condition(raw.condition, node.id, report),
        compile_behavior(raw.behavior, node, graph, report),
        raw.overview,
    )


def _standard(node: RawNode, raw: RawLoop, report: Report) -> StandardLoop:
    if raw.condition is None and raw.maximum is None:
        report.error(
            "endless-loop",
            Spot(node.id, raw.line),
            f"The loop of '{node.id}' has neither a condition nor a maximum, so it would never end.",
            "Give it a loopCondition or a loopMaximum.",
        )
    return StandardLoop(
        texts.condition(raw.condition, node.id, report),
        raw.test_before,
        texts.feel_only(raw.maximum, node.id, report),
    )
