"""The servers that share the database, for showing."""

from __future__ import annotations

from penstock.api.http import Call, Reply
from penstock.api.queries import NoQuery
from penstock.api.rest.values import Shape
from penstock.api.times import iso


class Node(Shape, frozen=True):
    """A server that works on the database."""

    id: str
    name: str
    """Its host and process."""
    version: str
    started_at: str
    seen_at: str
    """When it last showed that it is here, every few seconds."""
    gone: bool
    """Whether it has gone without a word: it was killed, cut off or stands still."""
    this: bool
    """Whether it is the one that answers."""


async def get(call: Call[NoQuery, None]) -> Reply:
    """Give the nodes, the oldest first."""
    own = call.runtime.node
    return Reply(
        [
            Node(it.id, it.name, it.version, iso(it.started_at), iso(it.seen_at), gone, it.id == own.id)
            for it, gone in await call.runtime.nodes()
        ]
    )
