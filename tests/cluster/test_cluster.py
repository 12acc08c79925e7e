"""Three nodes on one PostgreSQL: any takes any request, and what one holds another takes when it is gone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx2
import pytest

from penstock.runtime.definitions import Definitions
from penstock.store.opening import open_database
from tests.bpmn.models import flow, process_of
from tests.cluster.nodes import Cluster, clustered, eventually
from tests.journeys.server import effects
from tests.simulation.checker import Checker

NODES: Final = 3


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three nodes that live through all tests that kill none."""
    with clustered(tmp_path_factory.mktemp("three")) as cluster:
        for _ in range(NODES):
            cluster.add()
        yield cluster


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster without nodes."""
    with clustered(tmp_path) as cluster:
        yield cluster


def check(cluster: Cluster, *, finished: bool = False) -> None:
    """Look at everything in the database."""
    database = open_database(cluster.database)
    with database.reading() as connection:
        checker = Checker(connection, Definitions(database))
        checker.check()
        if finished:
            checker.check_finished()
    database.close()


def test_any_node_takes_any_request_and_everything_happens_once(three: Cluster) -> None:
    ids = [three.start(number % NODES, "order") for number in range(12)]
    for number, id in enumerate(ids, 1):
        three.approve(number % NODES, id)
    for number, id in enumerate(ids, 2):
        eventually(lambda id=id, node=number % NODES: three.state(node, id) == "completed")
    check(three)
    for function in ("charge", "ship"):
        assert sorted(key.partition(":")[0] for key in effects(three.project, function)) == sorted(ids)


def test_a_key_used_through_two_nodes_starts_one_instance(three: Cluster) -> None:
    body = {"processId": "order", "variables": {"n": 1}}
    answers = [
        client.post("/process-instances", json=body, headers={"idempotency-key": "once"})
        for client in three.clients
    ]
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}


def test_what_one_node_deploys_the_others_run(three: Cluster) -> None:
    body = f'<startEvent id="s"/>{flow("s", "e")}<endEvent id="e"/>'
    for version in ("1.0.0", "1.1.0"):
        content = process_of(body.replace('id="e"/>', f'id="e" name="{version}"/>', 1))
        answer = three.clients[0].post("/deployments", files={"file": ("p.bpmn", content)})
        assert answer.is_success, answer.text
        for node in range(NODES):
            id = three.start(node, "p")
            assert three.get(node, f"/process-instances/{id}")["version"] == version


def test_the_nodes_show_each_other(three: Cluster) -> None:
    shown = eventually(lambda: len(found := three.get(0, "/nodes")) == NODES and found)
    assert [node["this"] for node in shown].count(True) == 1
    assert not any(node["gone"] for node in shown)


def test_the_jobs_and_timers_of_a_killed_node_are_taken_over_by_another_one(cluster: Cluster) -> None:
    first = cluster.add()
    id = cluster.start(first, "patience")
    eventually(lambda: effects(cluster.project, "begun"))
    second = cluster.add()
    orders = [cluster.start(first, "order") for _ in range(5)]
    cluster.nodes[first].kill()
    (cluster.project / "go").touch()
    for order in orders:
        cluster.approve(second, order)
    for each in (id, *orders):
        eventually(lambda each=each: cluster.state(second, each) == "completed")
    begun = effects(cluster.project, "begun")
    assert len(begun) == 2
    assert len(set(begun)) == 1, "the idempotency key of a job outlives a node"
    check(cluster, finished=True)


def test_a_stopped_node_hands_back_the_job_that_it_does_not_finish(cluster: Cluster) -> None:
    first = cluster.add("--graceful-timeout", "1")
    id = cluster.start(first, "patience")
    eventually(lambda: effects(cluster.project, "begun"))
    second = cluster.add()
    assert cluster.nodes[first].stop() == 0
    jobs = cluster.get(second, f"/process-instances/{id}/waiting")
    assert [job["kind"] for job in jobs] == ["job"]
    assert [node["this"] for node in cluster.get(second, "/nodes")] == [True]
    (cluster.project / "go").touch()
    eventually(lambda: cluster.state(second, id) == "completed")
    assert len(effects(cluster.project, "slow")) == 1
    check(cluster, finished=True)


def test_a_frozen_node_changes_nothing_twice_when_it_wakes(cluster: Cluster) -> None:
    first = cluster.add()
    id = cluster.start(first, "patience")
    eventually(lambda: effects(cluster.project, "begun"))
    second = cluster.add()
    os.kill(cluster.nodes[first].process.pid, signal.SIGSTOP)
    eventually(lambda: len(effects(cluster.project, "begun")) == 2)  # its lease has run out
    (cluster.project / "go").touch()
    eventually(lambda: cluster.state(second, id) == "completed")
    os.kill(cluster.nodes[first].process.pid, signal.SIGCONT)
    other = cluster.start(first, "order")
    cluster.approve(first, other)
    eventually(lambda: cluster.state(first, other) == "completed")
    assert {cluster.state(node, id) for node in (first, second)} == {"completed"}
    check(cluster, finished=True)


def test_a_message_reaches_the_instance_of_another_node_and_waits_for_it_where_it_is_early(
    three: Cluster,
) -> None:
    catch = (
        '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    )
    body = f'<startEvent id="s"/>{flow("s", "wait")}{catch}{flow("wait", "e")}<endEvent id="e"/>'
    root = (
        '<message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=n"/>'
        "</extensionElements></message>"
    )
    answer = three.clients[0].post("/deployments", files={"file": ("p.bpmn", process_of(body, root))})
    assert answer.is_success, answer.text

    def publish(node: int, key: int) -> httpx2.Response:
        body = {"name": "paid", "correlationKey": str(key), "ttl": "PT1H", "variables": {"paid": key}}
        return three.clients[node].post("/messages", json=body)

    waiting = three.start(0, "p", variables={"n": 1})
    assert publish(1, 1).is_success
    assert publish(2, 2).is_success
    early = three.start(1, "p", variables={"n": 2})
    for id, key in ((waiting, 1), (early, 2)):
        eventually(lambda id=id: three.state(2, id) == "completed")
        assert three.get(0, f"/process-instances/{id}")["variables"]["paid"] == key
    check(three)
