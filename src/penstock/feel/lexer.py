"""Text to tokens, by one regular expression (DMN 1.5, 10.3.1.2, rules 22 to 36 and 61 to 63).

A name with spaces or operators in it is several tokens here: only the parser knows which names are in scope.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from penstock.feel.errors import FeelSyntaxError

NAME = "name"
NUMBER = "number"
STRING = "string"
AT = "at"
QUOTED = "quoted"
SYMBOL = "symbol"
UNCLOSED = "unclosed"
"""A string or comment without its end: the rest of the text."""
END = "end"

MAX_TEXT = 200_000
"""Characters: an expression is written by a person, or by a tool for a person to read."""

_NAME_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_NAME_PART = _NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\t\n\x0b\x0c\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_TOKEN = re.compile(
    rf"""[{_SPACE}]+
    | //[^\n\r]*
    | /\*.*?\*/
    | (?P<unclosed>/\*.*|"[^"\\]*(?:\\.[^"\\]*)*\\?\Z)
    | (?P<name>[{_NAME_START}][{_NAME_PART}]*)
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<string>"[^"\\]*(?:\\.[^"\\]*)*")
    | (?P<at>@[{_SPACE}]*"[^"\\]*(?:\\.[^"\\]*)*")
    | (?P<quoted>`[^`]*`)
    | (?P<symbol>\.\.|\*\*|<=|>=|!=|->|.)""",
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(r"\\(?:U([0-9a-fA-F]{6})|[uU]([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SPACES = re.compile(rf"[{_SPACE}]+")
_PLAIN_NAME = re.compile(rf"[{_NAME_START}][{_NAME_PART}]*")


class Token(NamedTuple):
    """A piece of the text."""

    kind: str
    text: str
    start: int
    """The index of its first character, from 0."""
    end: int
    """The index after its last character."""


def tokenize(text: str) -> list[Token]:
    """Give the tokens of a text, with one of kind `END` last.

    Raises:
        FeelSyntaxError: the text is too long. Any character is a token, so that nothing else can be wrong
            here.
    """
    if len(text) > MAX_TEXT:
        raise FeelSyntaxError(
            f"the expression has {len(text)} characters, more than {MAX_TEXT}", text[:MAX_TEXT], 0
        )
    tokens = [
        Token(match.lastgroup, match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if match.lastgroup is not None
    ]
    tokens.append(Token(END, "", len(text), len(text)))
    return tokens


def unescape(token: Token, text: str) -> str:
    """Give the characters of a string literal, or of the string in an at-literal.

    A backslash before any other character stays, so that patterns such as "\\d+" can be written plainly.

    Raises:
        FeelSyntaxError: an escape is half of a surrogate pair.
    """
    raw = token.text[token.text.index('"') + 1 : -1]
    if "\\" not in raw:
        return raw
    plain = _ESCAPE.sub(_character, raw)
    try:
        return plain.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise FeelSyntaxError(
            "the string holds half of a surrogate pair",
            text,
            token.start,
            suggestion=r"write \U and six hexadecimal digits",
        ) from None


def _character(match: re.Match[str]) -> str:
    long, short, single = match.groups()
    if single is not None:
        return _ESCAPES.get(single, "\\" + single)
    code = int(short or long, 16)
    return chr(code) if code <= 0x10FFFF else match.group()


def collapse(name: str) -> str:
    """Give a name with each run of white space as one space, as FEEL keeps names."""
    return _SPACES.sub(" ", name.strip())


def is_plain_name(name: str) -> bool:
    """Tell whether a name is one token, without spaces or operators."""
    return _PLAIN_NAME.fullmatch(name) is not None
