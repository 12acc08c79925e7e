"""Listeners of elements, user tasks and processes: which are meant, and where they may stand."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, cast

from penstock.bpmn import expressions, texts
from penstock.bpmn.coverage.groups import GATEWAYS
from penstock.bpmn.findings import Report
from penstock.bpmn.names import Spot, Xml, attribute, elements_of, line_of, local_name, spot_of
from penstock.bpmn.raw import RawListener, RawNode, RawProcess, Settings
from penstock.bpmn.sources import zeebe_source
from penstock.kernel.definition import Element, Expression, Kind, Listeners, ListenerSpec
from penstock.kernel.work import LISTENED, ListenerEvent, listeners_of

DEFAULT_RETRIES: Final = 3
MOST_RETRIES: Final = 1000

_OLD: Final[Mapping[str, str]] = {
    "create": "creating",
    "assignment": "assigning",
    "update": "updating",
    "complete": "completing",
    "cancel": "canceling",
}
"""What Camunda called the events of user tasks before."""

_EXECUTION: Final = ("start", "end", "beforeAll")
_TASK: Final = tuple(event for event in LISTENED if event not in _EXECUTION)
_FOR_THE_ELEMENT: Final = frozenset({"resultVariable", "retryBackoff", "timeout"})
"""Headers that say something of the element's own job, and are not passed on to its listeners."""


# -- reading ---------------------------------------------------------------------------------------


def read_execution(xml: Xml, settings: Settings, report: Report) -> None:
    """Read `zeebe:executionListeners`."""
    _read(xml, "executionListener", _EXECUTION, settings, report)


def read_task(xml: Xml, settings: Settings, report: Report) -> None:
    """Read `zeebe:taskListeners`."""
    _read(xml, "taskListener", (*_TASK, "canceling"), settings, report)


def _read(xml: Xml, name: str, events: tuple[str, ...], settings: Settings, report: Report) -> None:
    for child in elements_of(xml):
        at, event, type = spot_of(child), attribute(child, "eventType"), attribute(child, "type")
        if local_name(child) != name:
            report.error(
                "unknown-extension",
                at,
                f"zeebe:{name}s holds zeebe:{local_name(child)}.",
                f"Use zeebe:{name}.",
            )
            continue
        event = _OLD.get(event or "", event) if name == "taskListener" else event
        if event not in events:
            report.error(
                "unknown-listener-event",
                at,
                f"A listener has the eventType {event!r}.",
                f"Use one of {', '.join(events)}.",
            )
        elif type is None:
            report.error(
                "missing-attribute",
                at,
                f"The {event} listener has no type.",
                'Give it a type: the name of a Python function, as in type="check_order".',
            )
        else:
            settings.listeners.append(
                RawListener(
                    event,
                    zeebe_source(type, "the type of the listener", at),
                    zeebe_source(retries, "the retries of the listener", at)
                    if (retries := attribute(child, "retries")) is not None
                    else None,
                    dict(_headers(child, report)),
                    line_of(child),
                )
            )


def _headers(xml: Xml, report: Report) -> Iterator[tuple[str, str]]:
    for headers in elements_of(xml):
        for header in elements_of(headers):
            key = attribute(header, "key")
            if key is None:
                report.error(
                    "missing-attribute",
                    spot_of(header),
                    "A header of a listener has no key.",
                    "Give it a key.",
                )
            else:
                yield key, header.get("value", "")


# -- compiling -------------------------------------------------------------------------------------


def compile_listeners(node: RawNode, functions: Collection[str] | None, report: Report) -> Listeners | None:
    """Compile the listeners of an element; None where it has none."""
    if not node.settings.listeners:
        return None
    _check(node, report)
    return _compiled(node.id, node.settings, functions, report)


def compile_process(
    process: RawProcess, functions: Collection[str] | None, report: Report
) -> dict[str, Element]:
    """Give the element that stands for a process with listeners, by its id; nothing where it has none."""
    if not process.settings.listeners:
        return {}
    for listener in process.settings.listeners:
        if listener.event == "beforeAll":
            _refuse(
                process.id,
                listener,
                "a process is no multi-instance",
                "Make it a start listener.",
                report,
            )
    _check_duplicates(process.id, process.settings.listeners, report)
    compiled = _compiled(process.id, process.settings, functions, report)
    return {process.id: Element(process.id, Kind.PROCESS, None, process.name, listeners=compiled)}


def _compiled(
    id: str, settings: Settings, functions: Collection[str] | None, report: Report
) -> Listeners | None:
    passed_on = {key: value for key, value in settings.headers.items() if key not in _FOR_THE_ELEMENT}
    made = (_spec(id, it, passed_on, functions, report) for it in settings.listeners)
    return listeners_of(spec for spec in made if spec is not None)


def _spec(
    id: str,
    raw: RawListener,
    headers: Mapping[str, str],
    functions: Collection[str] | None,
    report: Report,
) -> ListenerSpec | None:
    type = texts.feel_or_text(raw.type, id, report, "listener")
    retries = _retries(id, raw, report)
    if not raw.type.feel and functions is not None and raw.type.text not in functions:
        _unknown_function(id, raw, functions, report)
    known = raw.event in LISTENED
    if type is None or retries is None or not known:
        return None
    event = cast(ListenerEvent, raw.event)
    return ListenerSpec(event, type, retries, tuple({**headers, **raw.headers}.items()))


def _retries(id: str, raw: RawListener, report: Report) -> Expression | None:
    if raw.retries is None:
        return expressions.constant(DEFAULT_RETRIES, str(DEFAULT_RETRIES))
    if raw.retries.feel:
        return texts.feel_or_text(raw.retries, id, report, "listener")
    text = raw.retries.text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_RETRIES):
        report.error(
            "invalid-retries",
            Spot(id, raw.line),
            f"The retries of a listener of '{id}' are {text!r}, not a whole number from 1 to {MOST_RETRIES}.",
            "Write how often the listener is tried in all, 1 for once.",
        )
        return None
    return expressions.constant(int(text), text)


def _unknown_function(id: str, raw: RawListener, functions: Collection[str], report: Report) -> None:
    nearest = difflib.get_close_matches(raw.type.text, sorted(functions), n=3)
    hint = f"Did you mean {' or '.join(repr(name) for name in nearest)}? If not, add" if nearest else "Add"
    report.warning(
        "unknown-function",
        Spot(id, raw.line),
        f"A listener of '{id}' calls '{raw.type.text}', and there is no function of that name.",
        f"{hint} a Python function of that name, or let another worker offer it.",
    )


# -- where they may stand --------------------------------------------------------------------------


def _check(node: RawNode, report: Report) -> None:
    for listener in node.settings.listeners:
        found = _wrong(node, listener.event)
        if found is not None:
            _refuse(node.id, listener, *found, report)
        elif listener.event == "end" and _triggers(node) == {"escalationEventDefinition"}:
            report.warning(
                "listener-may-not-run",
                Spot(node.id, listener.line),
                f"The end listener of '{node.id}' runs only where nothing interrupts what it escalates from.",
                "Put it on what catches the escalation, if it must run in any case.",
            )
    _check_duplicates(node.id, node.settings.listeners, report)


def _wrong(node: RawNode, event: str) -> tuple[str, str] | None:
    """Say why a listener has no place on the element, and where else it could stand; None where it has."""
    triggers = _triggers(node)
    if node.tag == "complexGateway":
        return "a complex gateway lets tokens through again and again", "Put it on an element beside it."
    if node.tag == "boundaryEvent" and "compensateEventDefinition" in triggers:
        return "nothing goes on behind a compensation event", "Put it on the activity that compensates."
    if event == "beforeAll" and (node.loop is None or not node.loop.multi):
        return "it is no multi-instance", "Make it a start listener."
    if event == "canceling":
        return (
            "what ends a user task ends it at once, and waits for nobody",
            "Draw the work behind the event that interrupts the task.",
        )
    if event == "start":
        return _wrong_start(node)
    return _wrong_end(node, triggers) if event == "end" else None


def _wrong_start(node: RawNode) -> tuple[str, str] | None:
    if node.tag == "startEvent":
        around = "the process" if node.scope is None else f"'{node.scope}'"
        return "a start event has begun when it happens", f"Make it a start listener of {around}."
    if node.tag == "boundaryEvent":
        return "a boundary event has happened when it begins", f"Put it on '{node.attached_to}'."
    if node.tag == "eventBasedGateway" and node.instantiate:
        return "nothing enters a gateway that begins an instance", "Make it a start listener of the process."
    return None


def _wrong_end(node: RawNode, triggers: set[str]) -> tuple[str, str] | None:
    if node.tag in GATEWAYS:
        return "a gateway has nothing to end", "Make it a start listener of the element behind."
    if node.tag == "endEvent" and "errorEventDefinition" in triggers:
        return "an error ends its scope at once", "Put it on the event that catches the error."
    if node.tag == "endEvent" and "cancelEventDefinition" in triggers:
        return "it ends its transaction at once", "Put it on the cancel event of the transaction's boundary."
    if any(it.tag == "compensateEventDefinition" and not it.waits for it in node.triggers):
        return "the event does not wait for what it compensates", 'Remove waitForCompletion="false".'
    return None


def _triggers(node: RawNode) -> set[str]:
    return {trigger.tag for trigger in node.triggers}


def _refuse(id: str, listener: RawListener, why: str, remedy: str, report: Report) -> None:
    report.error(
        "misplaced-listener",
        Spot(id, listener.line),
        f"'{id}' can have no {listener.event} listener: {why}.",
        remedy,
    )


def _check_duplicates(id: str, listeners: Iterable[RawListener], report: Report) -> None:
    seen: set[tuple[str, str]] = set()
    for listener in listeners:
        what = (listener.event, listener.type.text)
        if what in seen and listener.event in _EXECUTION:
            report.error(
                "duplicate-listener",
                Spot(id, listener.line),
                f"'{id}' has two {listener.event} listeners of the type '{listener.type.text}'.",
                "Remove one of them, or give it another type.",
            )
        seen.add(what)
