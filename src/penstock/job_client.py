"""A typed client for workers: take jobs, say what came of them. `JobClient` waits, `AsyncJobClient` awaits.

The two share every request and every reply, and differ in how they are sent. Variables are Python values on
both sides: `Decimal`, `date`, `datetime`, `timedelta` keep what they are.

    with JobClient("http://127.0.0.1:8080") as client:
        for job in client.activate(["charge"], worker="till-1", wait_s=20):
            client.complete(job, {"receipt": charge(job.variables["amount"])})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Literal, Self, TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from penstock import feel
from penstock.client.client import TIMEOUT_S, decode, encode, no_server, refused

T = TypeVar("T")

_JOBS: Final = "/api/v1/jobs"


class UserTask(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The user task that a task listener is about, as it is to become."""

    id: str
    assignee: str | None = None
    candidate_users: list[str] = []
    candidate_groups: list[str] = []
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    changes: list[str] = []
    """The names of the attributes that change."""


class Job(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A job that the worker has leased."""

    key: str
    type: str
    element: str
    """The id of the task in the model."""
    process_instance: str
    variables: dict[str, Any]
    """What the task sees."""
    headers: dict[str, str]
    """The static settings of the task in the model."""
    retries: int
    """How many tries are left, this one included."""
    idempotency_key: str
    """The same for every try of the job, and for no other job: hand it to services that take one."""
    attempt: int = 1
    """Which try this is, counted from 1."""
    business_key: str | None = None
    """What the starter of the instance called it."""
    timeout: timedelta | None = None
    """How long one try may take, where the model says so."""
    traceparent: str | None = None
    """The trace that the job belongs to, where the server keeps one; reports continue it."""
    kind: Literal["task", "execution_listener", "task_listener"] = "task"
    """Whether it is the work of a task, or a listener that the model has there."""
    listener: str | None = None
    """For a listener: what it listens to, such as `start` or `completing`."""
    user_task: UserTask | None = None
    """For a task listener: the user task."""
    worker: str = ""
    """In whose name the job is leased."""


class _Leased(msgspec.Struct, frozen=True):
    items: list[Job]


class _Ask(msgspec.Struct, Generic[T], frozen=True):
    """One request, and the shape of its reply."""

    address: str
    body: dict[str, Any]
    kind: Any
    wait_s: float = 0.0
    """How long the server may take on purpose."""
    traceparent: str | None = None


def _activate(
    types: Sequence[str], worker: str, limit: int, lease: timedelta, wait_s: float
) -> _Ask[_Leased]:
    body = {"types": list(types), "worker": worker, "max": limit, "lease": _span(lease), "wait": wait_s}
    return _Ask(f"{_JOBS}/activate?typed=true", body, _Leased, wait_s)


def _complete(
    job: Job, variables: Mapping[str, object], corrections: Mapping[str, object], denied: str | None
) -> _Ask[msgspec.Raw]:
    body: dict[str, Any] = {"variables": _sent(variables)}
    if corrections:
        body["corrections"] = {_ATTRIBUTES.get(it, it): _plain(value) for it, value in corrections.items()}
    if denied is not None:
        body["denied"] = denied
    return _about(job, "complete", body)


_ATTRIBUTES: Final = {
    name: msgspec.structs.fields(UserTask)[at].encode_name
    for at, name in enumerate(UserTask.__struct_fields__)
}


def _plain(value: object) -> object:
    return feel.to_json(feel.from_python(value))


def _fail(
    job: Job, message: str, detail: str | None, retries: int | None, backoff: timedelta | None
) -> _Ask[msgspec.Raw]:
    body = {
        "message": message,
        "detail": detail,
        "retries": retries,
        "backoff": None if backoff is None else _span(backoff),
        "attempt": job.attempt,
    }
    return _about(job, "fail", body)


def _throw(job: Job, code: str, message: str, variables: Mapping[str, object]) -> _Ask[msgspec.Raw]:
    return _about(job, "error", {"code": code, "message": message, "variables": _sent(variables)})


def _extend(job: Job, lease: timedelta) -> _Ask[msgspec.Raw]:
    return _about(job, "extend", {"lease": _span(lease), "worker": job.worker})


def _give_back(job: Job) -> _Ask[msgspec.Raw]:
    return _about(job, "return", {"worker": job.worker})


def _about(job: Job, act: str, body: dict[str, Any]) -> _Ask[msgspec.Raw]:
    address = f"{_JOBS}/{quote(job.key, safe='')}/{act}"
    return _Ask(address, body, msgspec.Raw, traceparent=job.traceparent)


def _span(span: timedelta) -> str:
    return feel.to_text(span)


def _sent(variables: Mapping[str, object]) -> dict[str, object]:
    return {name: feel.to_json(feel.from_python(value), typed=True) for name, value in variables.items()}


def _received(leased: _Leased, worker: str) -> list[Job]:
    return [
        msgspec.structs.replace(
            job,
            worker=worker,
            variables={name: feel.from_json(value) for name, value in job.variables.items()},
        )
        for job in leased.items
    ]


class JobClient:
    """A connection to a server, for one worker or several; close it, or use it in a `with` block.

    Arguments:
        server: the address, such as `http://127.0.0.1:8080`.
        token: the bearer token, where the server asks for one.
        transport: what carries the requests; the network by default.

    Every method raises `NoServer` when nothing answers, and `Refused` when the server says no: with status
    404 a job is open no longer, because it has ended or its instance has gone on.
    """

    def __init__(
        self, server: str, token: str | None = None, *, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self.server = server
        self._http = httpx2.Client(
            base_url=server, headers=_headers(token), timeout=TIMEOUT_S, trust_env=False, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def activate(
        self,
        types: Sequence[str],
        *,
        worker: str,
        limit: int = 1,
        lease: timedelta = timedelta(seconds=30),
        wait_s: float = 0.0,
    ) -> list[Job]:
        """Lease available jobs of these types, those that waited longest first.

        Arguments:
            worker: a name that no other worker has.
            limit: how many at most.
            lease: for how long they are the worker's own.
            wait_s: how long to wait for the first one, 60 seconds at most.
        """
        return _received(self._ask(_activate(types, worker, limit, lease, wait_s)), worker)

    def complete(
        self,
        job: Job,
        variables: Mapping[str, object] | None = None,
        *,
        corrections: Mapping[str, object] | None = None,
        denied: str | None = None,
    ) -> None:
        """Say that the work is done, with what it gave.

        Arguments:
            corrections: for a task listener: the attributes of the user task that it changes.
            denied: for a task listener: why the user task is not to be changed.
        """
        self._ask(_complete(job, variables or {}, corrections or {}, denied))

    def fail(
        self,
        job: Job,
        message: str,
        *,
        detail: str | None = None,
        retries: int | None = None,
        backoff: timedelta | None = None,
    ) -> None:
        """Say that the work could not be done.

        Arguments:
            message: why, for the person who repairs it; `detail` may say more, such as a traceback.
            retries: how many tries are left, in place of one less; 0 makes an incident.
            backoff: how long to wait before the next try, in place of what the model says.
        """
        self._ask(_fail(job, message, detail, retries, backoff))

    def throw(
        self, job: Job, code: str, message: str = "", variables: Mapping[str, object] | None = None
    ) -> None:
        """End the work with a BPMN error, for the boundary event that catches its code."""
        self._ask(_throw(job, code, message, variables or {}))

    def extend(self, job: Job, lease: timedelta) -> None:
        """Have the job for so much longer from now; refused with 409 once another worker has it."""
        self._ask(_extend(job, lease))

    def give_back(self, job: Job) -> None:
        """Let another worker take the job at once; no try of it is counted."""
        self._ask(_give_back(job))

    def _ask(self, ask: _Ask[T]) -> T:
        try:
            reply = self._http.post(
                ask.address,
                content=encode(ask.body),
                headers=_sent_with(ask),
                timeout=TIMEOUT_S + ask.wait_s,
            )
        except httpx2.TransportError as error:
            raise no_server(self.server, error) from None
        return _read(ask, reply, self.server)


class AsyncJobClient:
    """`JobClient` for coroutines: the same methods, awaited; close it, or use it in an `async with` block.

    Arguments:
        server: the address, such as `http://127.0.0.1:8080`.
        token: the bearer token, where the server asks for one.
        transport: what carries the requests; the network by default.
    """

    def __init__(
        self, server: str, token: str | None = None, *, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self.server = server
        self._http = httpx2.AsyncClient(
            base_url=server, headers=_headers(token), timeout=TIMEOUT_S, trust_env=False, transport=transport
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    async def activate(
        self,
        types: Sequence[str],
        *,
        worker: str,
        limit: int = 1,
        lease: timedelta = timedelta(seconds=30),
        wait_s: float = 0.0,
    ) -> list[Job]:
        """Lease available jobs, as `JobClient.activate` does; a cancelled call gives its jobs back."""
        return _received(await self._ask(_activate(types, worker, limit, lease, wait_s)), worker)

    async def complete(
        self,
        job: Job,
        variables: Mapping[str, object] | None = None,
        *,
        corrections: Mapping[str, object] | None = None,
        denied: str | None = None,
    ) -> None:
        """Say that the work is done, as `JobClient.complete` does."""
        await self._ask(_complete(job, variables or {}, corrections or {}, denied))

    async def fail(
        self,
        job: Job,
        message: str,
        *,
        detail: str | None = None,
        retries: int | None = None,
        backoff: timedelta | None = None,
    ) -> None:
        """Say that the work could not be done, as `JobClient.fail` does."""
        await self._ask(_fail(job, message, detail, retries, backoff))

    async def throw(
        self, job: Job, code: str, message: str = "", variables: Mapping[str, object] | None = None
    ) -> None:
        """End the work with a BPMN error, for the boundary event that catches its code."""
        await self._ask(_throw(job, code, message, variables or {}))

    async def extend(self, job: Job, lease: timedelta) -> None:
        """Have the job for so much longer from now; refused with 409 once another worker has it."""
        await self._ask(_extend(job, lease))

    async def give_back(self, job: Job) -> None:
        """Let another worker take the job at once; no try of it is counted."""
        await self._ask(_give_back(job))

    async def _ask(self, ask: _Ask[T]) -> T:
        try:
            reply = await self._http.post(
                ask.address,
                content=encode(ask.body),
                headers=_sent_with(ask),
                timeout=TIMEOUT_S + ask.wait_s,
            )
        except httpx2.TransportError as error:
            raise no_server(self.server, error) from None
        return _read(ask, reply, self.server)


def _sent_with(ask: _Ask[Any]) -> dict[str, str]:
    json = {"Content-Type": "application/json"}
    return json if ask.traceparent is None else json | {"traceparent": ask.traceparent}


def _headers(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _read(ask: _Ask[T], reply: httpx2.Response, server: str) -> T:
    if not reply.is_success:
        raise refused(reply.status_code, reply.content, f"POST {server}{ask.address}")
    read: T = decode(reply.content, ask.kind)
    return read
