"""The load generator counts what really happened and takes no failure for throughput."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from benchmarks.load import Load, LoadFailed, Plan, Step, drive, encode

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def load_against(handler: Handler, steps: list[Step], *, exchanges: int, connections: int = 1) -> Load:
    """Drive a plan against a server that handles each of its connections with `handler`."""
    return asyncio.run(_load_against(handler, steps, exchanges, connections))


async def _load_against(handler: Handler, steps: list[Step], exchanges: int, connections: int) -> Load:
    handlers: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.append(task)
        await handler(reader, writer)
        writer.close()
        await asyncio.wait([asyncio.create_task(writer.wait_closed())])

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        try:
            return await drive(Plan(port, connections, seconds=10, exchanges=exchanges, steps=steps))
        finally:
            await asyncio.wait(handlers)


def answering(answer: Callable[[str, bytes], bytes]) -> Handler:
    """Answer every request with what `answer` gives for its first line and its body."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            length = int(head.lower().partition("content-length: ")[2].split()[0])
            body = await reader.readexactly(length)
            writer.write(answer(head.splitlines()[0], body))

    return handle


async def _head(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode()
    except (asyncio.IncompleteReadError, ConnectionResetError):
        return ""


def reply(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def test_every_exchange_that_was_asked_for_is_made_and_none_more():
    seen: list[str] = []

    def answer(line: str, _: bytes) -> bytes:
        seen.append(line)
        return reply("200 OK", b"{}")

    load = load_against(answering(answer), [Step("POST", "/start", {"a": 1})], exchanges=50, connections=4)
    assert (load.exchanges, load.requests, len(seen)) == (50, 50, 50)
    assert load.p50_ms <= load.p99_ms


def test_a_later_request_names_what_an_earlier_answer_gave():
    seen: list[str] = []

    def answer(line: str, _: bytes) -> bytes:
        seen.append(line)
        return reply("201 Created", b'{"items": [{"id": 7}]}')

    steps = [Step("POST", "/start", {}, keep={"task": ["items", 0, "id"]}), Step("GET", "/tasks/{task}")]
    load = load_against(answering(answer), steps, exchanges=2)
    assert seen == ["POST /start HTTP/1.1", "GET /tasks/7 HTTP/1.1"] * 2
    assert (load.exchanges, load.requests) == (2, 4)


def test_an_answer_that_is_no_success_ends_the_run_and_is_shown():
    refusing = answering(lambda _, __: reply("404 Not Found", b"no alias 'ad'"))
    with pytest.raises(LoadFailed, match=r"POST /ad was answered 404: b\"no alias 'ad'\""):
        load_against(refusing, [Step("POST", "/ad")], exchanges=3)


def test_an_answer_that_lacks_what_the_next_request_needs_ends_the_run():
    empty = answering(lambda _, __: reply("200 OK", b'{"items": []}'))
    with pytest.raises(LoadFailed, match=r"GET /tasks was answered without 'task': .*items"):
        load_against(empty, [Step("GET", "/tasks", keep={"task": ["items", 0, "id"]})], exchanges=1)


def test_an_answer_without_a_length_ends_the_run():
    chunked = answering(lambda _, __: b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
    with pytest.raises(LoadFailed, match="without Content-Length"):
        load_against(chunked, [Step("GET", "/")], exchanges=1)


def test_a_connection_that_the_server_closes_ends_the_run():
    async def close_at_once(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        pass

    with pytest.raises(LoadFailed, match="closed a connection in the middle of an exchange"):
        load_against(close_at_once, [Step("GET", "/")], exchanges=1)


def test_an_answer_that_comes_in_pieces_is_one_answer():
    async def in_pieces(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await _head(reader):
            for byte in reply("200 OK", b"{}"):
                writer.write(bytes([byte]))
                await asyncio.sleep(0)

    assert load_against(in_pieces, [Step("GET", "/")], exchanges=3).exchanges == 3


def test_a_request_is_written_with_its_length():
    request = encode(Step("POST", "/x/{id}", {"a": 1}), 8080, {"id": "7"})
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x/7 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n")
    assert body == b'{"a": 1}'
    assert f"Content-Length: {len(body)}".encode() in head
