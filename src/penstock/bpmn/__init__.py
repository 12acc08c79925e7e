"""BPMN files: from bytes to process definitions, or to everything that is wrong with them.

The only door from XML to the kernel. It knows the vendors' words; the kernel does not.
"""

from penstock.bpmn.coverage import coverage_markdown
from penstock.bpmn.findings import Finding, Severity
from penstock.bpmn.known import Known
from penstock.bpmn.parse import DEFAULT_LIMITS, ParseLimits
from penstock.bpmn.read import Reading, ReadProcess, StartInfo, processes_of, read

__all__ = [
    "DEFAULT_LIMITS",
    "Finding",
    "Known",
    "ParseLimits",
    "ReadProcess",
    "Reading",
    "Severity",
    "StartInfo",
    "coverage_markdown",
    "processes_of",
    "read",
]
