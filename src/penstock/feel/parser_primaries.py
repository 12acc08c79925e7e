"""The grammar of what an expression is made of: literals, names, lists, contexts, ranges and parentheses."""

from __future__ import annotations

import decimal
from typing import TYPE_CHECKING

from penstock.feel.cursor import RESERVED
from penstock.feel.errors import FeelSyntaxError
from penstock.feel.lexer import AT, NAME, NUMBER, QUOTED, STRING, Token, unescape
from penstock.feel.names import widen
from penstock.feel.syntax import AtLiteral, ContextOf, ListOf, Literal, Name, Node, RangeOf
from penstock.feel.values import DIGITS, NUMBERS

if TYPE_CHECKING:
    from penstock.feel.parser import Parser

_CONSTANTS = {"true": True, "false": False, "null": None}


def read_primary(parser: Parser) -> Node:
    """Read a literal, a name, a list, a context, a range or a parenthesis."""
    token = parser.token
    kind = token.kind
    if kind == NAME:
        return _name(parser)
    if kind == NUMBER:
        return _number(parser, parser.advance())
    if kind == STRING:
        parser.advance()
        return Literal(unescape(token, parser.text), token.start)
    if kind == AT:
        parser.advance()
        return AtLiteral(unescape(token, parser.text), token.start)
    if kind == QUOTED:
        parser.advance()
        return Name(token.text[1:-1], token.start)
    if token.text == "[":
        return _list(parser, parser.advance())
    if token.text == "(":
        return _group(parser, parser.advance())
    if token.text == "{":
        return _context(parser, parser.advance())
    if token.text == "]":
        parser.advance()
        start = parser.expression()
        return _range(parser, start, False, token)
    raise parser.unexpected(("a value",))


def _name(parser: Parser) -> Node:
    token = parser.token
    known = parser.known_name()
    if known is not None:
        return Name(known, token.start)
    text = token.text
    if text in _CONSTANTS:
        parser.advance()
        return Literal(_CONSTANTS[text], token.start)
    if text in RESERVED and not (text in ("and", "or") and parser.tokens[parser.index + 1].text == "("):
        raise parser.unexpected(("a value",))
    parser.advance()
    return Name(text, token.start)


def _number(parser: Parser, token: Token) -> Node:
    text = token.text
    if text.isdigit() and len(text.lstrip("0")) <= DIGITS:
        return Literal(int(text.lstrip("0") or "0"), token.start)
    try:
        return Literal(NUMBERS.create_decimal(text), token.start)
    except decimal.DecimalException:
        raise FeelSyntaxError("the number is too large", parser.text, token.start) from None


def _list(parser: Parser, bracket: Token) -> Node:
    if parser.accept("]"):
        return ListOf((), bracket.start)
    first = parser.expression()
    if parser.at(".."):
        return _range(parser, first, True, bracket)
    items = [first]
    while parser.accept(","):
        items.append(parser.expression())
    if not parser.at("]"):
        raise parser.unexpected(("','", "']'", "'..'"))
    parser.advance()
    return ListOf(tuple(items), bracket.start)


def _group(parser: Parser, bracket: Token) -> Node:
    node = parser.expression()
    if parser.at(".."):
        return _range(parser, node, False, bracket)
    if parser.at(","):
        raise FeelSyntaxError(
            "a list in parentheses may only stand to the right of 'in'",
            parser.text,
            parser.token.start,
            ("')'",),
            "write a list as [a, b]",
        )
    parser.expect(")")
    return node


def _range(parser: Parser, start: Node, included: bool, bracket: Token) -> Node:
    parser.expect("..")
    end = parser.range_end()
    if not (parser.at("]") or parser.at(")") or parser.at("[")):
        raise parser.unexpected(("']'", "')'"))
    return RangeOf(start, end, included, parser.advance().text == "]", bracket.start)


def _context(parser: Parser, bracket: Token) -> Node:
    outer = parser.scope
    entries: list[tuple[str, Node]] = []
    while not (parser.at("}") and not entries):
        key = parser.key()
        parser.expect(":")
        entries.append((key, parser.expression()))
        parser.scope = widen(parser.scope, (key,))
        if not parser.accept(","):
            break
    parser.scope = outer
    if not parser.at("}"):
        raise parser.unexpected(("','", "'}'"))
    parser.advance()
    return ContextOf(tuple(entries), bracket.start)
