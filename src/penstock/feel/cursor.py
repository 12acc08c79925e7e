"""A place in the tokens of a text: what each rule of the grammar needs to move on and to complain."""

from __future__ import annotations

from penstock.feel.errors import FeelSyntaxError
from penstock.feel.lexer import (
    END,
    NAME,
    NUMBER,
    QUOTED,
    STRING,
    SYMBOL,
    UNCLOSED,
    Token,
    collapse,
    tokenize,
    unescape,
)
from penstock.feel.names import Scope, longest
from penstock.feel.suggest import suggestion

MAX_NESTING = 200
"""How deep expressions may stand inside each other: beyond what a person can read. Chains (`a + b + ...`,
`if ... else if ...`) are flat and as long as they like.
"""

RESERVED = frozenset(("then", "else", "return", "satisfies", "in", "and", "or"))
"""Words that no expression begins with."""
KEYWORDS = RESERVED | {"between", "instance"}
"""Words that end a name of several words behind a dot."""
NAME_SYMBOLS = frozenset("./-'+*")
"""What a name may hold beside letters and digits (rule 30)."""


class Cursor:
    """A place in the tokens of one text, and the names that are in scope there."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.token: Token = self.tokens[0]
        self.scope = scope
        self.nesting = 0

    def advance(self) -> Token:
        """Step over a token, and give it."""
        token = self.token
        self.index += 1
        self.token = self.tokens[self.index]
        return token

    def at(self, text: str) -> bool:
        """Tell whether the next token is this symbol or word."""
        token = self.token
        return token.text == text and (token.kind == SYMBOL or token.kind == NAME)

    def accept(self, text: str) -> bool:
        """Step over the next token if it is this symbol or word."""
        if self.at(text):
            self.advance()
            return True
        return False

    def expect(self, text: str) -> Token:
        """Step over this symbol or word.

        Raises:
            FeelSyntaxError: something else stands there.
        """
        if not self.at(text):
            raise self.unexpected((f"'{text}'",))
        return self.advance()

    def unexpected(self, expected: tuple[str, ...]) -> FeelSyntaxError:
        """Give the error that says what stands here and what was expected."""
        token = self.token
        if token.kind == END:
            message = "the expression ends too early"
        elif token.kind == UNCLOSED:
            message = "the comment is not closed" if token.text[0] == "/" else "the string is not closed"
        else:
            message = f"unexpected {token.text[:40]!r}"
        hint = suggestion(self.text, self.tokens, self.index, expected, self.scope)
        return FeelSyntaxError(message, self.text, token.start, expected, hint)

    def deeper(self) -> None:
        """Go one level down.

        Raises:
            FeelSyntaxError: that is too deep.
        """
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise FeelSyntaxError(
                f"the expression is nested more than {MAX_NESTING} deep",
                self.text,
                self.token.start,
                suggestion="split it into several",
            )

    def skip(self, count: int) -> None:
        """Move by so many tokens."""
        self.index += count
        self.token = self.tokens[self.index]

    def known_name(self) -> str | None:
        """Step over the longest name of several tokens that is in scope and begins here, and give it."""
        known = longest(self.scope, self.tokens, self.index)
        if known is None:
            return None
        self.skip(known[1])
        return known[0]

    def name(self, ends: frozenset[str]) -> str:
        """Read a name that is being defined: all tokens up to one of `ends` (rules 25 to 30).

        Raises:
            FeelSyntaxError: no name stands here.
        """
        first = self.token
        if first.kind == QUOTED:
            self.advance()
            return first.text[1:-1]
        if first.kind != NAME or first.text in ends:
            raise self.unexpected(("a name",))
        last = first
        while self.token.text not in ends:
            token = self.token
            if not (token.kind in (NAME, NUMBER) or (token.kind == SYMBOL and token.text in NAME_SYMBOLS)):
                raise self.unexpected(tuple(f"'{end}'" for end in sorted(ends)))
            last = self.advance()
        return collapse(self.text[first.start : last.end])

    def key(self) -> str:
        """Read the key of an entry, or the name of an argument: a name or a string (rule 60)."""
        if self.token.kind == STRING:
            return unescape(self.advance(), self.text)
        return self.name(frozenset((":",)))
