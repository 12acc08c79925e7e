"""Activities in the store: what they wait for outlives the server."""

from __future__ import annotations

import pytest

from penstock.kernel import commands as c
from penstock.kernel.definition import Value
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Request
from penstock.store import calls, instances, user_tasks
from penstock.store.rows import UserTaskRow
from tests.bpmn.models import around, file_of, flow
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio


async def open_tasks(server: Server, instance_id: str) -> list[UserTaskRow]:
    """Give the open user tasks of an instance."""
    return list(await server.runtime.read(user_tasks.search, instance_id=instance_id, state="open"))


async def complete(server: Server, task: UserTaskRow, **variables: Value) -> None:
    """Be the person who has done the task."""
    command = c.CompleteUserTask(task.scope, task.owner, task.key, variables)
    await server.runtime.send(Request(task.instance_id, command, "1"))


async def test_a_call_of_a_global_user_task_is_a_task_of_the_process_itself(server: Server) -> None:
    task = """<globalUserTask id="review" name="Review"><extensionElements>
    <zeebe:assignmentDefinition assignee="ann"/></extensionElements></globalUserTask>"""
    await server.deploy(around('<callActivity id="x" calledElement="review"/>'), root=task)
    started = await server.start()
    (opened,) = await open_tasks(server, started.id)
    assert (opened.element, opened.name, opened.assignee) == ("x", "Review", "ann")
    assert await server.runtime.read(calls.of_instance, started.id) == []


async def test_a_global_task_of_another_file_is_called_as_a_process_with_versions_of_its_own(
    server: Server,
) -> None:
    def shared(assignee: str) -> SourceFile:
        task = f"""<globalUserTask id="review" name="Review"><extensionElements>
        <zeebe:assignmentDefinition assignee="{assignee}"/></extensionElements></globalUserTask>"""
        return SourceFile("tasks.bpmn", file_of(task))

    await server.runtime.deploy([shared("ann")], actor="1")
    await server.deploy(around('<callActivity id="x" calledElement="tasks:review"/>'))
    for assignee in ("ann", "bob"):
        await server.runtime.deploy([shared(assignee)], actor="1")
        started = await server.start(amount=1)
        (call,) = await server.runtime.read(calls.of_instance, started.id)
        await server.advance(0)
        (task,) = await open_tasks(server, calls.called_id(started.id, call.key))
        assert (task.element, task.name, task.assignee) == ("review", "Review", assignee)
        await complete(server, task, ok=True)
        await server.advance(0)
        row = await server.runtime.read(instances.find, started.id)
        assert row is not None
        assert (row.status, row.variables) == ("completed", {"amount": 1, "ok": True})
    assert [it.version for it in server.runtime.definitions.versions("review")] == ["1.0.0", "1.1.0"]


async def test_tokens_that_wait_for_a_start_quantity_survive_a_restart(server: Server) -> None:
    body = f"""<startEvent id="s"/>{flow("s", "a")}{flow("s", "b")}<userTask id="a"/><userTask id="b"/>
    {flow("a", "x")}{flow("b", "x")}<userTask id="x" startQuantity="2"/>"""
    await server.deploy(body)
    started = await server.start()
    first, second = await open_tasks(server, started.id)
    await complete(server, first)
    server.restart()
    await complete(server, second)
    assert [task.element for task in await open_tasks(server, started.id)] == ["x"]


async def test_what_a_multi_instance_throws_is_caught_on_its_boundary(server: Server) -> None:
    loop = """<multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="d">
    <loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"""
    event = '<boundaryEvent id="b" attachedToRef="x"><signalEventDefinition signalRef="s1"/></boundaryEvent>'
    root = '<signal id="s1" name="voted"/><signalEventDefinition id="d" signalRef="s1"/>'
    task = f'<userTask id="x">{loop}</userTask>'
    await server.deploy(around(task) + event + flow("b", "boss") + '<userTask id="boss"/>', root=root)
    started = await server.start()
    await complete(server, (await open_tasks(server, started.id))[0])
    await server.advance(0)
    assert [task.element for task in await open_tasks(server, started.id)] == ["boss"]
