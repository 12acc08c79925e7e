"""Read a DMN file: parse, collect, compile, and judge on the way.

The stages run one after the other over the whole file, and each adds to the same report. Only what is no DMN
at all ends the reading early: a model with a faulty decision can still make its other decisions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from penstock import xml
from penstock.dmn.collect import collect
from penstock.dmn.compile import compile_model
from penstock.dmn.graph import report_cycles, report_services
from penstock.dmn.model import Imported, Model
from penstock.dmn.names import VERSIONS
from penstock.dmn.raw import Definitions
from penstock.findings import Finding, Report
from penstock.xml import DEFAULT_LIMITS, ParseLimits, Spot, Xml, line_of, local_name, namespace_of

Imports = Callable[[str, str | None], Model | None]
"""Finds an imported model by its namespace and its location, if it has one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds, and all that is to be said about it."""

    model: Model | None
    """None where the file is no DMN."""
    findings: tuple[Finding, ...]
    """In the order of the file."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the file from being deployed."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def no_imports(namespace: str, location: str | None) -> None:
    """Find no model: for files that stand alone."""


def read(
    data: bytes, *, file: str = "", imports: Imports = no_imports, limits: ParseLimits = DEFAULT_LIMITS
) -> Reading:
    """Read a DMN file of version 1.1 to 1.5.

    Whatever the bytes are, the answer is a `Reading`; nothing is raised for them.

    Args:
        data: the bytes of the file.
        file: its name, for the findings.
        imports: finds the models that the file imports, already read.
        limits: how large a file may be.
    """
    report = Report(file)
    root = xml.parse(data, report, limits, "DMN")
    if root is None or not _is_dmn(root, report):
        return Reading(None, report.findings())
    try:
        model = _model(root, imports, report)
    except RecursionError:
        report.error(
            "nested-too-deep",
            None,
            "The expressions or types of the file are nested too deeply.",
            "Divide the deepest of them.",
        )
        model = None
    return Reading(model, report.findings())


def _model(root: Xml, imports: Imports, report: Report) -> Model:
    definitions = collect(root, report)
    model = compile_model(definitions, _imported(definitions, imports, report), report)
    report_cycles(model, report)
    report_services(model, report)
    return model


def _is_dmn(root: Xml, report: Report) -> bool:
    if namespace_of(root) in VERSIONS and local_name(root) == "definitions":
        return True
    report.error(
        "not-dmn",
        Spot(None, line_of(root)),
        f"The root element is {local_name(root)} in the namespace '{namespace_of(root)}', not DMN's "
        "definitions.",
        "Export the model as DMN 1.1 to 1.5.",
    )
    return False


def _imported(definitions: Definitions, imports: Imports, report: Report) -> dict[str, Imported]:
    found: dict[str, Imported] = {}
    for each in definitions.imports:
        model = imports(each.namespace, each.location)
        if model is not None:
            found[each.namespace] = Imported(each.name, model)
            continue
        report.error(
            "missing-import",
            each.at,
            f"The imported model '{each.namespace}' is not there.",
            "Deploy it together with this file, or before it.",
        )
    return found
