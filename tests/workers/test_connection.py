"""Frames arrive whole, however the stream is cut."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, strategies as st

from penstock.workers.connection import Connection
from penstock.workers.protocol import FromChild, Said

Ends = tuple[socket.socket, Connection[FromChild]]


def frame(text: str) -> bytes:
    body = msgspec.msgpack.encode(Said("stdout", 20, text))
    return len(body).to_bytes(4, "big") + body


def open_ends() -> Ends:
    raw, other = socket.socketpair()
    return raw, Connection(other, msgspec.msgpack.Decoder(FromChild), max_frame_bytes=1000)


@pytest.fixture
def ends() -> Iterator[Ends]:
    raw, connection = open_ends()
    yield raw, connection
    raw.close()
    connection.close()


@given(st.lists(st.text(max_size=50), min_size=1, max_size=5), st.lists(st.integers(0, 400), max_size=8))
def test_messages_arrive_whole_wherever_the_stream_is_cut(texts: list[str], cuts: list[int]) -> None:
    raw, connection = open_ends()
    stream = b"".join(frame(text) for text in texts)
    places = sorted({0, len(stream), *(c for c in cuts if c < len(stream))})
    received = []
    try:
        for start, end in itertools.pairwise(places):
            raw.sendall(stream[start:end])
        for _ in texts:
            received.append(connection.receive(time.monotonic() + 10))
    finally:
        raw.close()
        connection.close()
    assert received == [Said("stdout", 20, text) for text in texts]


def test_what_is_sent_is_what_is_received(ends: Ends) -> None:
    raw, connection = ends
    connection.send(Said("stdout", 20, "hello"))
    assert raw.recv(1000) == frame("hello")


def test_the_end_of_the_stream_is_told_from_a_message(ends: Ends) -> None:
    raw, connection = ends
    raw.sendall(frame("cut off")[:-1])
    raw.close()
    with pytest.raises(EOFError):
        connection.receive()


def test_waiting_ends_at_the_deadline(ends: Ends) -> None:
    _, connection = ends
    with pytest.raises(TimeoutError):
        connection.receive(time.monotonic() + 0.01)
    with pytest.raises(TimeoutError):
        connection.receive(time.monotonic() - 1)


def test_a_message_that_is_too_long_is_refused_before_it_is_read(ends: Ends) -> None:
    raw, connection = ends
    raw.sendall((1001).to_bytes(4, "big"))
    with pytest.raises(ValueError, match="1001 bytes is longer than 1000"):
        connection.receive()


def test_what_is_no_message_is_refused(ends: Ends) -> None:
    raw, connection = ends
    raw.sendall((3).to_bytes(4, "big") + b"abc")
    with pytest.raises(ValueError):
        connection.receive()
