"""Messages and signals over HTTP, and events that an operator lets happen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Server
from tests.bpmn.models import around, file_of, flow, process_of

ROOT = """<message id="paid" name="payment"><extensionElements>
<zeebe:subscription correlationKey="=order"/></extensionElements></message>
<message id="plain" name="hello"/><message id="go" name="go"/><signal id="storm" name="storm"/>"""

PAID = '<messageEventDefinition messageRef="paid"/>'
STORM = '<signalEventDefinition signalRef="storm"/>'
CATCH = around(f'<intermediateCatchEvent id="x">{PAID}</intermediateCatchEvent>')
SIGNAL = around(f'<intermediateCatchEvent id="x">{STORM}</intermediateCatchEvent>')
TASK = '<userTask id="x"/>'
STARTED = (
    f'<startEvent id="s"><messageEventDefinition messageRef="go"/></startEvent>{flow("s", "x")}{TASK}'
    f'{flow("x", "e")}<endEvent id="e"/>'
)


def deploy(server: Server, body: str) -> None:
    reply = server.deploy(process_of(body, ROOT))
    assert reply.status_code == 200, reply.text


def deploy_as(server: Server, id: str, body: str) -> None:
    reply = server.deploy(file_of(f'{ROOT}<process id="{id}" isExecutable="true">{body}</process>'))
    assert reply.status_code == 200, reply.text


def state(server: Server, id: str) -> str:
    found: str = server.get(f"/process-instances/{id}")["state"]
    return found


def instances(server: Server) -> list[Any]:
    found: list[Any] = server.get("/process-instances")["items"]
    return found


# -- messages --------------------------------------------------------------------------------------


def test_a_message_goes_to_the_instance_that_waits_for_its_key(empty: Server) -> None:
    deploy(empty, CATCH)
    first, second = empty.start("p", order="o-1"), empty.start("p", order="o-2")

    sent = empty.done("/messages", {"name": "payment", "correlationKey": "o-2", "variables": {"amount": 5}})

    assert sent == {"correlated": [{"processInstance": second["id"], "element": "x"}], "buffered": False}
    assert (state(empty, first["id"]), state(empty, second["id"])) == ("active", "completed")
    assert empty.get(f"/process-instances/{second['id']}")["variables"] == {"order": "o-2", "amount": 5}


def test_a_message_gives_what_it_starts_a_business_key(empty: Server) -> None:
    deploy(empty, STARTED)

    empty.done("/messages", {"name": "go", "businessKey": "order 7"})

    assert [it["businessKey"] for it in instances(empty)] == ["order 7"]
    refused = empty.post("/messages", {"name": "go", "businessKey": ""})
    assert refused.status_code == 400


def test_a_number_is_a_key_too(empty: Server) -> None:
    deploy(empty, CATCH)
    instance = empty.start("p", order=7)

    empty.done("/messages", {"name": "payment", "correlationKey": 7})

    assert state(empty, instance["id"]) == "completed"


def test_a_message_that_nobody_waits_for_is_gone_or_buffered(empty: Server) -> None:
    deploy(empty, CATCH)

    assert empty.done("/messages", {"name": "payment", "correlationKey": "o-1"}) == {
        "correlated": [],
        "buffered": False,
    }
    assert empty.done("/messages", {"name": "payment", "correlationKey": "o-2", "ttl": "PT1H"}) == {
        "correlated": [],
        "buffered": True,
    }
    assert state(empty, empty.start("p", order="o-1")["id"]) == "active"
    assert state(empty, empty.start("p", order="o-2")["id"]) == "completed"
    assert state(empty, empty.start("p", order="o-2")["id"]) == "active", "it goes to one instance only"


def test_a_buffered_message_expires(empty: Server) -> None:
    deploy(empty, CATCH)
    empty.done("/messages", {"name": "payment", "correlationKey": "o-1", "ttl": "PT1H"})

    empty.done("/clock", {"advance": "PT1H"})

    assert state(empty, empty.start("p", order="o-1")["id"]) == "active"


def test_buffered_messages_come_in_their_order(empty: Server) -> None:
    deploy(empty, CATCH)
    for number in (1, 2):
        body = {"name": "payment", "correlationKey": "o", "ttl": "PT1H", "variables": {"n": number}}
        empty.done("/messages", body)

    assert [empty.start("p", order="o")["variables"]["n"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("named", [True, False], ids=["by its id", "by the idempotency key"])
def test_a_message_that_comes_again_is_the_first_one(empty: Server, named: bool) -> None:
    deploy(empty, CATCH)
    empty.start("p", order="o-1")
    empty.start("p", order="o-1")
    body = {"name": "payment", "correlationKey": "o-1"} | ({"id": "m-1"} if named else {})
    key = None if named else "k-1"

    first, again = (empty.post("/messages", body, key=key).json() for _ in range(2))

    assert again == first
    assert [it["state"] for it in instances(empty)].count("completed") == 1


def test_a_message_may_be_for_one_instance_whatever_its_key(empty: Server) -> None:
    deploy(empty, CATCH)
    empty.start("p", order="o-1")
    second = empty.start("p", order="o-1")

    empty.done("/messages", {"name": "payment", "processInstance": second["id"]})

    assert [it["id"] for it in instances(empty) if it["state"] == "completed"] == [second["id"]]


def test_a_message_starts_an_instance(empty: Server) -> None:
    deploy(empty, STARTED)

    sent = empty.done("/messages", {"name": "go", "variables": {"amount": 5}})

    (instance,) = instances(empty)
    assert sent["correlated"] == [{"processInstance": instance["id"], "element": "s"}]
    assert instance["variables"] == {"amount": 5}


def test_one_instance_of_a_key_runs_at_a_time(empty: Server) -> None:
    deploy(empty, STARTED)
    message = {"name": "go", "correlationKey": "o-1", "ttl": "PT1H"}

    (first,) = empty.done("/messages", message)["correlated"]
    assert empty.done("/messages", message) == {"correlated": [], "buffered": True}
    assert len(empty.done("/messages", {**message, "correlationKey": "o-2"})["correlated"]) == 1
    task = empty.wait_for({"id": first["processInstance"]}, "user_task")
    empty.done(f"/tasks/{task}/complete")

    assert sorted(it["state"] for it in instances(empty)) == ["active", "active", "completed"]


def test_only_the_newest_version_is_started(empty: Server) -> None:
    deploy(empty, STARTED)
    deploy(empty, STARTED.replace("userTask", "manualTask"))

    empty.done("/messages", {"name": "go"})

    (instance,) = instances(empty)
    assert (instance["version"], instance["state"]) == ("1.1.0", "completed")


def test_a_process_that_sends_meets_one_that_receives(empty: Server) -> None:
    """Two pools of one file: the order waits for its offer, which the other one makes when it is asked."""
    root = f"""{ROOT}<message id="ask" name="ask"/>
    <collaboration id="c"><participant id="buyer" processRef="p"/><participant id="seller" processRef="q"/>
    <messageFlow id="f" sourceRef="send" targetRef="asked"/></collaboration>
    <process id="q" isExecutable="true"><startEvent id="asked">
    <messageEventDefinition messageRef="ask"/></startEvent>{flow("asked", "offer")}
    <endEvent id="offer"><extensionElements><zeebe:ioMapping>
    <zeebe:input source="=12" target="price"/></zeebe:ioMapping></extensionElements>{PAID}</endEvent>
    </process>"""
    body = f"""<startEvent id="s"/>{flow("s", "send")}<sendTask id="send" messageRef="ask"><extensionElements>
    <zeebe:ioMapping><zeebe:input source="=order" target="order"/></zeebe:ioMapping>
    </extensionElements></sendTask>{flow("send", "x")}<receiveTask id="x" messageRef="paid"/>
    {flow("x", "e")}<endEvent id="e"/>"""
    assert empty.deploy(process_of(body, root)).status_code == 200

    buyer = empty.start("p", order="o-1")
    empty.done("/clock", {"advance": "PT0S"})

    assert empty.get(f"/process-instances/{buyer['id']}")["variables"] == {"order": "o-1", "price": 12}
    assert [it["state"] for it in instances(empty)] == ["completed", "completed"]


# -- signals ---------------------------------------------------------------------------------------


def test_a_signal_goes_to_everyone_and_starts_instances(empty: Server) -> None:
    deploy(empty, SIGNAL)
    deploy_as(empty, "q", STARTED.replace('<messageEventDefinition messageRef="go"/>', STORM))
    waiting = [empty.start("p")["id"] for _ in range(3)]

    assert empty.done("/signals", {"name": "storm", "variables": {"wind": 12}}) == {"received": 4}

    assert {state(empty, id) for id in waiting} == {"completed"}
    assert all(it["variables"] == {"wind": 12} for it in instances(empty))
    assert len(instances(empty)) == 4


def test_a_signal_may_be_for_one_instance(empty: Server) -> None:
    deploy(empty, SIGNAL)
    first, second = empty.start("p"), empty.start("p")

    assert empty.done("/signals", {"name": "storm", "processInstance": second["id"]}) == {"received": 1}

    assert (state(empty, first["id"]), state(empty, second["id"])) == ("active", "completed")


def test_a_signal_that_comes_again_under_its_key_reaches_nobody(empty: Server) -> None:
    deploy(empty, SIGNAL)
    empty.start("p")
    assert empty.post("/signals", {"name": "storm"}, key="k-1").json() == {"received": 1}
    late = empty.start("p")

    assert empty.post("/signals", {"name": "storm"}, key="k-1").json() == {"received": 0}
    assert state(empty, late["id"]) == "active"


def test_a_signal_is_not_for_those_who_wait_after_it_was_sent(empty: Server) -> None:
    throw = f'<intermediateThrowEvent id="t">{STORM}</intermediateThrowEvent>{flow("t", "x")}'
    deploy(empty, SIGNAL.replace(flow("s", "x"), flow("s", "t")) + throw)

    instance = empty.start("p")
    empty.done("/clock", {"advance": "PT0S"})

    assert state(empty, instance["id"]) == "active"


# -- what is waited for, and the operator ----------------------------------------------------------


def test_what_is_waited_for_is_shown(empty: Server) -> None:
    condition = (
        "<conditionalEventDefinition><condition>=stock &lt; 1</condition></conditionalEventDefinition>"
    )
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    events = {"a": PAID, "b": STORM, "c": condition, "d": timer}
    body = f'<startEvent id="s"/>{flow("s", "g")}<eventBasedGateway id="g"/><endEvent id="e"/>' + "".join(
        f'{flow("g", id)}<intermediateCatchEvent id="{id}">{inner}</intermediateCatchEvent>{flow(id, "e")}'
        for id, inner in events.items()
    )
    deploy(empty, body)
    instance = empty.start("p", order="o-1")

    waits = empty.get(f"/process-instances/{instance['id']}/waiting")

    assert [(it["kind"], it["element"], it.get("name"), it.get("correlationKey")) for it in waits] == [
        ("event_gateway", "g", None, None),
        ("message", "a", "payment", "o-1"),
        ("signal", "b", "storm", None),
        ("condition", "c", "stock < 1", None),
        ("timer", "d", None, None),
    ]
    empty.client.put(
        f"/api/v1/process-instances/{instance['id']}/variables", json={"variables": {"stock": 0}}
    )
    assert state(empty, instance["id"]) == "completed"


def test_an_operator_lets_an_event_happen(empty: Server) -> None:
    deploy(empty, CATCH)
    first, second = empty.start("p", order="o-1"), empty.start("p", order="o-2")
    (wait,) = empty.get(f"/process-instances/{second['id']}/waiting")

    done = empty.done(
        f"/process-instances/{first['id']}/trigger", {"element": "x", "variables": {"amount": 5}}
    )
    empty.done(f"/process-instances/{second['id']}/trigger", {"elementInstance": wait["elementInstance"]})

    assert (done["state"], done["variables"]["amount"]) == ("completed", 5)
    assert state(empty, second["id"]) == "completed"
    assert empty.done("/messages", {"name": "payment", "correlationKey": "o-1"})["correlated"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"element": "y"}, 404),
        ({"element": "s"}, 409),
        ({"elementInstance": 99}, 409),
        ({}, 400),
        ({"element": "x", "elementInstance": 99}, 409),
    ],
)
def test_a_trigger_says_what_waits(empty: Server, body: Any, status: int) -> None:
    deploy(empty, CATCH)
    instance = empty.start("p", order="o-1")

    assert empty.post(f"/process-instances/{instance['id']}/trigger", body).status_code == status
    assert empty.post("/process-instances/nobody/trigger", {"element": "x"}).status_code == 404


def test_a_trigger_sent_again_under_its_key_changes_nothing(empty: Server) -> None:
    deploy(empty, CATCH)
    path = f"/process-instances/{empty.start('p', order='o-1')['id']}/trigger"

    replies = [empty.post(path, {"element": "x"}, key="k-1").json() for _ in range(2)]

    assert replies[0] == replies[1]


# -- timers that start instances -------------------------------------------------------------------


def _timer_start(inner: str) -> str:
    return STARTED.replace(
        '<messageEventDefinition messageRef="go"/>', f"<timerEventDefinition>{inner}</timerEventDefinition>"
    )


def test_a_timer_starts_instances_as_often_as_it_says(empty: Server) -> None:
    deploy(empty, _timer_start("<timeCycle>R2/PT10M</timeCycle>"))

    counts = []
    for _ in range(4):
        empty.done("/clock", {"advance": "PT10M"})
        counts.append(len(instances(empty)))

    assert counts == [1, 2, 2, 2]


def test_a_new_version_replaces_the_timers_of_the_old_one(empty: Server) -> None:
    deploy(empty, _timer_start("<timeCycle>R/PT1H</timeCycle>"))
    deploy(empty, STARTED)

    empty.done("/clock", {"advance": "P1D"})

    assert instances(empty) == []


def test_a_start_that_has_no_value_is_refused(empty: Server) -> None:
    reply = empty.deploy(process_of(_timer_start("<timeDuration>=wait</timeDuration>")))

    assert reply.status_code == 422
    assert [it["code"] for it in reply.json()["findings"]] == ["start-without-value"]


def test_an_instance_begins_at_its_start_without_a_trigger(empty: Server) -> None:
    deploy(empty, STARTED + f'<startEvent id="bare"/>{flow("bare", "x")}')

    by_hand = empty.done("/process-instances", {"processId": "p"})
    by_name = empty.done("/process-instances", {"processId": "p", "startElement": "s"})

    assert (by_hand["state"], by_name["state"]) == ("active", "active")


def test_what_came_first_for_an_event_that_needs_each_of_its_triggers_is_kept(empty: Server) -> None:
    both = f'<boundaryEvent id="b" attachedToRef="x" parallelMultiple="true">{PAID}{STORM}</boundaryEvent>'
    deploy(empty, around(TASK) + both + flow("b", "e"))
    instance = empty.start("p", order="o-1")["id"]
    sent = empty.done(
        "/messages", {"name": "payment", "correlationKey": "o-1", "variables": {"amount": 5.25}}
    )
    assert sent["correlated"] == [{"processInstance": instance, "element": "b"}]
    assert state(empty, instance) == "active"

    empty.done("/signals", {"name": "storm", "variables": {"wind": 12}})

    found = empty.get(f"/process-instances/{instance}")
    assert found["state"] == "completed"
    assert found["variables"] == {"order": "o-1", "amount": 5.25, "wind": 12}


# -- conditions ------------------------------------------------------------------------------------

LOW = (
    '<startEvent id="s"><conditionalEventDefinition><condition xsi:type="tFormalExpression">stock &lt; 10'
    f"</condition></conditionalEventDefinition></startEvent>{flow('s', 'x')}{TASK}{flow('x', 'e')}"
    '<endEvent id="e"/>'
)


def test_conditions_that_start_instances_are_looked_at_when_somebody_asks(empty: Server) -> None:
    deploy(empty, LOW)
    asked = {"variables": {"stock": 3}, "businessKey": "chairs"}

    first = empty.post("/conditions", asked, key="k-1")
    again = empty.post("/conditions", asked, key="k-1")

    (instance,) = instances(empty)
    assert first.json() == {"started": [{"processInstance": instance["id"], "processId": "p"}]}
    assert again.json() == first.json()
    assert (instance["businessKey"], instance["variables"]) == ("chairs", {"stock": 3})
    assert empty.done("/conditions", {"variables": {"stock": 30}}) == {"started": []}
    assert empty.post("/conditions", {"processId": "q"}).status_code == 404


def test_a_start_that_needs_two_messages_waits_for_the_second(empty: Server) -> None:
    both = '<messageEventDefinition messageRef="go"/><messageEventDefinition messageRef="plain"/>'
    start = f'<startEvent id="s" parallelMultiple="true">{both}</startEvent>'
    deploy(empty, f'{start}{flow("s", "x")}{TASK}{flow("x", "e")}<endEvent id="e"/>')

    first = empty.done("/messages", {"name": "go", "correlationKey": 7, "variables": {"a": 1}})
    assert (first, instances(empty)) == ({"correlated": [], "buffered": True}, [])
    second = empty.done("/messages", {"name": "hello", "correlationKey": "7", "variables": {"b": 2}})

    (instance,) = instances(empty)
    assert second["correlated"] == [{"processInstance": instance["id"], "element": "s"}]
    assert instance["variables"] == {"a": 1, "b": 2}
