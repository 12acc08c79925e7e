"""What one declaration of the notation says of its element: its kind, and the settings of `Element`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from penstock.bpmn import expressions, iso
from penstock.kernel.definition import (
    AdHocSpec,
    Binding,
    CallSpec,
    CancelTrigger,
    CompensateTrigger,
    DecisionSpec,
    ErrorTrigger,
    Expression,
    FormSpec,
    IoMapping,
    JobSpec,
    Kind,
    ListenerSpec,
    ScriptSpec,
    Trigger,
    UserTaskSpec,
)
from penstock.kernel.work import LISTENED
from penstock.testing import triggers
from penstock.testing.lines import Declaration, NotationError, positions_outside

Settings = dict[str, Any]
"""Some of the fields of `Element`, by name."""

DEFAULT_RETRIES: Final = 3

_CALLED: Final = re.compile(r'"([^"]*)"\s*')
_ASSIGNMENT: Final = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*=\s*(.+)")
_WORDS_OF_JOB: Final = ("retries", "backoff", "timeout", "result")
_WORDS_OF_USER: Final = ("for", "users", "groups", "due", "follow-up", "priority", "form", "named")
_NON_INTERRUPTING: Final = "(non-interrupting)"


def element(line: Declaration) -> tuple[Kind, Settings]:
    """Give the kind that a declaration names, and what it says.

    Raises:
        NotationError: what follows the name is not what this word takes.
    """
    name, rest = called(line)
    kind, read = _READERS[line.word]
    settings = read(line, rest)
    return kind, settings if name is None else {**settings, "name": name}


def called(line: Declaration) -> tuple[str | None, str]:
    """Give the quoted name at the beginning of what a declaration says, and the rest."""
    match = _CALLED.match(line.rest)
    return (None, line.rest) if match is None else (match[1], line.rest[match.end() :])


def boundary(line: Declaration) -> tuple[str, Settings]:
    """Give the id of a boundary event, and what its line says of it."""
    word, id, *rest = [*line.rest.split(maxsplit=2), ""]
    text = rest[0].strip()
    interrupting = not text.endswith(_NON_INTERRUPTING)
    text = text.removesuffix(_NON_INTERRUPTING).strip()
    if word == "compensation":
        match = re.fullmatch(r"by (\S+)", text)
        if match is None:
            raise NotationError(line.line, f"write which activity undoes it: `compensation {id} by ACTIVITY`")
        return id, {"trigger": CompensateTrigger(), "undone_by": match[1]}
    if word not in triggers.AROUND and word != "catch":
        known = ", ".join(triggers.AROUND)
        raise NotationError(line.line, f"a boundary event is one of {known}, not `{word}`")
    if not text and word in triggers.AWAITED:
        raise NotationError(line.line, f"`{word} {id}` does not say what it waits for")
    said = text if word == "catch" else f"{word} {text}"
    return id, {"trigger": _around(line.line, said, interrupting), "interrupting": interrupting}


def _around(line: int, text: str, interrupting: bool) -> Trigger:
    """Read the trigger of an event around an activity, or of an event sub-process."""
    trigger = triggers.read(line, text, triggers.AROUND)
    if not interrupting and isinstance(trigger, ErrorTrigger | CancelTrigger | CompensateTrigger):
        word = text.partition(" ")[0]
        raise NotationError(line, f"{word} always interrupts (BPMN 10.5.5); remove (non-interrupting)")
    return trigger


def listener(line: Declaration) -> ListenerSpec:
    """Read `EVENT TYPE [retries N]`."""
    event, _, rest = line.rest.partition(" ")
    type, said = clauses(line.line, rest, ("retries",))
    retries = said.get("retries", str(DEFAULT_RETRIES))
    if event not in LISTENED or not type:
        known = ", ".join(LISTENED)
        raise NotationError(line.line, f"write `listen {line.name}: EVENT TYPE`, the event one of {known}")
    found, tries = _text_or_feel(line.line, type), _text_or_feel(line.line, retries)
    assert found is not None
    assert tries is not None
    return ListenerSpec(event, found, tries)


# -- expressions -----------------------------------------------------------------------------------


def expression(line: int, text: str) -> Expression:
    """Compile FEEL."""
    return _named(line, expressions.expression, text)


def condition(line: int, text: str) -> Expression:
    """Compile the condition of a sequence flow."""
    return _named(line, expressions.condition, text)


def mapping(line: Declaration) -> IoMapping:
    """Read `VARIABLE.FIELD = EXPRESSION`."""
    match = _ASSIGNMENT.fullmatch(line.rest)
    if match is None:
        raise NotationError(
            line.line, f"a mapping is written `{line.word} {line.name}: VARIABLE = EXPRESSION`"
        )
    source = _named(line.line, lambda text: expressions.expression(text, "mapping"), match[2])
    return IoMapping(source, tuple(match[1].split(".")))


def _text_or_feel(line: int, text: str | None) -> Expression | None:
    if text is None:
        return None
    return expression(line, text[1:]) if text.startswith("=") else expressions.constant(text, text)


_T = TypeVar("_T")


def _named(line: int, make: Callable[[str], _T], text: str) -> _T:
    """Compile the text, letting what is wrong with it name the line."""
    try:
        return make(text.strip())
    except ValueError as error:
        raise NotationError(line, str(error)) from error


# -- one reader a word -----------------------------------------------------------------------------


def _nothing(line: Declaration, rest: str) -> Settings:
    if rest:
        raise NotationError(line.line, f"`{line.word} {line.name}` takes nothing further: `{rest}`")
    return {}


def _end(line: Declaration, rest: str) -> Settings:
    return {"trigger": triggers.read(line.line, rest, triggers.ENDING)} if rest else {}


def _thrown(line: Declaration, rest: str) -> Settings:
    return _triggered(line, rest, triggers.THROWN)


def _awaited(line: Declaration, rest: str) -> Settings:
    return _triggered(line, rest, triggers.AWAITED)


def _triggered(line: Declaration, rest: str, words: tuple[str, ...]) -> Settings:
    if not rest:
        raise NotationError(line.line, f'`{line.word} {line.name}` says no trigger, such as `signal "stop"`')
    return {"trigger": triggers.read(line.line, rest, words)}


def _await(line: Declaration, rest: str) -> Settings:
    if rest not in ("", "parallel"):
        raise NotationError(line.line, f"an event-based gateway may be `parallel`, not `{rest}`")
    return {"parallel": True} if rest else {}


def _start(line: Declaration, rest: str) -> Settings:
    return {"trigger": triggers.read(line.line, rest, triggers.AWAITED)} if rest else {}


def _when(line: Declaration, rest: str) -> Settings:
    interrupting = not rest.endswith(_NON_INTERRUPTING)
    text = rest.removesuffix(_NON_INTERRUPTING).strip()
    if text == "cancel":
        raise NotationError(line.line, "a cancel is caught on the boundary of a transaction only")
    trigger = _around(line.line, text, interrupting)
    return {"event_sub_process": True, "started_by": {"trigger": trigger, "interrupting": interrupting}}


def _script(line: Declaration, rest: str) -> Settings:
    match = _ASSIGNMENT.fullmatch(rest)
    if match is not None and "." not in match[1]:
        return {"script": ScriptSpec(expression(line.line, match[2]), match[1])}
    return {"script": ScriptSpec(expression(line.line, rest), None)}


def _job(line: Declaration, rest: str) -> Settings:
    type, said = clauses(line.line, rest, _WORDS_OF_JOB)
    retries = said.get("retries", str(DEFAULT_RETRIES))
    if not retries.isdecimal() or int(retries) < 1:
        raise NotationError(line.line, f"`retries` is a whole number from 1, not `{retries}`")
    headers = {"resultVariable": said["result"]} if "result" in said else {}
    backoff, timeout = (_milliseconds(line.line, said.get(word)) for word in ("backoff", "timeout"))
    return {"job": JobSpec(type or line.name, int(retries), backoff, timeout, headers)}


def _milliseconds(line: int, text: str | None) -> int | None:
    return None if text is None else _named(line, iso.parse_duration, text).milliseconds


def _complex(line: Declaration, rest: str) -> Settings:
    return {"activation": condition(line.line, rest)} if rest else {}


def _ad_hoc(line: Declaration, rest: str) -> Settings:
    head, said = clauses(line.line, rest, ("until", "with"))
    words = set(head.split())
    if words - {"sequential", "keep"}:
        raise NotationError(line.line, "an ad-hoc sub-process takes `sequential`, `keep`, `until`, `with`")
    return {
        "ad_hoc": AdHocSpec(
            "sequential" in words,
            condition(line.line, said["until"]) if "until" in said else None,
            "keep" not in words,
            expression(line.line, said["with"]) if "with" in said else None,
        )
    }


def _call(line: Declaration, rest: str) -> Settings:
    process, said = clauses(line.line, rest, ("pass", "return", "tag", "key"))
    given, returned = (said.get(word, "all") for word in ("pass", "return"))
    if {given, returned} - {"all", "mapped"}:
        raise NotationError(line.line, "`pass` and `return` are followed by `all` or by `mapped`")
    id = _text_or_feel(line.line, process or line.name)
    assert id is not None
    binding: Binding = "tag" if "tag" in said else "latest"
    key = expression(line.line, said["key"]) if "key" in said else None
    return {"call": CallSpec(id, binding, said.get("tag"), given == "all", returned == "all", key)}


def _rule(line: Declaration, rest: str) -> Settings:
    decision, said = clauses(line.line, rest, ("result", "tag"))
    id = _text_or_feel(line.line, decision or line.name)
    assert id is not None
    binding: Binding = "tag" if "tag" in said else "latest"
    return {"decision": DecisionSpec(id, binding, said.get("tag"), said.get("result"))}


def _user(line: Declaration, rest: str) -> Settings:
    head, said = clauses(line.line, rest, _WORDS_OF_USER)
    if head:
        raise NotationError(line.line, f"expected one of {', '.join(_WORDS_OF_USER)}, not `{head}`")

    def read(word: str) -> Expression | None:
        return _text_or_feel(line.line, said.get(word))

    spec = UserTaskSpec(
        read("for"),
        read("users"),
        read("groups"),
        read("due"),
        read("follow-up"),
        read("priority"),
        read("named"),
    )
    return {"user_task": spec, "form": FormSpec(said["form"]) if "form" in said else None}


def _timer(line: Declaration, rest: str) -> Settings:
    return {"trigger": triggers.read(line.line, f"timer {rest}", triggers.AWAITED)}


def clauses(line: int, text: str, words: tuple[str, ...]) -> tuple[str, Mapping[str, str]]:
    """Cut `HEAD WORD VALUE WORD VALUE` at the words that stand outside of quotes and brackets."""
    outside = set(positions_outside(text))
    pattern = re.compile(rf"(?<![^\s,])({'|'.join(map(re.escape, words))})(?=\s)")
    cuts = [match for match in pattern.finditer(text) if match.start() in outside]
    ends = [match.start() for match in cuts[1:]] + [len(text)]
    head = text[: cuts[0].start()] if cuts else text
    said: dict[str, str] = {}
    for match, end in zip(cuts, ends, strict=True) if cuts else ():
        if match[1] in said:
            raise NotationError(line, f"`{match[1]}` stands twice")
        said[match[1]] = text[match.end() : end].strip(" ,")
    return head.strip(" ,"), said


_READERS: Final[dict[str, tuple[Kind, Callable[[Declaration, str], Settings]]]] = {
    "start": (Kind.START_EVENT, _start),
    "end": (Kind.END_EVENT, _end),
    "event": (Kind.INTERMEDIATE_THROW_EVENT, _nothing),
    "task": (Kind.TASK, _nothing),
    "manual": (Kind.MANUAL_TASK, _nothing),
    "exclusive": (Kind.EXCLUSIVE_GATEWAY, _nothing),
    "parallel": (Kind.PARALLEL_GATEWAY, _nothing),
    "script": (Kind.SCRIPT_TASK, _script),
    "job": (Kind.SERVICE_TASK, _job),
    "user": (Kind.USER_TASK, _user),
    "timer": (Kind.INTERMEDIATE_CATCH_EVENT, _timer),
    "sub": (Kind.SUB_PROCESS, _nothing),
    "catch": (Kind.INTERMEDIATE_CATCH_EVENT, _awaited),
    "throw": (Kind.INTERMEDIATE_THROW_EVENT, _thrown),
    "send": (Kind.SEND_TASK, _thrown),
    "receive": (Kind.RECEIVE_TASK, _awaited),
    "await": (Kind.EVENT_BASED_GATEWAY, _await),
    "transaction": (Kind.TRANSACTION, _nothing),
    "when": (Kind.SUB_PROCESS, _when),
    "adhoc": (Kind.AD_HOC_SUB_PROCESS, _ad_hoc),
    "complex": (Kind.COMPLEX_GATEWAY, _complex),
    "rule": (Kind.BUSINESS_RULE_TASK, _rule),
    "call": (Kind.CALL_ACTIVITY, _call),
    "inclusive": (Kind.INCLUSIVE_GATEWAY, _nothing),
}
