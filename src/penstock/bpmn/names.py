"""The XML names that a BPMN file uses, and the few ways in which the reader walks a tree.

Kept in one place so that no other file spells a namespace or touches lxml's way of writing names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias, cast

from lxml import etree

Xml: TypeAlias = etree._Element

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMN_DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
PENSTOCK = "https://penstock.dev/schema/1.0"

CAMUNDA_FAMILY = (CAMUNDA, "http://activiti.org/bpmn", "http://flowable.org/bpmn")
"""Camunda 7, its ancestor and its sister: they share the words that are translated here."""

VENDOR_PREFIXES = {
    ZEEBE: "zeebe",
    CAMUNDA: "camunda",
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
    PENSTOCK: "penstock",
}
"""The extension namespaces whose words the reader knows, with the prefix that messages use."""


class Spot(NamedTuple):
    """Where something stands in the file: the id of its element, if any, and the line."""

    id: str | None
    line: int | None


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


def bpmn_children(xml: Xml, local: str | None = None) -> Iterator[Xml]:
    """Give the child elements in BPMN's namespace, all of them or those of one name."""
    if local is None:
        return (child for child in elements_of(xml) if namespace_of(child) == BPMN)
    wanted = f"{{{BPMN}}}{local}"
    return (child for child in xml if child.tag == wanted)


def bpmn_child(xml: Xml, local: str) -> Xml | None:
    """Give the first child of that name in BPMN's namespace."""
    return next(bpmn_children(xml, local), None)


def extensions_of(xml: Xml) -> Iterator[Xml]:
    """Give the elements inside the element's `extensionElements`."""
    for holder in bpmn_children(xml, "extensionElements"):
        yield from elements_of(holder)


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


def vendor_name(name: str) -> str:
    """Give a vendor's tag or attribute as messages write it: `camunda:class`."""
    namespace, local = split_name(name)
    return f"{VENDOR_PREFIXES.get(namespace, namespace)}:{local}"


def spot_of(xml: Xml) -> Spot:
    """Give the place of an element: its own id, or that of the nearest ancestor that has one."""
    node: Xml | None = xml
    while node is not None:
        if identity := attribute(node, "id"):
            return Spot(identity, line_of(xml))
        node = node.getparent()
    return Spot(None, line_of(xml))
