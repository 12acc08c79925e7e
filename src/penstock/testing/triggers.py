"""What an event of the notation waits for or throws: `message "paid" key order or timer after PT1H`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from penstock.bpmn import cycles, expressions, schedules
from penstock.kernel.definition import (
    CancelTrigger,
    ChangeTrigger,
    CompensateTrigger,
    ConditionTrigger,
    CycleTrigger,
    ErrorTrigger,
    EscalationTrigger,
    Expression,
    LinkTrigger,
    MessageTrigger,
    MultipleTrigger,
    SignalTrigger,
    Single,
    TerminateTrigger,
    TimerTrigger,
    Trigger,
)
from penstock.testing.lines import NotationError, positions_outside

AWAITED: Final = ("timer", "message", "signal", "condition", "change", "link")
"""What a start event, a catching event or a receive task waits for."""

AROUND: Final = (*AWAITED[:-1], "error", "escalation", "compensation", "cancel")
"""What is caught on the boundary of an activity, or starts an event sub-process."""

THROWN: Final = ("message", "signal", "link", "escalation", "compensation")
"""What a throwing event or a send task throws."""

ENDING: Final = ("message", "signal", "escalation", "compensation", "error", "cancel", "terminate")
"""What an end event throws."""

_NAMED: Final = re.compile(r'(?:"(?P<text>[^"]+)"|=(?P<feel>.+?))(?: key (?P<key>.+))?')
_JOINED: Final = re.compile(r" (or|and) ")

_T = TypeVar("_T")


def read(line: int, text: str, words: Sequence[str]) -> Trigger:
    """Read one trigger, or several with `or` (one is enough) or `and` (each must come) between them.

    Arguments:
        words: the triggers that may be here.

    Raises:
        NotationError: a part is none of these.
    """
    outside = set(positions_outside(text))
    cuts = [cut for cut in _JOINED.finditer(text) if cut.start() in outside]
    if not cuts:
        return _single(line, text, words)
    if len({cut[1] for cut in cuts}) > 1:
        raise NotationError(line, "several triggers have either `or` or `and` between them")
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    parts = tuple(_single(line, text[start:end], words) for start, end in zip(starts, ends, strict=True))
    return MultipleTrigger(parts, cuts[0][1] == "and")


def _single(line: int, text: str, words: Sequence[str]) -> Single:
    word, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if word in words and word in _ALONE and not rest:
        return _ALONE[word]
    if word in words and word in _READERS and rest:
        return _READERS[word](line, rest)
    raise NotationError(line, f"`{text.strip()}` is no trigger; it begins with one of {', '.join(words)}")


def _timer(line: int, text: str) -> Single:
    """Read `after DURATION`, `at DATE` or `every CYCLE`; `=` marks FEEL."""
    word, _, value = text.partition(" ")
    value = value.strip()
    if word not in ("after", "at", "every") or not value:
        raise NotationError(
            line,
            "a timer is written `timer NAME: after PT1H`, `timer NAME: at 2030-01-31T09:00:00Z` or, "
            "on a boundary, `timer NAME every R3/PT1H`",
        )
    if word == "every":
        made = _named(line, cycles.feel_cycle if value.startswith("=") else cycles.fixed_cycle, value)
        return CycleTrigger(made)
    if value.startswith("="):
        make = schedules.feel_duration if word == "after" else schedules.feel_date
        return TimerTrigger(_named(line, make, value[1:]))
    return TimerTrigger(
        _named(line, schedules.fixed_duration if word == "after" else schedules.fixed_date, value)
    )


def _message(line: int, text: str) -> Single:
    match = _NAMED.fullmatch(text)
    if match is None:
        raise NotationError(line, f'a message is written `message "NAME" [key EXPRESSION]`, not `{text}`')
    key = None if match["key"] is None else _named(line, expressions.expression, match["key"])
    return MessageTrigger(_name(line, match), key)


def _signal(line: int, text: str) -> Single:
    name = text.removesuffix(" inside")
    match, inside = _NAMED.fullmatch(name), name != text
    if match is None or match["key"] is not None:
        raise NotationError(line, f'a signal is written `signal "NAME" [inside]`, not `{text}`')
    return SignalTrigger(_name(line, match), inside)


def _name(line: int, match: re.Match[str]) -> Expression:
    if match["feel"] is not None:
        return _named(line, expressions.expression, match["feel"])
    return expressions.constant(match["text"], match["text"])


def _condition(line: int, text: str) -> Single:
    return ConditionTrigger(_named(line, expressions.expression, text))


def _change(line: int, text: str) -> Single:
    variable, _, which = text.partition(" ")
    if which not in ("", "created", "updated"):
        raise NotationError(line, f"a change is written `change VARIABLE [created | updated]`, not `{text}`")
    return ChangeTrigger(variable, which != "updated", which != "created")


def _link(_line: int, text: str) -> Single:
    return LinkTrigger(text)


def _error(_line: int, text: str) -> Single:
    return ErrorTrigger(text)


def _escalation(_line: int, text: str) -> Single:
    return EscalationTrigger(text)


def _compensation(_line: int, text: str) -> Single:
    activity = text.removesuffix("meanwhile").strip()
    return CompensateTrigger(activity or None, waits=not text.endswith("meanwhile"))


def _terminate(line: int, text: str) -> Single:
    match text:
        case "loop":
            return TerminateTrigger("loop")
        case "all":
            return TerminateTrigger("instance")
    raise NotationError(line, f"it is `terminate`, `terminate loop` or `terminate all`, not `{text}`")


def _named(line: int, make: Callable[[str], _T], text: str) -> _T:
    """Compile the text, letting what is wrong with it name the line."""
    try:
        return make(text.strip())
    except ValueError as error:
        raise NotationError(line, str(error)) from error


_READERS: Final[dict[str, Callable[[int, str], Single]]] = {
    "timer": _timer,
    "message": _message,
    "signal": _signal,
    "condition": _condition,
    "change": _change,
    "link": _link,
    "error": _error,
    "escalation": _escalation,
    "compensation": _compensation,
    "terminate": _terminate,
}

_ALONE: Final[dict[str, Single]] = {
    "error": ErrorTrigger(None),
    "escalation": EscalationTrigger(None),
    "compensation": CompensateTrigger(),
    "cancel": CancelTrigger(),
    "terminate": TerminateTrigger(),
}
"""Those that need no further words."""
