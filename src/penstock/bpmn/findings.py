"""The findings of the reader of BPMN, which are those of every reader (`penstock.findings`)."""

from __future__ import annotations

from penstock.findings import Finding, Place, Report, Severity, sentence

__all__ = ["Finding", "Place", "Report", "Severity", "sentence"]
