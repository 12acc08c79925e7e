"""DBOS on PostgreSQL, on the process of the nodes' benchmark: a function, a person and a timer.

Run in the peers' venv: `python -m benchmarks.peers.dbos_postgres URL SECONDS CLIENTS`. Clients of the same
process start workflows one after the other, each with a step, a message that it waits for and a sleep. When
it is ready it says so and waits for a line; then it measures, writes how many ended, in how many seconds and
with how much CPU, and waits for another line, so that the CPU of its connections can be read.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

from dbos import DBOS

from benchmarks.figures import own_cpu_seconds
from benchmarks.workloads import COMPLETION, ORDER

TOPIC = "completion"
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.1
WARM_UP_SECONDS = 2.0


@DBOS.step()
async def _stamp() -> None:
    pass


@DBOS.workflow()
async def _order(a: int) -> dict[str, int]:
    await _stamp()
    completion: dict[str, int] = await DBOS.recv_async(TOPIC, PATIENCE_SECONDS)
    await DBOS.sleep_async(PAUSE_SECONDS)
    return {"a": a, **completion}


async def _client(deadline: float) -> int:
    """Run one instance after another, and give how many ended."""
    ended = 0
    while time.perf_counter() < deadline:
        handle = await DBOS.start_workflow_async(_order, **ORDER.variables)
        await DBOS.send_async(handle.workflow_id, COMPLETION, TOPIC)
        result = await handle.get_result()
        if result != ORDER.result:
            raise RuntimeError(f"order ended with {result}, not with {ORDER.result}")
        ended += 1
    return ended


async def _drive(clients: int, seconds: float) -> int:
    deadline = time.perf_counter() + seconds
    return sum(await asyncio.gather(*(_client(deadline) for _ in range(clients))))


async def main(url: str, seconds: float, clients: int) -> None:
    """Warm up, measure, and wait for the end of the input."""
    DBOS(config={"name": "bench", "system_database_url": url, "log_level": "ERROR"})
    DBOS.launch()
    await _drive(clients, WARM_UP_SECONDS)
    print(json.dumps({"ready": True}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    cpu, began = own_cpu_seconds(), time.perf_counter()
    ended = await _drive(clients, seconds)
    found = {"ended": ended, "seconds": time.perf_counter() - began, "cpu": own_cpu_seconds() - cpu}
    print(json.dumps(found), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
