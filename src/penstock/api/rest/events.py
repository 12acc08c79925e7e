"""What changes, told as it happens: a stream of server-sent events.

An event says where to look again, not what is there. So one that is told twice does no harm, and who has
missed some begins anew by looking at everything that it shows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated, Any, Final

import msgspec

from penstock.api.http import AnyCall, Call, Reply
from penstock.api.queries import Query
from penstock.runtime.feed import News, Watching

HEARTBEAT_S: Final = 15.0
RETRY_MS: Final = 2_000
"""After how long a client that was cut off asks again."""

MOST_INSTANCES: Final = 100


class EventQuery(Query, frozen=True):
    """What is to be told."""

    instance: Annotated[
        list[str],
        msgspec.Meta(max_length=MOST_INSTANCES, description="Only of these instances; by default of all."),
    ] = msgspec.field(default_factory=list)
    seconds: (
        Annotated[float, msgspec.Meta(ge=0, le=86_400, description="End after so many seconds.")] | None
    ) = None


async def get(call: Call[EventQuery, None]) -> Reply:
    """Give the stream; it ends when the client goes away, when the server stops, or when it is to."""
    watching, missed = await call.runtime.feed.watch(call.query.instance, _after(call.headers))
    return Reply(
        stream=_told(call, watching, missed),
        content_type="text/event-stream;charset=UTF-8",
        headers=(("cache-control", "no-store"), ("x-accel-buffering", "no")),
    )


def _after(headers: Any) -> int | None:
    """Give the event after which to go on; what is no number of ours is as one that was missed."""
    text = headers.get("last-event-id")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


async def _told(call: AnyCall, watching: Watching, missed: bool) -> AsyncGenerator[bytes]:
    loop = asyncio.get_running_loop()
    ends = None if call.query.seconds is None else loop.time() + call.query.seconds
    gone = asyncio.ensure_future(call.gone())
    gone.add_done_callback(lambda _: watching.close())
    news = await watching.next(0)
    try:
        # The greeting tells the position, so that who is cut off before any event misses nothing.
        yield b"retry: %d\n\n" % RETRY_MS + _event("reset" if missed else "hello", news)
        while not watching.closed and (ends is None or loop.time() < ends):
            left = HEARTBEAT_S if ends is None else min(HEARTBEAT_S, ends - loop.time())
            if news:
                yield _event("change", news)
            news = await watching.next(left)
            if not news:
                yield b": alive\n\n"
    finally:
        gone.cancel()
        call.runtime.feed.forget(watching)


def _event(name: str, news: News) -> bytes:
    data: dict[str, Any] = {}
    if name == "change":
        data = {
            "instances": [
                {"id": it.id, "processId": it.process_id, "status": it.status, "seq": it.seq}
                for it in news.instances.values()
            ],
            "many": news.many,
            "subjects": list(news.subjects),
        }
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (news.position, name.encode(), msgspec.json.encode(data))
