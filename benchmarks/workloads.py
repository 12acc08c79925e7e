"""The processes that every subject runs, written as BPMN text.

One shape serves all engines, so that they do the same work: the dialect only chooses between FEEL in
`zeebe:` extensions (Penstock) and Python in the standard `script` element (SpiffWorkflow).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

CHAIN_LENGTH = 20
FORK_WIDTH = 5


class Dialect(Enum):
    """How a script, a condition and a user task are written."""

    FEEL = "feel"
    PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Workload:
    """A process to run: the id in its file, the variables of a start, and what is left at its end."""

    name: str
    process_id: str
    variables: dict[str, int]
    result: dict[str, int]
    """Variables that the ended instance must hold; a subject that gives others has not done the work."""
    body: Callable[[Dialect], str]
    root: str = ""
    """What stands beside the process, such as a message."""

    def xml(self, dialect: Dialect = Dialect.FEEL) -> str:
        """Write the BPMN file."""
        return _document(self.process_id, self.name, self.body(dialect), self.root)


_ZEEBE = "http://camunda.org/schema/zeebe/1.0"
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def _document(process_id: str, name: str, body: str, root: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<bpmn:definitions xmlns:bpmn="{_BPMN}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n'
        f'    xmlns:zeebe="{_ZEEBE}" id="definitions-{name}"\n'
        '    targetNamespace="https://penstock.dev/benchmarks">\n'
        f"{root}"
        f'  <bpmn:process id="{process_id}" name="{name}" isExecutable="true">\n'
        f"{body}"
        "  </bpmn:process>\n"
        "</bpmn:definitions>\n"
    )


def _node(tag: str, element: str, inner: str = "", **attributes: str) -> str:
    written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    opening = f"    <bpmn:{tag} id={quoteattr(element)}{written}"
    return f"{opening}>{inner}</bpmn:{tag}>\n" if inner else f"{opening}/>\n"


def _flow(source: str, target: str, condition: str = "") -> str:
    inner = ""
    if condition:
        text = escape(condition)
        inner = (
            f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{text}</bpmn:conditionExpression>'
        )
    return _node("sequenceFlow", f"{source}-{target}", inner, sourceRef=source, targetRef=target)


def _script(dialect: Dialect, element: str, variable: str, expression: str) -> str:
    if dialect is Dialect.PYTHON:
        return _node("scriptTask", element, f"<bpmn:script>{variable} = {escape(expression)}</bpmn:script>")
    script = f"<zeebe:script expression={quoteattr('=' + expression)} resultVariable={quoteattr(variable)}/>"
    return _node("scriptTask", element, f"<bpmn:extensionElements>{script}</bpmn:extensionElements>")


def _user_task(dialect: Dialect, element: str) -> str:
    if dialect is Dialect.PYTHON:
        return _node("userTask", element)
    marker = "<bpmn:extensionElements><zeebe:userTask/></bpmn:extensionElements>"
    return _node("userTask", element, marker)


def _line(nodes: list[tuple[str, str]]) -> str:
    """Put nodes, each an id and its text, in a row between a start and an end event."""
    ids = ["start", *(element for element, _ in nodes), "end"]
    flows = "".join(_flow(source, target) for source, target in pairwise(ids))
    texts = "".join(text for _, text in nodes)
    return _node("startEvent", "start") + texts + _node("endEvent", "end") + flows


def _add(dialect: Dialect) -> str:
    return _line([("sum", _script(dialect, "sum", "sum", "a + b"))])


def _chain(dialect: Dialect) -> str:
    ids = [f"step{number:02d}" for number in range(1, CHAIN_LENGTH + 1)]
    return _line([(element, _script(dialect, element, "count", "count + 1")) for element in ids])


def _fork(dialect: Dialect) -> str:
    ids = [f"branch{number}" for number in range(1, FORK_WIDTH + 1)]
    scripts = (_script(dialect, element, f"sum{index}", "a + b") for index, element in enumerate(ids, 1))
    flows = "".join(_flow("fork", element) + _flow(element, "join") for element in ids)
    return (
        _node("startEvent", "start")
        + _node("parallelGateway", "fork")
        + "".join(scripts)
        + _node("parallelGateway", "join")
        + _node("endEvent", "end")
        + _flow("start", "fork")
        + flows
        + _flow("join", "end")
    )


def _user(dialect: Dialect) -> str:
    return _line([("approve", _user_task(dialect, "approve"))])


def _loop_body(dialect: Dialect, last: str, extra: str) -> str:
    """Count up to `rounds`, going back from an exclusive gateway; `last` is the element before it."""
    condition = "count < rounds" if dialect is Dialect.PYTHON else "=count < rounds"
    return (
        _node("startEvent", "start")
        + _node("exclusiveGateway", "again")
        + _script(dialect, "increment", "count", "count + 1")
        + extra
        + _node("exclusiveGateway", "enough", default="enough-end")
        + _node("endEvent", "end")
        + _flow("start", "again")
        + _flow("again", "increment")
        + _flow(last, "enough")
        + _flow("enough", "again", condition)
        + _flow("enough", "end")
    )


def _loop(dialect: Dialect) -> str:
    return _loop_body(dialect, "increment", "")


def _loop_with_wait(dialect: Dialect) -> str:
    wait = _user_task(dialect, "check") + _flow("increment", "check")
    return _loop_body(dialect, "check", wait)


def _catch(trigger: str) -> Callable[[Dialect], str]:
    return lambda _dialect: _line([("wait", _node("intermediateCatchEvent", "wait", trigger))])


ADD = Workload("add", "BenchAdd", {"a": 40, "b": 2}, {"sum": 42}, _add)
CHAIN20 = Workload("chain20", "BenchChain20", {"count": 0}, {"count": CHAIN_LENGTH}, _chain)
FORK5 = Workload(
    "fork5", "BenchFork5", {"a": 40, "b": 2}, {f"sum{index}": 42 for index in range(1, FORK_WIDTH + 1)}, _fork
)
USER = Workload("user", "BenchUser", {"a": 40}, {"a": 40, "approved": 1}, _user)
WAITING = Workload("waiting", "BenchWaiting", {"a": 40, "b": 2}, {}, _user)

AWAIT_MESSAGE = Workload(
    "await-message",
    "BenchAwaitMessage",
    {"order": 1},
    {},
    _catch('<bpmn:messageEventDefinition messageRef="paid"/>'),
    '  <bpmn:message id="paid" name="paid"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=order"/></bpmn:extensionElements></bpmn:message>\n',
)
AWAIT_SIGNAL = Workload(
    "await-signal",
    "BenchAwaitSignal",
    {"order": 1},
    {},
    _catch('<bpmn:signalEventDefinition signalRef="storm"/>'),
    '  <bpmn:signal id="storm" name="storm"/>\n',
)


def _many(*, sequential: bool, sub_process: bool) -> Callable[[Dialect], str]:
    """Write a job for each of `items`: a service task done many times, or a sub-process around one."""
    characteristics = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        '<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=items" inputElement="item" '
        'outputCollection="results" outputElement="=item"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    job = f'<bpmn:extensionElements><zeebe:taskDefinition type="{JOB_TYPE}"/></bpmn:extensionElements>'
    if not sub_process:
        return lambda _dialect: _line([("each", _node("serviceTask", "each", job + characteristics))])
    inner = (
        _node("startEvent", "begin")
        + _flow("begin", "work")
        + _node("serviceTask", "work", job)
        + _flow("work", "finish")
        + _node("endEvent", "finish")
    )
    return lambda _dialect: _line([("each", _node("subProcess", "each", characteristics + inner))])


JOB_TYPE = "bench-job"

MANY = tuple(
    Workload(
        f"{'sequential' if sequential else 'parallel'} {'sub-processes' if sub_process else 'tasks'}",
        f"BenchMany{sequential:d}{sub_process:d}",
        {},
        {},
        _many(sequential=sequential, sub_process=sub_process),
    )
    for sequential in (False, True)
    for sub_process in (False, True)
)
"""Multi-instances over the variable `items`."""

AWAIT_TIMER = Workload(
    "await-timer",
    "BenchAwaitTimer",
    {"order": 1},
    {},
    _catch(
        "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
    ),
)

_STAMP = _node(
    "serviceTask",
    "stamp",
    '<bpmn:extensionElements><zeebe:taskDefinition type="stamp"/></bpmn:extensionElements>',
)
_PAUSE = _node(
    "intermediateCatchEvent",
    "pause",
    "<bpmn:timerEventDefinition><bpmn:timeDuration>PT0.1S</bpmn:timeDuration></bpmn:timerEventDefinition>",
)

ORDER = Workload(
    "order",
    "BenchOrder",
    {"a": 40},
    {"a": 40, "approved": 1},
    lambda dialect: _line(
        [("stamp", _STAMP), ("approve", _user_task(dialect, "approve")), ("pause", _PAUSE)]
    ),
)
"""A function, a person and a timer. The function is `stamp`, of whoever runs it."""

COMPARED = (ADD, CHAIN20, FORK5, USER)
"""What every subject runs."""

COMPLETION = {"approved": 1}
"""The variables with which a user task of `USER` is completed."""


def loop(rounds: int) -> Workload:
    """Give the loop that runs through without a wait: one command does every round."""
    return Workload("loop", "BenchLoop", {"count": 0, "rounds": rounds}, {"count": rounds}, _loop)


def loop_with_wait(rounds: int) -> Workload:
    """Give the loop with a user task in each round: each round is a command of its own."""
    variables = {"count": 0, "rounds": rounds}
    return Workload("loop-wait", "BenchLoopWait", variables, {"count": rounds}, _loop_with_wait)
