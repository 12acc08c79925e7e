"""House rules that a machine can keep: lengths, words, layers, and that nothing is without its proof.

The layers are in `pyproject.toml`, for import-linter; here they are run, and what it cannot say is checked.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from penstock.kernel.definition import Kind
from penstock.kernel.elements.table import BEHAVIOURS
from penstock.kernel.failures import IncidentType
from penstock.testing import process

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "penstock"
TRANSCRIPTS = ROOT / "tests" / "kernel" / "transcripts"

LONGEST_FILE = 500
LONGEST_FUNCTION = 70

BUILDS_A_SCHEMA = "store/migrations/versions"
"""Migrations are lists of tables: long, and read once."""

DOMOS = {"domo", "model", "models", "workflow", "workflows"}
VENDORS = {"camunda", "zeebe", "juel"}
FORMS = {"xml", "json", "sql", "http"}

BANNED = {
    "kernel": DOMOS | VENDORS | FORMS | {"bpmn", "feel"},
    "feel": DOMOS | VENDORS | {"bpmn", "dmn"},
    "bpmn": DOMOS | {"sql", "http"},
    "dmn": (DOMOS - {"model", "models"}) | {"sql", "http", "bpmn"},
    "store": DOMOS | VENDORS,
    "runtime": DOMOS | VENDORS,
    "api/rest": DOMOS | VENDORS,
}
"""Words that no name in a folder may hold: the two vocabularies, and the layers, stay apart."""

SPEAK_DMN = ("api/rest/decision_checks.py", "runtime/decisions.py", "runtime/dmn_files.py")
"""Where models of DMN are handed on, whose own word that is."""

KERNEL_MAY_IMPORT = {
    "__future__",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "msgspec",
    "typing",
}
"""The kernel's whole outside: nothing here knows the time of day, chance, or any input or output."""

ENTRY_POINTS = {
    "penstock.cli.main": "the command `penstock`",
    "penstock.feel.printer": "for the law that a tree which is printed is read as it was",
    "penstock.testing.plugin": "a plugin of pytest",
    "penstock.workers.child": "run by the pool as `python -m`",
}
"""Modules that nothing imports, and why they are there."""


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), str(file))


def _sources(folder: str = "") -> list[Path]:
    return sorted(file for file in (SOURCES / folder).rglob("*.py") if "templates" not in file.parts)


def _place(file: Path) -> str:
    return file.relative_to(SOURCES).as_posix()


def _names(file: Path) -> Iterator[tuple[str, int]]:
    """Give every name that the file defines or uses, with its line; imported modules' are others' words."""
    for node in ast.walk(_tree(file)):
        for field in ("id", "arg") if isinstance(node, ast.keyword) else ("id", "attr", "name", "arg"):
            name = getattr(node, field, None)
            if isinstance(name, str) and not isinstance(node, ast.alias):
                yield name, getattr(node, "lineno", 0)


def _imports(file: Path) -> Iterator[str]:
    """Give every module that the file imports, and every name that it imports from one as if it were one."""
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


# -- layers ----------------------------------------------------------------------------------------


def test_the_layers_hold() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_kernel_imports_no_more_than_it_may() -> None:
    outside = {
        f"{_place(file)}: {module}"
        for file in _sources("kernel")
        for module in _imports(file)
        if not module.startswith("penstock.kernel")
        and module != "penstock"
        and module.partition(".")[0] not in KERNEL_MAY_IMPORT
    }
    assert not outside


def test_every_behaviour_is_among_those_that_may_not_know_each_other() -> None:
    contracts = (ROOT / "pyproject.toml").read_text()
    shared = {"__init__", "behaviour", "table"}
    for file in _sources("kernel/elements"):
        if file.stem not in shared:
            assert f'"penstock.kernel.elements.{file.stem}"' in contracts, f"add {file.stem} to the contract"


def test_every_module_is_used() -> None:
    imported = {module for file in _sources() for module in _imports(file)}
    modules = {
        ".".join(("penstock", *file.relative_to(SOURCES).with_suffix("").parts))
        for file in _sources()
        if file.stem not in ("__init__", "__main__", "env") and BUILDS_A_SCHEMA not in _place(file)
    }
    assert sorted(modules - imported - set(ENTRY_POINTS)) == []
    assert sorted(set(ENTRY_POINTS) - modules) == [], "these are gone"


# -- lengths and words -----------------------------------------------------------------------------


def test_no_file_is_too_long() -> None:
    lengths = {_place(file): len(file.read_text().splitlines()) for file in _sources()}
    assert not {place: lines for place, lines in lengths.items() if lines > LONGEST_FILE}


def test_no_function_is_too_long() -> None:
    long = {
        f"{_place(file)}: {node.name}": length
        for file in _sources()
        if BUILDS_A_SCHEMA not in _place(file)
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    assert not [
        _place(file) for file in _sources() if file.read_text() and not ast.get_docstring(_tree(file))
    ]


def _banned(folder: str, file: Path) -> set[str]:
    return BANNED[folder] - ({"model", "models"} if _place(file) in SPEAK_DMN else set())


@pytest.mark.parametrize("folder", BANNED)
def test_a_folder_keeps_to_its_own_words(folder: str) -> None:
    found = {
        f"{_place(file)}, line {line}: {name}"
        for file in _sources(folder)
        for name, line in _names(file)
        if _banned(folder, file) & set(re.split(r"[_\W]+|(?<=[a-z])(?=[A-Z])", name.lower()))
    }
    assert not found


# -- proofs ----------------------------------------------------------------------------------------


def test_every_kind_of_element_has_a_behaviour_and_a_transcript() -> None:
    assert set(BEHAVIOURS) == set(Kind)
    for kind in Kind:
        name = re.sub(r"(?=[A-Z])", "-", kind.value).lower()
        files = sorted(TRANSCRIPTS.glob(f"{name}*.txt"))
        assert files, f"no transcript {name}.txt shows what a {kind.value} does"
        for file in files:
            text = file.read_text().partition("\n> ")[0]
            kinds = {element.kind for element in process(text).elements.values()}
            assert kind in kinds, f"{file.name} shows no {kind.value}"


def test_every_type_of_incident_is_in_a_transcript() -> None:
    texts = "".join(file.read_text() for file in TRANSCRIPTS.glob("*.txt"))
    assert not [type for type in get_args(IncidentType) if f" ({type}): " not in texts]
