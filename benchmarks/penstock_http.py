"""Penstock through HTTP: a real server, the load from another process, the server's own CPU counted.

Run as every subject: `python -m benchmarks.penstock_http MODE SECONDS FOLDER [WORKLOAD...]`. An instance is
started through Domo's App API, which answers after the commit; the user task is then looked up and completed
through our own API, so `user` is three requests.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.figures import WARM_UP_INSTANCES, Figure, emit, tree_cpu_seconds, tree_rss_mb
from benchmarks.load import Plan, Step, run_apart
from benchmarks.server import Server, ServerFailed, serving, write_project
from benchmarks.subjects import HTTP, HTTP_ALONE, PENSTOCK
from benchmarks.workloads import COMPARED, COMPLETION, Workload

CONNECTIONS = {HTTP: 64, HTTP_ALONE: 1}
UNBOUNDED = 10_000_000


def exchange(workload: Workload) -> list[Step]:
    """Give the requests that run one instance from its start to its end."""
    path = f"/domo/workflow/v1/models/{workload.name}/start"
    if workload.name != "user":
        return [Step("POST", path, workload.variables)]
    return [
        Step("POST", path, workload.variables, keep={"instance": ["id"]}),
        Step("GET", "/api/v1/tasks?processInstance={instance}", keep={"task": ["items", 0, "id"]}),
        Step("POST", "/api/v1/tasks/{task}/complete", {"variables": COMPLETION}),
    ]


def measure(server: Server, workload: Workload, mode: str, seconds: float) -> Figure:
    """Load the server with a workload for `seconds`, after a warm-up that is not counted.

    Raises:
        LoadFailed: a request was not answered with a success.
        ServerFailed: an instance was not run to its end.
    """
    connections, steps = CONNECTIONS[mode], exchange(workload)
    run_apart(Plan(server.port, connections, seconds, WARM_UP_INSTANCES * connections, steps))
    before = server.overall(workload)["completedWorkflows"]
    cpu = tree_cpu_seconds(server.pid)
    load = run_apart(Plan(server.port, connections, seconds, UNBOUNDED, steps))
    cpu = tree_cpu_seconds(server.pid) - cpu
    completed = server.overall(workload)["completedWorkflows"] - before
    if completed != load.exchanges:
        raise ServerFailed(
            f"{load.exchanges} instances of {workload.name} were run, {completed} are completed"
        )
    return Figure(
        peer=PENSTOCK,
        mode=mode,
        workload=workload.name,
        instances=load.exchanges,
        seconds=load.seconds,
        cpu_ms_per_instance=cpu / load.exchanges * 1000,
        p50_ms=load.p50_ms,
        p99_ms=load.p99_ms,
        rss_mb=tree_rss_mb(server.pid),
    )


def main(mode: str, budget: float, folder: Path, names: list[str]) -> None:
    """Measure the named workloads, all when none is named."""
    project = write_project(folder / "project", COMPARED)
    with serving(project, folder / "penstock.db") as server:
        for workload in COMPARED:
            if not names or workload.name in names:
                emit(measure(server, workload, mode, budget))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
