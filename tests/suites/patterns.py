"""Workflow patterns as models and traces: reads the suite, with FEEL in the place of its made-up scripts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from penstock.kernel import commands as c
from penstock.kernel.events import ElementCompleted
from penstock.runtime.deployments import SourceFile
from tests.suites.engine import Engine
from tests.suites.folder import SUITES

FOLDER = SUITES / "betsy-patterns"
FUNCTIONS = """
from penstock import BpmnError, task

@task
def throw_error() -> None:
    raise BpmnError("ERR_CODE", "as the model says")
"""
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_ZEEBE = "http://camunda.org/schema/zeebe/1.0"
_CONTAINS = re.compile(r'(!?)test\.contains\("(\w)"\)')


@dataclass(frozen=True)
class Pattern:
    """One run of one model."""

    name: str
    model: Path
    process: str
    variables: dict[str, Any]
    delay_ms: int
    expected: list[str]


def patterns() -> dict[str, Pattern]:
    """Give every case of the suite by its name, none where it is absent."""
    if not FOLDER.is_dir():
        return {}
    found = {}
    for test in json.loads((FOLDER / "manifest.json").read_text("utf-8"))["tests"]:
        for case in test["cases"]:
            name = f"{test['id']}/{case['testCaseNumber']}"
            model = FOLDER / test["file"]
            values = case["start_variables"], case["delay_ms"], sorted(case["expected_trace"])
            found[name] = Pattern(name, model, test["process_id"], *values)
    return found


def trace(pattern: Pattern, folder: Path) -> list[str]:
    """Run a case, and give what its scripts would have logged."""
    content, logs = _translated(pattern.model)
    with Engine(folder, FUNCTIONS) as engine:
        engine.deploy([SourceFile(pattern.model.name, content)])
        id = engine.start(pattern.process, pattern.variables)
        _perform(engine, pattern.process, id)
        engine.advance_to(engine.runtime.clock.now() + pattern.delay_ms)
        done = [event.element for _, event in engine.events(id) if isinstance(event, ElementCompleted)]
        loops = engine.runtime.definitions.latest(pattern.process)
        assert loops is not None
        looped = {it.id for it in loops.compiled.elements.values() if it.loop is not None}
    return sorted(logs[it] for it in _once(done, looped) if it in logs)


def _perform(engine: Engine, process: str, id: str) -> None:
    """Be who performs what an ad-hoc sub-process offers: each of its activities once."""
    definition = engine.runtime.definitions.latest(process)
    assert definition is not None
    for node in definition.compiled.elements.values():
        around = None if node.scope is None else definition.compiled.elements.get(node.scope)
        if around is not None and around.ad_hoc is not None and not node.incoming:
            engine.send(id, c.StartAdHoc(node.id, {}))


def _once(done: list[str], looped: set[str]) -> list[str]:
    """Leave out the completion of a multi-instance as a whole, which follows those of its instances."""
    last = {element: len(done) - 1 - done[::-1].index(element) for element in looped if element in done}
    return [element for at, element in enumerate(done) if last.get(element) != at]


def _translated(model: Path) -> tuple[bytes, dict[str, str]]:
    root = etree.parse(model).getroot()
    logs: dict[str, str] = {}
    for task in root.iter(f"{{{_BPMN}}}scriptTask"):
        script = task.find(f"{{{_BPMN}}}script")
        token = (script.text or "").strip()
        task.remove(script)
        if token.startswith("SCRIPT_"):
            logs[task.get("id")] = token
        if token == "THROW_ERROR":
            task.tag = f"{{{_BPMN}}}serviceTask"
            _extend(task, "taskDefinition", type="throw_error")
        elif token == "INCREMENT_INTEGER_VARIABLE":
            _extend(task, "script", expression="=integerVariable + 1", resultVariable="integerVariable")
        else:
            _extend(task, "script", expression=f'="{token}"', resultVariable="logged")
    for condition in root.iter(f"{{{_BPMN}}}conditionExpression"):
        condition.text = "=" + _CONTAINS.sub(_contains, condition.text or "")
    return etree.tostring(root), logs


def _contains(match: re.Match[str]) -> str:
    feel = f'contains(test, "{match[2]}")'
    return f"not({feel})" if match[1] else feel


def _extend(task: Any, word: str, **attributes: str) -> None:
    extensions = etree.Element(f"{{{_BPMN}}}extensionElements")
    etree.SubElement(extensions, f"{{{_ZEEBE}}}{word}", attributes)
    task.insert(0, extensions)
