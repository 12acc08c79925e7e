"""Business rule tasks (BPMN 10.3.3): which decision is made, in which version, and what takes it."""

from __future__ import annotations

from collections.abc import Collection

from penstock.bpmn import expressions, texts
from penstock.bpmn.calls import binding_of
from penstock.bpmn.findings import Report
from penstock.bpmn.names import Spot
from penstock.bpmn.names_of_variables import check_result_variable
from penstock.bpmn.raw import RawNode
from penstock.feel.hints import nearest
from penstock.kernel.definition import DecisionSpec

UNNAMED = "decisionResult"
"""The variable that output mappings find the result in where the task names none."""


def compile_decision(node: RawNode, decisions: Collection[str] | None, report: Report) -> DecisionSpec | None:
    """Compile what a business rule task decides.

    Args:
        node: the business rule task.
        decisions: the ids of the decisions that there are; None if they are not known.
        report: takes what is wrong.
    """
    settings, at = node.settings, Spot(node.id, node.settings.called_line or node.line)
    what = f"The business rule task '{node.id}'"
    binding = binding_of(settings.binding, settings.called_tag, what, at, report)
    if settings.decision is None:
        report.error(
            "missing-decision",
            at,
            f"The business rule task '{node.id}' does not say which decision it makes.",
            'Add <zeebe:calledDecision decisionId="..." resultVariable="..."/>, or a zeebe:taskDefinition '
            "for a Python function.",
        )
        return None
    variable = settings.result_variable or (UNNAMED if settings.outputs else None)
    check_result_variable(node, variable, report)
    if variable is None:
        report.warning(
            "result-not-kept",
            at,
            f"The business rule task '{node.id}' names no result variable, so what it decides is dropped.",
            "Name a variable: resultVariable on zeebe:calledDecision.",
        )
    decision = texts.feel_or_text(settings.decision, node.id, report)
    if isinstance(decision, expressions.Constant) and decisions is not None:
        _check_known(node, decision.text, decisions, at, report)
    if decision is None or binding is None:
        return None
    return DecisionSpec(decision, binding, settings.called_tag, variable)


def _check_known(node: RawNode, id: str, decisions: Collection[str], at: Spot, report: Report) -> None:
    if id not in decisions:
        report.warning(
            "unknown-decision",
            at,
            f"The business rule task '{node.id}' makes the decision '{id}', and there is none of that id"
            f"{nearest(id, sorted(decisions))}.",
            "Deploy the file that has it together with this one, or before the task is reached.",
        )
