"""XML from outside: the one strict parser that Penstock has, and the few ways in which readers walk a tree.

A model comes from outside. The parser therefore reads no DOCTYPE, no entity, no file and no network,
and its work is bounded in bytes, depth and number of elements. No other file touches lxml's way of
writing names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, cast

from lxml import etree

from penstock.findings import Report

Xml: TypeAlias = etree._Element


class Spot(NamedTuple):
    """Where something stands in the file: the id of its element, if any, and the line."""

    id: str | None
    line: int | None


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


def parse(data: bytes, report: Report, limits: ParseLimits, notation: str) -> Xml | None:
    """Give the root element, or None after the reason was reported.

    Args:
        data: the bytes of the file.
        report: takes what is wrong.
        limits: how large the file may be.
        notation: what the file is meant to be, such as "BPMN", for the messages.
    """
    if len(data) > limits.bytes:
        report.error(
            "file-too-large",
            None,
            f"The file has {len(data)} bytes; at most {limits.bytes} are read.",
            "Split the model into several files.",
        )
        return None
    root = _tree(data, report, notation)
    return root if root is not None and _within_limits(root, report, limits) else None


def _tree(data: bytes, report: Report, notation: str) -> Xml | None:
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        _report_syntax(error, data, report, notation)
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        _report_doctype(1, report, notation)
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


def _report_syntax(error: etree.XMLSyntaxError, data: bytes, report: Report, notation: str) -> None:
    if match := _DOCTYPE.match(data):
        _report_doctype(data.count(b"\n", 0, match.end()) + 1, report, notation)
        return
    line = error.lineno or 1
    reason = (error.msg or "it is no XML").rstrip(". ")
    report.error(
        "malformed-xml",
        Spot(None, line),
        f"The file is not well-formed XML: {reason}.",
        f"Repair the XML at this line, or save the model again with a {notation} modeler.",
    )


def _report_doctype(line: int, report: Report, notation: str) -> None:
    report.error(
        "doctype-refused",
        Spot(None, line),
        "The file has a DOCTYPE, and a document type can read files or grow without bound.",
        f"Remove the DOCTYPE and every entity; {notation} needs none.",
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


def split_name(name: str) -> tuple[str, str]:
    """Give the namespace and the local name of a tag or attribute, the namespace empty if there is none."""
    if name.startswith("{"):
        namespace, _, local = name[1:].partition("}")
        return namespace, local
    return "", name


def local_name(xml: Xml) -> str:
    """Give the name of an element without its namespace."""
    return split_name(xml.tag)[1]


def namespace_of(xml: Xml) -> str:
    """Give the namespace of an element, empty where there is none."""
    return split_name(xml.tag)[0]


def line_of(xml: Xml) -> int | None:
    """Give the line, from 1, on which the element begins."""
    return cast("int | None", xml.sourceline)


def elements_of(xml: Xml) -> Iterator[Xml]:
    """Give the child elements, without comments and processing instructions."""
    return (child for child in xml if isinstance(child.tag, str))


def text_of(xml: Xml) -> str:
    """Give the element's own text without comments, stripped of white space at both ends."""
    parts = [xml.text or "", *(child.tail or "" for child in xml)]
    return "".join(parts).strip()


def attribute(xml: Xml, name: str) -> str | None:
    """Give an attribute's value, stripped of white space; None where it is absent or empty."""
    value = xml.get(name)
    return (value.strip() or None) if value is not None else None


def is_true(text: str | None) -> bool:
    """Tell whether an `xsd:boolean` attribute is true."""
    return text in ("true", "1")


def spot_of(xml: Xml) -> Spot:
    """Give the place of an element: its own id, or that of the nearest ancestor that has one."""
    node: Xml | None = xml
    while node is not None:
        if identity := attribute(node, "id"):
            return Spot(identity, line_of(xml))
        node = node.getparent()
    return Spot(None, line_of(xml))
