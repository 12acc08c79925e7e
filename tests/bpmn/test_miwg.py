"""The models of the BPMN Model Interchange Working Group: none crashes the reader.

They are drawn by seven modelers and mostly not meant to run. What cannot run must be named, with its line.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from penstock import bpmn

_ROOT = Path(__file__).parents[2]
_SUITE = Path(os.environ.get("PENSTOCK_SUITES", _ROOT.parent / "shared" / "suites")) / "bpmn-miwg"


def _files() -> list[Path]:
    if not _SUITE.is_dir():
        pytest.skip("suite not run: bpmn-miwg is not in PENSTOCK_SUITES")
    return sorted(_SUITE.rglob("*.bpmn"))


def test_the_suite_is_whole() -> None:
    assert len(_files()) == 298


def test_every_file_is_read_and_what_keeps_it_from_running_has_a_line() -> None:
    for file in _files():
        reading = bpmn.read(file.read_bytes(), file=file.name)

        assert reading.executable or reading.findings, file
        assert all(finding.line and finding.remedy for finding in reading.findings), file
        if reading.processes and not reading.executable:
            assert reading.errors, file


def test_no_element_of_the_suite_is_unknown() -> None:
    for file in _files():
        found = {finding.code for finding in bpmn.read(file.read_bytes()).findings}

        assert not found & {"malformed-xml", "not-bpmn", "unknown-element"}, file


def test_reading_a_file_twice_gives_the_same() -> None:
    for file in _files()[::10]:
        assert bpmn.read(file.read_bytes()) == bpmn.read(file.read_bytes()), file
