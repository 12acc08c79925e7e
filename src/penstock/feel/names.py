"""Names of several tokens: which are in scope, and how far one reaches in a text (DMN 1.5, 10.3.1.4).

`order - total` is a difference, unless a name is spelled so and in scope; then the longest name wins.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from penstock.feel.lexer import END, NAME, Token, tokenize

Scope: TypeAlias = dict[str, tuple[tuple[tuple[str, ...], str], ...]]
"""By its first token, each name of several tokens: its tokens and the name itself, the longest first."""


def spell(name: str) -> tuple[str, ...]:
    """Give the tokens of a name."""
    return tuple(token.text for token in tokenize(name) if token.kind != END)


def widen(scope: Scope, names: Iterable[str]) -> Scope:
    """Give a scope with further names; names of one token need no entry and are left out."""
    wider = scope
    for name in names:
        tokens = spell(name)
        if len(tokens) < 2:
            continue
        if wider is scope:
            wider = dict(scope)
        others = tuple(entry for entry in wider.get(tokens[0], ()) if entry[0] != tokens)
        wider[tokens[0]] = tuple(sorted((*others, (tokens, name)), key=lambda entry: -len(entry[0])))
    return wider


def longest(scope: Scope, tokens: list[Token], index: int) -> tuple[str, int] | None:
    """Give the longest name in scope that begins at a token, and how many tokens it has."""
    candidates = scope.get(tokens[index].text)
    if candidates is None or tokens[index].kind != NAME:
        return None
    for spelling, name in candidates:
        end = index + len(spelling)
        if end < len(tokens) and all(
            tokens[index + offset].text == part for offset, part in enumerate(spelling)
        ):
            return name, len(spelling)
    return None
