"""Random processes for the laws: nested blocks, each with one way in and one way out, in the notation.

Built so, a process is sound: whatever happens, it can be brought to its end (no join waits for ever). A law
may therefore ask that it gets there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, pairwise
from typing import Any

from hypothesis import strategies as st

LEAVES = ("call", "task", "manual", "event", "script", "rule", "job", "user", "timer")
TASKS = ("call", "task", "manual", "script", "rule", "job", "user", "receive")
OUTSIDE = ("message", "signal", "condition", "either", "both", "receive", "send", "throw", "cry", "link")
"""Leaves that wait for something from outside, or send it there."""
SEVERAL = ("sequence", "choice", "fork", "split", "pick", "ways", "await", "gather", "batch")
"""Blocks of several parts. The others of one are `loop`, `sub`, `undo`, `deal` and `case`."""
BOUNDARIES = ("late", "note", "error", "any", "escalation", "told", "alarm", "low", "high", "again")
REPEATS = ("all", "some", "turn", "many", "loop", "first", "vote", "poll")
CASES = ("", "sequential", "until again = false", "sequential keep until again = false")
"""How an ad-hoc sub-process orders its activities, and when it ends."""
LISTENED = ("start", "end", "beforeAll", "creating", "assigning", "updating", "completing")
"""The events that a listener may hear; those of a user task only there."""
ENDINGS = ("end", "terminate", "race", "error", "escalation")
GUARDS = ("late", "note", "error", "escalation", "undone", "told", "alarm", "high", "again")


@dataclass(frozen=True)
class Block:
    """A piece of a process."""

    kind: str
    parts: tuple[Block, ...] = ()
    boundary: tuple[str, ...] = ()
    """For a job, a user task and a sub-process."""
    mapped: bool = False
    """For a leaf and a sub-process: whether it has input and output mappings."""
    ending: str = "end"
    """For a sub-process."""
    guards: tuple[str, ...] = ()
    """For a sub-process: its event sub-processes."""
    repeat: str = ""
    """For a leaf and a sub-process: how it is done several times."""
    listened: tuple[str, ...] = ()
    """For a leaf and a sub-process: the events that listeners of it hear, with how often each is tried."""


_REPEAT = st.just("") | st.sampled_from(REPEATS)
_BOUNDARY = st.lists(st.sampled_from(BOUNDARIES), unique=True, min_size=1, max_size=3).map(tuple)

_LISTENED = st.just(()) | st.lists(st.sampled_from(LISTENED), unique=True, min_size=1, max_size=3).map(tuple)

_LEAF = st.one_of(
    st.builds(Block, st.sampled_from((*LEAVES, *OUTSIDE)), mapped=st.booleans(), listened=_LISTENED),
    st.builds(Block, st.sampled_from(TASKS), mapped=st.booleans(), repeat=_REPEAT, listened=_LISTENED),
    st.builds(
        Block,
        st.sampled_from(("call", "job", "user", "receive")),
        st.just(()),
        _BOUNDARY,
        st.booleans(),
        listened=_LISTENED,
    ),
)


def _nested(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    one = inner.map(lambda block: (block,))
    return st.one_of(
        st.builds(Block, st.sampled_from(SEVERAL), several),
        st.builds(Block, st.just("loop"), one),
        st.builds(
            Block,
            st.just("sub"),
            one,
            st.just(()) | _BOUNDARY,
            st.booleans(),
            st.sampled_from(ENDINGS),
            st.lists(st.sampled_from(GUARDS), unique=True, max_size=2).map(tuple),
            _REPEAT,
            _LISTENED,
        ),
        st.builds(Block, st.sampled_from(("undo", "deal")), one),
        st.builds(Block, st.just("case"), one, ending=st.sampled_from(CASES)),
    )


def processes() -> st.SearchStrategy[str]:
    """Give texts of sound processes; they read the variables `c` (a number) and `again` (true or false)."""
    block = st.recursive(_LEAF, _nested, max_leaves=8)
    several = st.lists(_nested(block), min_size=1, max_size=3).map(tuple)
    sequence = st.builds(Block, st.just("sequence"), several)
    return st.builds(text, sequence, st.sampled_from(ENDINGS[:3]), st.booleans(), st.booleans())


@st.composite
def versions(draw: st.DrawFn) -> tuple[str, str]:
    """Give two sound processes that differ in some of their activities, events and ways."""
    block = draw(st.recursive(_LEAF, _nested, max_leaves=6))
    first = Block("sequence", (draw(_nested(st.just(block))), block))
    undone = st.booleans()
    return text(first, "end", draw(undone)), text(_edited(first, draw), "end", draw(undone))


def _edited(block: Block, draw: st.DrawFn) -> Block:
    """Change what does not change the numbers of the blocks."""
    block = replace(block, parts=tuple(_edited(part, draw) for part in block.parts))
    if draw(st.sampled_from((True, False, False))):
        return block
    swaps = {"fork": "split", "pick": "ways", "user": "job", "message": "either"}
    changes: dict[str, st.SearchStrategy[Any]] = {
        "kind": st.sampled_from((block.kind, swaps.get(block.kind, block.kind)))
    }
    if block.kind in (*TASKS, "sub"):
        changes["mapped"] = st.booleans()
        if block.kind == "sub" or block.boundary:
            changes["boundary"] = st.just(()) | _BOUNDARY
        if block.kind == "sub" or not block.boundary:
            changes["repeat"] = st.just(block.repeat) | _REPEAT
    if block.kind == "sub":
        changes["guards"] = st.lists(st.sampled_from(GUARDS), unique=True, max_size=2).map(tuple)
    if block.kind in (*LEAVES, *TASKS, "sub"):
        changes["listened"] = st.just(block.listened) | _LISTENED
    if block.kind == "case":
        changes["ending"] = st.sampled_from(CASES)
    return replace(block, **{name: draw(change) for name, change in changes.items()})


def text(block: Block, ending: str, undone: bool, listened: bool = False) -> str:
    """Write a process of one block, with an event sub-process that undoes it, and listeners, or without."""
    numbers = count(1)
    lines = ["process random"]
    first, last = _write(block, lines, numbers)
    lines.append(f"start -> {first}")
    _end(lines, last, ending, next(numbers))
    lines += _guard("undone", next(numbers)) if undone else []
    lines += [f"listen random: {event} hear_{event} retries 1" for event in LISTENED[:2] if listened]
    return "\n".join(lines) + "\n"


def _write(block: Block, lines: list[str], numbers: Iterator[int]) -> tuple[str, str]:
    """Write the block's lines, and give the elements at which it is entered and left."""
    n = next(numbers)
    match block.kind:
        case "sequence":
            return _sequence(block, lines, numbers)
        case "choice":
            return _choice(block, lines, numbers, n)
        case "fork" | "split":
            return _fork(block, lines, numbers, n)
        case "pick" | "ways":
            return _pick(block, lines, numbers, n)
        case "loop":
            return _loop(block, lines, numbers, n)
        case "await":
            return _await(block, lines, numbers, n)
        case "gather":
            return _gather(block, lines, numbers, n)
        case "batch":
            return _batch(block, lines, numbers, n)
        case "case":
            return _case(block, lines, numbers, n)
        case "undo":
            return _undo(block, lines, numbers, n)
        case "deal":
            return _deal(block, lines, numbers, n)
        case "sub":
            return _activity(block, _sub(block, lines, numbers, n), lines, n)
    return _activity(block, _leaf(block, lines, n), lines, n)


def _leaf(block: Block, lines: list[str], n: int) -> str:
    name = f"{block.kind}{n}"
    if block.kind in OUTSIDE:
        return _outside(block.kind, name, lines)
    settings = {
        "script": f": v{n} = c + {n}",
        "rule": f": rating result v{n}",
        "timer": f": after PT{n}M",
        "job": " retries 2",
        "call": ": called",
    }
    lines.append(f"{block.kind} {name}{settings.get(block.kind, '')}")
    return name


_OUTSIDE = {
    "message": 'catch {}: message "m" key c',
    "signal": 'catch {}: signal "s"',
    "condition": "catch {}: condition c > 8",
    "either": 'catch {}: message "m" or signal "s" or timer after PT4M',
    "both": 'catch {}: message "m" key c and signal "s" and timer after PT4M',
    "receive": 'receive {}: message "m" key c',
    "send": 'send {}: message "n" key c',
    "throw": 'throw {}: signal "t" or message "n"',
    "cry": 'throw {}: message "n" or escalation E or compensation',
    "link": "throw {0}: link {0}\ncatch to_{0}: link {0}\ntask {0}_next\nto_{0} -> {0}_next",
}


def _outside(kind: str, name: str, lines: list[str]) -> str:
    lines += _OUTSIDE[kind].format(name).splitlines()
    return name


def _sub(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> str:
    inside: list[str] = []
    first, last = _write(_once(block.parts[0]) if block.repeat else block.parts[0], inside, numbers)
    inside.append(f"start_{n} -> {first}")
    catches = set(block.boundary) & {"error", "any"}
    _end(inside, last, block.ending if block.ending != "error" or catches else "end", n)
    for guard in block.guards:
        inside += _guard(guard, n)
    lines.append(f"sub sub{n}")
    lines += [f"    {line}" for line in inside]
    return f"sub{n}"


def _guard(guard: str, n: int) -> list[str]:
    """Write an event sub-process."""
    triggers = {
        "late": "timer after PT5M",
        "note": "timer after PT1M (non-interrupting)",
        "error": "error BAD",
        "escalation": "escalation E (non-interrupting)",
        "undone": "compensation",
        "told": 'message "m" key c (non-interrupting)',
        "alarm": 'signal "s"',
        "high": "condition c > 8 (non-interrupting)",
        "again": "timer every R2/PT1M (non-interrupting)",
    }
    name = f"{guard}{n}"
    return [
        f"when g{name}: {triggers[guard]}",
        f"    start_{name} -> w{name} -> u{name} -> end_{name}",
        f"    user w{name}",
        f"    throw u{name}: compensation",
    ]


def _undo(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    """Write an activity that can be undone, what comes after it, and the event that may undo it."""
    first, last = _write(block.parts[0], lines, numbers)
    lines += [f"script do{n}: c = c", f"on do{n}: compensation done{n} by undo{n}", f"user undo{n}"]
    lines += [f"on undo{n}: timer tired{n} after PT6M -> end_tired_{n}"]
    lines += [f'on undo{n}: signal hurry{n} "s" (non-interrupting) -> hurried{n} -> end_hurry_{n}']
    lines += [f"user hurried{n}"]
    lines += [f"do{n} -> {first}", f"{last} -> q_{n}?", f"throw back{n}: compensation"]
    lines += [f"q_{n}? -[c > 1]-> back{n} -> m_{n}?", f"q_{n}? -default-> m_{n}?"]
    return f"do{n}", f"m_{n}?"


def _deal(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    """Write a transaction that may be cancelled."""
    inside: list[str] = []
    first, last = _undo(block, inside, numbers, n)
    inside += [f"start_{n} -> {first}", f"{last} -> x_{n}?", f"x_{n}? -[c > 0]-> off{n}"]
    inside += [f"x_{n}? -default-> end_{n}", f"end off{n} cancel"]
    lines.append(f"transaction deal{n}")
    lines += [f"    {line}" for line in inside]
    lines += [f"on deal{n}: cancel cancelled{n} -> y_{n}?", f"deal{n} -> y_{n}?"]
    return f"deal{n}", f"y_{n}?"


def _once(block: Block) -> Block:
    """Give the block with nothing in it repeated, so that a process stays small enough to be driven."""
    return replace(block, parts=tuple(map(_once, block.parts)), repeat="")


def _end(lines: list[str], last: str, ending: str, n: int) -> None:
    match ending:
        case "terminate":
            lines += [f"{last} -> stop{n}", f"end stop{n} terminate"]
        case "race":
            # When it is terminated a task waits, and a token is on a flow.
            lines += [f"{last} -> f_{n}+", f"f_{n}+ -> end_{n}", f"f_{n}+ -> last{n} -> stop{n}"]
            lines += [f"f_{n}+ -> a{n} -> b{n} -> c{n} -> end_{n}", f"f_{n}+ -> x{n} -> y{n} -> stop{n}"]
            lines += [f"user last{n}", *(f"task {name}{n}" for name in "abcxy"), f"end stop{n} terminate"]
        case "error":
            lines += [f"{last} -> e_{n}?", f"e_{n}? -[c > 1]-> bad{n}", f"e_{n}? -default-> end_{n}"]
            lines += [f"end bad{n} error BAD"]
        case "escalation":
            lines += [f"{last} -> tell{n} -> end_{n}", f"throw tell{n}: escalation E"]
        case _:
            lines.append(f"{last} -> end_{n}")


def _activity(block: Block, name: str, lines: list[str], n: int) -> tuple[str, str]:
    """Write what an activity has around it; ways out of interrupting events meet its own again."""
    if block.mapped:
        lines += [f"in {name}: own{n} = c + 1", f"in {name}: c = c", f"out {name}: out.r{n} = own{n}"]
        lines += [f"out {name}: again = again"]
    repeats = {
        "all": f"each {name}: i{n} in [1, 2, 3] give all{n} = r{n}",
        "some": f"each {name}: 3 times until numberOfCompletedInstances > c",
        "turn": f"each {name}: i{n} in [c, 2] in turn give all{n} = i{n} + loopCounter",
        "many": f"each {name}: c times",
        "loop": f"loop {name}: while c > 2 at most 3",
        "first": f"loop {name}: first while c > 0 at most 2",
        "vote": f'each {name}: 3 times\nbehavior {name}: none escalation E\nbehavior {name}: one signal "s"',
        "poll": f'each {name}: [1, 2] in turn\nbehavior {name}: complex message "n" key c when c > 1',
    }
    lines += repeats[block.repeat].splitlines() if block.repeat else []
    lines += _listeners(block, name)
    ways = {
        "late": f"on {name}: timer late{n} after PT3M -> m_{n}?",
        "note": f"on {name}: timer note{n} after PT2M (non-interrupting) -> end_note_{n}",
        "error": f"on {name}: error error{n} BAD -> m_{n}?",
        "any": f"on {name}: error any{n} -> m_{n}?",
        "told": f'on {name}: message told{n} "m" key c (non-interrupting) -> end_told_{n}',
        "alarm": f'on {name}: signal alarm{n} "s" -> m_{n}?',
        "low": f"on {name}: condition low{n} c < 0 -> m_{n}?",
        "high": f"on {name}: condition high{n} c > 8 (non-interrupting) -> end_high_{n}",
        "again": f"on {name}: timer again{n} every R2/PT1M (non-interrupting) -> end_again_{n}",
        "escalation": f"on {name}: escalation esc{n} -> m_{n}?",
    }
    lines += [ways[word] for word in block.boundary]
    if block.kind == "link":
        return name, f"{name}_next"
    if not set(block.boundary) - {"note", "told", "high", "again"}:
        return name, name
    lines.append(f"{name} -> m_{n}?")
    return name, f"m_{n}?"


def _listeners(block: Block, name: str) -> list[str]:
    """Write the listeners that an activity or an event may have."""
    events = [it for it in LISTENED[:2] if it in block.listened]
    events += ["beforeAll"] if block.repeat and "beforeAll" in block.listened else []
    events += [it for it in LISTENED[3:] if it in block.listened] if block.kind == "user" else []
    return [f"listen {name}: {event} hear_{event} retries 2" for event in events]


def _sequence(block: Block, lines: list[str], numbers: Iterator[int]) -> tuple[str, str]:
    ends = [_write(part, lines, numbers) for part in block.parts]
    lines += [f"{before[1]} -> {after[0]}" for before, after in pairwise(ends)]
    return ends[0][0], ends[-1][1]


def _choice(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    for at, part in enumerate(block.parts):
        first, last = _write(part, lines, numbers)
        lines.append(f"q_{n}? -[c > {2 - at}]-> {first}")
        lines.append(f"{last} -> m_{n}?")
    lines.append(f"q_{n}? -default-> m_{n}?")
    return f"q_{n}?", f"m_{n}?"


def _fork(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    fork = f"f_{n}+" if block.kind == "fork" else f"split{n}"
    if block.kind == "split":
        lines.append(f"task {fork}")
    for part in block.parts:
        first, last = _write(part, lines, numbers)
        lines += [f"{fork} -> {first}", f"{last} -> j_{n}+"]
    lines += [f"listen {name}: start hear_start" for name in (fork, f"j_{n}+") if n % 2]
    return fork, f"j_{n}+"


def _gather(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    """Write a complex gateway that lets one token through, early or late, and takes in the others."""
    lines += [f"complex gather{n}: activationCount > {n % 2}", f"task gathered{n}"]
    for part in block.parts:
        first, last = _write(part, lines, numbers)
        lines += [f"f_{n}+ -> {first}", f"{last} -> gather{n}"]
    lines.append(f"gather{n} -[waitingForStart = true]-> gathered{n}")
    return f"f_{n}+", f"gathered{n}"


def _batch(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    """Write an activity that takes a token of each part, and gives the next one as many as that takes."""
    for part in block.parts:
        first, last = _write(part, lines, numbers)
        lines += [f"f_{n}+ -> {first}", f"{last} -> pack{n}"]
    lines += [f"user pack{n}", f"task ship{n}", f"pack{n} -> ship{n}"]
    lines += [f"quantity pack{n}: start {len(block.parts)} completion 3", f"quantity ship{n}: start 3"]
    return f"f_{n}+", f"ship{n}"


def _case(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    """Write an ad-hoc sub-process; its condition, if any, is met when a task in it says so."""
    inside: list[str] = []
    sub = _sub(replace(block, ending="end"), inside, numbers, n)
    inside += [f"user a{n}", f"script b{n}: b = c", f"a{n} -> b{n}"]
    lines.append(f'adhoc case{n}: {block.ending} with ["a{n}", "{sub}"]')
    lines += [f"    {line}" for line in inside]
    return f"case{n}", f"case{n}"


def _await(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    """Write an event-based gateway: behind it, a different event before each of the parts."""
    lines.append(f"await await{n}")
    events = ("catch {}: message {!r} key c", "timer {}: after PT2M", "receive {}: message {!r}")
    for at, part in enumerate(block.parts):
        first, last = _write(part, lines, numbers)
        event = f"event{n}_{at}"
        lines.append(events[at].format(event, "m").replace("'", '"'))
        lines += [f"await{n} -> {event} -> {first}", f"{last} -> m_{n}?"]
    return f"await{n}", f"m_{n}?"


def _pick(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    """Write an inclusive choice, by a gateway or by the flows of a task, and its join."""
    pick = f"{block.kind}{n}"
    lines += [f"{'inclusive' if block.kind == 'pick' else 'task'} {pick}", f"inclusive meet{n}"]
    for at, part in enumerate(block.parts):
        first, last = _write(part, lines, numbers)
        lines += [f"{pick} -[c > {at}]-> {first}", f"{last} -> meet{n}"]
    lines.append(f"{pick} -default-> meet{n}")
    lines += [f"listen {name}: start hear_start" for name in (pick, f"meet{n}") if n % 2]
    return pick, f"meet{n}"


def _loop(block: Block, lines: list[str], numbers: Iterator[int], n: int) -> tuple[str, str]:
    first, last = _write(block.parts[0], lines, numbers)
    lines += [f"m_{n}? -> {first}", f"{last} -> ask{n} -> q_{n}?", f"user ask{n}"]
    lines += [f"q_{n}? -[again = true]-> m_{n}?", f"q_{n}? -default-> out{n}", f"task out{n}"]
    return f"m_{n}?", f"out{n}"


# -- any process -----------------------------------------------------------------------------------


_WAITS = ("message", "signal", "condition", "both", "send")


def tangles() -> st.SearchStrategy[str]:
    """Give texts of processes wired at random: joins that never complete, loops that never wait."""
    kinds = st.lists(
        st.sampled_from((*LEAVES, *_WAITS, "exclusive", "parallel", "inclusive", "complex", "end")),
        min_size=1,
        max_size=7,
    )
    return kinds.flatmap(lambda kinds: st.builds(_tangle, st.just(kinds), _wires(len(kinds))))


def _wires(count: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Give flows as pairs of numbers; number 0 is the start event."""
    return st.lists(st.tuples(st.integers(0, count), st.integers(1, count)), min_size=1, max_size=3 * count)


def _tangle(kinds: list[str], wires: list[tuple[int, int]]) -> str:
    names = ["start", *(f"{kind}{n}" for n, kind in enumerate(kinds, 1))]
    settings = {"script": ": c = c + 1", "timer": ": after PT1M", "job": " retries 1"}
    settings["rule"] = ": rating result rated"
    settings["complex"] = ": activationCount > c"
    lines: list[str] = []
    for kind, name in zip(kinds, names[1:], strict=True):
        lines.append(
            _OUTSIDE[kind].format(name) if kind in _WAITS else f"{kind} {name}{settings.get(kind, '')}"
        )
    if not any(source == 0 for source, _ in wires):
        wires = [(0, 1), *wires]
    for at, (source, target) in enumerate(wires):
        name = names[source]
        condition = f"-[c > {at % 3}]->" if name.startswith(("exclusive", "inclusive", "complex")) else "->"
        if not name.startswith("end"):
            lines.append(f"{name} {condition} {names[target]}")
    return "\n".join(lines) + "\n"
