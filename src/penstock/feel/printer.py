"""Syntax tree to text: what `parse` reads back as the same tree.

Parentheses stand only where the tree needs them. Names that are no plain names are written in backticks, so
that the text can be read without knowing which names are in scope.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.feel.cursor import RESERVED
from penstock.feel.lexer import is_plain_name
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


def print_tree(node: Node) -> str:
    """Give the text of a syntax tree."""
    return _text(node, 0)


def _text(node: Node, least: int) -> str:
    """Give the text of a node, in parentheses if it binds more loosely than its place allows."""
    level, writer = _WRITERS[type(node)]
    if isinstance(node, Arithmetic):
        level = _CHAINS[node.rest[0].operator]
    text = writer(node)
    return f"({text})" if level < least else text


def name_text(name: str) -> str:
    """Give a name as it can be written anywhere."""
    return name if is_plain_name(name) and name not in _WORDS else f"`{name}`"


def _literal(node: Literal) -> str:
    return to_text(node.value) if not isinstance(node.value, str) else quoted(node.value)


def _arithmetic(node: Arithmetic) -> str:
    level = _CHAINS[node.rest[0].operator]
    rest = "".join(f" {term.operator} {_text(term.operand, level + 1)}" for term in node.rest)
    return _text(node.first, level + 1) + rest


def _comparison(node: Comparison) -> str:
    return f"{_text(node.left, _COMPARISON)} {node.operator} {_text(node.right, _ADDITIVE)}"


def _between(node: Between) -> str:
    value, low, high = _text(node.value, _COMPARISON), _text(node.low, _ADDITIVE), _text(node.high, _ADDITIVE)
    return f"{value} between {low} and {high}"


def _in(node: In) -> str:
    value = _text(node.value, _COMPARISON)
    if len(node.tests) == 1:
        return f"{value} in {_text(node.tests[0], _ADDITIVE)}"
    return f"{value} in ({_items(node.tests)})"


def _call(node: Call) -> str:
    if node.names is None:
        return f"{_text(node.function, _POSTFIX)}({_items(node.arguments)})"
    pairs = zip(node.names, node.arguments, strict=True)
    named = ", ".join(f"{quoted(name)}: {_text(argument, 0)}" for name, argument in pairs)
    return f"{_text(node.function, _POSTFIX)}({named})"


def _if(node: If) -> str:
    branches = (f"if {_text(condition, 0)} then {_text(result, 0)}" for condition, result in node.branches)
    # An 'if' that follows 'else' would be read as one more branch.
    otherwise = f"({_if(node.otherwise)})" if isinstance(node.otherwise, If) else _text(node.otherwise, 0)
    return f"{' else '.join(branches)} else {otherwise}"


def _iterators(iterators: tuple[Iterator, ...]) -> str:
    return ", ".join(
        f"{name_text(iterator.name)} in {_text(iterator.start, 0)}"
        + ("" if iterator.end is None else f"..{_text(iterator.end, 0)}")
        for iterator in iterators
    )


def _quantified(node: Quantified) -> str:
    word = "every" if node.every else "some"
    return f"{word} {_iterators(node.iterators)} satisfies {_text(node.condition, 0)}"


def _context(node: ContextOf) -> str:
    return "{" + ", ".join(f"{quoted(key)}: {_text(value, 0)}" for key, value in node.entries) + "}"


def _range(node: RangeOf) -> str:
    opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
    return f"{opening}{_text(node.start, 0)}..{_text(node.end, _ADDITIVE)}{closing}"


def _function(node: FunctionOf) -> str:
    parameters = ", ".join(
        name_text(name) + ("" if type is None else f": {type_text(type)}") for name, type in node.parameters
    )
    word = "external " if node.external else ""
    return f"function({parameters}) {word}{_text(node.body, 0)}"


def _unary_tests(node: UnaryTests) -> str:
    if not node.tests:
        return "-"
    return f"not({_items(node.tests)})" if node.negated else _items(node.tests)


def _items(nodes: tuple[Node, ...]) -> str:
    return ", ".join(_text(node, 0) for node in nodes)


def type_text(type: Type) -> str:
    """Give the text of a type."""
    if isinstance(type, NamedType):
        return type.name
    if isinstance(type, ContextType):
        return f"context<{', '.join(f'{name}: {type_text(of)}' for name, of in type.fields)}>"
    if isinstance(type, FunctionType):
        return f"function<{', '.join(map(type_text, type.parameters))}> -> {type_text(type.result)}"
    return f"{'list' if isinstance(type, ListType) else 'range'}<{type_text(type.element)}>"


_WRITERS: dict[type, tuple[int, Callable[[Any], str]]] = {
    Literal: (_POSTFIX, _literal),
    AtLiteral: (_POSTFIX, lambda node: f"@{quoted(node.text)}"),
    Name: (_POSTFIX, lambda node: name_text(node.name)),
    Negation: (_NEGATION, lambda node: f"-{_text(node.operand, _NEGATION)}"),
    Arithmetic: (_ADDITIVE, _arithmetic),
    Comparison: (_COMPARISON, _comparison),
    Between: (_COMPARISON, _between),
    In: (_COMPARISON, _in),
    Conjunction: (_AND, lambda node: " and ".join(_text(part, _AND + 1) for part in node.operands)),
    Disjunction: (_OR, lambda node: " or ".join(_text(part, _OR + 1) for part in node.operands)),
    InstanceOf: (
        _INSTANCE,
        lambda node: f"{_text(node.value, _INSTANCE)} instance of {type_text(node.type)}",
    ),
    Path: (_POSTFIX, lambda node: f"{_text(node.source, _POSTFIX)}.{name_text(node.name)}"),
    Filter: (_POSTFIX, lambda node: f"{_text(node.source, _POSTFIX)}[{_text(node.condition, 0)}]"),
    Call: (_POSTFIX, _call),
    If: (0, _if),
    For: (0, lambda node: f"for {_iterators(node.iterators)} return {_text(node.result, 0)}"),
    Quantified: (0, _quantified),
    ListOf: (_POSTFIX, lambda node: f"[{_items(node.items)}]"),
    ContextOf: (_POSTFIX, _context),
    RangeOf: (_POSTFIX, _range),
    Test: (0, lambda node: f"{node.operator} {_text(node.operand, _ADDITIVE)}"),
    FunctionOf: (0, _function),
    UnaryTests: (0, _unary_tests),
}
"""How tightly each node binds, and what writes it."""
