"""The runtime: everything that a server does but for how it is asked. The API's surfaces work with this."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import sqlalchemy as sa
import structlog

from penstock import tracing
from penstock.kernel.definition import Value
from penstock.runtime import batches, deployments, leases
from penstock.runtime.archive import Archive
from penstock.runtime.clock import TestClock, clock_of
from penstock.runtime.decisions import DeployedDecisions
from penstock.runtime.definitions import Definitions
from penstock.runtime.deploying import Deployer
from penstock.runtime.deployments import Checked, Deployed, Deployments, SourceFile
from penstock.runtime.dispatch import Dispatcher
from penstock.runtime.feed import Feed
from penstock.runtime.forms import DeployedForms
from penstock.runtime.ids import new_id
from penstock.runtime.jobs import ActivatedJob, JobRunner, Names
from penstock.runtime.measuring import Measuring
from penstock.runtime.metrics import Metrics
from penstock.runtime.options import Options as Options
from penstock.runtime.readiness import missing
from penstock.runtime.requests import (
    BroadcastSignal,
    Busy,
    Idempotency,
    Outside,
    Received,
    Reply,
    Request,
    Unavailable,
)
from penstock.runtime.retention import Retention
from penstock.runtime.scheduler import POLL_S, Scheduler
from penstock.runtime.settling import settled
from penstock.runtime.transaction import Context
from penstock.runtime.trying import trial
from penstock.runtime.upkeep import Upkeep
from penstock.runtime.watching import Watcher
from penstock.runtime.workers_seen import WorkersSeen
from penstock.store import acts, broadcasts, schema
from penstock.store.batches import BatchRow
from penstock.store.database import OPERATIONAL, READERS, reason
from penstock.store.opening import open_database
from penstock.store.rows import DefinitionRow, InstanceRow, JobRow, NodeRow
from penstock.workers.pool import FunctionPool
from penstock.workers.protocol import FunctionInfo, Outcome

RUNNER: Final = "server"
"""The name under which a server's own worker leases jobs; where there are several, its id follows."""

QUIET_S: Final = 120.0
"""How long moving a test clock waits for what became due."""

_log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")


class Runtime:
    """One node: its database, its committer, its scheduler and its functions."""

    def __init__(self, options: Options) -> None:
        """Open the database and make sure of its schema.

        Raises:
            DatabaseError: it cannot be used.
            ArchiveError: what has ended is to be archived, and cannot be.
        """
        self.metrics = Metrics()
        self._database = open_database(options.database)
        try:
            schema.prepare(self._database)
            self.clock = clock_of(self._database, options.test_clock)
            archive = None if options.retention is None else Archive(options.retention.archive)
            self.definitions = Definitions(self._database)
            self.decisions = DeployedDecisions(self._database, self.definitions.deployment)
            self.forms = DeployedForms(self._database)
            self._deployed = Deployments(self.definitions, self.decisions, self.forms)
        except BaseException:
            self._database.close()
            raise
        self.workers = WorkersSeen()
        self._has_functions = options.functions is not None
        self._pool = FunctionPool(
            options.functions,
            processes=options.processes,
            default_timeout_ms=options.function_timeout_ms,
            only=options.tasks,
            threads=options.threads,
        )
        id = new_id(self.clock.now())
        # Time that stands still does so in one node only.
        alone = options.test_clock is not None or not self._database.shared
        name = RUNNER if alone else f"{RUNNER} {id}"
        self._levels = options.levels
        self._runner = JobRunner(
            self._pool, options.processes, self.clock, self._submit, self.metrics, name, options.levels
        )
        self._watcher = Watcher(self._runner, self._wake, self.metrics)
        context = self._context(options)
        self._dispatcher = Dispatcher(self._database, context, self.metrics)
        self._upkeep = Upkeep(
            id, self._database, self._dispatcher, self._runner, self.clock, self._deployed.refresh
        )
        self._retention = None
        if options.retention is not None and archive is not None:
            transact = self._dispatcher.transact
            self._retention = Retention(
                self._database, lambda run: transact(run).result(), self.clock, options.retention, archive
            )
        self._deployer = Deployer(
            self._deployed, self._dispatcher, self._upkeep, self.clock, self._function_names
        )
        for view in (self.definitions, self.decisions, self.forms):
            view.on_miss = self._upkeep.read_deployments
        self._scheduler = Scheduler(
            self._database,
            self._dispatcher,
            self.definitions,
            self._runner,
            self.clock,
            self.metrics,
            self._upkeep,
        )
        self._longest = POLL_S if self._database.shared else 1.0
        """The seconds after which it is looked again for what other nodes may have done."""
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.feed = Feed(self.read)
        self._settle = partial(settled, poll_s=self._longest, read=self.read, runner=self._runner)
        self._measuring = Measuring(self._database, self._dispatcher, self.clock, self.metrics)

    @property
    def dispatcher(self) -> Dispatcher:
        """The write path, for those who call it from a thread of their own."""
        return self._dispatcher

    def _submit(self, request: Request, reply: Reply) -> None:
        self._dispatcher.submit(request, reply)

    def _wake(self, due: int | None = None) -> None:
        self._scheduler.wake(due)

    def start(self) -> None:
        """Load the functions and begin to work.

        Raises:
            FunctionsError: a file of functions cannot be used.
        """
        self._pool.start()
        self._dispatcher.start()
        self._scheduler.start()
        if self._retention is not None:
            self._retention.start()

    def stop(self, grace_s: float = 10.0) -> None:
        """Finish what runs, for at most so many seconds, and close the database."""
        if self._retention is not None:
            self._retention.stop()
        self._scheduler.stop()
        self._runner.stop()
        if self._dispatcher.alive:
            # After this the pool has every job that was claimed, and no further one will be.
            self._dispatcher.drain()
        self._pool.stop(grace_s)
        if self._dispatcher.alive:
            self._hand_back()
        self._dispatcher.stop()
        self._readers.shutdown()
        self._database.close()

    def _hand_back(self) -> None:
        """Let others have at once what is not done."""
        try:
            self._dispatcher.drain()
            self._upkeep.leave()
        except (Busy, Unavailable) as error:
            _log.warning("not handed back: others take it when its lease has run out", reason=str(error))

    def reload_functions(self) -> None:
        """Read the functions anew.

        Raises:
            FunctionsError: the new code cannot be used; the old one stays.
        """
        self._pool.reload()
        self._scheduler.wake()

    @property
    def functions(self) -> Mapping[str, FunctionInfo]:
        """The Python functions that tasks may name."""
        return self._pool.functions

    def _context(self, options: Options) -> Context:
        bounds = options.loop_limit, self.decisions, options.levels, options.start_ttl_ms
        return Context(self.definitions, self.clock, self._watcher, *bounds)

    def new_instance_id(self) -> str:
        """Give an id for an instance that is about to be started."""
        return new_id(self.clock.now())

    # -- writing ---------------------------------------------------------------------------------

    async def send(self, request: Request) -> InstanceRow:
        """Carry out a command, and give its instance as of the commit.

        Raises:
            Rejected: the command cannot be; nothing has changed.
            Busy: the server has too much to do.
            Unavailable: the database cannot be written.
        """
        found: InstanceRow = await self._carried_out(request)
        return found

    async def receive(
        self, command: Outside, *, actor: str, idempotency: Idempotency | None = None
    ) -> Received:
        """Carry out what comes from outside, and give who has had it; a signal may still be on its way.

        Raises:
            Rejected, Busy, Unavailable: as `send`.
        """
        found: Received = await self._carried_out(Request("", command, actor, None, idempotency))
        return found

    async def _carried_out(self, request: Request) -> Any:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        with tracing.span(f"commit {type(request.command).__name__}") as span:
            if span is not None:
                span.set_attribute("penstock.instance", request.instance_id)
                request = replace(request, trace=tracing.parent_of(span))
            self._dispatcher.submit(request, self._watcher.replies(loop).to(future))
            return await future

    async def broadcast(
        self,
        signal: BroadcastSignal,
        *,
        actor: str,
        idempotency: Idempotency | None = None,
        wait_s: float = 10.0,
    ) -> Received:
        """Send a signal, and wait until everyone has had it, for at most so many seconds."""
        received = await self.receive(signal, actor=actor, idempotency=idempotency)
        deadline = asyncio.get_running_loop().time() + wait_s
        while received.broadcast is not None and asyncio.get_running_loop().time() < deadline:
            if not await self.read(broadcasts.on_its_way, received.broadcast):
                break
            await asyncio.sleep(0.005)
        return received

    async def write(
        self, run: Callable[Concatenate[sa.Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Change what is no instance's, in one transaction on the write path."""
        work = self._dispatcher.transact(lambda connection: run(connection, *args, **kwargs))
        return await asyncio.wrap_future(work)

    async def make_batch(self, row: BatchRow, key: Idempotency | None) -> BatchRow:
        """Keep a new batch and begin with it; the same idempotency key gives the same batch.

        Raises:
            Rejected: the key was used for another request.
        """
        made = await self.write(batches.make, row, key)
        self._scheduler.take_up_batches()
        return made

    # -- reading ---------------------------------------------------------------------------------

    async def read(
        self, query: Callable[Concatenate[sa.Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query on a reader's thread, in one snapshot."""
        return await self._in_thread(self._read, query, *args, **kwargs)

    def _read(
        self, query: Callable[Concatenate[sa.Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query; one that meets a connection that broke is run once more, on a new one.

        Raises:
            Unavailable: the database cannot be read.
        """
        again = True
        while True:
            try:
                with self._database.reading() as connection:
                    return query(connection, *args, **kwargs)
            except OPERATIONAL as error:
                self.metrics.database_errors.labels("read").inc()
                if not again:
                    raise Unavailable(f"the database cannot be read: {reason(error)}") from None
                again = False

    async def _in_thread(self, run: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: run(*args, **kwargs))

    async def send_and_settle(self, request: Request, timeout_s: float) -> InstanceRow:
        """Carry out a command, and wait until its instance is settled.

        Raises:
            Rejected, Busy, Unavailable: as `send`.
        """
        watch = self._watcher.watch(request.instance_id)
        try:
            row = await self.send(request)
            if row.id == request.instance_id:
                return await self._settle(watch, row.id, timeout_s)
        finally:
            self._watcher.forget(request.instance_id, watch)
        return await self.settled(row.id, timeout_s)  # the one of a request that was sent before

    async def settled(self, instance_id: str, timeout_s: float) -> InstanceRow:
        """Wait until the instance has ended or has nothing to do but wait, for at most so many seconds.

        What it calls must have nothing to do but wait, too.

        Raises:
            Rejected: there is no such instance.
        """
        watch = self._watcher.watch(instance_id)
        try:
            return await self._settle(watch, instance_id, timeout_s)
        finally:
            self._watcher.forget(instance_id, watch)

    @property
    def node(self) -> NodeRow:
        """This node."""
        return self._upkeep.node

    async def nodes(self) -> list[tuple[NodeRow, bool]]:
        """Give the nodes that share the database, the oldest first, and which have gone without a word."""
        return await self.read(self._upkeep.nodes)

    # -- deploying -------------------------------------------------------------------------------

    def validate(self, file: SourceFile) -> Checked:
        """Read a file and give all that is to be said about it."""
        return deployments.check(file, self._function_names(), self._deployed)

    async def deploy(
        self,
        files: Sequence[SourceFile],
        *,
        actor: str,
        version: str | None = None,
        notes: str = "",
        dry_run: bool = False,
    ) -> Deployed:
        """Deploy files: all of them, or none.

        Arguments:
            version: the semantic version that their processes get, whatever their tags say.
            notes: what whoever deploys says about it.
            dry_run: only say what would be.

        Raises:
            Refused: a file has an error.
            Busy: others deploy all the time.
        """
        deployed = await self._in_thread(self._deployer.deploy, files, actor, version, notes, dry_run)
        self._scheduler.wake()
        return deployed

    async def set_active(self, key: str, active: bool, *, actor: str) -> DefinitionRow:
        """Activate or deactivate a version of a process.

        Raises:
            Rejected: there is no such version.
        """
        row = await self._in_thread(self._deployer.set_active, key, active, actor)
        self._scheduler.wake()
        return row

    def _function_names(self) -> list[str] | None:
        return list(self._pool.functions) if self._has_functions else None

    # -- jobs for workers outside ----------------------------------------------------------------

    async def activate_jobs(
        self,
        types: Sequence[str],
        *,
        limit: int,
        lease_ms: int,
        worker: str,
        wait_s: float = 0,
        names: Names = None,
    ) -> list[ActivatedJob]:
        """Lease available jobs of these types to a worker; with `wait_s`, wait so long for the first one.

        Arguments:
            names: which variables they are to come with; None for all that their tasks see.
        """
        wanted = leases.Wanted(types, limit, lease_ms, worker, names)
        self.workers.note(worker, types, self.clock.now())
        deadline = asyncio.get_running_loop().time() + wait_s
        watch = self._watcher.watch(None)
        try:
            while True:
                found = await self.write(leases.lease, self.definitions, self.clock, self._levels, wanted)
                left = deadline - asyncio.get_running_loop().time()
                if found or left <= 0:
                    return found
                await watch.wait(min(left, self._longest))
        finally:
            self._watcher.forget(None, watch)

    async def extend_job(
        self, instance_id: str, key: int, *, lease_ms: int, worker: str | None = None
    ) -> JobRow:
        """Let the worker of a job have it for so many more milliseconds from now.

        Arguments:
            worker: whose job it must be; None stands for whoever has it.

        Raises:
            Rejected: the job is not open, nobody has leased it, or another worker has.
        """
        return await self.write(leases.extend, self.clock, self._levels, instance_id, key, lease_ms, worker)

    async def return_job(self, instance_id: str, key: int, *, worker: str) -> JobRow:
        """Make a job that a worker has leased available at once.

        Raises:
            Rejected: the job is not open, or the worker has it no longer.
        """
        row = await self.write(leases.give_back, self.clock, instance_id, key, worker)
        self._scheduler.wake()
        return row

    # -- functions -------------------------------------------------------------------------------

    async def try_function(self, name: str, variables: dict[str, Value], *, actor: str) -> Outcome | None:
        """Run a function once, as a task would, and note that somebody did; None where no place is free."""
        now = self.clock.now()
        await self.write(acts.add, now, actor, acts.TRY_FUNCTION, name)
        return await trial(self._pool, name, variables, new_id(now))

    # -- the test clock and health ---------------------------------------------------------------

    @property
    def test_clock(self) -> bool:
        """Whether time stands still until somebody moves it."""
        return isinstance(self.clock, TestClock)

    async def set_clock(self, to: int) -> None:
        """Move a test clock to a moment (epoch ms), and let all that becomes due on the way happen in order.

        Raises:
            ValueError: the moment is before the present one.
            Busy: what became due is not done after two minutes.
        """
        clock = self.clock
        assert isinstance(clock, TestClock), "only a test clock can be moved"
        if to < clock.now():
            raise ValueError("the clock does not go back")
        await self._quiet()
        while (due := await self._in_thread(self._scheduler.due_before, to)) is not None:
            clock.move(max(due, clock.now()))
            self._scheduler.wake()
            await self._quiet()
        clock.move(to)
        await self._quiet()

    async def _quiet(self) -> None:
        """Wait until nothing is being done and nothing is due."""
        deadline = asyncio.get_running_loop().time() + QUIET_S
        while True:
            if self._dispatcher.idle and self._scheduler.idle and self._runner.running == 0:
                if await self._in_thread(self._scheduler.due_before, self.clock.now()) is None:
                    return
                self._scheduler.wake()
            if asyncio.get_running_loop().time() > deadline:
                raise Busy("what became due is not done after two minutes")
            await asyncio.sleep(0.002)

    async def measure(self) -> None:
        """Bring those metrics up to date that nothing counts as they change."""
        await self._in_thread(self._measuring.look)

    async def ready(self) -> list[str]:
        """Give what is not ready, nothing when all is."""
        return await self._in_thread(missing, self._database, self._dispatcher, self._scheduler)
