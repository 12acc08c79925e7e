"""Every example is a project that deploys without a finding, can be drawn, and passes its own tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from penstock import bpmn
from penstock.api.domo.manifest import parse_manifest
from penstock.api.domo.resolve import find_process
from penstock.store.rows import ProcessRow

EXAMPLES = sorted(path for path in (Path(__file__).parents[2] / "examples").iterdir() if path.is_dir())
MODELS = [model for example in EXAMPLES for model in sorted((example / "workflows").glob("*.bpmn"))]
_DRAWN = "{http://www.omg.org/spec/BPMN/20100524/DI}%s"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.stem)
def test_nothing_is_to_be_said_against_a_model(model: Path) -> None:
    assert bpmn.read(model.read_bytes()).findings == ()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.stem)
def test_every_element_and_flow_of_a_model_is_drawn(model: Path) -> None:
    tree = etree.parse(model)
    drawn = {
        shape.get("bpmnElement") for name in ("BPMNShape", "BPMNEdge") for shape in tree.iter(_DRAWN % name)
    }

    for process in bpmn.read(model.read_bytes()).processes:
        assert process.definition is not None
        assert {*process.definition.elements, *process.definition.flows} <= drawn


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_manifest_names_the_workflow_by_an_alias(example: Path) -> None:
    (mapping,) = parse_manifest((example / "manifest.json").read_bytes())

    assert f"/models/{mapping.alias}/start" in (example / "README.md").read_text()
    processes = [
        ProcessRow(it.id, it.id, it.name, it.alias, "", "", 0, "", 0)
        for model in sorted((example / "workflows").glob("*.bpmn"))
        for it in bpmn.read(model.read_bytes()).processes
    ]
    assert find_process(mapping.alias, {mapping.alias: mapping}, processes) in processes


@pytest.mark.parametrize(
    "example", [it for it in EXAMPLES if (it / "tests").exists()], ids=lambda example: example.name
)
def test_an_example_passes_its_own_tests(example: Path) -> None:
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"]

    done = subprocess.run(command, cwd=example, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
