"""What `each`, `loop` and `quantity` say in the notation: how often, and for how many tokens."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from penstock.bpmn.names_of_variables import leading_name
from penstock.kernel.definition import (
    BehaviorEvent,
    EscalationTrigger,
    MessageTrigger,
    MultiInstance,
    SignalTrigger,
    StandardLoop,
)
from penstock.testing import specs, triggers
from penstock.testing.lines import Declaration, NotationError

_TIMES: Final = re.compile(r"(.+) times")
_ITEMS: Final = re.compile(r"(?:([^\W\d]\w*) in )?(.+)")
_GIVEN: Final = re.compile(r"([^\W\d]\w*)\s*=\s*(.+)")


def repetition(line: Declaration, before: MultiInstance | StandardLoop | None) -> specs.Settings:
    """Read what `each`, `loop`, `behavior` or `quantity` says of an activity, after what was said before.

    Raises:
        NotationError: it is not written so.
    """
    match line.word:
        case "each":
            return {"loop": each(line)}
        case "loop":
            return {"loop": loop(line)}
        case "skip":
            return {"skip": specs.condition(line.line, line.rest)}
        case "behavior":
            return {"loop": _behavior(line, before)}
    return _quantities(line)


def _behavior(line: Declaration, loop: MultiInstance | StandardLoop | None) -> MultiInstance:
    head, said = specs.clauses(line.line, line.rest, ("when",))
    which, _, text = head.partition(" ")
    if which not in ("none", "one", "complex") or (which == "complex") is not ("when" in said):
        raise NotationError(
            line.line, 'write `behavior NAME: one signal "s"`, or `complex signal "s" when CONDITION`'
        )
    if not isinstance(loop, MultiInstance):
        raise NotationError(line.line, f"an `each {line.name}` must stand above its behavior")
    trigger = triggers.read(line.line, text, ("message", "signal", "escalation"))
    assert isinstance(trigger, MessageTrigger | SignalTrigger | EscalationTrigger)
    condition = specs.condition(line.line, said["when"]) if "when" in said else None
    event = BehaviorEvent(trigger, condition, which == "one")
    return replace(loop, behavior_events=(*loop.behavior_events, event))


def _quantities(line: Declaration) -> specs.Settings:
    head, said = specs.clauses(line.line, line.rest, ("start", "completion"))
    if head or not said or not all(number.isdecimal() and int(number) for number in said.values()):
        raise NotationError(line.line, "quantities are written `quantity NAME: start 2 completion 3`")
    return {f"{word}_quantity": int(number) for word, number in said.items()}


def each(line: Declaration) -> MultiInstance:
    """Read what `each` says.

    It is `[VARIABLE in] COLLECTION | N times [in turn] [give VARIABLE = EXPRESSION [as it grows]]
    [until CONDITION]`.

    Raises:
        NotationError: it is not written so.
    """
    head, said = specs.clauses(line.line, line.rest, ("give", "until"))
    items = head.removesuffix(" in turn")
    times = _TIMES.fullmatch(items)
    found = _ITEMS.fullmatch(items)
    giving = said.get("give", "")
    given = _GIVEN.fullmatch(giving.removesuffix(" as it grows"))
    if found is None or ("give" in said and given is None):
        raise NotationError(
            line.line, "a multi-instance is written `each NAME: item in items give results = item + 1`"
        )
    return MultiInstance(
        sequential=items != head,
        collection=None if times else specs.expression(line.line, found[2]),
        cardinality=specs.expression(line.line, times[1]) if times else None,
        input_element=None if times else found[1],
        output_collection=given[1] if given else None,
        output_element=specs.expression(line.line, given[2]) if given else None,
        output_local=leading_name(given[2]) if given else None,
        overview=giving.endswith(" as it grows"),
        completion=specs.condition(line.line, said["until"]) if "until" in said else None,
    )


def loop(line: Declaration) -> StandardLoop:
    """Read `[while CONDITION | first while CONDITION] [at most N]`.

    Raises:
        NotationError: it is not written so.
    """
    head, said = specs.clauses(line.line, line.rest, ("while", "at most"))
    if head not in ("", "first") or not said:
        raise NotationError(line.line, "a loop is written `loop NAME: while CONDITION at most N`")
    return StandardLoop(
        specs.condition(line.line, said["while"]) if "while" in said else None,
        head == "first",
        specs.expression(line.line, said["at most"]) if "at most" in said else None,
    )
