"""Runs the program of a pattern over a text, by backtracking with a memory.

A way that failed once at some place of the program and of the text fails again, whatever led there; so no
place is tried twice, and the time is linear. Only back-references depend on what led there, and then that is
part of the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from penstock.feel.errors import NoValue

CHAR = 0
"""Match one character by a test."""
SPLIT = 1
"""Go one of two ways, the first if it succeeds."""
JUMP = 2
SAVE = 3
"""Note the place: where a group starts or ends."""
START = 4
"""Match at the start; with True also at that of a line."""
END = 5
BACK = 6
"""Match what a group matched."""
MATCH = 7

Program: TypeAlias = list[tuple[int, Any]]
Tick: TypeAlias = Callable[[int], None]
"""Counts steps, and raises when they are used up."""

_TICKS = 4
"""Steps of the machine that count as one step of the evaluation; with back-references each one counts, since
the memory of each is larger."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched."""

    source: str
    places: tuple[int | None, ...]
    """Start and end of each group, beginning with the whole match."""

    @property
    def start(self) -> int:
        """The index where it starts."""
        return self.places[0] or 0

    @property
    def end(self) -> int:
        """The index after its end."""
        return self.places[1] or 0

    @property
    def groups(self) -> int:
        """How many groups the pattern has."""
        return len(self.places) // 2 - 1

    def text(self, group: int) -> str:
        """Give what a group matched, "" if it took no part or does not exist."""
        if group > self.groups:
            return ""
        start, end = self.places[2 * group], self.places[2 * group + 1]
        return "" if start is None or end is None else self.source[start:end]


class Pattern:
    """A compiled pattern."""

    __slots__ = ("_backward", "_places", "_program")

    def __init__(self, program: tuple[tuple[int, Any], ...], groups: int, backward: bool) -> None:
        self._program = program
        self._places = 2 * groups + 2
        self._backward = backward

    def search(self, text: str, position: int, tick: Tick) -> Match | None:
        """Find the first match at or behind a position."""
        failed: set[Any] = set()
        for start in range(position, len(text) + 1):
            tick(1)
            places = self._match(text, start, failed, tick)
            if places is not None:
                return Match(text, places)
        return None

    def all(self, text: str, tick: Tick) -> Iterator[Match]:
        """Find all matches, from left to right.

        Raises:
            NoValue: the pattern matches an empty text, so that there is no end of matches (XPath's FORX0003).
        """
        if self.search("", 0, tick) is not None:
            raise NoValue("the pattern matches an empty text", "pattern")
        position = 0
        while (match := self.search(text, position, tick)) is not None:
            yield match
            position = match.end

    def _match(self, text: str, start: int, failed: set[Any], tick: Tick) -> tuple[int | None, ...] | None:
        """Match at one place. `failed` holds the splits that were tried, for all places of one search."""
        program, backward, size = self._program, self._backward, len(text)
        places: tuple[int | None, ...] = (start,) + (None,) * (self._places - 1)
        waiting = [(0, start, places)]
        steps, every = 0, 1 if backward else _TICKS
        while waiting:
            at, index, places = waiting.pop()
            while True:
                steps += 1
                if not steps % every:
                    tick(1)
                code, argument = program[at]
                if code == CHAR:
                    if index >= size or not argument(text[index]):
                        break
                    index += 1
                elif code == SPLIT:
                    key = (at, index, places) if backward else at * (size + 1) + index
                    if key in failed:
                        break
                    failed.add(key)
                    waiting.append((argument[1], index, places))
                    at = argument[0]
                    continue
                elif code == JUMP:
                    at = argument
                    continue
                elif code == MATCH:
                    return (places[0], index, *places[2:])
                elif code == SAVE:
                    places = (*places[:argument], index, *places[argument + 1 :])
                else:
                    moved = _assert(code, argument, text, index, places)
                    if moved is None:
                        break
                    index = moved
                at += 1
        return None


def _assert(code: int, argument: Any, text: str, index: int, places: tuple[int | None, ...]) -> int | None:
    """Check an anchor or a back-reference, and give the index behind it, or None."""
    if code == START:
        line = argument and 0 < index < len(text) and text[index - 1] == "\n"
        return index if index == 0 or line else None
    if code == END:
        line = argument and index < len(text) and text[index] == "\n"
        return index if index == len(text) or line else None
    group, ignore_case = argument
    start, end = places[2 * group], places[2 * group + 1]
    # A group that took no part matches the empty text (XPath functions 3.1, 5.6.1).
    expected = "" if start is None or end is None else text[start:end]
    found = text[index : index + len(expected)]
    same = found.casefold() == expected.casefold() if ignore_case else found == expected
    return index + len(expected) if same else None
