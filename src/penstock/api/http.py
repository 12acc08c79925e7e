"""A surface is a table of routes; this is what a route is, what its handler gets, and what it gives.

Served and documented from the same table (`penstock.api.openapi`), so that the two cannot part.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import msgspec
from starlette.types import Receive

from penstock.api.queries import NoQuery
from penstock.api.settings import ApiSettings

if TYPE_CHECKING:
    from penstock.runtime.runtime import Runtime

Q = TypeVar("Q")
B = TypeVar("B")

JSON: Final = "application/json;charset=UTF-8"


class Call(msgspec.Struct, Generic[Q, B], frozen=True):
    """One request, decoded."""

    runtime: Runtime
    settings: ApiSettings
    path: Mapping[str, str]
    """The parameters in the path."""
    query: Q
    body: B
    """The decoded body; None where the route takes none."""
    actor: str
    """The id of the user in whose name the request acts."""
    request_id: str
    idempotency_key: str | None
    target: str
    """The method and path."""
    raw: bytes
    """The body as it came."""
    receive: Receive
    """Where the server hears from the client, once the body has been read."""
    headers: Mapping[str, str]

    def digest(self) -> str:
        """Give a digest of what is asked, by which a repeated request is known from another one."""
        return hashlib.sha256(b"%b\n%b" % (self.target.encode(), self.raw)).hexdigest()

    async def gone(self) -> None:
        """Return once the client has gone away."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


AnyCall = Call[Any, Any]


class Reply(msgspec.Struct, frozen=True):
    """What a handler gives."""

    body: Any = None
    """What is encoded as JSON, or bytes that are sent as they are."""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = JSON
    stream: AsyncGenerator[bytes] | None = None
    """What is sent piece by piece in place of a body, until it ends or the client goes away."""


Handler = Callable[[AnyCall], Awaitable[Reply]]

_encoder: Final = msgspec.json.Encoder(decimal_format="number")


def encode(body: Any) -> bytes:
    """Give the bytes of a reply's body; a decimal number keeps all its digits."""
    return body if isinstance(body, bytes) else _encoder.encode(body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation: where it is, who handles it, and what it takes and gives."""

    method: str
    path: str
    """With its parameters in braces, such as `/api/v1/tasks/{id}`."""
    handler: Handler
    summary: str
    """What it does, as one sentence."""
    tag: str
    """The group under which the documentation shows it."""
    query: type[msgspec.Struct] = NoQuery
    body: Any = None
    """The type of its JSON body (a struct, or `dict[str, Any]` for any object); None where it takes none."""
    upload: type[msgspec.Struct] | None = None
    """For a multipart body: a struct that documents the parts. The handler gets a `bodies.Upload`."""
    replies: Mapping[int, Any] = field(default_factory=lambda: {200: Any})
    """By status, the type of a JSON reply, or the media type of another one as a text."""
    errors: Sequence[int] = ()
    """The statuses of errors that it may give beside 400, which all may give."""
    idempotent: bool = False
    """Whether it honours an `Idempotency-Key` header."""
    open: bool = False
    """Whether it answers without a token."""
    example: Any = None
    """A body that works, for the documentation."""
