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

    start NAME, task NAME, manual NAME, event NAME      without further settings
    exclusive NAME, parallel NAME                       gateways whose names have no mark
    inclusive NAME                                      an inclusive gateway
    complex NAME: [CONDITION]                           a complex gateway, and when it is activated
    end NAME TRIGGER                                    or just `end NAME`; also `terminate [loop | all]`
    script NAME: [VARIABLE =] EXPRESSION                FEEL; (a = b) in brackets is a comparison
    job NAME: [TYPE] [retries N] [backoff DURATION] [timeout DURATION] [result VARIABLE]
    user NAME: ["..."] [for WHO] [users A, B] [groups A, B] [due WHEN] [follow-up WHEN] [priority N] [form ID]
              [named WHAT]
    timer NAME: after DURATION | at DATE
    start NAME: TRIGGER, catch NAME: TRIGGER, throw NAME: TRIGGER, send NAME: TRIGGER, receive NAME: TRIGGER
    await NAME [parallel]                               an event-based gateway
    adhoc NAME: [sequential] [keep] [until CONDITION] [with LIST]      its lines, too, are indented under it
    call NAME: [PROCESS] [pass all | mapped] [return all | mapped] [tag VERSION] [key EXPRESSION]
    global WORD NAME: ...                    a global task, for `call`: task, manual, script, user, rule
    rule NAME: [DECISION] [result VARIABLE] [tag VERSION]     a business rule task that makes a decision
    sub NAME, transaction NAME                          its own lines are indented under it
    when NAME: TRIGGER [(non-interrupting)]             an event sub-process, its lines too
    on ACTIVITY: timer NAME after DURATION | at DATE | every CYCLE [(non-interrupting)] [-> ...]
    on ACTIVITY: message NAME "..." [key EXPRESSION] [(non-interrupting)] [-> ...]
    on ACTIVITY: signal NAME "..." | condition NAME EXPRESSION [(non-interrupting)] [-> ...]
    on ACTIVITY: change NAME VARIABLE [created | updated] [(non-interrupting)] [-> ...]
    on ACTIVITY: catch NAME TRIGGER or TRIGGER [(non-interrupting)] [-> ...]
    on ACTIVITY: error NAME [CODE] [-> ...]             no code catches every error
    on ACTIVITY: escalation NAME [CODE] [(non-interrupting)] [-> ...]
    on ACTIVITY: compensation NAME by ACTIVITY          the other activity undoes this one
    on TRANSACTION: cancel NAME [-> ...]
    each NAME: [VARIABLE in] COLLECTION | N times [in turn] [give VARIABLE = EXPRESSION [as it grows]]
        [until CONDITION]
    listen NAME: EVENT TYPE [retries N]                 a listener of an element, or of the process by name
    skip NAME: CONDITION                                an activity that does nothing where that is true
    loop NAME: [while CONDITION | first while CONDITION] [at most N]
    behavior NAME: none TRIGGER | one TRIGGER | complex TRIGGER when CONDITION     of an `each` above it
    quantity NAME: [start N] [completion N]             tokens that it takes, and puts on each flow
    in NAME: VARIABLE[.FIELD] = EXPRESSION              an input mapping
    out NAME: VARIABLE[.FIELD] = EXPRESSION             an output mapping

A TRIGGER is `timer after DURATION`, `message "NAME" [key EXPRESSION]`, `signal "NAME" [inside]`,
`condition EXPRESSION`, `change VARIABLE` or `link NAME`, or in a throwing event
`compensation [ACTIVITY] [meanwhile]`, where `meanwhile` does not wait for it; several have `or` between
them, or `and` where each of them must come. A receive task and an event-based gateway that no
flow leads to start an instance.

`each` is a multi-instance: at once, or one instance after the other; `give` collects what each gives in a
list; `behavior` is what it throws as its instances complete: each of them, the first one, or where the
condition is true. `loop` is a standard loop, whose condition is asked after each round, or also before the
first.

In an ad-hoc sub-process `keep` waits for what is active when the condition is true; `with` names what begins.

In a user task and a timer `=` marks FEEL, and everything else is a fixed text. Any name may be followed by
what it is called: `task wrap: "Wrap the parcel"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeGuard

from penstock.bpmn.exceptional import event_sub_processes_of_process, linked
from penstock.kernel.definition import Element, Flow, IoMapping, Kind, LinkTrigger, ProcessDefinition
from penstock.kernel.work import listeners_of
from penstock.testing import specs, specs_of_loops
from penstock.testing.lines import Arrow, Declaration, Flows, NotationError, Statement, statements

__all__ = ["NotationError", "process"]

_ACTIVITIES: Final = {
    Kind.TASK,
    Kind.MANUAL_TASK,
    Kind.SERVICE_TASK,
    Kind.SCRIPT_TASK,
    Kind.USER_TASK,
    Kind.SUB_PROCESS,
    Kind.SEND_TASK,
    Kind.RECEIVE_TASK,
    Kind.TRANSACTION,
    Kind.CALL_ACTIVITY,
    Kind.BUSINESS_RULE_TASK,
    Kind.AD_HOC_SUB_PROCESS,
}
_GATEWAYS: Final = {
    Kind.EXCLUSIVE_GATEWAY,
    Kind.PARALLEL_GATEWAY,
    Kind.INCLUSIVE_GATEWAY,
    Kind.COMPLEX_GATEWAY,
    Kind.EVENT_BASED_GATEWAY,
}
_CHOOSERS: Final = _ACTIVITIES | {Kind.EXCLUSIVE_GATEWAY, Kind.INCLUSIVE_GATEWAY, Kind.COMPLEX_GATEWAY}
_ADDING: Final = ("in", "out", "each", "loop", "quantity", "behavior", "skip", "listen")
"""The words that say more of what is declared elsewhere."""
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
    shared = dict(_global_task(line) for line in lines if _is_global(line))
    lines = [line for line in lines if not _is_global(line)]
    drafts: _Drafts = {}
    _declare(drafts, lines, None)
    if any(isinstance(line, Declaration) and (line.word, line.name) == ("listen", id) for line in lines):
        drafts[id] = _Draft(id, 0, Kind.PROCESS, None)
    _call_global_tasks(drafts, shared)
    _connect(drafts, lines, None)
    _link(drafts)
    built = {draft.id: _built(draft, drafts) for draft in sorted(drafts.values(), key=lambda it: it.line)}
    elements = linked(built, {it.id: it.undone_by for it in drafts.values() if it.undone_by is not None})
    starts = _starts(elements.values(), None) + _instantiating(elements.values())
    if not starts:
        raise NotationError(1, "the process has no start event; begin a line with `start -> ...`")
    return ProcessDefinition(id, name, elements, starts, event_sub_processes_of_process(elements.values()))


_GLOBAL: Final = ("task", "manual", "script", "user", "rule")


def _is_global(line: Statement) -> TypeGuard[Declaration]:
    return isinstance(line, Declaration) and line.word == "global"


def _global_task(line: Declaration) -> tuple[str, tuple[Kind, specs.Settings]]:
    (task,) = statements(f"{line.name} {line.rest}")
    if not isinstance(task, Declaration) or task.word not in _GLOBAL:
        raise NotationError(line.line, f"a global task is one of {', '.join(_GLOBAL)}, not `{line.name}`")
    return task.name, specs.element(replace(task, line=line.line))


def _call_global_tasks(drafts: _Drafts, shared: Mapping[str, tuple[Kind, specs.Settings]]) -> None:
    """Let each call activity that calls a global task behave as that (BPMN 13.3.4)."""
    for draft in drafts.values():
        called = draft.settings.get("call")
        if called is not None and called.process.text in shared:
            draft.kind, settings = shared[called.process.text]
            own = {name: said for name, said in draft.settings.items() if name != "call"}
            draft.settings = {**settings, **own}


# -- what there is ---------------------------------------------------------------------------------


def _declare(drafts: _Drafts, lines: Iterable[Statement], scope: str | None) -> None:
    """Make a draft for every declared element, and for those that flows name and that need no declaration."""
    lines = list(lines)
    for line in lines:
        if isinstance(line, Declaration) and line.word not in _ADDING:
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
            elif line.word in ("each", "loop", "quantity", "behavior", "skip"):
                _repeat(drafts, line)
            elif line.word == "listen":
                listener = specs.listener(line)
                _known(drafts, line).settings.setdefault("listened", []).append(listener)
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
    if source.kind not in _CHOOSERS and (arrow.condition or arrow.default):
        raise NotationError(
            line,
            f"only flows of activities and of gateways that choose have conditions, '{source.id}' is neither",
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


def _link(drafts: _Drafts) -> None:
    """Draw a flow from each throwing link event to the catching one of its name, which is what a link is."""
    for source in drafts.values():
        trigger = source.settings.get("trigger")
        if source.kind is not Kind.INTERMEDIATE_THROW_EVENT or not isinstance(trigger, LinkTrigger):
            continue
        targets = [
            it
            for it in drafts.values()
            if it is not source
            and it.scope == source.scope
            and it.settings.get("trigger") == trigger
            and it.kind is Kind.INTERMEDIATE_CATCH_EVENT
        ]
        if len(targets) != 1:
            raise NotationError(
                source.line, f"the link '{trigger.name}' has {len(targets)} targets, it needs one"
            )
        flow = Flow(f"{source.id}~>{targets[0].id}", source.id, targets[0].id)
        source.outgoing.append(flow)
        targets[0].incoming.append(flow.id)


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


def _repeat(drafts: _Drafts, line: Declaration) -> None:
    activity = _known(drafts, line)
    if activity.kind not in _ACTIVITIES:
        raise NotationError(line.line, f"'{activity.id}' is no task or sub-process, which alone are repeated")
    activity.settings |= specs_of_loops.repetition(line, activity.settings.get("loop"))


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
    settings = {**draft.settings, "together": _together(draft, drafts)}
    for said in ("parallel", "started_by"):
        settings.pop(said, None)
    if (listened := settings.pop("listened", None)) is not None:
        settings["listeners"] = listeners_of(listened)
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
        in_ad_hoc=draft.scope is not None and drafts[draft.scope].kind is Kind.AD_HOC_SUB_PROCESS,
        **settings,
    )


def _together(draft: _Draft, drafts: _Drafts) -> tuple[str, ...]:
    """Give the other events behind the parallel event-based gateway that the event is behind."""
    gateways = [it for it in drafts.values() if it.settings.get("parallel")]
    behind = [[flow.target for flow in gateway.outgoing] for gateway in gateways]
    return tuple(id for ids in behind if draft.id in ids for id in ids if id != draft.id)


def _starts(elements: Iterable[_Draft] | Iterable[Element], scope: str | None) -> tuple[str, ...]:
    return tuple(it.id for it in elements if it.kind is Kind.START_EVENT and it.scope == scope)


def _instantiating(elements: Iterable[Element]) -> tuple[str, ...]:
    """Give the receive tasks, and the events behind an event-based gateway, that begin an instance."""
    found = []
    for it in elements:
        if it.scope is None and not it.incoming:
            if it.kind is Kind.RECEIVE_TASK:
                found.append(it.id)
            elif it.kind is Kind.EVENT_BASED_GATEWAY:
                found += [flow.target for flow in it.outgoing]
    return tuple(found)
