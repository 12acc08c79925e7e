"""What somebody probably meant who wrote what is no FEEL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from penstock.feel.lexer import NAME, NUMBER, SYMBOL, Token, collapse
from penstock.feel.names import Scope

_OPERATORS = ("and", "or", "in", "between", "instance", "then", "else", "return", "satisfies")
_OPENERS = ("for", "if", "some", "every", "function")
_MOST = 500
"""Names in scope that are looked at."""


def suggestion(
    text: str, tokens: Sequence[Token], index: int, expected: tuple[str, ...], scope: Scope
) -> str | None:
    """Say what could stand instead of an unexpected token.

    Args:
        text: the text.
        tokens: its tokens.
        index: that of the token which was not expected.
        expected: what was expected there, as the message names it.
        scope: the names of several tokens that are known there.
    """
    token = tokens[index]
    before = tokens[index - 1] if index else None
    if token.kind == NAME:
        return _for_name(text, tokens, index, expected, scope)
    if token.kind == SYMBOL:
        return _for_symbol(token, before, tokens[index + 1])
    if token.kind == NUMBER and before is not None and before.text == "not":
        return "write not(...)"
    return None


def _for_symbol(token: Token, before: Token | None, after: Token) -> str | None:
    previous = "" if before is None else before.text
    joined = before is not None and before.end == token.start
    match token.text:
        case "&":
            return "did you mean 'and'?"
        case "|":
            return "did you mean 'or'?"
        case "'":
            return 'a string is written in double quotes, as "text"'
        case "!":
            return "write not(...)"
        case "=" if previous == "=":
            return "equality is one '='"
        case ">" if joined and previous == "<":
            return "write != for 'is not'"
        case "@" if after.kind == NUMBER:
            return 'a date is written in quotes, as @"2030-01-15"'
        case "%":
            return "there is no '%'; write modulo(a, b), or divide by 100"
        case "[" if previous == "of" and before is not None:
            return "did you mean 'in'?"
    return None


def _for_name(
    text: str, tokens: Sequence[Token], index: int, expected: tuple[str, ...], scope: Scope
) -> str | None:
    token = tokens[index]
    words = [part.strip("'") for part in expected if part.startswith("'")]
    if "an operator" in expected:
        words += _OPERATORS
    close = _nearest(token.text.lower(), words)
    if close is not None:
        return f"did you mean '{close}'?"
    before = tokens[index - 1] if index else None
    if before is None or before.kind != NAME:
        return None
    if token.text == "?":
        return "a choice is written if a then b else c"
    if before.text == "not":
        return f"write not({token.text})"
    if before.text == "is" or token.text == "is":
        return "a comparison is written with '=', as a = null"
    known = _nearest(_words_around(text, tokens, index), _names(scope), 0.7)
    if known is not None:
        return f"did you mean '{known}'?"
    opener = _nearest(before.text.lower(), _OPENERS)
    if opener is not None and opener != before.text:
        return f"did you mean '{opener}' for '{before.text}'?"
    name = f"{before.text} {token.text}"
    return f"if {name!r} is one name, it must be known here; else an operator is missing"


def _words_around(text: str, tokens: Sequence[Token], index: int) -> str:
    """Give the words in a row of which a token is one: they may be meant as one name."""
    first = last = index
    while first and tokens[first - 1].kind == NAME:
        first -= 1
    while tokens[last + 1].kind == NAME and last - first < _MOST:
        last += 1
    return collapse(text[tokens[first].start : tokens[last].end])


def _names(scope: Scope) -> list[str]:
    return [name for entries in scope.values() for _, name in entries][:_MOST]


def _nearest(word: str, words: Iterable[str], least: float = 0.6) -> str | None:
    # Only an error needs it, and it is slow to import.
    from difflib import get_close_matches

    close = get_close_matches(word, words, 1, least) if len(word) < 60 else []
    return close[0] if close else None
