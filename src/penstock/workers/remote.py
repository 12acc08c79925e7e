"""A worker that is elsewhere: takes jobs from a server over HTTP, runs their functions here, reports back.

The lease is short and renewed for as long as a function runs, so that the jobs of a worker that was killed
are soon another's. A report is sent until the server has taken it, or says that the job is open no longer.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import msgspec
import structlog

from penstock import tracing
from penstock.client import ClientError, NoServer, Refused
from penstock.job_client import AsyncJobClient, Job, UserTask
from penstock.workers import api
from penstock.workers.pool import FunctionPool
from penstock.workers.protocol import Call, Denied, Done, Failed, Outcome, Thrown, Withdrawn

WAIT_S: Final = 20.0
"""How long the server waits for a job before it says that there is none."""
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 5.0
_RENEWALS: Final = 3
"""How often a lease is renewed before it would run out."""

_AWAY: Final = frozenset({429, 500, 502, 503, 504})
"""Statuses of a server, or of a proxy before it, that may do its work again soon."""
_GONE: Final = frozenset({404, 409})
"""Statuses that say that the job is another's, or open no longer."""
_UNKNOWN_TO_US: Final = frozenset({401, 403})

_log = structlog.get_logger("penstock.workers")


class RemoteWorker:
    """Takes as many jobs at a time as the pool has places.

    Arguments:
        client: the connection to the server; the caller closes it.
        pool: runs the functions; the caller starts it, and `run` stops it.
        types: the functions to run, each of which the pool has.
        name: a name that no other worker has.
        places: how many jobs to hold at a time.
        lease: for how long a job is ours without a renewal.
    """

    def __init__(
        self,
        client: AsyncJobClient,
        pool: FunctionPool,
        types: list[str],
        *,
        name: str,
        places: int,
        lease: timedelta,
    ) -> None:
        self._client = client
        self._pool = pool
        self._types = types
        self._name = name
        self._places = places
        self._lease = lease
        self._running: dict[asyncio.Task[None], Job] = {}
        self._reporting: set[str] = set()
        """The keys of jobs whose functions have ended."""
        self._freed = asyncio.Event()

    async def run(self, stop: asyncio.Event, grace_s: float) -> None:
        """Work until `stop` is set, then end within the seconds: finish what runs, or give it back.

        Raises:
            Refused: the server does not accept the token.
        """
        stopping = asyncio.create_task(stop.wait())
        working = [asyncio.create_task(self._take_jobs()), asyncio.create_task(self._renew())]
        try:
            await asyncio.wait([stopping, *working], return_when=asyncio.FIRST_COMPLETED)
            working[0].cancel()
            await asyncio.wait(working[:1])
            if self._running:
                await asyncio.wait(self._running, timeout=grace_s)
        finally:
            stopping.cancel()
            working[1].cancel()
            await self._end()
        if not working[0].cancelled() and (error := working[0].exception()) is not None:
            raise error

    async def _end(self) -> None:
        """Stop what still runs, and only then give it back: no job shall run here and elsewhere."""
        left = dict(self._running)
        await asyncio.to_thread(self._pool.stop, 0.0)
        for task in left:
            task.cancel()
        for job in left.values():
            if job.key not in self._reporting:
                await self._try_once("job not given back", job, self._client.give_back(job))

    # -- taking jobs -----------------------------------------------------------------------------

    async def _take_jobs(self) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            await self._place()
            try:
                jobs = await self._client.activate(
                    self._types,
                    worker=self._name,
                    limit=self._places - len(self._running),
                    lease=self._lease,
                    wait_s=WAIT_S,
                )
                pause = _FIRST_PAUSE_S
            except ClientError as error:
                if isinstance(error, Refused) and error.status not in _AWAY:
                    raise
                _log.warning("no jobs can be had now, trying again", reason=str(error))
                pause = await _rest(pause)
                continue
            for job in jobs:
                task = asyncio.create_task(self._do(job))
                self._running[task] = job
                task.add_done_callback(self._ended)

    async def _place(self) -> None:
        """Wait until a place is free."""
        while len(self._running) >= self._places:
            self._freed.clear()
            await self._freed.wait()

    def _ended(self, task: asyncio.Task[None]) -> None:
        job = self._running.pop(task)
        self._reporting.discard(job.key)
        self._freed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("job not reported", job=job.key, function=job.type, exc_info=error)

    async def _renew(self) -> None:
        """Hold on to what runs."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / _RENEWALS)
            held = list(self._running.values())
            await asyncio.gather(
                *(
                    self._try_once("lease not renewed", job, self._client.extend(job, self._lease))
                    for job in held
                )
            )

    # -- doing them ------------------------------------------------------------------------------

    async def _do(self, job: Job) -> None:
        with tracing.span(
            f"job {job.type}", "consumer", parent=job.traceparent, attributes=_about(job)
        ) as span:
            job = msgspec.structs.replace(job, traceparent=tracing.parent_of(span) or job.traceparent)
            outcome = await self._outcome(job)
            if isinstance(outcome, Failed):
                tracing.failed(span, outcome.kind)
        self._reporting.add(job.key)
        if isinstance(outcome, Failed):
            _log.warning(
                "job failed", job=job.key, function=job.type, kind=outcome.kind, tries_left=job.retries - 1
            )
        await self._report(job, outcome)

    def _outcome(self, job: Job) -> asyncio.Future[Outcome]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()

        def take(outcome: Outcome) -> None:
            if not future.done():
                future.set_result(outcome)

        def hand_over(outcome: Outcome | Withdrawn) -> None:
            assert not isinstance(outcome, Withdrawn), "nothing is taken ahead here"
            loop.call_soon_threadsafe(take, outcome)

        self._pool.submit(_call(job), hand_over)
        return future

    async def _report(self, job: Job, outcome: Outcome) -> None:
        """Tell the server what came of a job, until it has heard."""
        try:
            await self._tell(job, lambda: _reported(self._client, job, outcome))
        except Refused as refusal:
            if refusal.status in _UNKNOWN_TO_US or isinstance(outcome, Failed):
                raise
            message = f"The server did not take what {job.type}() gave: {refusal}"
            await self._tell(job, lambda: self._client.fail(job, message))

    async def _tell(self, job: Job, send: Callable[[], Awaitable[None]]) -> None:
        pause = _FIRST_PAUSE_S
        while True:
            try:
                await send()
            except NoServer as error:
                reason = str(error)
            except Refused as error:
                if error.status in _GONE:
                    _log.info("job is open no longer", job=job.key, function=job.type, reason=str(error))
                    return
                if error.status not in _AWAY:
                    raise
                reason = str(error)
            else:
                return
            _log.warning("job not reported yet", job=job.key, function=job.type, reason=reason)
            pause = await _rest(pause)

    async def _try_once(self, what: str, job: Job, asking: Awaitable[None]) -> None:
        try:
            await asking
        except ClientError as error:
            _log.warning(what, job=job.key, function=job.type, reason=str(error))


def _about(job: Job) -> tracing.Attributes:
    return {
        "penstock.instance": job.process_instance,
        "penstock.element": job.element,
        "penstock.job": job.key,
        "penstock.attempt": job.attempt,
    }


def _call(job: Job) -> Call:
    return Call(
        function=job.type,
        variables=job.variables,
        job=api.Job(
            key=job.key,
            idempotency_key=job.idempotency_key,
            instance_id=job.process_instance,
            element_id=job.element,
            business_key=job.business_key,
            attempt=job.attempt,
            headers=job.headers,
            traceparent=job.traceparent,
            kind=job.kind,
            listener=job.listener,
            user_task=None if job.user_task is None else _task(job.user_task),
        ),
        timeout_ms=None if job.timeout is None else job.timeout // timedelta(milliseconds=1),
    )


def _task(task: UserTask) -> api.UserTask:
    return api.UserTask(
        key=task.id,
        **{name: getattr(task, name) for name in task.__struct_fields__ if name != "id"},
    )


def _reported(client: AsyncJobClient, job: Job, outcome: Outcome) -> Awaitable[None]:
    match outcome:
        case Done(variables) if job.kind == "task_listener":
            return client.complete(job, corrections=variables)
        case Done(variables):
            return client.complete(job, variables)
        case Denied(reason):
            return client.complete(job, denied=reason)
        case Failed(_, message, detail):
            return client.fail(job, message, detail=detail)
        case Thrown(code, message, variables):
            return client.throw(job, code, message, variables)


async def _rest(pause: float) -> float:
    """Rest, no two workers alike, and give how long to rest the next time."""
    await asyncio.sleep(pause * random.uniform(0.5, 1.5))
    return min(pause * 2, _LONGEST_PAUSE_S)
