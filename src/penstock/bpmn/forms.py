"""The forms of user tasks and start events: which one, and in which version."""

from __future__ import annotations

from collections.abc import Collection

from penstock.bpmn.calls import binding_of
from penstock.bpmn.findings import Report
from penstock.bpmn.names import Spot
from penstock.bpmn.raw import RawForm, RawNode
from penstock.feel.hints import nearest
from penstock.kernel.definition import FormSpec


def compile_form(node: RawNode, forms: Collection[str] | None, report: Report) -> FormSpec | None:
    """Compile which form an element shows.

    Arguments:
        node: the user task or start event.
        forms: the ids of the forms that there are; None if they are not known.
        report: takes what is wrong.
    """
    form = node.settings.form
    if form is None or not form.id:
        return None
    at = Spot(node.id, form.line or node.line)
    binding = binding_of(form.binding, form.tag, f"The form of '{node.id}'", at, report)
    if binding is None:
        return None
    if form.deployed and forms is not None and form.id not in forms:
        _unknown(node, form, forms, at, report)
    return FormSpec(form.id, binding, form.tag)


def _unknown(node: RawNode, form: RawForm, forms: Collection[str], at: Spot, report: Report) -> None:
    report.warning(
        "unknown-form",
        at,
        f"'{node.id}' shows the form '{form.id}', and there is none of that id"
        f"{nearest(form.id, sorted(forms))}.",
        "Deploy the file that has it together with this one, or before the task is reached.",
    )
