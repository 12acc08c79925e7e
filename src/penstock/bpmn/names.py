"""The XML names that a BPMN file uses, and the few ways in which its reader walks a tree.

Kept in one place so that no other file of the reader spells a namespace.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.xml import (
    Spot,
    Xml,
    attribute,
    elements_of,
    is_true,
    line_of,
    local_name,
    namespace_of,
    split_name,
    spot_of,
    text_of,
)

__all__ = [
    "BPMN",
    "BPMN_DIAGRAM",
    "CAMUNDA",
    "CAMUNDA_FAMILY",
    "PENSTOCK",
    "VENDOR_PREFIXES",
    "XSI",
    "ZEEBE",
    "Spot",
    "Xml",
    "attribute",
    "bpmn_child",
    "bpmn_children",
    "elements_of",
    "extensions_of",
    "is_true",
    "line_of",
    "local_name",
    "namespace_of",
    "split_name",
    "spot_of",
    "text_of",
    "vendor_name",
]

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


def vendor_name(name: str) -> str:
    """Give a vendor's tag or attribute as messages write it: `camunda:class`."""
    namespace, local = split_name(name)
    return f"{VENDOR_PREFIXES.get(namespace, namespace)}:{local}"
