"""Global tasks (BPMN 10.3.7): a call activity that calls one behaves as that task does (13.3.4).

The call activity is read as a task of its own kind, with what the global task says of the work, and with what
the call activity says of everything else: its mappings, its loop, its boundary events and its flows. For the
call activities of other files, which find what they call by its id, each is a process of one task, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from penstock.bpmn.findings import Report
from penstock.bpmn.names import Spot
from penstock.bpmn.raw import RawFlow, RawGlobalTask, RawNode, RawProcess, Settings

TASK_OF: Final = {
    "globalBusinessRuleTask": "businessRuleTask",
    "globalTask": "task",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalUserTask": "userTask",
}
"""The kind of task that each global task is."""


def called_by(name: str | None, node: RawNode) -> str | None:
    """Give the id that a call activity calls, None where it is an expression or there is none.

    Arguments:
        name: its attribute `calledElement`, which may have the prefix of a namespace.
    """
    called = node.settings.called
    if called is not None:
        return None if called.feel else called.text
    return None if name is None else name.rpartition(":")[2]


def in_place(node: RawNode, tasks: Mapping[str, RawGlobalTask], report: Report) -> RawNode:
    """Give a call activity as the global task that it calls, or as it is where it calls a process."""
    task = tasks.get(called_by(node.called, node) or "")
    if node.tag != "callActivity" or task is None:
        return node
    settings, at = node.settings, Spot(node.id, node.settings.called_line or node.line)
    if not settings.all_out and not settings.outputs:
        report.error(
            "unsupported-propagation",
            at,
            f"'{node.id}' lets no variables of the global task '{task.id}' come back; "
            "Penstock runs the task in its place, and what a task gives is set.",
            "Add output mappings, or let all variables come back.",
        )
    if settings.binding not in (None, "latest") or not settings.all_in:
        report.info(
            "global-task-in-place",
            at,
            f"'{node.id}' calls the global task '{task.id}' of its own file, which is run in its place; "
            "the version that it binds and the variables that it passes are those of the process itself.",
            "Remove the binding and propagateAllParentVariables.",
        )
    return replace(
        node,
        tag=task.tag,
        name=node.name or task.name,
        script=task.script,
        settings=replace(
            task.settings,
            inputs=settings.inputs,
            outputs=settings.outputs,
            listeners=[*task.settings.listeners, *settings.listeners],
            properties={**task.settings.properties, **settings.properties},
        ),
        called=None,
        global_task=task.id,
    )


def as_process(task: RawGlobalTask) -> RawProcess:
    """Give a global task as a process of one task, for the call activities of other files."""
    start, end = f"{task.id}_start", f"{task.id}_end"
    flows = ((start, task.id), (task.id, end))
    return RawProcess(
        id=task.id,
        line=task.line,
        name=task.name,
        description=None,
        settings=Settings(),
        initial=(),
        nodes=(
            RawNode(start, "startEvent", task.line, None, 0),
            RawNode(
                task.id,
                task.tag,
                task.line,
                None,
                0,
                name=task.name,
                script=task.script,
                settings=task.settings,
            ),
            RawNode(end, "endEvent", task.line, None, 0),
        ),
        flows=tuple(RawFlow(f"{it[0]}->{it[1]}", task.line, *it, None, named=False) for it in flows),
    )


def check_global_tasks(tasks: Iterable[RawGlobalTask], report: Report) -> None:
    """Report the mappings that global tasks have of their own."""
    for task in tasks:
        at = Spot(task.id, task.line)
        if task.settings.inputs or task.settings.outputs:
            report.error(
                "misplaced-extension",
                at,
                f"The global task '{task.id}' maps variables, which the call activity does that calls it.",
                "Move the mappings to the call activity.",
            )
