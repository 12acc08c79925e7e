"""Decisions: DMN 1.1 to 1.5, from bytes to a model and from a model to what it decides.

    from penstock import dmn

    reading = dmn.read(Path("dish.dmn").read_bytes())
    dmn.evaluate(reading.model, "Dish", {"Season": "Winter"}).value

The package knows FEEL, and nothing of BPMN.
"""

from penstock.dmn.asked import asked
from penstock.dmn.errors import DmnError
from penstock.dmn.evaluate import Result, evaluate
from penstock.dmn.frame import Matched
from penstock.dmn.model import Decision, Elements, Imported, InputData, KnowledgeModel, Link, Model, Service
from penstock.dmn.read import Reading, read
from penstock.findings import Finding, Severity
from penstock.xml import DEFAULT_LIMITS, ParseLimits

__all__ = [
    "DEFAULT_LIMITS",
    "Decision",
    "DmnError",
    "Elements",
    "Finding",
    "Imported",
    "InputData",
    "KnowledgeModel",
    "Link",
    "Matched",
    "Model",
    "ParseLimits",
    "Reading",
    "Result",
    "Service",
    "Severity",
    "asked",
    "evaluate",
    "read",
]
