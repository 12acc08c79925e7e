"""What a node does now and then for itself and for all: shows that it is here, renews, reads anew, forgets.

No node needs to know of the others. That it is here is only for showing; what one does for all it claims for
a while, so that not everybody does it.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Final

import sqlalchemy as sa

from penstock.runtime.clock import Clock
from penstock.runtime.dispatch import Dispatcher
from penstock.runtime.jobs import JobRunner
from penstock.store import changes, claims, gatherings, idempotency, messages, nodes, revisions
from penstock.store.database import Database
from penstock.store.rows import NodeRow
from penstock.store.timers import Share

SEEN_MS: Final = 5_000
"""How often a node shows that it is here, and compares its clock."""

GONE_MS: Final = 3 * SEEN_MS
"""Who has not been seen for so long is held to be gone."""

SEEING_S: Final = 0.3
"""How long a change takes to be seen by every node that is not very busy."""

CLAIM_MS: Final = 10_000
"""For how long a node claims what it does for all; longer than one slice of it takes."""

HOUR_MS: Final = 3_600_000

IDEMPOTENCY_MS: Final = 7 * 24 * HOUR_MS
"""How long a request's idempotency key is kept."""


class Upkeep:
    """The upkeep of one node."""

    def __init__(
        self,
        id: str,
        database: Database,
        dispatcher: Dispatcher,
        runner: JobRunner,
        clock: Clock,
        refresh: Callable[[], None],
    ) -> None:
        """Begin with nothing done.

        Arguments:
            id: the node's.
            refresh: reads anew what is deployed.
        """
        self._database = database
        self._dispatcher = dispatcher
        self._runner = runner
        self._clock = clock
        self._refresh = refresh
        self._reading = threading.Lock()
        self.known = -1
        """How often the deployments had changed when they were read."""
        self._forgot_at = 0
        self._forgot_changes_at = 0
        self._seen_at = 0
        self.share: Share | None = None
        """Which timers are for this node to fire before others do; None for all."""
        now = clock.now()
        self.node = NodeRow(id, f"{socket.gethostname()}:{os.getpid()}", version("penstock"), now, now)

    def look(self, deployments: int | None) -> None:
        """Do what it is time for.

        Arguments:
            deployments: how often what is deployed has changed; None where it never has.
        """
        now = self._clock.now()
        keys = self._runner.to_renew()
        if keys:
            self._dispatcher.transact(lambda writer: self._runner.renew(writer, keys)).result()
        if self._database.shared:
            if (deployments or 0) != self.known:
                self.read_deployments()
            if now - self._seen_at >= SEEN_MS:
                self._clock.sync()
                self._seen_at = now
                self._dispatcher.transact(lambda writer: nodes.see(writer, self._seen(now))).result()
                self._share_out()
        if now - self._forgot_changes_at > changes.KEPT_MS:
            self._forgot_changes_at = now
            self._dispatcher.transact(lambda writer: changes.forget(writer, now)).result()
        if now - self._forgot_at > HOUR_MS:
            self._forget(now)
            self._forgot_at = now

    def _share_out(self) -> None:
        """Find out which of the nodes this one is."""
        with self._database.reading() as connection:
            here = sorted(it.id for it, gone in self.nodes(connection) if not gone)
        alone = len(here) == 1 or self.node.id not in here
        self.share = None if alone else (here.index(self.node.id), len(here))

    def _seen(self, now: int) -> NodeRow:
        it = self.node
        return NodeRow(it.id, it.name, it.version, it.started_at, now)

    def _forget(self, now: int) -> None:
        transact = self._dispatcher.transact
        transact(lambda writer: idempotency.forget(writer, now - IDEMPOTENCY_MS)).result()
        transact(lambda writer: messages.forget(writer, now)).result()
        transact(lambda writer: gatherings.forget(writer, now)).result()
        transact(lambda writer: claims.forget(writer, now - HOUR_MS)).result()
        transact(lambda writer: nodes.forget(writer, now - HOUR_MS)).result()

    def nodes(self, connection: sa.Connection) -> list[tuple[NodeRow, bool]]:
        """Give the nodes that share the database, the oldest first, and which have gone without a word."""
        if not self._database.shared:
            return [(self.node, False)]
        since = self._clock.now() - GONE_MS
        return [(it, it.seen_at < since) for it in nodes.every(connection)]

    def leave(self) -> None:
        """Hand back what the node still holds, and say that it has gone."""
        now, id = self._clock.now(), self.node.id
        if self._database.shared:
            self._dispatcher.transact(lambda writer: claims.release(writer, id)).result()
            self._dispatcher.transact(lambda writer: nodes.remove(writer, id)).result()
        self._dispatcher.transact(lambda writer: self._runner.hand_back(writer, now)).result()

    # -- what changes in memory when another node changes it ----------------------------------------

    def read_deployments(self) -> bool:
        """Read anew what is deployed where another node has changed it, and give whether one had."""
        with self._reading:
            with self._database.reading() as connection:
                number = revisions.get(connection, "deployments")
            if number == self.known:
                return False
            self._refresh()
            self.known = number
            return True

    def let_others_read(self) -> None:
        """Wait until the other nodes, if there are any, have had the time to see what has changed."""
        with self._database.reading() as connection:
            here = [it.id for it, gone in self.nodes(connection) if not gone]
        if any(id != self.node.id for id in here):
            time.sleep(SEEING_S)

    # -- what one node does for all ----------------------------------------------------------------

    def claim(self, what: str) -> bool:
        """Give whether this node may do it now; where there is one, always."""
        if not self._database.shared:
            return True
        now, id = self._clock.now(), self.node.id
        return self._dispatcher.transact(
            lambda writer: claims.take(writer, what, id, now=now, until=now + CLAIM_MS)
        ).result()

    def give_up(self, what: str) -> None:
        """It is done."""
        if self._database.shared:
            self._dispatcher.transact(lambda writer: claims.end(writer, what)).result()
