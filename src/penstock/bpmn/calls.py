"""Call activities (BPMN 10.3.6): which process is called, in which version, and with which variables."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from penstock.bpmn import expressions, texts
from penstock.bpmn.findings import Report
from penstock.bpmn.global_tasks import called_by
from penstock.bpmn.names import Spot
from penstock.bpmn.raw import RawNode
from penstock.bpmn.sources import open_source
from penstock.feel.hints import nearest
from penstock.kernel.definition import Binding, CallSpec, Expression

_BINDINGS: Final[dict[str | None, Binding]] = {
    None: "latest",
    "latest": "latest",
    "deployment": "deployment",
    "versionTag": "tag",
}


def compile_call(node: RawNode, processes: Collection[str] | None, report: Report) -> CallSpec | None:
    """Compile what a call activity calls.

    Arguments:
        node: the call activity.
        processes: the ids of the processes that there are; None if they are not known.
        report: takes what is wrong.
    """
    settings, at = node.settings, Spot(node.id, node.settings.called_line or node.line)
    process = _process(node, at, report)
    binding = binding_of(settings.binding, settings.called_tag, f"The call activity '{node.id}'", at, report)
    if isinstance(process, expressions.Constant) and processes is not None:
        _check_known(node, process.text, processes, at, report)
    if process is None or binding is None:
        return None
    key = texts.feel_or_text(settings.business_key, node.id, report)
    passed = settings.all_in, settings.all_out, key, settings.local_out
    return CallSpec(process, binding, settings.called_tag, *passed)


def _check_known(node: RawNode, id: str, processes: Collection[str], at: Spot, report: Report) -> None:
    if id not in processes:
        report.warning(
            "unknown-process",
            at,
            f"The call activity '{node.id}' calls the process '{id}', and there is none of that id"
            f"{nearest(id, sorted(processes))}.",
            "Deploy the file that has it together with this one, or before the call is reached.",
        )


def binding_of(said: str | None, tag: str | None, what: str, at: Spot, report: Report) -> Binding | None:
    """Give which version of a process, a decision or a form is meant; None after a finding.

    Arguments:
        said: the type of the binding, as the model has it.
        tag: the version tag, if it names one.
        what: the element, to begin a sentence with.
        at: its place.
        report: takes what is wrong.
    """
    binding = _BINDINGS.get(said)
    if binding is None:
        report.error(
            "invalid-binding",
            at,
            f"{what} has the bindingType {said!r}, which Penstock does not know.",
            "Write latest, deployment or versionTag.",
        )
    if binding == "tag" and tag is None:
        report.error(
            "missing-attribute",
            at,
            f"{what} is bound to a version tag and names none.",
            "Give it the attribute versionTag.",
        )
    return binding


def _process(node: RawNode, at: Spot, report: Report) -> Expression | None:
    if node.settings.called is not None:
        return texts.feel_or_text(node.settings.called, node.id, report)
    if node.called is None:
        report.error(
            "missing-called-process",
            at,
            f"The call activity '{node.id}' does not say which process it calls.",
            'Add <zeebe:calledElement processId="..."/>, or the attribute calledElement.',
        )
        return None
    source = open_source(node.called, "the called process", at, report)
    if source is None:
        return None
    if source.feel:
        return texts.feel_or_text(source, node.id, report)
    name = called_by(node.called, node) or ""
    return expressions.constant(name, name)
