"""A process in a few lines of text, for tests, that an analyst can read too.

    process claim "Handle a claim"
    start -> check -> big?
    big? -[total > 100]-> approve -> done
    big? -default-> done

    script check: total = price * count
    user approve: "Approve the claim" for =owner, groups managers
    on approve: timer late after PT1D (non-interrupting) -> remind -> done
    job remind: send_mail retries 5 backoff PT10S
    in remind: to = owner

Each line is flows, or `WORD NAME: ...`. A name that ends in ? is an exclusive gateway, in + a parallel one;
`start`, `end` and `done`, alone or followed by digits or by _ and a word, are events without a trigger.
Whatever else the flows name is declared:

    start NAME, task NAME, manual NAME                  without further settings
    event NAME [escalation CODE | compensation [ACTIVITY]]
    exclusive NAME, parallel NAME                       gateways whose names have no mark
    end NAME terminate | error CODE | escalation CODE | compensation [ACTIVITY] | cancel
    script NAME: [VARIABLE =] EXPRESSION                FEEL; (a = b) in brackets is a comparison
    job NAME: [TYPE] [retries N] [backoff DURATION] [timeout DURATION] [result VARIABLE]
    user NAME: ["..."] [for WHO] [users A, B] [groups A, B] [due WHEN] [follow-up WHEN] [priority N] [form ID]
    timer NAME: after DURATION | at DATE
    sub NAME, transaction NAME                          its own lines are indented under it
    when NAME: TRIGGER [(non-interrupting)]             an event sub-process, its lines too; the trigger is
                          timer after DURATION | at DATE, error [CODE], escalation [CODE] or compensation
    on ACTIVITY: timer NAME after DURATION | at DATE [(non-interrupting)] [-> ...]
    on ACTIVITY: error NAME [CODE] [-> ...]             no code catches every error
    on ACTIVITY: escalation NAME [CODE] [(non-interrupting)] [-> ...]
    on ACTIVITY: compensation NAME by ACTIVITY          the other activity undoes this one
    on TRANSACTION: cancel NAME [-> ...]
    on ACTIVITY: any_of NAME (timer ..., error ..., escalation ...) [-> ...]    any of them is enough
    in NAME: VARIABLE[.FIELD] = EXPRESSION              an input mapping
    out NAME: VARIABLE[.FIELD] = EXPRESSION             an output mapping

In a user task and a timer `=` marks FEEL, and everything else is a fixed text. Any name may be followed by
what it is called: `task wrap: "Wrap the parcel"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from penstock.bpmn.exceptional import event_sub_processes_of_process, linked
from penstock.kernel.definition import Element, Flow, IoMapping, Kind, ProcessDefinition
from penstock.testing import specs
from penstock.testing.lines import Arrow, Declaration, Flows, NotationError, Statement, statements

__all__ = ["NotationError", "process"]

_ACTIVITIES: Final = {
    Kind.TASK,
    Kind.MANUAL_TASK,
    Kind.SERVICE_TASK,
    Kind.SCRIPT_TASK,
    Kind.USER_TASK,
    Kind.SUB_PROCESS,
    Kind.TRANSACTION,
}
_GATEWAYS: Final = {Kind.EXCLUSIVE_GATEWAY, Kind.PARALLEL_GATEWAY}
_IMPLIED: Final = (
    (re.compile(r".*\?"), Kind.EXCLUSIVE_GATEWAY),
    (re.compile(r".*\+"), Kind.PARALLEL_GATEWAY),
    (re.compile(r"start(\d*|_\w+)"), Kind.START_EVENT),
    (re.compile(r"(end|done)(\d*|_\w+)"), Kind.END_EVENT),
)


@dataclass(slots=True)
class _Draft:
    """An element while its flows are still being collected."""

    id: str
    line: int
    kind: Kind
    scope: str | None
    settings: dict[str, Any] = field(default_factory=dict)
    incoming: list[str] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    default: Flow | None = None
    boundary: list[str] = field(default_factory=list)
    inputs: list[IoMapping] = field(default_factory=list)
    outputs: list[IoMapping] = field(default_factory=list)
    undone_by: str | None = None
    """For an activity: what compensates it."""


_Drafts = dict[str, _Draft]


def process(text: str) -> ProcessDefinition:
    """Read a process in the notation.

    Raises:
        NotationError: the text is not in the notation, or breaks a rule that the kernel relies on.
    """
    lines = list(statements(text))
    id, name = "process", None
    if lines and isinstance(first := lines[0], Declaration) and first.word == "process":
        id, name = first.name, specs.called(first)[0]
        lines = lines[1:]
    drafts: _Drafts = {}
    _declare(drafts, lines, None)
    _connect(drafts, lines, None)
    built = {draft.id: _built(draft, drafts) for draft in sorted(drafts.values(), key=lambda it: it.line)}
    elements = linked(built, {it.id: it.undone_by for it in drafts.values() if it.undone_by is not None})
    starts = _starts(elements.values(), None)
    if not starts:
        raise NotationError(1, "the process has no start event; begin a line with `start -> ...`")
    return ProcessDefinition(id, name, elements, starts, event_sub_processes_of_process(elements.values()))


# -- what there is ---------------------------------------------------------------------------------


def _declare(drafts: _Drafts, lines: Iterable[Statement], scope: str | None) -> None:
    """Make a draft for every declared element, and for those that flows name and that need no declaration."""
    lines = list(lines)
    for line in lines:
        if isinstance(line, Declaration) and line.word not in ("in", "out"):
            if line.word == "process":
                raise NotationError(line.line, "`process` is the first line of a text, and stands once")
            draft = _draft(line, scope)
            if draft.id in drafts:
                raise NotationError(
                    line.line,
                    f"'{draft.id}' is on line {drafts[draft.id].line} already; give it another name",
                )
            drafts[draft.id] = draft
            _declare(drafts, line.block, line.name)
    for line in lines:
        for arrow in _arrows(line):
            for name in (arrow.source, arrow.target):
                drafts.setdefault(name, _implied(line.line, name, scope, drafts))


def _draft(line: Declaration, scope: str | None) -> _Draft:
    if line.word == "on":
        id, settings = specs.boundary(line)
        settings = {name: said for name, said in settings.items() if name != "undone_by"}
        return _Draft(id, line.line, Kind.BOUNDARY_EVENT, scope, {**settings, "attached_to": line.name})
    kind, settings = specs.element(line)
    return _Draft(line.name, line.line, kind, scope, settings)


def _implied(line: int, name: str, scope: str | None, drafts: _Drafts) -> _Draft:
    if name in drafts:
        return drafts[name]
    for pattern, kind in _IMPLIED:
        if pattern.fullmatch(name):
            return _Draft(name, line, kind, scope)
    raise NotationError(line, f"'{name}' is not declared; say what it is, as in `task {name}`")


# -- how it hangs together -------------------------------------------------------------------------


def _connect(drafts: _Drafts, lines: Iterable[Statement], scope: str | None) -> None:
    for line in lines:
        for arrow in _arrows(line):
            _add_flow(drafts, line.line, arrow, scope)
        if isinstance(line, Declaration):
            if line.word == "on":
                _attach(drafts, line, scope)
            elif line.word in ("in", "out"):
                _add_mapping(drafts, line)
            _connect(drafts, line.block, line.name)


def _arrows(line: Statement) -> tuple[Arrow, ...]:
    return line.arrows if isinstance(line, Flows) else line.flows


def _add_flow(drafts: _Drafts, line: int, arrow: Arrow, scope: str | None) -> None:
    source, target = drafts[arrow.source], drafts[arrow.target]
    for end in (source, target):
        if end.scope != scope:
            raise NotationError(line, f"'{end.id}' is in another sub-process; a flow stays in one")
    if target.kind in (Kind.START_EVENT, Kind.BOUNDARY_EVENT):
        raise NotationError(line, f"no flow leads into '{target.id}', which is a {target.kind.value}")
    if source.kind is Kind.END_EVENT:
        raise NotationError(line, f"no flow leaves '{source.id}', which is an end event")
    if source.kind is not Kind.EXCLUSIVE_GATEWAY and (arrow.condition or arrow.default):
        raise NotationError(
            line, f"only flows of an exclusive gateway have conditions, '{source.id}' is none"
        )
    id = f"{source.id}->{target.id}"
    same = sum(flow.target == target.id for flow in source.outgoing)
    condition = None if arrow.condition is None else specs.condition(line, arrow.condition)
    flow = Flow(f"{id}#{same + 1}" if same else id, source.id, target.id, condition)
    source.outgoing.append(flow)
    target.incoming.append(flow.id)
    if arrow.default:
        if source.default is not None:
            raise NotationError(line, f"'{source.id}' has a default flow already")
        source.default = flow


def _attach(drafts: _Drafts, line: Declaration, scope: str | None) -> None:
    host = _known(drafts, line)
    if host.kind not in _ACTIVITIES or host.scope != scope:
        raise NotationError(line.line, f"'{host.id}' is no task or sub-process beside this line")
    id, settings = specs.boundary(line)
    host.boundary.append(id)
    undone_by = settings.get("undone_by")
    if undone_by is not None:
        if undone_by not in drafts or drafts[undone_by].kind not in _ACTIVITIES:
            raise NotationError(line.line, f"'{undone_by}' is no activity that could undo '{host.id}'")
        host.undone_by = undone_by


def _add_mapping(drafts: _Drafts, line: Declaration) -> None:
    element = _known(drafts, line)
    if element.kind in _GATEWAYS:
        raise NotationError(line.line, f"'{element.id}' is a gateway, which maps no variables")
    mappings = element.inputs if line.word == "in" else element.outputs
    mappings.append(specs.mapping(line))


def _known(drafts: _Drafts, line: Declaration) -> _Draft:
    if line.name not in drafts:
        raise NotationError(
            line.line, f"'{line.name}' is not declared; say what it is, as in `task {line.name}`"
        )
    return drafts[line.name]


def _built(draft: _Draft, drafts: _Drafts) -> Element:
    start = None
    started_by = drafts[draft.scope].settings.get("started_by") if draft.scope is not None else None
    if draft.kind is Kind.START_EVENT and started_by is not None:
        draft.settings |= started_by
    if draft.kind in (Kind.SUB_PROCESS, Kind.TRANSACTION):
        starts = _starts(drafts.values(), draft.id)
        if len(starts) != 1:
            raise NotationError(
                draft.line, f"sub-process '{draft.id}' has {len(starts)} start events, it needs one"
            )
        start = starts[0]
    return Element(
        draft.id,
        draft.kind,
        draft.scope,
        incoming=tuple(draft.incoming),
        outgoing=tuple(draft.outgoing),
        default=draft.default,
        boundary=tuple(draft.boundary),
        inputs=tuple(draft.inputs),
        outputs=tuple(draft.outputs),
        start=start,
        **{name: said for name, said in draft.settings.items() if name != "started_by"},
    )


def _starts(elements: Iterable[_Draft] | Iterable[Element], scope: str | None) -> tuple[str, ...]:
    return tuple(it.id for it in elements if it.kind is Kind.START_EVENT and it.scope == scope)
