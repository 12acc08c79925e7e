"""Translate simple JUEL expressions, `${amount > 100 && !urgent}`, to FEEL.

Many models in the wild carry them. What has an exact counterpart in FEEL is translated: comparisons,
logic, arithmetic, `? :`, paths and literals, the methods of texts and lists that FEEL has functions for, and
texts with such expressions in them. All other calls, indexes and `empty` are refused, since their meaning
hangs on Java objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_WRAPPED = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_PART = re.compile(r"[$#]\{([^{}]*)\}")
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?)
  | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
  | (?P<method>\.[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign>&&|\|\||==|!=|<=|>=|[<>!+\-*/(),?:])
    )""",
    re.VERBOSE,
)
_WORDS = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
}
_NAMES = {"loopCounter": "(loopCounter - 1)"}
"""The variables that count otherwise there: from 0, where BPMN counts from 1 (10.3.8)."""
_METHODS = {
    "concat": "({0} + {1})",
    "contains": "(if {0} instance of string then contains({0}, {1}) else list contains({0}, {1}))",
    "endsWith": "ends with({0}, {1})",
    "equals": "({0} = {1})",
    "equalsIgnoreCase": "(lower case({0}) = lower case({1}))",
    "isEmpty": '(if {0} instance of string then {0} = "" else count({0}) = 0)',
    "length": "string length({0})",
    "size": "count({0})",
    "startsWith": "starts with({0}, {1})",
    "toLowerCase": "lower case({0})",
    "toUpperCase": "upper case({0})",
}
"""The methods of texts and lists that have an exact counterpart, over the receiver and the arguments."""
_REFUSED_WORDS = frozenset({"empty", "mod", "div", "instanceof"})
_MAX_DEPTH = 50


class NotTranslatable(ValueError):
    """The expression has no exact counterpart in FEEL; the message says which part of it."""


def looks_like_juel(text: str) -> bool:
    """Tell whether a text is meant as JUEL, as a whole or in part."""
    return "${" in text or "#{" in text


def to_feel(text: str) -> str:
    """Give the FEEL expression, without a leading `=`, that means the same as `${...}`.

    Raises:
        NotTranslatable: something in it has no exact counterpart.
    """
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped is None or "{" in wrapped[1]:
        raise NotTranslatable("text and expressions are mixed")
    return _translated(wrapped[1])


def template_to_feel(text: str) -> str:
    """Give the FEEL expression for a text in which `${...}` may stand beside others: `Order ${id}`.

    What has no value leaves nothing in the text.

    Raises:
        NotTranslatable: something in it has no exact counterpart.
    """
    if _WRAPPED.fullmatch(text) and len(_PART.findall(text)) < 2:
        return to_feel(text)
    parts = _PART.split(text)
    if any(looks_like_juel(literal) for literal in parts[::2]):
        raise NotTranslatable("a brace is not closed, or is within an expression")
    pieces = [
        f"string({_translated(part)})" if place % 2 else quoted(part)
        for place, part in enumerate(parts)
        if part or place % 2
    ]
    return f"string join([{', '.join(pieces)}])"


def quoted(text: str) -> str:
    """Give the text as FEEL writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _translated(text: str) -> str:
    parser = _Parser(_tokens(text))
    feel = parser.choice()
    if parser.token[0] != "end":
        raise NotTranslatable(f"'{parser.token[1]}' was not expected")
    return feel


_Token = tuple[str, str]


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotTranslatable(f"'{text[position:].strip()[:10]}' has no counterpart in FEEL")
        position = match.end()
        kind = str(match.lastgroup)
        tokens.append(_word(kind, match[kind]))
    tokens.append(("end", "the end"))
    return tokens


def _word(kind: str, text: str) -> _Token:
    if kind == "name" and text in _REFUSED_WORDS:
        raise NotTranslatable(f"'{text}' has no exact counterpart in FEEL")
    if kind == "name" and text in _WORDS:
        return "sign", _WORDS[text]
    return kind, text


class _Parser:
    """A parser by recursive descent, in JUEL's order of precedence, that writes FEEL as it reads."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    @property
    def token(self) -> _Token:
        return self._tokens[self._position]

    def choice(self) -> str:
        condition = self._chain(self._both, {"||": "or"})
        if self._take({"?": ""}) is None:
            return condition
        # Brackets, since FEEL's `else` reaches as far to the right as it can.
        self._deeper()
        one = self.choice()
        if self._take({":": ""}) is None:
            raise NotTranslatable("`?` has no `:`")
        other = self.choice()
        self._depth -= 1
        return f"(if {condition} then {one} else {other})"

    def _both(self) -> str:
        return self._chain(self._equality, {"&&": "and"})

    def _equality(self) -> str:
        return self._pair(self._comparison, {"==": "=", "!=": "!="})

    def _comparison(self) -> str:
        return self._pair(self._sum, {sign: sign for sign in ("<", ">", "<=", ">=")})

    def _sum(self) -> str:
        return self._chain(self._product, {"+": "+", "-": "-"})

    def _product(self) -> str:
        return self._chain(self._unary, {"*": "*", "/": "/"})

    def _chain(self, operand: Callable[[], str], signs: dict[str, str]) -> str:
        left = operand()
        while (sign := self._take(signs)) is not None:
            left = f"{left} {signs[sign]} {operand()}"
        return left

    def _pair(self, operand: Callable[[], str], signs: dict[str, str]) -> str:
        # FEEL compares two values and no more, so JUEL's a == b == c needs brackets.
        left = operand()
        bracketed = False
        while (sign := self._take(signs)) is not None:
            left = f"({left})" if bracketed else left
            left = f"{left} {signs[sign]} {operand()}"
            bracketed = True
        return left

    def _unary(self) -> str:
        self._deeper()
        try:
            if self._take({"!": ""}) is not None:
                return f"not({self._unary()})"
            if self._take({"-": ""}) is not None:
                return f"-{self._unary()}"
            return self._primary()
        finally:
            self._depth -= 1

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise NotTranslatable(f"it is nested more than {_MAX_DEPTH} deep")

    def _primary(self) -> str:
        value = self._value()
        while self.token[0] == "method":
            name = self.token[1].removeprefix(".")
            self._position += 1
            value = self._call(value, name)
        return value

    def _value(self) -> str:
        kind, text = self.token
        if self._take({"(": ""}) is not None:
            inner = self.choice()
            if self._take({")": ""}) is None:
                raise NotTranslatable("a closing bracket is missing")
            return f"({inner})"
        if kind not in ("number", "string", "name"):
            raise NotTranslatable(f"a value was expected, but there is {text}")
        self._position += 1
        if kind == "string":
            return _string(text)
        if self.token == ("sign", "("):
            receiver, _, method = text.rpartition(".")
            return self._call(_NAMES.get(receiver, receiver), method)
        return _NAMES.get(text, text)

    def _call(self, receiver: str, method: str) -> str:
        if self._take({"(": ""}) is None:
            raise NotTranslatable(f"'.{method}' was not expected")
        given = [receiver]
        while self._take({")": ""}) is None:
            if len(given) > 1 and self._take({",": ""}) is None:
                raise NotTranslatable("a closing bracket is missing")
            given.append(self.choice())
        pattern = _METHODS.get(method)
        if pattern is None or not receiver or len(given) != (2 if "{1}" in pattern else 1):
            raise NotTranslatable(f"the call of '{method}' has no counterpart in FEEL")
        return pattern.format(*given)

    def _take(self, signs: dict[str, str]) -> str | None:
        kind, text = self.token
        if kind == "sign" and text in signs:
            self._position += 1
            return text
        return None


def _string(text: str) -> str:
    # JUEL escapes a quote or a backslash by a backslash, and knows no other escape.
    return quoted(re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL))
