"""Listeners in a file: what is read of them, where they may stand, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from penstock import bpmn
from penstock.kernel.definition import Listeners
from tests.bpmn.models import around, element, errors, extended, flow, process_of, read, warnings


def execution(*listeners: str) -> str:
    return f"<zeebe:executionListeners>{''.join(map(listener, listeners))}</zeebe:executionListeners>"


def listener(attributes: str, inner: str = "", tag: str = "executionListener") -> str:
    return f"<zeebe:{tag} {attributes}>{inner}</zeebe:{tag}>"


def task(*attributes: str) -> str:
    inner = "".join(listener(it, tag="taskListener") for it in attributes)
    return f"<zeebe:taskListeners>{inner}</zeebe:taskListeners>"


START, END = 'eventType="start" type="a"', 'eventType="end" type="a"'


def shown(listeners: Listeners | None) -> list[tuple[str, Any, Any]]:
    assert listeners is not None
    all = (*listeners.before_all, *listeners.start, *listeners.end, *listeners.task)
    return [(it.event, it.type({"kind": "k"}, 0), it.retries({"kind": "k"}, 0)) for it in all]


def test_execution_listeners_are_read_with_their_types_and_retries() -> None:
    words = execution(START, 'eventType="end" type="=kind" retries="7"', 'eventType="start" type="b"')

    found = element(around(extended("serviceTask", '<zeebe:taskDefinition type="x"/>' + words)))

    assert shown(found.listeners) == [("start", "a", 3), ("start", "b", 3), ("end", "k", 7)]


def test_task_listeners_are_read_by_their_names_of_now_and_of_before() -> None:
    words = task(*(f'eventType="{it}" type="a"' for it in ("create", "assigning", "update", "complete")))

    found = element(around(extended("userTask", words)))

    assert [it for it, _, _ in shown(found.listeners)] == ["creating", "assigning", "updating", "completing"]


def test_a_listener_has_the_headers_of_its_element_and_its_own_go_first() -> None:
    inner = '<zeebe:taskHeaders><zeebe:header key="b" value="own"/></zeebe:taskHeaders>'
    headers = (
        '<zeebe:taskHeaders><zeebe:header key="a" value="1"/><zeebe:header key="b" value="2"/>'
        '<zeebe:header key="resultVariable" value="r"/></zeebe:taskHeaders>'
    )
    words = f"<zeebe:executionListeners>{listener(START, inner)}</zeebe:executionListeners>"
    job = '<zeebe:taskDefinition type="x"/>'

    found = element(around(extended("serviceTask", job + headers + words))).listeners

    assert found is not None
    assert dict(found.start[0].headers) == {"a": "1", "b": "own"}


def test_a_process_with_listeners_stands_among_its_elements() -> None:
    words = f"<extensionElements>{execution(START, END)}</extensionElements>"
    reading = read(words + around('<task id="x"/>'))

    definition = reading.processes[0].definition
    assert definition is not None
    assert definition.process is not None
    assert [it for it, _, _ in shown(definition.process.listeners)] == ["start", "end"]


def test_a_listener_before_all_stands_on_a_multi_instance_only() -> None:
    words = execution('eventType="beforeAll" type="a"')
    loop = (
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=items"/>'
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )

    assert errors(around(extended("task", words, inner=loop))) == []
    assert errors(around(extended("task", words))) == ["misplaced-listener"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (execution('type="a"'), "unknown-listener-event"),
        (execution('eventType="middle" type="a"'), "unknown-listener-event"),
        (execution('eventType="start"'), "missing-attribute"),
        (execution('eventType="start" type="a" retries="0"'), "invalid-retries"),
        (execution('eventType="start" type="=1 +"'), "feel-syntax"),
        (execution(START, START), "duplicate-listener"),
        (task('eventType="canceling" type="a"'), "misplaced-listener"),
        (task('eventType="start" type="a"'), "unknown-listener-event"),
        ("<zeebe:executionListeners><zeebe:taskListener/></zeebe:executionListeners>", "unknown-extension"),
    ],
)
def test_a_listener_that_cannot_run_is_an_error(words: str, code: str) -> None:
    assert errors(around(extended("userTask", words))) == [code]


def test_task_listeners_on_anything_else_are_refused() -> None:
    words = task('eventType="creating" type="a"')
    assert errors(around(extended("task", words))) == ["misplaced-extension"]


@pytest.mark.parametrize("gateway", ["exclusiveGateway", "parallelGateway", "inclusiveGateway"])
def test_a_gateway_has_start_listeners_only(gateway: str) -> None:
    assert errors(around(extended(gateway, execution(START)))) == []
    assert errors(around(extended(gateway, execution(END)))) == ["misplaced-listener"]


def _end(words: str, trigger: str) -> str:
    end = extended("endEvent", words, inner=f"<{trigger}/>")
    return f'<startEvent id="s"/>{flow("s", "x")}{end}'


def test_an_end_event_that_ends_its_scope_by_an_error_has_no_end_listeners() -> None:
    assert "misplaced-listener" in errors(_end(execution(END), "errorEventDefinition"))
    assert "misplaced-listener" not in errors(_end(execution(START), "errorEventDefinition"))


def test_an_end_listener_that_an_escalation_may_cut_off_is_a_warning() -> None:
    assert "listener-may-not-run" in warnings(_end(execution(END), "escalationEventDefinition"))


def test_a_start_event_has_end_listeners_only() -> None:
    def start(words: str) -> str:
        return extended("startEvent", words) + flow("x", "e") + '<endEvent id="e"/>'

    assert errors(start(execution(END))) == []
    (problem,) = [it for it in read(start(execution(START))).findings if it.code == "misplaced-listener"]
    assert (problem.element, problem.line) == ("x", 3)
    assert "start listener of the process" in problem.remedy


def test_a_boundary_event_has_end_listeners_only() -> None:
    def boundary(words: str) -> str:
        event = extended(
            "boundaryEvent",
            words,
            'attachedToRef="t"',
            "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
        )
        body = f'<startEvent id="s"/>{flow("s", "t")}<task id="t"/>{flow("t", "e")}<endEvent id="e"/>'
        return body + event + flow("x", "e")

    assert errors(boundary(execution(END))) == []
    assert errors(boundary(execution(START))) == ["misplaced-listener"]


def test_a_listener_of_an_unknown_function_is_a_warning() -> None:
    content = process_of(around(extended("task", execution('eventType="end" type="chek"'))))
    found = bpmn.read(content, file="model.bpmn", known=bpmn.Known(("check",))).findings

    (problem,) = [it for it in found if it.code == "unknown-function"]
    assert "'check'" in problem.remedy
