"""Whether a page of a history costs more where the history is long: 100,000 elements beside 5,000.

The instances are loops that run through in one start, on a really started server; a page is asked for over
HTTP, at the beginning and at the end of each history. The server's CPU counts.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import Measure, process_cpu_seconds
from benchmarks.load import LOOPBACK
from benchmarks.server import Server, ServerFailed, serving, write_project
from benchmarks.workloads import loop

ELEMENTS = 100_000
QUICK_ELEMENTS = 20_000
FEW = 5_000
ELEMENTS_A_ROUND = 3
"""Two gateways and a script task."""

PAGE = 100
PAGES = 20
"""How many pages one measurement asks for: the system counts CPU by the hundredth of a second."""
ROUNDS = 3
PATIENCE_SECONDS = 300.0

BOUND = 1.5
"""What a page of the long history may cost over one of the short, within what two measurements differ by."""


def measure(folder: Path, quick: bool) -> Iterator[Measure]:
    """Run a short and a long instance, and ask for pages of their histories.

    Raises:
        ServerFailed: an instance did not come to its end, or a page was refused.
    """
    elements = QUICK_ELEMENTS if quick else ELEMENTS
    workload = loop(elements // ELEMENTS_A_ROUND)
    project = write_project(folder / "project", (workload,))
    with serving(project, folder / "history.db") as server:
        short, long = _run(server, FEW), _run(server, elements)
        last_of_short, last_of_long = _last(server, short), _last(server, long)
        _pages(server, short, 0)  # warms up
        first = [_pages(server, id, 0) for id in (short, long) for _ in range(ROUNDS)]
        last = [
            _pages(server, id, after)
            for id, after in ((short, last_of_short), (long, last_of_long))
            for _ in range(ROUNDS)
        ]
    for name, spent in (("first", first), ("last", last)):
        few, many = median(spent[:ROUNDS]), median(spent[ROUNDS:])
        yield Measure(f"{name} page of a history of {FEW:,} elements: CPU", few, "ms")
        yield Measure(f"{name} page of a history of {elements:,} elements: CPU", many, "ms")
        yield Measure(f"{name} page of the long history over that of the short", many / few, "times", BOUND)


def _run(server: Server, elements: int) -> str:
    """Run an instance to its end, and give its id."""
    body = {
        "processId": "BenchLoop",
        "variables": {"count": 0, "rounds": elements // ELEMENTS_A_ROUND},
        "wait": PATIENCE_SECONDS,
    }
    instance: dict[str, str] = _asked(server, "POST", "/api/v1/process-instances", body)
    while instance["state"] == "active":
        found = _asked(server, "GET", f"/api/v1/process-instances/{instance['id']}")
        if found["incidents"]:
            _go_on(server, instance["id"])
        instance = found
    return instance["id"]


def _go_on(server: Server, id: str) -> None:
    """Let an instance go on that was stopped, since it took very many steps without a wait."""
    for incident in _asked(server, "GET", f"/api/v1/incidents?processInstance={id}")["items"]:
        _asked(server, "POST", f"/api/v1/incidents/{incident['key']}/resolve", {})


def _last(server: Server, id: str) -> int:
    """Give the number of an event with less than a page behind it."""
    after, before = 0, 0
    while True:
        path = f"/api/v1/process-instances/{id}/history?limit=1000&after={after}"
        items = _asked(server, "GET", path)["items"]
        if len(items) <= PAGE:
            return before
        before, after = items[-PAGE - 1]["seq"], items[-1]["seq"]


def _pages(server: Server, id: str, after: int) -> float:
    """Give the CPU of one page, in ms."""
    path = f"/api/v1/process-instances/{id}/history?limit={PAGE}&after={after}"
    began = process_cpu_seconds(server.pid)
    for _ in range(PAGES):
        if not _asked(server, "GET", path)["items"]:
            raise ServerFailed(f"there is no event after {after} in the history of {id}")
    return (process_cpu_seconds(server.pid) - began) / PAGES * 1000


def _asked(server: Server, method: str, path: str, body: object = None) -> dict[str, object] | dict[str, str]:
    connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=2 * PATIENCE_SECONDS)
    headers = {"Content-Type": "application/json"}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        data = answer.read()
    finally:
        connection.close()
    if answer.status >= http.HTTPStatus.BAD_REQUEST:
        raise ServerFailed(f"{method} {path} was answered {answer.status}: {data[:500]!r}")
    found: dict[str, object] = json.loads(data)
    return found
