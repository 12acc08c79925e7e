"""XML to boxed expressions (DMN 1.5, 10.2.1): one function for each kind, and one table of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Literal as OneOf, cast, get_args

from penstock.dmn.names import child, children
from penstock.dmn.raw import (
    Aggregation,
    Binding,
    Boxed,
    Conditional,
    Context,
    Entry,
    Filter,
    Function,
    HitPolicy,
    Input,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    Output,
    Relation,
    Rule,
    Table,
    Variable,
)
from penstock.dmn.texts import Reader, literal_of, name_of, type_of
from penstock.xml import Xml, attribute, local_name, spot_of

_NULL: Final = "null"
_ANYTHING: Final = "-"
_MOST_ENTRIES: Final = 1000
"""Entries of a context: each sees those before it, so that their work grows with the square."""


def boxed_in(xml: Xml | None, reader: Reader) -> Boxed | None:
    """Give the expression that stands inside an element, or None if there is none."""
    found = None if xml is None else child(xml, *_KINDS)
    return None if found is None else boxed(found, reader)


def boxed(xml: Xml, reader: Reader) -> Boxed:
    """Give the expression that an element is."""
    return _KINDS[local_name(xml)](xml, reader)


def _literal(xml: Xml, reader: Reader) -> Literal:
    found = literal_of(xml, reader)
    if found is None and child(xml, "importedValues") is not None:
        reader.report.error(
            "imported-values",
            spot_of(xml),
            "The expression takes its value from another file (importedValues).",
            "Write the value into the model, or give it as input data.",
        )
    return found or Literal(_NULL, type_of(xml, reader), spot_of(xml))


def _context(xml: Xml, reader: Reader) -> Context:
    entries = tuple(_entry(entry, reader) for entry in children(xml, "contextEntry"))
    if len(entries) > _MOST_ENTRIES:
        reader.report.error(
            "too-many-entries",
            spot_of(xml),
            f"The context has {len(entries)} entries; at most {_MOST_ENTRIES} are read.",
            "Divide it into several contexts.",
        )
        entries = entries[:_MOST_ENTRIES]
    return Context(entries, type_of(xml, reader), spot_of(xml))


def _entry(xml: Xml, reader: Reader) -> Entry:
    holder = child(xml, "variable")
    variable = None if holder is None else _variable(holder, reader)
    return Entry(variable, boxed_in(xml, reader), spot_of(xml))


def _variable(xml: Xml, reader: Reader) -> Variable:
    return Variable(name_of(xml) or "", type_of(xml, reader), spot_of(xml))


def _list(xml: Xml, reader: Reader) -> ListOf:
    items = tuple(boxed(item, reader) for item in children(xml, *_KINDS))
    return ListOf(items, type_of(xml, reader), spot_of(xml))


def _relation(xml: Xml, reader: Reader) -> Relation:
    columns = tuple(_variable(column, reader) for column in children(xml, "column"))
    rows = tuple(
        tuple(boxed(cell, reader) for cell in children(row, *_KINDS)) for row in children(xml, "row")
    )
    for row, cells in zip(children(xml, "row"), rows, strict=True):
        if len(cells) != len(columns):
            _report_width(row, len(cells), len(columns), "row", reader)
    return Relation(columns, rows, type_of(xml, reader), spot_of(xml))


def _invocation(xml: Xml, reader: Reader) -> Invocation:
    bindings = []
    for binding in children(xml, "binding"):
        parameter = child(binding, "parameter")
        name = "" if parameter is None else name_of(parameter) or ""
        bindings.append(Binding(name, boxed_in(binding, reader), spot_of(binding)))
    return Invocation(boxed_in(xml, reader), tuple(bindings), type_of(xml, reader), spot_of(xml))


def function_of(xml: Xml, reader: Reader) -> Function:
    """Give a function definition, which is also the encapsulated logic of a business knowledge model."""
    kind = attribute(xml, "kind") or "FEEL"
    if kind.upper() not in ("FEEL", "F"):
        reader.report.error(
            "external-function",
            spot_of(xml),
            f"The function is written in {kind}; a model may not run code on the server.",
            "Write the function in FEEL, or call a task function before the decision.",
        )
    parameters = tuple(_variable(parameter, reader) for parameter in children(xml, "formalParameter"))
    body = None if kind.upper() not in ("FEEL", "F") else boxed_in(xml, reader)
    return Function(parameters, body, kind, type_of(xml, reader), spot_of(xml))


def _conditional(xml: Xml, reader: Reader) -> Conditional:
    condition, then, otherwise = (boxed_in(child(xml, part), reader) for part in ("if", "then", "else"))
    return Conditional(condition, then, otherwise, type_of(xml, reader), spot_of(xml))


def _filter(xml: Xml, reader: Reader) -> Filter:
    source, match = (boxed_in(child(xml, part), reader) for part in ("in", "match"))
    return Filter(source, match, type_of(xml, reader), spot_of(xml))


def _iteration(xml: Xml, reader: Reader, word: OneOf["for", "some", "every"]) -> Iteration:
    source = boxed_in(child(xml, "in"), reader)
    body = boxed_in(child(xml, "return" if word == "for" else "satisfies"), reader)
    variable = attribute(xml, "iteratorVariable")
    if variable is None:
        reader.report.error(
            "iterator-without-variable",
            spot_of(xml),
            f"The boxed '{word}' has no iteratorVariable.",
            "Name the variable that stands for each item.",
        )
    return Iteration(word, variable or "", source, body, type_of(xml, reader), spot_of(xml))


# -- decision tables -------------------------------------------------------------------------------


def _table(xml: Xml, reader: Reader) -> Table:
    inputs = tuple(_input(clause, reader) for clause in children(xml, "input"))
    outputs = tuple(_output(clause, reader) for clause in children(xml, "output"))
    if not outputs:
        reader.report.error(
            "table-without-output",
            spot_of(xml),
            "The decision table has no output.",
            "Add an output column.",
        )
    rules = tuple(_rule(rule, len(inputs), len(outputs), reader) for rule in children(xml, "rule"))
    return Table(
        id=attribute(xml, "id"),
        inputs=inputs,
        outputs=outputs,
        rules=rules,
        hit_policy=_hit_policy(xml, reader),
        aggregation=_aggregation(xml, reader),
        type=type_of(xml, reader),
        at=spot_of(xml),
    )


def _input(xml: Xml, reader: Reader) -> Input:
    holder = child(xml, "inputExpression")
    expression = literal_of(holder, reader)
    if expression is None:
        label = attribute(xml, "label") or ""
        reader.report.error(
            "input-without-expression",
            spot_of(xml),
            f"The input column '{label}' has no expression.",
            "Write what the column asks of, such as the name of an input.",
        )
        type = None if holder is None else type_of(holder, reader)
        expression = Literal(_NULL, type, spot_of(xml))
    values = literal_of(child(xml, "inputValues"), reader)
    return Input(attribute(xml, "label") or expression.text, expression, values)


def _output(xml: Xml, reader: Reader) -> Output:
    name = name_of(xml)
    return Output(
        name=name,
        label=attribute(xml, "label") or name or "",
        type=type_of(xml, reader),
        values=literal_of(child(xml, "outputValues"), reader),
        default=literal_of(child(xml, "defaultOutputEntry"), reader),
        at=spot_of(xml),
    )


def _rule(xml: Xml, inputs: int, outputs: int, reader: Reader) -> Rule:
    tests = tuple(_cell(entry, _ANYTHING, reader) for entry in children(xml, "inputEntry"))
    results = tuple(_cell(entry, _NULL, reader) for entry in children(xml, "outputEntry"))
    if len(tests) != inputs:
        _report_width(xml, len(tests), inputs, "inputs of the rule", reader)
        tests = (*tests, *(Literal(_ANYTHING, None, spot_of(xml)) for _ in range(inputs)))[:inputs]
    if len(results) != outputs:
        _report_width(xml, len(results), outputs, "outputs of the rule", reader)
        results = (*results, *(Literal(_NULL, None, spot_of(xml)) for _ in range(outputs)))[:outputs]
    return Rule(attribute(xml, "id"), tests, results, spot_of(xml))


def _cell(xml: Xml, empty: str, reader: Reader) -> Literal:
    return literal_of(xml, reader) or Literal(empty, None, spot_of(xml))


def _report_width(xml: Xml, found: int, wanted: int, what: str, reader: Reader) -> None:
    reader.report.error(
        "cells-do-not-fit",
        spot_of(xml),
        f"The cells of the {what} are {found}, the columns {wanted}.",
        "Give each column one cell.",
    )


def _hit_policy(xml: Xml, reader: Reader) -> HitPolicy:
    text = attribute(xml, "hitPolicy") or "UNIQUE"
    if text in get_args(HitPolicy):
        return cast(HitPolicy, text)
    known = ", ".join(get_args(HitPolicy))
    reader.report.error(
        "unknown-hit-policy", spot_of(xml), f"There is no hit policy '{text}'.", f"Use one of {known}."
    )
    return "UNIQUE"


def _aggregation(xml: Xml, reader: Reader) -> Aggregation | None:
    text = attribute(xml, "aggregation")
    if text is None or text in get_args(Aggregation):
        return cast("Aggregation | None", text)
    known = ", ".join(get_args(Aggregation))
    reader.report.error(
        "unknown-aggregation", spot_of(xml), f"There is no aggregation '{text}'.", f"Use one of {known}."
    )
    return None


_KINDS: Final[dict[str, Callable[[Xml, Reader], Boxed]]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": function_of,
    "conditional": _conditional,
    "filter": _filter,
    "for": partial(_iteration, word="for"),
    "some": partial(_iteration, word="some"),
    "every": partial(_iteration, word="every"),
    "decisionTable": _table,
}
