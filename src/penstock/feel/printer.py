"""Syntax tree to text: what `parse` reads back as the same tree.

Parentheses stand only where the tree needs them. Names that are no plain names are written in backticks, so
that the text can be read without knowing which names are in scope.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from penstock.feel.cursor import RESERVED
from penstock.feel.lexer import is_plain_name
from penstock.feel.stack import fresh, roomy
from penstock.feel.syntax import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    Conjunction,
    ContextOf,
    ContextType,
    Disjunction,
    Filter,
    For,
    FunctionOf,
    FunctionType,
    If,
    In,
    InstanceOf,
    Iterator,
    ListOf,
    ListType,
    Literal,
    Name,
    NamedType,
    Negation,
    Node,
    Path,
    Quantified,
    RangeOf,
    Test,
    Type,
    UnaryTests,
)
from penstock.feel.text import quoted, to_text

_OR, _AND, _COMPARISON, _ADDITIVE, _MULTIPLICATIVE, _POWER, _NEGATION, _INSTANCE, _POSTFIX = range(1, 10)
_WORDS = RESERVED | {"true", "false", "null", "if", "for", "some", "every", "function", "between", "instance"}
_CHAINS = {"+": _ADDITIVE, "-": _ADDITIVE, "*": _MULTIPLICATIVE, "/": _MULTIPLICATIVE, "**": _POWER}


_PIECE = 50
"""Levels of the tree that are written on one stack."""
Show: TypeAlias = Callable[[Node, int], str]
"""Gives the text of a node within another, in parentheses if it binds more loosely than its place allows."""


def print_tree(node: Node) -> str:
    """Give the text of a syntax tree."""
    return roomy(lambda: _printed(node))


def _printed(root: Node) -> str:
    depth = 0

    def show(node: Node, least: int) -> str:
        nonlocal depth
        level, writer = _WRITERS[type(node)]
        if isinstance(node, Arithmetic):
            level = _CHAINS[node.rest[0].operator]
        depth += 1
        text = writer(node, show) if depth % _PIECE else fresh(lambda: writer(node, show))
        depth -= 1
        return f"({text})" if level < least else text

    return show(root, 0)


def name_text(name: str) -> str:
    """Give a name as it can be written anywhere."""
    return name if is_plain_name(name) and name not in _WORDS else f"`{name}`"


def _literal(node: Literal, _: Show) -> str:
    return to_text(node.value) if not isinstance(node.value, str) else quoted(node.value)


def _arithmetic(node: Arithmetic, show: Show) -> str:
    level = _CHAINS[node.rest[0].operator]
    rest = "".join(f" {term.operator} {show(term.operand, level + 1)}" for term in node.rest)
    return show(node.first, level + 1) + rest


def _comparison(node: Comparison, show: Show) -> str:
    return f"{show(node.left, _COMPARISON)} {node.operator} {show(node.right, _ADDITIVE)}"


def _between(node: Between, show: Show) -> str:
    value, low, high = show(node.value, _COMPARISON), show(node.low, _ADDITIVE), show(node.high, _ADDITIVE)
    return f"{value} between {low} and {high}"


def _in(node: In, show: Show) -> str:
    value = show(node.value, _COMPARISON)
    if len(node.tests) == 1:
        return f"{value} in {show(node.tests[0], _ADDITIVE)}"
    return f"{value} in ({_items(node.tests, show)})"


def _call(node: Call, show: Show) -> str:
    if node.names is None:
        return f"{show(node.function, _POSTFIX)}({_items(node.arguments, show)})"
    pairs = zip(node.names, node.arguments, strict=True)
    named = ", ".join(f"{quoted(name)}: {show(argument, 0)}" for name, argument in pairs)
    return f"{show(node.function, _POSTFIX)}({named})"


def _if(node: If, show: Show) -> str:
    branches = (f"if {show(condition, 0)} then {show(result, 0)}" for condition, result in node.branches)
    # An 'if' that follows 'else' would be read as one more branch.
    otherwise = (
        f"({_if(node.otherwise, show)})" if isinstance(node.otherwise, If) else show(node.otherwise, 0)
    )
    return f"{' else '.join(branches)} else {otherwise}"


def _iterators(iterators: tuple[Iterator, ...], show: Show) -> str:
    return ", ".join(
        f"{name_text(iterator.name)} in {show(iterator.start, 0)}"
        + ("" if iterator.end is None else f"..{show(iterator.end, 0)}")
        for iterator in iterators
    )


def _quantified(node: Quantified, show: Show) -> str:
    word = "every" if node.every else "some"
    return f"{word} {_iterators(node.iterators, show)} satisfies {show(node.condition, 0)}"


def _context(node: ContextOf, show: Show) -> str:
    return "{" + ", ".join(f"{quoted(key)}: {show(value, 0)}" for key, value in node.entries) + "}"


def _range(node: RangeOf, show: Show) -> str:
    opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
    return f"{opening}{show(node.start, 0)}..{show(node.end, _ADDITIVE)}{closing}"


def _function(node: FunctionOf, show: Show) -> str:
    parameters = ", ".join(
        name_text(name) + ("" if type is None else f": {type_text(type)}") for name, type in node.parameters
    )
    word = "external " if node.external else ""
    return f"function({parameters}) {word}{show(node.body, 0)}"


def _unary_tests(node: UnaryTests, show: Show) -> str:
    if not node.tests:
        return "-"
    return f"not({_items(node.tests, show)})" if node.negated else _items(node.tests, show)


def _items(nodes: tuple[Node, ...], show: Show) -> str:
    return ", ".join(show(node, 0) for node in nodes)


def type_text(type: Type) -> str:
    """Give the text of a type."""
    if isinstance(type, NamedType):
        return type.name
    if isinstance(type, ContextType):
        return f"context<{', '.join(f'{name}: {type_text(of)}' for name, of in type.fields)}>"
    if isinstance(type, FunctionType):
        return f"function<{', '.join(map(type_text, type.parameters))}> -> {type_text(type.result)}"
    return f"{'list' if isinstance(type, ListType) else 'range'}<{type_text(type.element)}>"


_WRITERS: dict[type, tuple[int, Callable[[Any, Show], str]]] = {
    Literal: (_POSTFIX, _literal),
    AtLiteral: (_POSTFIX, lambda node, _: f"@{quoted(node.text)}"),
    Name: (_POSTFIX, lambda node, _: name_text(node.name)),
    Negation: (_NEGATION, lambda node, show: f"-{show(node.operand, _NEGATION)}"),
    Arithmetic: (_ADDITIVE, _arithmetic),
    Comparison: (_COMPARISON, _comparison),
    Between: (_COMPARISON, _between),
    In: (_COMPARISON, _in),
    Conjunction: (_AND, lambda node, show: " and ".join(show(part, _AND + 1) for part in node.operands)),
    Disjunction: (_OR, lambda node, show: " or ".join(show(part, _OR + 1) for part in node.operands)),
    InstanceOf: (
        _INSTANCE,
        lambda node, show: f"{show(node.value, _INSTANCE)} instance of {type_text(node.type)}",
    ),
    Path: (_POSTFIX, lambda node, show: f"{show(node.source, _POSTFIX)}.{name_text(node.name)}"),
    Filter: (_POSTFIX, lambda node, show: f"{show(node.source, _POSTFIX)}[{show(node.condition, 0)}]"),
    Call: (_POSTFIX, _call),
    If: (0, _if),
    For: (0, lambda node, show: f"for {_iterators(node.iterators, show)} return {show(node.result, 0)}"),
    Quantified: (0, _quantified),
    ListOf: (_POSTFIX, lambda node, show: f"[{_items(node.items, show)}]"),
    ContextOf: (_POSTFIX, _context),
    RangeOf: (_POSTFIX, _range),
    Test: (0, lambda node, show: f"{node.operator} {show(node.operand, _ADDITIVE)}"),
    FunctionOf: (0, _function),
    UnaryTests: (0, _unary_tests),
}
"""How tightly each node binds, and what writes it."""
