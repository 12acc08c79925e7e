"""Frames over a stream socket: a length of four bytes, then a message.

The two ends never share memory or file objects, so a worker that dies in the middle of a word is
nothing worse than an end of the stream.
"""

from __future__ import annotations

import socket
import threading
import time
from typing import Generic, TypeVar

import msgspec

_HEAD = 4
_CHUNK = 65536
_LONGEST_WAIT_S = 3600.0
"""The system takes no wait beyond 24 days, so a longer one is waited for in parts."""

_encoder = msgspec.msgpack.Encoder()

Incoming = TypeVar("Incoming")


class Connection(Generic[Incoming]):
    """One end of the socket: any thread may send, one thread receives.

    Args:
        sock: a connected stream socket; the connection closes it.
        decoder: knows the messages that come in.
        max_frame_bytes: the longest message taken; None takes any.
    """

    def __init__(
        self,
        sock: socket.socket,
        decoder: msgspec.msgpack.Decoder[Incoming],
        *,
        max_frame_bytes: int | None = None,
    ) -> None:
        self._sock = sock
        self._decoder = decoder
        self._max_frame_bytes = max_frame_bytes
        self._received = bytearray()
        self._sending = threading.Lock()

    def send(self, message: msgspec.Struct) -> None:
        """Send a message whole.

        Raises:
            OSError: the other end is gone.
        """
        body = _encoder.encode(message)
        with self._sending:
            self._sock.sendall(len(body).to_bytes(_HEAD, "big") + body)

    def receive(self, deadline: float | None = None) -> Incoming:
        """Wait for the next message, until `deadline` on the monotonic clock, in seconds.

        Raises:
            TimeoutError: the deadline passed.
            EOFError: the other end is gone.
            ValueError: what came is no message.
        """
        self._fill(_HEAD, deadline)
        size = int.from_bytes(self._received[:_HEAD], "big")
        if self._max_frame_bytes is not None and size > self._max_frame_bytes:
            raise ValueError(f"a message of {size} bytes is longer than {self._max_frame_bytes}")
        end = _HEAD + size
        self._fill(end, deadline)
        body = bytes(self._received[_HEAD:end])
        del self._received[:end]
        return self._decoder.decode(body)

    def set_deadline(self, deadline: float | None) -> None:
        """Let neither sending nor receiving wait beyond `deadline` on the monotonic clock, in seconds.

        Raises:
            TimeoutError: it has passed.
        """
        if deadline is None:
            self._sock.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(min(left, _LONGEST_WAIT_S))

    def close(self) -> None:
        """Close this end."""
        self._sock.close()

    def _fill(self, size: int, deadline: float | None) -> None:
        while len(self._received) < size:
            self.set_deadline(deadline)
            try:
                chunk = self._sock.recv(_CHUNK)
            except TimeoutError:
                continue
            except ConnectionError as error:
                raise EOFError from error
            if not chunk:
                raise EOFError
            self._received += chunk
