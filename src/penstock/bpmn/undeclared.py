"""Warnings of variables that are read and that nothing sets (docs/decisions/0051).

A process has no list of its variables, and most may come from outside, so that nobody can know all of them.
Two things can be known: that a name is a slip of the pen, since it is nearly that of a variable of the
process; and that nothing can have set a variable, where all that comes before says what it sets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from penstock.bpmn.findings import Report
from penstock.bpmn.graph import Graph
from penstock.bpmn.known import Known
from penstock.bpmn.names import Spot
from penstock.bpmn.order import Order
from penstock.bpmn.reads import reads_of, reads_of_flow
from penstock.bpmn.slips import Names
from penstock.kernel.definition import (
    ChangeTrigger,
    ConditionTrigger,
    CycleTrigger,
    Element,
    ErrorTrigger,
    Kind,
    MessageTrigger,
    MultiInstance,
    ProcessDefinition,
    SignalTrigger,
    TimerTrigger,
    triggers_of,
)


@dataclass(frozen=True, slots=True)
class _Use:
    """An expression that reads a variable."""

    name: str
    text: str
    element: str
    """The element that evaluates it; empty where what it reads may come from outside at any time."""
    at: Spot


@dataclass(frozen=True, slots=True)
class _Variables:
    """What is known of the variables of a process."""

    declared: Collection[str]
    """The data that the file declares, and what an instance has from the first."""
    set_by: Mapping[str, list[str]]
    """By variable, the elements that say that they set it."""
    open: tuple[str, ...]
    """The elements of which nobody knows what variables they set."""
    uses: tuple[_Use, ...]
    reads: dict[str, set[str]] = field(default_factory=dict)
    """By variable, the elements that read it."""

    def names(self) -> Names:
        """Give all names that are set, declared or read."""
        return Names({*self.set_by, *self.declared, *self.reads})


def check_variables(graph: Graph, definition: ProcessDefinition, known: Known, report: Report) -> None:
    """Report what is read and probably never set.

    Arguments:
        graph: the process.
        definition: what it was compiled to.
        known: what there is beside the file.
        report: takes the warnings.
    """
    variables = _variables(graph, definition, known)
    order, names = Order(definition), variables.names()
    said: set[tuple[str | None, str]] = set()
    for use in variables.uses:
        if use.name in variables.declared or (use.at.id, use.name) in said:
            continue
        meant = None if use.name in variables.set_by else _meant(use, names, variables)
        if meant is None and not _never_set(use, variables, order):
            continue
        said.add((use.at.id, use.name))
        _warn(use, meant, variables, report)


def _warn(use: _Use, meant: str | None, variables: _Variables, report: Report) -> None:
    later = variables.set_by.get(use.name, ())
    what = f"before '{later[0]}', which comes after it" if later else "in the process"
    hint = "" if meant is None else f" (did you mean '{meant}'?)"
    report.warning(
        "undeclared-variable",
        use.at,
        f"`{use.text}` of '{use.at.id}' reads the variable '{use.name}', which nothing sets {what}{hint}.",
        f"Write '{meant}', or set '{use.name}' before, by a mapping or as a result."
        if meant is not None
        else "Set it before, by a field of the start's form, a mapping or a result variable; or declare it "
        "as a data object, if it comes from elsewhere.",
    )


def _meant(use: _Use, names: Names, variables: _Variables) -> str | None:
    """Give the variable of which the name is probably a slip of the pen.

    One that is read at several places is none, unless what it is like is read nowhere; nor is it one of a
    variable that nothing sets and that is itself read only once.
    """
    once = len(variables.reads[use.name]) == 1
    for name in names.meant_by(use.name):
        certain = name in variables.set_by or name in variables.declared
        readers = variables.reads.get(name, ())
        if (once or not readers) and (certain or len(readers) > 1):
            return name
    return None


def _never_set(use: _Use, variables: _Variables, order: Order) -> bool:
    """Tell whether all that may come before says what it sets, and it is not among that."""
    if not use.element or any(order.may_precede(open, use.element) for open in variables.open):
        return False
    return not any(order.may_precede(it, use.element) for it in variables.set_by.get(use.name, ()))


# -- what is known -----------------------------------------------------------------------------------


def _variables(graph: Graph, definition: ProcessDefinition, known: Known) -> _Variables:
    set_by: dict[str, list[str]] = {}
    opened: list[str] = []
    for element in definition.elements.values():
        fields = _fields(element, known)
        for name in (*_names(element), *(fields or ())):
            set_by.setdefault(name, []).append(element.id)
        if _is_open(element, definition, fields is not None, graph.process.declares_inputs):
            opened.append(element.id)
        if element.kind is Kind.PROCESS:
            opened.extend(definition.starts)  # its listeners run before them
    uses = tuple(_uses(graph, definition, frozenset(opened)))
    declared = {*graph.process.data, *definition.initial, *definition.listened}
    found = _Variables(declared, set_by, tuple(opened), uses)
    for use in uses:
        found.reads.setdefault(use.name, set()).add(use.at.id or "")
    return found


def _uses(graph: Graph, definition: ProcessDefinition, opened: frozenset[str]) -> Iterator[_Use]:
    lines = {flow.id: flow.line for flows in graph.outgoing.values() for flow in flows}
    for element in definition.elements.values():
        node = graph.process if element.kind is Kind.PROCESS else graph.nodes[element.id]
        at = Spot(element.id, node.line)
        asks = any(isinstance(it, ConditionTrigger) for it in triggers_of(element))
        for name, text in reads_of(element, element.id in opened or _has_result(element)):
            # What an event watches is often set from outside, so that only a slip of the pen is told.
            yield _Use(name, text, "" if asks else element.id, at)
        for flow in element.outgoing:
            for name, text in reads_of_flow(flow.condition):
                yield _Use(name, text, element.id, Spot(flow.id, lines.get(flow.id)))


def _names(element: Element) -> Iterator[str]:
    """Give the variables that an element says that it sets."""
    for mapping in (*element.inputs, *element.outputs):
        yield mapping.target[0]
    loop = element.loop
    kept = (
        element.script.result_variable if element.script is not None else None,
        element.decision.result_variable if element.decision is not None else None,
        element.job.headers.get("resultVariable") if element.job is not None else None,
        *(
            (loop.input_element, loop.output_collection, loop.output_local)
            if isinstance(loop, MultiInstance)
            else ()
        ),
    )
    yield from (name for name in kept if name)


def _fields(element: Element, known: Known) -> Collection[str] | None:
    """Give the fields of the form that a person fills in there; None where there is none that is known."""
    return None if element.form is None else known.fields(element.form.id)


def _has_result(element: Element) -> bool:
    """Tell whether the element gets variables from outside, which its output mappings may read."""
    return (
        element.job is not None
        or element.kind in (Kind.USER_TASK, Kind.CALL_ACTIVITY, Kind.SUB_PROCESS, Kind.TRANSACTION)
        or element.kind in (Kind.AD_HOC_SUB_PROCESS, Kind.START_EVENT)
        or _brings(element)
    )


def _brings(element: Element) -> bool:
    return element.kind not in (Kind.END_EVENT, Kind.INTERMEDIATE_THROW_EVENT, Kind.SEND_TASK) and any(
        isinstance(trigger, MessageTrigger | SignalTrigger | ErrorTrigger) for trigger in triggers_of(element)
    )


def _is_open(element: Element, definition: ProcessDefinition, form: bool, inputs: bool) -> bool:
    """Tell whether the element may set variables that it does not name."""
    if element.listeners is not None:
        return True  # a listener may give any
    if element.outputs and element.kind is not Kind.AD_HOC_SUB_PROCESS:
        return False
    if element.id in definition.starts:
        triggers = triggers_of(element)
        timed = bool(triggers) and all(isinstance(it, TimerTrigger | CycleTrigger) for it in triggers)
        return not (form or inputs or timed)
    if element.job is not None:
        return "resultVariable" not in element.job.headers
    match element.kind:
        case Kind.USER_TASK:
            return not form
        case Kind.CALL_ACTIVITY:
            return element.call is not None and element.call.all_out
        case Kind.SCRIPT_TASK:
            return element.script is not None and element.script.result_variable is None
        case Kind.AD_HOC_SUB_PROCESS:
            return True  # whoever begins one of its activities may give it variables
        case _:
            return _brings(element) or any(isinstance(it, ChangeTrigger) for it in triggers_of(element))
