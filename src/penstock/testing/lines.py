"""The notation's lines: text to statements, each with its line number and its place in the nesting.

Apart from `notation`, which knows what a statement means, so that every complaint can name its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FLOW = re.compile(r"\s*(?:-\[(?P<condition>.*?)\]->|-(?P<default>default)->|->)\s*")
_NAME = re.compile(r"[^\W\d]\w*[?+]?")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class NotationError(ValueError):
    """A text in the notation cannot be read; the message names the line and the remedy."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Arrow:
    """One sequence flow of a line."""

    source: str
    target: str
    condition: str | None = None
    default: bool = False


@dataclass(frozen=True, slots=True)
class Flows:
    """A line of flows: `a -> b -[x > 1]-> c`."""

    line: int
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """A line that says what something is: `WORD NAME REST`, and for a sub-process the lines under it."""

    line: int
    word: str
    name: str
    rest: str
    """What follows the name, without a leading colon."""
    flows: tuple[Arrow, ...] = ()
    """For a boundary event, the flows that leave it on the same line."""
    block: tuple[Statement, ...] = ()


Statement = Flows | Declaration

WORDS = (
    "process",
    "start",
    "end",
    "task",
    "manual",
    "event",
    "exclusive",
    "parallel",
    "script",
    "job",
    "user",
    "timer",
    "catch",
    "throw",
    "send",
    "receive",
    "await",
    "sub",
    "transaction",
    "when",
    "on",
    "in",
    "out",
    "inclusive",
    "each",
    "call",
    "rule",
    "adhoc",
    "complex",
    "loop",
    "quantity",
    "skip",
    "listen",
    "behavior",
    "global",
)


def statements(text: str) -> tuple[Statement, ...]:
    """Read the lines of a process, nested by their indentation; `#` at a line's beginning is a comment.

    Raises:
        NotationError: a line is neither flows nor a declaration, or is indented for no reason.
    """
    lines = [
        (number, len(line) - len(line.lstrip()), line.strip())
        for number, line in enumerate(text.expandtabs(4).splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    found, rest = _block(lines, lines[0][1] if lines else 0)
    if rest:
        raise NotationError(rest[0][0], "the indentation fits no line above it")
    return found


_Line = tuple[int, int, str]


def _block(lines: list[_Line], indent: int) -> tuple[tuple[Statement, ...], list[_Line]]:
    """Read the lines that are indented by `indent`, and give those that are left."""
    found: list[Statement] = []
    while lines and lines[0][1] == indent:
        (number, _, line), lines = lines[0], lines[1:]
        inner: tuple[Statement, ...] = ()
        if lines and lines[0][1] > indent:
            if not line.startswith(("sub ", "transaction ", "when ", "adhoc ")):
                message = "only the lines of a `sub`, `transaction`, `when` or `adhoc` are indented under it"
                raise NotationError(lines[0][0], message)
            inner, lines = _block(lines, lines[0][1])
        found.append(_statement(number, line, inner))
    return tuple(found), lines


def _statement(number: int, line: str, block: tuple[Statement, ...]) -> Statement:
    word, _, rest = line.partition(" ")
    if word in WORDS and not rest.lstrip().startswith("-"):
        if word == "on":
            return _boundary(number, rest)
        name, after = _name(number, rest.strip())
        return Declaration(number, word, name, after.lstrip().removeprefix(":").strip(), (), block)
    if "->" not in line:
        known = ", ".join(WORDS)
        raise NotationError(number, f"`{line}` is neither flows (a -> b) nor begins with one of {known}")
    first, after = _name(number, line)
    return Flows(number, arrows(number, first, after))


def _boundary(number: int, rest: str) -> Declaration:
    """Read `HOST: TRIGGER NAME REST -> flows`."""
    host, colon, event = rest.partition(":")
    if not colon:
        raise NotationError(
            number, "a boundary event is written `on HOST: timer NAME ...` or `on HOST: error NAME`"
        )
    cut = _outside_brackets(event, "->")
    event, flows = (event, "") if cut is None else (event[:cut], event[cut:])
    word, _, after = event.strip().partition(" ")
    name, more = _name(number, after.strip())
    leaving = arrows(number, name, flows) if flows else ()
    said = f"{word} {name} {more.lstrip().removeprefix(':').strip()}"
    return Declaration(number, "on", host.strip(), said, leaving)


def arrows(number: int, source: str, text: str) -> tuple[Arrow, ...]:
    """Read the flows that follow the name `source` in a line."""
    found: list[Arrow] = []
    while text.strip():
        match = _FLOW.match(text)
        if match is None:
            raise NotationError(number, f"expected ->, -[condition]-> or -default-> before `{text.strip()}`")
        target, text = _name(number, text[match.end() :])
        found.append(Arrow(source, target, match["condition"], match["default"] is not None))
        source = target
    return tuple(found)


def _name(number: int, text: str) -> tuple[str, str]:
    match = _NAME.match(text)
    if match is None:
        raise NotationError(
            number, f"expected a name (letters, digits, _, and ? or + at its end) before `{text}`"
        )
    return match[0], text[match.end() :]


def _outside_brackets(text: str, mark: str) -> int | None:
    """Give where the mark first stands outside of quotes and brackets, None when it does not."""
    for at in positions_outside(text):
        if text.startswith(mark, at):
            return at
    return None


def positions_outside(text: str) -> list[int]:
    """Give the positions of a text that are outside of double quotes and brackets."""
    found: list[int] = []
    waiting: list[str] = []
    quoted = False
    for at, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif waiting and character == waiting[-1]:
            waiting.pop()
        elif character in _CLOSING:
            waiting.append(_CLOSING[character])
        elif not waiting:
            found.append(at)
    return found
