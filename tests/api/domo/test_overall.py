"""What `/overall` counts and shows."""

from __future__ import annotations

import asyncio

import pytest

from penstock.api.domo.aliases import put_manifest
from penstock.api.domo.mapping import WorkflowMapping
from penstock.kernel.commands import CompleteUserTask
from penstock.store import user_tasks
from tests.api.domo.conftest import APPROVE, START, USER, Server, process

pytestmark = pytest.mark.anyio

HOUR = 3_600_000
COUNTS = ("completedWorkflows", "inProgressWorkflows", "failedWorkflows", "canceledWorkflows")


async def one_of_each(server: Server) -> list[str]:
    """Start three instances an hour apart; one ends after 1.5 h, one is cancelled after 0.5 h, one runs."""
    ids = []
    for _ in range(3):
        ids.append((await server.start("approve"))["id"])
        if len(ids) == 2:
            await server.pass_time(HOUR // 2)
            await complete(server, ids[0])
            await server.cancel(ids[1])
            await server.pass_time(HOUR // 2)
        else:
            await server.pass_time(HOUR)
    return ids


async def complete(server: Server, instance_id: str) -> None:
    [task] = await server.runtime.read(user_tasks.search, instance_id=instance_id)
    await server.send(instance_id, CompleteUserTask(task.scope, task.owner, task.key, {}))


async def shown(server: Server, alias: str = "approve", **query: object) -> list[str]:
    body = await server.get(f"/models/{alias}/overall", **query)
    return [metric["instanceId"] for metric in body["instanceMetric"]]


async def counted(server: Server, **query: object) -> tuple[int, ...]:
    body = await server.get("/models/approve/overall", **query)
    return tuple(body[name] for name in COUNTS)


async def test_the_counts_have_just_the_fields_of_the_metrics(server: Server) -> None:
    completed, cancelled, running = await one_of_each(server)
    body = await server.get("/models/approve/overall")
    model_id = (await server.get("/models"))[1]["id"]
    metrics = body.pop("instanceMetric")
    assert list(body.items()) == [
        ("modelId", model_id),
        ("version", "1.0.0"),
        ("completedWorkflows", 1),
        ("inProgressWorkflows", 1),
        ("failedWorkflows", 0),
        ("canceledWorkflows", 1),
        ("averageCycleTime", HOUR + HOUR // 2),
    ]
    assert [list(metric.items()) for metric in metrics] == [
        [
            ("instanceId", instance_id),
            ("modelId", model_id),
            ("version", "1.0.0"),
            ("creatorId", USER),
            ("workflowStartTime", start),
            ("workflowEndTime", end),
            ("workflowCancelTime", cancel),
            ("workflowCycleTime", cycle),
            ("status", status),
        ]
        for instance_id, start, end, cancel, cycle, status in [
            (running, "2023-11-15T00:13:20.000Z", None, None, HOUR, "IN_PROGRESS"),
            (cancelled, "2023-11-14T23:13:20.000Z", None, "2023-11-14T23:43:20.000Z", HOUR // 2, "CANCELED"),
            (
                completed,
                "2023-11-14T22:13:20.000Z",
                "2023-11-14T23:43:20.000Z",
                None,
                HOUR * 3 // 2,
                "COMPLETED",
            ),
        ]
    ]


async def test_a_model_that_was_never_started_counts_nothing(server: Server) -> None:
    body = await server.get("/models/addTwoNumbers/overall")
    assert [body[name] for name in COUNTS] == [0, 0, 0, 0]
    assert (body["version"], body["averageCycleTime"], body["instanceMetric"]) == ("1.1.0", 0, [])


async def test_a_failed_instance_counts_as_failed(server: Server) -> None:
    await server.start("Stuck")
    body = await server.get("/models/Stuck/overall")
    assert [body[name] for name in COUNTS] == [0, 0, 1, 0]
    assert body["instanceMetric"][0]["status"] == "FAILED"


async def test_only_the_instances_of_the_model_are_counted(server: Server) -> None:
    await server.start("Stuck")
    assert await counted(server) == (0, 0, 0, 0)


@pytest.mark.parametrize("form", ["milliseconds", "iso"])
async def test_after_is_inclusive_and_until_exclusive(server: Server, form: str) -> None:
    first, second, third = await one_of_each(server)
    starts = {
        "milliseconds": [START, START + HOUR, START + 2 * HOUR],
        "iso": ["2023-11-14T22:13:20Z", "2023-11-15T00:13:20.000+01:00", "2023-11-15T00:13:20Z"],
    }[form]
    assert await shown(server, after=starts[1]) == [third, second]
    assert await shown(server, until=starts[1]) == [first]
    assert await shown(server, after=starts[1], until=starts[2]) == [second]
    assert await counted(server, after=starts[1], until=starts[2]) == (0, 0, 0, 1)
    assert await counted(server, after=starts[2], until=starts[1]) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "status", [["IN_PROGRESS", "CANCELED"], ["IN_PROGRESS,CANCELED"], ["CANCELLED , IN_PROGRESS"]]
)
async def test_the_status_narrows_the_page_and_not_the_counts(server: Server, status: list[str]) -> None:
    _, cancelled, running = await one_of_each(server)
    assert await shown(server, status=status) == [running, cancelled]
    assert await counted(server, status=status) == (1, 1, 0, 1)


async def test_the_page_is_the_newest_first_and_moves_by_the_offset(server: Server) -> None:
    first, second, third = await one_of_each(server)
    assert await shown(server, limit=2) == [third, second]
    assert await shown(server, limit=2, offset=2) == [first]
    assert await shown(server, offset=3) == []
    assert await counted(server, limit=1, offset=2) == (1, 1, 0, 1)


async def test_a_limit_of_nothing_gives_the_counts_alone(server: Server) -> None:
    await one_of_each(server)
    assert await shown(server, limit=0) == []
    assert await counted(server, limit=0) == (1, 1, 0, 1)


async def test_a_page_has_100_instances_or_as_many_as_asked_for_up_to_1000(server: Server) -> None:
    await asyncio.gather(*(server.start("Stuck") for _ in range(1001)))
    assert len(await shown(server, alias="Stuck")) == 100
    for limit, size in [(999, 999), (1001, 1000), (99_999_999_999_999, 1000)]:
        assert len(await shown(server, alias="Stuck", limit=limit)) == size


async def test_every_version_counts_unless_the_mapping_pins_one(server: Server) -> None:
    old = (await server.start("approve"))["id"]
    await server.pass_time(1)
    await server.deploy(process("Approve", APPROVE, version="2.0.0"))
    new = (await server.start("approve"))["id"]
    assert await shown(server) == [new, old]
    assert (await server.get("/models/approve/overall"))["version"] == "2.0.0"
    await put_manifest(server.runtime, [WorkflowMapping("approve", version="1.0.0")])
    assert await shown(server) == [old]
    assert (await server.get("/models/approve/overall"))["version"] == "1.0.0"
    assert await counted(server) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=many", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.5", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
        ("after=yesterday", "after"),
        ("after=", "after"),
        ("after=-1", "after"),
        ("until=2023-02-29T00:00:00Z", "until"),
        ("until=99999999999999999999999", "until"),
        ("until=1969-12-31T00:00:00Z", "until"),
        ("status=active", "status"),
        ("status=", "status"),
        ("status=FAILED,", "status"),
    ],
)
async def test_a_bad_value_is_refused_with_the_name_of_its_parameter(
    server: Server, query: str, name: str
) -> None:
    reply = await server.client.get(f"/models/approve/overall?{query}")
    assert reply.status_code == 400
    assert f"`{name}`" in reply.json()["message"]


async def test_an_unknown_alias_is_refused_by_its_name(server: Server) -> None:
    reply = await server.client.get("/models/nothing/overall")
    assert reply.status_code == 404
    assert "'nothing'" in reply.json()["message"]
