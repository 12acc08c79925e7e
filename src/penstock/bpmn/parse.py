"""Bytes to an XML tree, by the one strict parser that Penstock has.

A model comes from outside. The parser therefore reads no DOCTYPE, no entity, no file and no network,
and its work is bounded in bytes, depth and number of elements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from penstock.bpmn.findings import Report
from penstock.bpmn.names import BPMN, Spot, Xml, line_of, local_name, namespace_of


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """How large a file may be."""

    bytes: int = 4 * 1024 * 1024
    depth: int = 200
    """How deep elements may be nested; the root is at depth 1."""
    elements: int = 100_000


DEFAULT_LIMITS = ParseLimits()

_DOCTYPE = re.compile(rb"(?:(?!<[A-Za-z_:]).)*?<!DOCTYPE", re.DOTALL)
"""A DOCTYPE before the first element: where the parser stops inside it, that is what is wrong."""


def parse(data: bytes, report: Report, limits: ParseLimits = DEFAULT_LIMITS) -> Xml | None:
    """Give the root element `definitions`, or None after the reason was reported."""
    if len(data) > limits.bytes:
        report.error(
            "file-too-large",
            None,
            f"The file has {len(data)} bytes; at most {limits.bytes} are read.",
            "Split the model into several files.",
        )
        return None
    root = _tree(data, report)
    if root is None or not _within_limits(root, report, limits) or not _is_definitions(root, report):
        return None
    return root


def _tree(data: bytes, report: Report) -> Xml | None:
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        _report_syntax(error, data, report)
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        _report_doctype(1, report)
        return None
    return root


def _parser() -> etree.XMLParser:
    # A parser keeps its error log, so each file gets its own.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=False,
        recover=False,
    )


def _report_syntax(error: etree.XMLSyntaxError, data: bytes, report: Report) -> None:
    if match := _DOCTYPE.match(data):
        _report_doctype(data.count(b"\n", 0, match.end()) + 1, report)
        return
    line = error.lineno or 1
    reason = (error.msg or "it is no XML").rstrip(". ")
    report.error(
        "malformed-xml",
        Spot(None, line),
        f"The file is not well-formed XML: {reason}.",
        "Repair the XML at this line, or save the model again with a BPMN modeler.",
    )


def _report_doctype(line: int, report: Report) -> None:
    report.error(
        "doctype-refused",
        Spot(None, line),
        "The file has a DOCTYPE, and a document type can read files or grow without bound.",
        "Remove the DOCTYPE and every entity; BPMN needs none.",
    )


def _within_limits(root: Xml, report: Report, limits: ParseLimits) -> bool:
    depth = count = 0
    for event, xml in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth > limits.depth:
            report.error(
                "nested-too-deep",
                Spot(None, line_of(xml)),
                f"Elements are nested more than {limits.depth} deep.",
                "Flatten the model at this line.",
            )
            return False
        if count > limits.elements:
            report.error(
                "too-many-elements",
                Spot(None, line_of(xml)),
                f"The file has more than {limits.elements} XML elements.",
                "Split the model into several files.",
            )
            return False
    return True


def _is_definitions(root: Xml, report: Report) -> bool:
    if namespace_of(root) == BPMN and local_name(root) == "definitions":
        return True
    found = f"{local_name(root)} in the namespace '{namespace_of(root)}'"
    report.error(
        "not-bpmn",
        Spot(None, line_of(root)),
        f"The root element is {found}, not BPMN 2.0's definitions.",
        f"Export the model as BPMN 2.0 XML; its root is definitions in '{BPMN}'.",
    )
    return False
