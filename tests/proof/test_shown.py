"""The tests that the rows of BPMN's coverage name exist, and show what the rows say."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

from penstock.bpmn.coverage import ATTRIBUTES, COVERAGE, TRIGGERS, Treatment
from tests.proof.shown import ATTRIBUTE, PARTS, ROOT, shows_element, shows_trigger

_TRANSCRIPTS = "tests/kernel/transcripts/"


def _transcripts(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name.startswith(_TRANSCRIPTS)]


def test_the_transcript_of_an_element_that_runs_holds_it() -> None:
    for row in COVERAGE.values():
        if row.treatment is Treatment.RUNS:
            assert _transcripts(row.shown_by), row.element
            for name in _transcripts(row.shown_by):
                assert shows_element(row.element, name), f"{name} shows no {row.element}"


def test_the_transcript_of_an_event_holds_it_with_its_trigger() -> None:
    for row in TRIGGERS.values():
        assert _transcripts(row.shown_by), row
        for name in _transcripts(row.shown_by):
            assert shows_trigger(row.event, row.trigger, name), f"{name} shows no {row.trigger} {row.event}"


def test_the_transcript_of_an_attribute_holds_what_it_says() -> None:
    for row in ATTRIBUTES.values():
        for name in _transcripts(row.shown_by):
            assert ATTRIBUTE[row.attribute](name), f"{name} shows no {row.attribute}"


def test_nothing_is_asked_for_that_no_row_needs() -> None:
    assert PARTS.keys() <= COVERAGE.keys()
    assert ATTRIBUTE.keys() <= ATTRIBUTES.keys()


def _named() -> Iterator[str]:
    for row in (*COVERAGE.values(), *TRIGGERS.values(), *ATTRIBUTES.values()):
        yield from row.shown_by


def _ids(function: object) -> set[str] | None:
    """Give the names of the cases of a test; None where they have no names of their own."""
    found: set[str] = set()
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == "parametrize":
            for case in mark.args[1]:
                name = getattr(case, "id", None) or case
                if not isinstance(name, str):
                    return None
                found.add(name)
    return found


def exists(node: str) -> bool:
    """Tell whether a transcript, or a test and its case, is there."""
    file, _, name = node.partition("::")
    if not name:
        return (ROOT / file).is_file()
    name, _, case = name.partition("[")
    module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    function = getattr(module, name, None)
    cases = _ids(function)
    return inspect.isfunction(function) and (not case or not cases or case.removesuffix("]") in cases)


def test_what_a_row_names_exists() -> None:
    assert not [node for node in sorted(set(_named())) if not exists(node)]
