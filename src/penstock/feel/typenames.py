"""Types in expressions: `instance of` and the parameters of functions (DMN 1.5, 10.3.1.2, rules 54 to 57)."""

from __future__ import annotations

from penstock.feel.cursor import Cursor
from penstock.feel.lexer import NAME, collapse
from penstock.feel.syntax import ContextType, FunctionType, ListType, NamedType, RangeType, Type

_LONG_NAMES = (
    ("date", "and", "time"),
    ("days", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
)
_ENDS = frozenset(("and", "or", "then", "else", "return", "satisfies", "in", "between", "instance"))


def parse_type(parser: Cursor) -> Type:
    """Read a type.

    Raises:
        FeelSyntaxError: no type stands here, or types stand inside each other too deeply.
    """
    parser.deeper()
    token = parser.token
    if token.kind != NAME:
        raise parser.unexpected(("a type",))
    follows = parser.tokens[parser.index + 1].text
    if token.text == "function" or (token.text in ("list", "range", "context") and follows == "<"):
        parser.advance()
        if not parser.accept("<"):
            return NamedType("function", token.start)
        return _parametrized(parser, token.text)
    return NamedType(_type_name(parser), token.start)


def _parametrized(parser: Cursor, kind: str) -> Type:
    if kind == "function":
        return _function(parser)
    if kind == "context":
        fields: list[tuple[str, Type]] = []
        while not parser.at(">"):
            name = parser.name(frozenset((":",)))
            parser.expect(":")
            fields.append((name, parse_type(parser)))
            if not parser.accept(","):
                break
        parser.expect(">")
        return ContextType(tuple(fields))
    element = parse_type(parser)
    parser.expect(">")
    return ListType(element) if kind == "list" else RangeType(element)


def _function(parser: Cursor) -> Type:
    parameters: list[Type] = []
    while not parser.at(">"):
        parameters.append(parse_type(parser))
        if not parser.accept(","):
            break
    parser.expect(">")
    parser.expect("->")
    return FunctionType(tuple(parameters), parse_type(parser))


def _type_name(parser: Cursor) -> str:
    for words in _LONG_NAMES:
        found = tuple(token.text for token in parser.tokens[parser.index : parser.index + len(words)])
        if found == words:
            for _ in words:
                parser.advance()
            return " ".join(words)
    first = last = parser.advance()
    while True:
        if parser.token.kind == NAME and parser.token.text not in _ENDS:
            last = parser.advance()
        elif parser.at(".") and parser.tokens[parser.index + 1].kind == NAME:
            parser.advance()
            last = parser.advance()
        else:
            return collapse(parser.text[first.start : last.end])
