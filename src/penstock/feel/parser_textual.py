"""The grammar of expressions that begin with a word: `if`, `for`, `some`, `every` and `function`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from penstock.feel.lexer import Token
from penstock.feel.names import widen
from penstock.feel.syntax import For, FunctionOf, If, Iterator, Node, Quantified, Type
from penstock.feel.typenames import parse_type

if TYPE_CHECKING:
    from penstock.feel.parser import Parser


def _if(parser: Parser, keyword: Token) -> Node:
    branches: list[tuple[Node, Node]] = []
    while True:
        condition = parser.expression()
        parser.expect("then")
        branches.append((condition, parser.expression()))
        parser.expect("else")
        if not parser.accept("if"):
            return If(tuple(branches), parser.expression(), keyword.start)


def _for(parser: Parser, keyword: Token) -> Node:
    outer = parser.scope
    iterators = _iterators(parser, "return")
    parser.expect("return")
    result = parser.expression()
    parser.scope = outer
    return For(iterators, result, keyword.start)


def _quantified(parser: Parser, keyword: Token) -> Node:
    outer = parser.scope
    iterators = _iterators(parser, "satisfies")
    parser.expect("satisfies")
    condition = parser.expression()
    parser.scope = outer
    return Quantified(keyword.text == "every", iterators, condition, keyword.start)


def _iterators(parser: Parser, end: str) -> tuple[Iterator, ...]:
    iterators = []
    while True:
        at = parser.token.start
        name = parser.name(frozenset(("in",)))
        parser.expect("in")
        start = parser.expression()
        last = parser.expression() if parser.accept("..") else None
        iterators.append(Iterator(name, start, last, at))
        parser.scope = widen(parser.scope, (name,))
        if not parser.accept(","):
            break
    if not parser.at(end):
        raise parser.unexpected((f"'{end}'", "','"))
    return tuple(iterators)


def _function(parser: Parser, keyword: Token) -> Node:
    outer = parser.scope
    parser.expect("(")
    parameters: list[tuple[str, Type | None]] = []
    while not parser.at(")"):
        name = parser.name(frozenset((",", ")", ":")))
        parameters.append((name, parse_type(parser) if parser.accept(":") else None))
        if not parser.accept(","):
            break
    parser.expect(")")
    external = _external(parser)
    parser.scope = widen(parser.scope, (name for name, _ in parameters))
    body = parser.expression()
    parser.scope = outer
    return FunctionOf(tuple(parameters), body, external, keyword.start)


def _external(parser: Parser) -> bool:
    """Step over the word before an external body, a context (rule 55): a variable may bear it too."""
    if parser.at("external") and parser.tokens[parser.index + 1].text == "{":
        parser.advance()
        return True
    return False


TEXTUAL: dict[str, Callable[[Parser, Token], Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
}
"""What reads an expression, by its first word."""
