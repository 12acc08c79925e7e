"""What happens by itself: timers that are due, jobs that have become available, commands in the outbox.

One thread looks for what is due, sends the commands, and sleeps until the next moment at which something
will be. It is woken when that moment may have come nearer, and looks now and then all the same: what another
node has brought about is found by looking.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa
import structlog

from penstock.kernel import Rejected, commands as c
from penstock.runtime import batches, due_timers
from penstock.runtime.actors import SYSTEM
from penstock.runtime.clock import Clock
from penstock.runtime.definitions import Definitions
from penstock.runtime.dispatch import BATCH, Dispatcher
from penstock.runtime.jobs import ActivatedJob, JobRunner
from penstock.runtime.metrics import Metrics
from penstock.runtime.requests import (
    Answer,
    Busy,
    Deliver,
    Fault,
    LetBegin,
    Request,
    Unavailable,
    ignore,
    require_taken,
)
from penstock.runtime.sends import request_for
from penstock.runtime.turns import to_begin
from penstock.runtime.upkeep import Upkeep
from penstock.store import (
    broadcasts,
    due,
    jobs,
    outbox,
    sendings,
    subscriptions,
)
from penstock.store.database import OPERATIONAL, Database, reason
from penstock.store.rows import BroadcastRow, SubscriptionRow

RECEIVERS_AT_ONCE: Final = BATCH // 4
"""Receivers to whom a signal is taken before something else has its turn: a fourth of a transaction."""
LONGEST_SLEEP_S: Final = 1.0
POLL_S: Final = 0.2
"""How often a node looks for what others have brought about, more or less: no two nodes at the same time."""
PAUSE_S: Final = 0.01
"""How long a node waits at least for what was due at the last look, and may be another one's."""
PACE_S: Final = 0.005
"""How long it is at least from one look to the next, unless there was more than one look takes on."""
OUTBOX_S: Final = 5.0
"""How often the outbox is looked into for what has got stuck."""

_log = structlog.get_logger()


class Scheduler:
    """The thread that lets due things happen."""

    def __init__(
        self,
        database: Database,
        dispatcher: Dispatcher,
        definitions: Definitions,
        runner: JobRunner,
        clock: Clock,
        metrics: Metrics,
        upkeep: Upkeep,
    ) -> None:
        self._database = database
        self._upkeep = upkeep
        self._dispatcher = dispatcher
        self._definitions = definitions
        self._runner = runner
        self._clock = clock
        self._metrics = metrics
        self._wake = threading.Event()
        self._stopping = False
        self._looking = False
        self._held: set[tuple[str, int, int, str]] = set()
        """The commands and messages that were waiting to be sent at the last look."""
        self._outbox_at = 0.0
        self._until: int | None = None
        """The moment (epoch ms) of the next look; None while it is looking."""
        self._queued = True
        """Whether instances may wait for their turn, where no process has a limit (any longer)."""
        self._thread = threading.Thread(target=self._serve, name="scheduler", daemon=True)

    def start(self) -> None:
        """Take up what an earlier server left, and begin."""
        now = self._clock.now()
        # Whoever held a lease under our name is dead: no other node has it.
        self._dispatcher.transact(
            lambda connection: jobs.release(connection, self._runner.name, now)
        ).result()
        self._upkeep.look(None)
        with self._database.reading() as connection:
            left = outbox.waiting(connection)
            sent = sendings.waiting(connection)
        for row in left:
            self._dispatcher.submit(request_for(row, self._definitions), ignore)
        for place in sent:
            self._dispatcher.submit(Request("", Deliver(place), SYSTEM), ignore)
        self._runner.wake = self.wake
        self._thread.start()

    def stop(self) -> None:
        """Let nothing more happen by itself."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self, due: int | None = None) -> None:
        """Look again: something may be due, or a place may be free.

        Arguments:
            due: when (epoch ms) that is; it is looked again until then all the same. None for now.
        """
        if due is None or self._until is None or due < self._until:
            self._wake.set()

    def take_up_batches(self) -> None:
        """A batch has been made: deal with its first slice."""
        self._wake.set()

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    @property
    def idle(self) -> bool:
        """Whether it has looked since it was last woken."""
        return not self._looking and not self._wake.is_set()

    def due_before(self, moment: int, *, jobs_too: bool = True) -> int | None:
        """Give the first moment, up to `moment`, at which something is due; None where nothing is.

        Arguments:
            jobs_too: whether that may be a job for the functions here.
        """
        with self._database.reading() as connection:
            found = due.look(connection, self._runner.wanted() if jobs_too else ())
            begins = self._may_begin(connection)
        now = self._clock.now()
        room = self._runner.gate.next_room() if jobs_too else None
        moments = found.first(now), room, now if begins else None
        return min((it for it in moments if it is not None and it <= moment), default=None)

    def _may_begin(self, connection: sa.Connection) -> bool:
        levels = self._runner.gate.levels
        return bool(levels.processes) and bool(to_begin(connection, levels))

    def _serve(self) -> None:
        while not self._stopping:
            self._looking = True
            self._until = None
            self._wake.clear()
            began = time.monotonic()
            pause = self._look()
            self._until = self._clock.now() + int(pause * 1000)
            self._looking = False
            self._wake.wait(pause)
            if pause > 0 and not self._stopping:
                # Where much happens, what comes within a moment is dealt with together.
                time.sleep(max(0.0, began + PACE_S - time.monotonic()))

    def _look(self) -> float:
        """Let what is due happen, and give the seconds until something will be; no failure stops the rest."""
        try:
            with self._database.reading() as connection:
                found = due.look(connection, self._runner.wanted())
        except OPERATIONAL as error:
            _log.warning("nothing can be read now, trying again", reason=reason(error))
            return LONGEST_SLEEP_S
        now = self._clock.now()
        steps: list[tuple[bool, Callable[[], bool | None]]] = [
            (True, lambda: self._upkeep.look(found.deployments)),
            (True, self._runner.report_again),
            (_is_due(found.timer, now), self._fire_timers),
            (_is_due(found.start, now), self._start_by_timers),
            (found.signal is not None, self._broadcast),
            (True, self._give_back),
            (_is_due(found.job, now), self._take_jobs),
            (found.batches, self._run_batches),
            (True, self._let_begin),
            (True, self._go_on),
        ]
        well, more = True, False
        for wanted, step in steps:
            try:
                more |= bool(wanted and step())
            except (Busy, Unavailable, Fault) as error:
                _log.warning("nothing can be done now, trying again", reason=str(error))
                well = False
            except OPERATIONAL as error:
                _log.warning("nothing can be read now, trying again", reason=reason(error))
                well = False
        if not well:
            return LONGEST_SLEEP_S
        return 0.0 if more else self._sleep(found)

    def _fire_timers(self) -> bool:
        """Fire the timers of this node's share, and give whether there may be more of them."""
        return due_timers.fire(
            self._database, self._dispatcher, self._clock, self._metrics, self._answers, self._upkeep.share
        )

    def _start_by_timers(self) -> bool:
        return due_timers.start(self._database, self._dispatcher, self._clock, self._answers)

    def _broadcast(self) -> bool:
        """Take each signal on its way to its next receivers: a batch a look, so that others wait little."""
        after, taken = 0, False
        while not self._stopping:
            with self._database.reading() as connection:
                signal = broadcasts.next_one(connection, after)
                if signal is None:
                    break
                after = signal.id
                rows = subscriptions.of_signal(
                    connection,
                    signal.name,
                    after=signal.after_id,
                    last=signal.last_id,
                    limit=RECEIVERS_AT_ONCE,
                )
            if self._upkeep.claim(f"broadcast {signal.id}"):
                self._take_to(signal, rows)
                taken = True
        return taken

    def _take_to(self, signal: BroadcastRow, rows: list[SubscriptionRow]) -> None:
        answers = self._answers(
            [
                Request(
                    row.instance_id,
                    c.ReceiveSignal(row.scope, row.owner, row.key, signal.variables),
                    SYSTEM,
                    bare=True,
                    background=True,
                )
                for row in rows
                if signal.instance_id in (None, row.instance_id)
                and not (row.instance_id == signal.sender and row.key >= signal.before)
            ]
        )
        # One receiver's fault, which the log has, must not keep the signal from all others.
        require_taken(answers)
        if len(rows) < RECEIVERS_AT_ONCE:
            self._dispatcher.transact(lambda writer: broadcasts.remove(writer, signal.id)).result()
            self._upkeep.give_up(f"broadcast {signal.id}")
        else:
            last = rows[-1].id
            self._dispatcher.transact(lambda writer: broadcasts.move(writer, signal.id, last)).result()

    def _all(self, requests: Sequence[Request]) -> list[Answer]:
        """Send the commands and wait until each is in force or refused, so that none is found due again.

        Raises:
            Busy, Unavailable, Fault: one of them failed. One that came too late has not.
        """
        answers = self._answers(requests)
        for answer in answers:
            if isinstance(answer, Exception) and not isinstance(answer, Rejected):
                raise answer
        return answers

    def _answers(self, requests: Sequence[Request]) -> list[Answer]:
        """Send the commands, and give their answers in the same order once all of them are there."""
        left = threading.Semaphore(0)
        answers: dict[int, Answer] = {}

        def reply_to(number: int) -> Callable[[Answer], None]:
            def answered(answer: Answer) -> None:
                answers[number] = answer
                left.release()

            return answered

        sent = 0
        try:
            for request in requests:
                self._dispatcher.submit(request, reply_to(sent))
                sent += 1
        finally:
            for _ in range(sent):
                left.acquire()
        return [answers[number] for number in range(sent)]

    def _run_batches(self) -> bool:
        """Deal with a slice of every batch, and give whether there was one."""
        return self._upkeep.claim("batches") and batches.run_slices(
            self._database, self._dispatcher, self._definitions, self._clock, self._answers
        )

    def _give_back(self) -> None:
        """Let others have the jobs that were taken ahead and do not begin."""
        keys = self._runner.withdraw()
        if keys:
            self._dispatcher.transact(lambda writer: self._runner.give_back(writer, keys)).result()
            self._runner.given_back(keys)

    def _let_begin(self) -> None:
        """Let instances begin that wait until fewer of their process run."""
        levels = self._runner.gate.levels
        if not levels.processes and not self._queued:
            return
        with self._database.reading() as connection:
            found = to_begin(connection, levels)
        require_taken(self._answers([Request("", LetBegin(it), SYSTEM) for it in found]))
        self._queued = bool(found)

    def _take_jobs(self) -> None:
        if self._runner.free() == 0:
            return
        places = self._runner.take()
        leased: list[ActivatedJob] = []
        try:
            leased = self._dispatcher.transact(
                lambda writer: self._runner.lease(writer, self._definitions, places)
            ).result()
        finally:
            self._runner.release(places - len(leased))
        for job in leased:
            self._runner.run(job)

    def _go_on(self) -> None:
        """Send what the outbox has held since the last time: the commit of what was sent then has failed."""
        now = time.monotonic()
        if now - self._outbox_at < OUTBOX_S or not self._upkeep.claim("outbox"):
            return
        with self._database.reading() as connection:
            rows = outbox.waiting(connection)
            sent = sendings.waiting(connection)
        commands = {(*row.key, "command"): request_for(row, self._definitions) for row in rows}
        deliveries = {(*place, "delivery"): Request("", Deliver(place), SYSTEM) for place in sent}
        found = commands | deliveries
        held, self._held = self._held, set(found)
        self._outbox_at = now
        self._all([request for key, request in found.items() if key in held])

    def _sleep(self, found: due.Due) -> float:
        """Give the seconds until something will be due, or may be by another node's doing."""
        now = self._clock.now()
        shared = self._database.shared
        longest = POLL_S * random.uniform(0.75, 1.25) if shared else LONGEST_SLEEP_S
        if self._runner.free() == 0:
            found = found._replace(job=None)  # a place that becomes free wakes this thread
        moments = found.first(now), self._runner.gate.next_room()
        moment = min((it for it in moments if it is not None), default=None)
        if moment is None:
            return longest
        return min(longest, max(PAUSE_S, (moment - now) / 1000))


def _is_due(moment: int | None, now: int) -> bool:
    return moment is not None and moment <= now
