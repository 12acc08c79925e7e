"""Bytes to the root of a BPMN file, by the strict parser in `penstock.xml`."""

from __future__ import annotations

from penstock import xml
from penstock.bpmn.findings import Report
from penstock.bpmn.names import BPMN, Spot, Xml, line_of, local_name, namespace_of
from penstock.xml import DEFAULT_LIMITS, ParseLimits

__all__ = ["DEFAULT_LIMITS", "ParseLimits", "parse"]


def parse(data: bytes, report: Report, limits: ParseLimits = DEFAULT_LIMITS) -> Xml | None:
    """Give the root element `definitions`, or None after the reason was reported."""
    root = xml.parse(data, report, limits, "BPMN")
    return root if root is not None and _is_definitions(root, report) else None


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
