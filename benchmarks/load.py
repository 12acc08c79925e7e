"""A closed-loop HTTP load generator: a few connections, each sending its next request on the last answer.

`python -m benchmarks.load` reads a `Plan` as JSON from standard input and writes a `Load` to standard
output. It runs in a process of its own, on raw asyncio transports with requests built beforehand, so that
on two cores it takes little from the server that it measures. Loopback only. An answer that is no 2xx ends
the run: a fast refusal is no throughput.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import cast

from benchmarks.figures import own_cpu_seconds, percentile

LOOPBACK = "127.0.0.1"
PATIENCE_SECONDS = 30.0
"""How long after its end a run may still wait for answers."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Step:
    """One request of an exchange."""

    method: str
    path: str
    """May name what an earlier step of the exchange has kept: `/tasks/{task}/complete`."""
    body: object = None
    """Sent as JSON; None sends none."""
    keep: dict[str, list[str | int]] = field(default_factory=dict)
    """What later steps need from the answer: a name, and the keys and indexes that lead to it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send, how often and how wide."""

    port: int
    connections: int
    seconds: float
    """No exchange begins after this; those under way are finished and counted."""
    exchanges: int
    """The most exchanges, whatever the time."""
    steps: list[Step]
    """An exchange: its requests, in their order."""
    per_second: float | None = None
    """No more exchanges than this begin in a second; None for as many as are answered."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a plan."""

    exchanges: int
    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    own_cpu_us_per_request: float
    """What the generator itself has used, to see that it does not hide the server's cost."""


class LoadFailed(Exception):
    """The server gave an answer that is no success, or none."""


def encode(step: Step, port: int, kept: dict[str, str]) -> bytes:
    """Write the request of a step, with the names in its path filled from `kept`."""
    path = _NAME.sub(lambda found: kept[found.group(1)], step.path)
    body = b"" if step.body is None else json.dumps(step.body).encode()
    head = (
        f"{step.method} {path} HTTP/1.1\r\n"
        f"Host: {LOOPBACK}:{port}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Run:
    """What the connections of a run share: how much is left to do, and what was measured."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.left = plan.exchanges
        self.latencies: list[float] = []
        self.requests = 0
        self.deadline = time.perf_counter() + plan.seconds
        self.open = plan.connections
        self.transports: list[asyncio.Transport] = []
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # A request that names nothing is the same every time.
        self.fixed = [None if _NAME.search(step.path) else encode(step, plan.port, {}) for step in plan.steps]

    def claim(self) -> bool:
        """Take one exchange from what is left; False when there is none or the time is up."""
        if self.left == 0 or time.perf_counter() >= self.deadline:
            return False
        self.left -= 1
        return True

    def close_one(self) -> None:
        self.open -= 1
        if self.open == 0 and not self.ended.done():
            self.ended.set_result(None)

    def fail(self, message: str) -> None:
        if not self.ended.done():
            self.ended.set_exception(LoadFailed(message))


class _Connection(asyncio.Protocol):
    """One keep-alive connection, with at most one request under way."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._buffer = b""
        self._position = 0
        self._began = 0.0
        self._kept: dict[str, str] = {}
        self._finished = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._begin_exchange()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._finished:
            self._run.fail(f"the server closed a connection in the middle of an exchange: {exc}")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _LENGTH.search(self._buffer, 0, head)
        if length is None:
            self._run.fail(f"an answer without Content-Length: {self._buffer[:head]!r}")
            return
        end = head + 4 + int(length.group(1))
        if len(self._buffer) < end:
            return
        answer, body = self._buffer, self._buffer[head + 4 : end]
        self._buffer = self._buffer[end:]
        if answer[9:10] != b"2":
            step = self._run.plan.steps[self._position]
            self._run.fail(f"{step.method} {step.path} was answered {answer[9:12].decode()}: {body[:500]!r}")
            return
        self._answered(body)

    def _begin_exchange(self) -> None:
        if not self._run.claim():
            self._finished = True
            self._transport.close()
            self._run.close_one()
            return
        rate = self._run.plan.per_second
        # The first ones are spread over the time between two of one connection.
        spread = 0.0 if rate is None else self._run.plan.connections / rate
        since = time.perf_counter() - self._began if self._began else spread * random.random()
        if since < spread:
            asyncio.get_running_loop().call_later(spread - since, self._begin)
        else:
            self._begin()

    def _begin(self) -> None:
        self._position = 0
        self._began = time.perf_counter()
        self._send()

    def _send(self) -> None:
        run, position = self._run, self._position
        request = run.fixed[position] or encode(run.plan.steps[position], run.plan.port, self._kept)
        self._transport.write(request)

    def _answered(self, body: bytes) -> None:
        run = self._run
        run.requests += 1
        step = run.plan.steps[self._position]
        try:
            self._keep(step, body)
        except LoadFailed as failure:
            run.fail(str(failure))
            return
        self._position += 1
        if self._position < len(run.plan.steps):
            self._send()
            return
        run.latencies.append(time.perf_counter() - self._began)
        self._begin_exchange()

    def _keep(self, step: Step, body: bytes) -> None:
        if not step.keep:
            return
        answer = json.loads(body)
        for name, keys in step.keep.items():
            value = answer
            try:
                for key in keys:
                    value = value[key]
            except (LookupError, TypeError):
                raise LoadFailed(
                    f"{step.method} {step.path} was answered without '{name}': {body[:500]!r}"
                ) from None
            self._kept[name] = str(value)


async def drive(plan: Plan) -> Load:
    """Carry out a plan.

    Raises:
        LoadFailed: an answer was no 2xx, a connection broke, or the answers did not come.
    """
    loop = asyncio.get_running_loop()
    cpu, began = own_cpu_seconds(), time.perf_counter()
    run = _Run(plan)
    try:
        for _ in range(plan.connections):
            transport, _ = await loop.create_connection(lambda: _Connection(run), LOOPBACK, plan.port)
            run.transports.append(transport)
        await asyncio.wait_for(run.ended, plan.seconds + PATIENCE_SECONDS)
    except TimeoutError:
        raise LoadFailed(f"answers were still missing {PATIENCE_SECONDS:.0f} s after the end") from None
    finally:
        for transport in run.transports:
            transport.abort()
    seconds = time.perf_counter() - began
    if not run.latencies:
        raise LoadFailed("no exchange came to its end")
    ordered = sorted(run.latencies)
    return Load(
        exchanges=len(ordered),
        requests=run.requests,
        seconds=seconds,
        p50_ms=percentile(ordered, 0.50) * 1000,
        p99_ms=percentile(ordered, 0.99) * 1000,
        own_cpu_us_per_request=(own_cpu_seconds() - cpu) / run.requests * 1e6,
    )


def run_apart(plan: Plan) -> Load:
    """Carry out a plan in a process of its own.

    Raises:
        LoadFailed: as `drive`, with its message.
    """
    command = [sys.executable, "-m", "benchmarks.load"]
    patience = plan.seconds + 2 * PATIENCE_SECONDS
    ended = subprocess.run(
        command, input=json.dumps(asdict(plan)), capture_output=True, text=True, timeout=patience, check=False
    )
    if ended.returncode != 0:
        raise LoadFailed(ended.stderr.strip())
    return Load(**json.loads(ended.stdout))


def main() -> int:
    """Read a plan, carry it out, write what came of it."""
    given = json.load(sys.stdin)
    plan = Plan(**{**given, "steps": [Step(**step) for step in given["steps"]]})
    try:
        load = asyncio.run(drive(plan))
    except (LoadFailed, OSError) as failure:
        print(failure, file=sys.stderr)
        return os.EX_UNAVAILABLE
    json.dump(asdict(load), sys.stdout)
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
