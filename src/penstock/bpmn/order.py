"""Which elements of a process may come before others, as far as its flows say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from penstock.kernel.definition import ProcessDefinition

STEPS: Final = 300_000
"""Questions, and elements looked at for them, about one process; then each may come before each."""
_NOWHERE: Final[frozenset[str]] = frozenset()


class Order:
    """The flows of a process, asked for what surely comes later."""

    def __init__(self, definition: ProcessDefinition) -> None:
        self._elements = definition.elements
        self._starts = frozenset(definition.starts)
        self._after: dict[str, frozenset[str]] = {}
        self._left = STEPS

    def may_precede(self, one: str, other: str) -> bool:
        """Tell whether one element may do something before another does.

        It may not where it is reached from the other and does not lead back there. Of two that go on side by
        side, each may be the first; so may what is in an event sub-process, or beside all flows.
        """
        self._left -= 1
        if self._left < 0 or (one in self._starts and not self._elements[one].incoming):
            return True
        first, second = self._on_one_level(one, other)
        if first == second or first is None or second is None:
            return True
        return first not in self._reached(second) or second in self._reached(first)

    def _on_one_level(self, one: str, other: str) -> tuple[str | None, str | None]:
        """Give the two, or what is around them, in the innermost scope that holds both."""
        mine, theirs = self._around(one), self._around(other)
        for first, second in zip(mine, theirs, strict=False):
            if first != second:
                return first, second
        return None, None

    def _around(self, id: str) -> list[str]:
        """Give the sub-processes around an element and the element itself, from the outside in."""
        chain = [id]
        while (scope := self._elements[chain[-1]].scope) is not None:
            chain.append(scope)
        return chain[::-1]

    def _reached(self, id: str) -> frozenset[str]:
        if id not in self._after:
            found: set[str] = set()
            # What does not interrupt an activity goes on beside it, and is not behind it.
            agenda = self._next(id, [it for it in self._elements[id].boundary if self._interrupts(it)])
            while agenda and self._left > 0:
                self._left -= 1
                target = agenda.pop()
                if target in self._elements and target not in found:
                    found.add(target)
                    agenda += self._next(target, self._elements[target].boundary)
            self._after[id] = frozenset(found) if self._left > 0 else _NOWHERE
        return self._after[id]

    def _interrupts(self, event: str) -> bool:
        return event in self._elements and self._elements[event].interrupting

    def _next(self, id: str, events: Iterable[str]) -> list[str]:
        return [*(flow.target for flow in self._elements[id].outgoing), *events]
