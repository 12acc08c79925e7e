"""Calls of other processes: they start, end, fail and are cancelled as instances of their own."""

from __future__ import annotations

import pytest

from penstock.kernel import Rejected, commands as c
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Request
from penstock.store import calls, incidents, instances, outbox, user_tasks
from penstock.store.instances import Conditions
from penstock.store.rows import InstanceRow
from tests.bpmn.models import around, file_of, flow
from tests.runtime.conftest import Server

pytestmark = pytest.mark.anyio

CALL = '<callActivity id="x" calledElement="q"/>'
ERROR = '<error id="err" errorCode="NO_STOCK"/>'


def called(body: str, version: str = "") -> SourceFile:
    """Give a file with the process `q` of this body."""
    tag = f'<extensionElements><zeebe:versionTag value="{version}"/></extensionElements>' if version else ""
    return SourceFile("q.bpmn", file_of(f'{ERROR}<process id="q" isExecutable="true">{tag}{body}</process>'))


def function(name: str) -> str:
    """Give a service task `x` that calls a function."""
    words = f'<extensionElements><zeebe:taskDefinition type="{name}" retries="1"/></extensionElements>'
    return around(f'<serviceTask id="x">{words}</serviceTask>')


async def quiet(server: Server, id: str) -> InstanceRow:
    """Give an instance once nothing goes on any more."""
    await server.advance(0)
    row = await server.runtime.read(instances.find, id)
    assert row is not None
    return row


async def child_of(server: Server, id: str) -> InstanceRow:
    """Give the instance that an instance waits for."""
    (call,) = await server.runtime.read(calls.of_instance, id)
    return await quiet(server, calls.called_id(id, call.key))


async def test_a_called_process_gets_variables_and_gives_its_own_back(server: Server) -> None:
    await server.runtime.deploy([called(function("add"))], actor="1")
    await server.deploy(around(CALL))
    started = await server.start(a=1, b=2)
    row = await quiet(server, started.id)
    assert (row.status, row.variables) == ("completed", {"a": 1, "b": 2, "result": 3})
    assert await server.runtime.read(outbox.waiting) == []
    assert await server.runtime.read(calls.of_instance, started.id) == []


async def test_a_called_instance_names_its_parent(server: Server) -> None:
    await server.runtime.deploy([called(around('<userTask id="x"/>'))], actor="1")
    await server.deploy(around(CALL))
    started = await server.start()
    child = await child_of(server, started.id)
    assert (child.parent_id, child.process_id, child.status) == (started.id, "q", "active")


async def test_an_error_in_the_called_process_is_caught_on_the_call(server: Server) -> None:
    caught = (
        '<boundaryEvent id="b" attachedToRef="x"><errorEventDefinition errorRef="err"/></boundaryEvent>'
        + flow("b", "e")
    )
    await server.runtime.deploy([called(function("refuse"))], actor="1")
    await server.deploy(around(CALL) + caught, root=ERROR)
    started = await server.start()
    row = await quiet(server, started.id)
    assert (row.status, row.variables) == ("completed", {"left": 0})


async def test_an_error_that_nothing_catches_stays_in_the_called_process(server: Server) -> None:
    await server.runtime.deploy([called(function("refuse"))], actor="1")
    await server.deploy(around(CALL))
    started = await server.start()
    child = await child_of(server, started.id)
    assert child.status == "incident"
    assert (await quiet(server, started.id)).status == "active"


async def test_cancelling_cancels_what_was_called(server: Server) -> None:
    await server.runtime.deploy([called(around('<userTask id="x"/>'))], actor="1")
    await server.deploy(around(CALL))
    started = await server.start()
    child = await child_of(server, started.id)
    with pytest.raises(Rejected, match="cancel that one"):
        await server.runtime.send(Request(child.id, c.CancelInstance(), "1"))
    await server.runtime.send(Request(started.id, c.CancelInstance(), "1"))
    assert (await quiet(server, child.id)).status == "cancelled"
    assert await server.runtime.read(outbox.waiting) == []


async def test_a_process_that_there_is_not_is_an_incident_until_it_is_deployed(server: Server) -> None:
    await server.deploy(around(CALL))
    started = await server.start()
    assert (await quiet(server, started.id)).status == "incident"
    (incident,) = await server.runtime.read(incidents.search, instance_id=started.id, limit=10)
    assert (incident.type, incident.message[:24]) == ("call", "there is no process 'q':")

    await server.runtime.deploy([called(around('<task id="x"/>'))], actor="1")
    command = c.ResolveIncident(incident.scope, incident.owner, incident.key, {})
    await server.runtime.send(Request(started.id, command, "1"))
    assert (await quiet(server, started.id)).status == "completed"


async def test_the_version_that_is_called_is_the_one_that_the_call_is_bound_to(server: Server) -> None:
    await server.runtime.deploy([called(around('<userTask id="x"/>'), "1.0.0")], actor="1")
    await server.runtime.deploy([called(around('<task id="x"/>'), "2.0.0")], actor="1")
    words = '<zeebe:calledElement processId="q" bindingType="versionTag" versionTag="1.0.0"/>'
    bound = f'<callActivity id="x"><extensionElements>{words}</extensionElements></callActivity>'
    await server.deploy(around(bound))
    started = await server.start()
    assert (await child_of(server, started.id)).version == "1.0.0"


async def test_calls_go_on_after_a_restart(server: Server) -> None:
    await server.runtime.deploy([called(around('<userTask id="x"/>'))], actor="1")
    await server.deploy(around(CALL))
    started = await server.start()
    child = await child_of(server, started.id)
    server.restart()
    (task,) = await server.runtime.read(user_tasks.search, instance_id=child.id, state="open", limit=10)
    done = c.CompleteUserTask(task.scope, task.owner, task.key, {"answer": 42})
    await server.runtime.send(Request(child.id, done, "1"))
    row = await quiet(server, started.id)
    assert (row.status, row.variables) == ("completed", {"answer": 42})


async def test_processes_that_call_each_other_without_end_stop_with_an_incident(server: Server) -> None:
    loop = CALL.replace('"q"', '"p"')
    await server.deploy(around(loop))
    started = await server.start()
    await quiet(server, started.id)
    found = await server.runtime.read(incidents.search, limit=10)
    assert [incident.type for incident in found] == ["call"]
    assert "100 calls already" in found[0].message


async def test_every_item_of_a_multi_instance_calls_once(server: Server) -> None:
    loop = (
        '<extensionElements><zeebe:calledElement processId="q"/></extensionElements>'
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=items" inputElement="a" '
        'outputCollection="sums" outputElement="=sum"/></extensionElements>'
        "</multiInstanceLoopCharacteristics>"
    )
    script = '<zeebe:script expression="=a + 1" resultVariable="sum"/>'
    body = around(f'<scriptTask id="x"><extensionElements>{script}</extensionElements></scriptTask>')
    await server.runtime.deploy([called(body)], actor="1")
    await server.deploy(around(f'<callActivity id="x">{loop}</callActivity>'))
    started = await server.start(items=list(range(150)))
    row = await quiet(server, started.id)
    assert row.status == "completed"
    assert row.variables["sums"] == [number + 1 for number in range(150)]


async def test_whoever_waits_for_the_caller_waits_for_what_it_calls(server: Server) -> None:
    await server.runtime.deploy([called(function("add"))], actor="1")
    await server.deploy(around(CALL))
    row = await server.run(a=1, b=2)
    assert (row.status, row.variables["result"]) == ("completed", 3)


async def test_a_caller_rests_where_what_it_calls_waits_for_a_person(server: Server) -> None:
    await server.runtime.deploy([called(around('<userTask id="x"/>'))], actor="1")
    await server.deploy(around(CALL))
    row = await server.run()
    assert row.status == "active"
    assert len(await server.runtime.read(user_tasks.search, state="open", limit=10)) == 1


ESCALATION = '<escalation id="esc" escalationCode="SLOW"/>'


def escalating() -> SourceFile:
    """Give a process that throws an escalation, and then has a user task."""
    throw = """<intermediateThrowEvent id="t"><escalationEventDefinition escalationRef="esc"/>
    </intermediateThrowEvent>"""
    body = f"""<startEvent id="s"/>{flow("s", "t")}{throw}{flow("t", "x")}<userTask id="x"/>"""
    return SourceFile("q.bpmn", file_of(f'{ESCALATION}<process id="q" isExecutable="true">{body}</process>'))


def caught(attributes: str = "") -> str:
    """Give a call whose boundary event catches the escalation, and a user task behind that."""
    event = f"""<boundaryEvent id="b" attachedToRef="x" {attributes}>
    <escalationEventDefinition escalationRef="esc"/></boundaryEvent>"""
    return around(CALL) + event + flow("b", "boss") + '<userTask id="boss"/>'


async def test_an_escalation_in_the_called_process_is_caught_on_the_call_and_both_go_on(
    server: Server,
) -> None:
    await server.runtime.deploy([escalating()], actor="1")
    await server.deploy(caught('cancelActivity="false"'), root=ESCALATION)
    started = await server.start()
    child = await child_of(server, started.id)
    open_tasks = await server.runtime.read(user_tasks.search, state="open", limit=10)
    assert {(task.instance_id, task.element) for task in open_tasks} == {
        (started.id, "boss"),
        (child.id, "x"),
    }
    assert await server.runtime.read(outbox.waiting) == []
    for task in open_tasks:
        command = c.CompleteUserTask(task.scope, task.owner, task.key, {})
        await server.runtime.send(Request(task.instance_id, command, "1"))
    assert (await quiet(server, started.id)).status == "completed"


async def test_an_escalation_that_interrupts_the_call_ends_the_called_instance(server: Server) -> None:
    await server.runtime.deploy([escalating()], actor="1")
    await server.deploy(caught(), root=ESCALATION)
    started = await server.start()
    assert (await quiet(server, started.id)).status == "active"
    (task,) = await server.runtime.read(user_tasks.search, state="open", limit=10)
    assert (task.instance_id, task.element) == (started.id, "boss")
    assert await server.runtime.read(calls.of_instance, started.id) == []
    ended = await server.runtime.read(instances.search, Conditions(process_id="q"))
    assert [row.status for row in ended] == ["cancelled"]


async def test_a_call_says_the_business_key_of_what_it_calls_or_passes_its_own_on(server: Server) -> None:
    await server.runtime.deploy([called(around('<userTask id="x"/>'))], actor="1")
    await server.deploy(around(CALL))
    own = around('<callActivity id="x" calledElement="q" camunda:businessKey="${order}"/>')
    file = file_of(f'<process id="r" isExecutable="true">{own}</process>')
    await server.runtime.deploy([SourceFile("r.bpmn", file)], actor="1")

    passed_on = await server.start(business_key="b-1")
    assert (await child_of(server, passed_on.id)).business_key == "b-1"
    for order, key in (("o-1", "o-1"), (7, "7"), ("", None)):
        started = await server.start("r", order=order, business_key="b-1")
        assert (await child_of(server, started.id)).business_key == key

    failed = await server.start("r", order=True)
    (incident,) = await server.runtime.read(incidents.search, instance_id=failed.id)
    assert (incident.type, "business key" in incident.message) == ("call", True)


async def test_a_called_process_that_ends_all_ends_who_called_it(server: Server) -> None:
    vendor = 'xmlns:flowable="http://flowable.org/bpmn" flowable:terminateAll="true"'
    end = f'<startEvent id="s"/><endEvent id="e"><terminateEventDefinition {vendor}/></endEvent>'
    await server.runtime.deploy([called(end + flow("s", "e"))], actor="1")
    await server.deploy(around(CALL) + '<userTask id="beside"/>' + flow("s", "beside"))
    started = await server.start()
    assert (await quiet(server, started.id)).status == "completed"
    assert await server.runtime.read(user_tasks.search, state="open", limit=10) == []
    ended = await server.runtime.read(instances.search, Conditions(process_id="q"))
    assert [row.status for row in ended] == ["completed"]
