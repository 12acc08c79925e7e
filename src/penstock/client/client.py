"""The calls of the client, by the page-wise and patient ways in which it asks."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from penstock.client.shapes import (
    Batch,
    BatchPreview,
    BatchResult,
    ClientError,
    Deployment,
    Event,
    Finding,
    Incident,
    Instance,
    Migrated,
    NoServer,
    Refused,
    Started,
    Variables,
    Waiting,
)

T = TypeVar("T")

TIMEOUT_S: Final = 60.0
_FIRST_PAUSE_S: Final = 0.02
_LONGEST_PAUSE_S: Final = 0.5
_PAGE: Final = "1000"
_BATCHES: Final = "/api/v1/batches"

encode: Final = msgspec.json.Encoder(decimal_format="number").encode
"""Write the body of a request."""


class _Page(msgspec.Struct, frozen=True):
    items: list[msgspec.Raw]
    cursor: str | None = None


class _ErrorBody(msgspec.Struct, frozen=True):
    message: str = ""
    findings: list[Finding] = []


class Client:
    """A connection to a server; close it, or use it in a `with` block.

    Arguments:
        server: the address, such as `http://127.0.0.1:8080`.
        token: the bearer token, where the server asks for one.
        transport: what carries the requests; the network by default.

    Every method raises `NoServer` when nothing answers, and `Refused` when the server says no.
    """

    def __init__(
        self, server: str, token: str | None = None, *, transport: httpx2.BaseTransport | None = None
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.server = server
        self._http = httpx2.Client(
            base_url=server, headers=headers, timeout=TIMEOUT_S, trust_env=False, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def deploy(
        self, files: Mapping[str, bytes], *, version: str | None = None, dry_run: bool = False
    ) -> Deployment:
        """Deploy files, by name; all of them or none."""
        parts = [("file", (name, content, "application/xml")) for name, content in files.items()]
        fields = {"version": version} if version else {}
        if dry_run:
            fields["dryRun"] = "true"
        return self._ask("POST", "/api/v1/deployments", Deployment, files=parts, data=fields)

    def start(self, alias: str, variables: Variables, *, idempotency_key: str | None = None) -> Started:
        """Start an instance by the alias of its workflow, through the App API."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        address = f"/domo/workflow/v1/models/{quote(alias, safe='')}/start"
        return self._ask("POST", address, Started, body=variables, headers=headers)

    def instance(self, id: str) -> Instance:
        """Give an instance with its variables."""
        return self._ask("GET", _instance(id), Instance)

    def instances(
        self, *, process_id: str | None = None, states: Sequence[str] = (), limit: int = 20
    ) -> list[Instance]:
        """Give the newest instances, of one process and in these states where they are named."""
        query = [("limit", str(limit)), *(("state", state) for state in states)]
        query += [("processId", process_id)] if process_id else []
        page = self._ask("GET", "/api/v1/process-instances", _Page, query=query)
        return [decode(item, Instance) for item in page.items]

    def history(self, id: str) -> list[Event]:
        """Give everything that happened in an instance, in order."""
        return self._all(f"{_instance(id)}/history", Event)

    def waiting(self, id: str) -> list[Waiting]:
        """Give what an instance waits for."""
        return self._ask("GET", f"{_instance(id)}/waiting", list[Waiting])

    def incidents(self, id: str) -> list[Incident]:
        """Give the open incidents of an instance."""
        return self._all("/api/v1/incidents", Incident, [("processInstance", id)])

    def cancel(self, id: str) -> Instance:
        """Cancel an instance."""
        return self._ask("POST", f"{_instance(id)}/cancel", Instance)

    def suspend(self, id: str) -> Instance:
        """Let nothing happen in an instance until it is resumed."""
        return self._ask("POST", f"{_instance(id)}/suspend", Instance)

    def resume(self, id: str) -> Instance:
        """Let a suspended instance go on."""
        return self._ask("POST", f"{_instance(id)}/resume", Instance)

    def trigger(
        self, id: str, element: str, variables: Variables, *, element_instance: int | None = None
    ) -> Instance:
        """Let an event happen that an instance waits for, or begin an activity of an ad-hoc sub-process."""
        body: dict[str, Any] = {"element": element, "variables": variables}
        body |= {} if element_instance is None else {"elementInstance": element_instance}
        return self._ask("POST", f"{_instance(id)}/trigger", Instance, body=body)

    def resolve(self, incident: str, variables: Variables, *, retries: int | None = None) -> Instance:
        """Let the element of an incident try again, with variables put right and tries for its job."""
        body: dict[str, Any] = {"variables": variables}
        body |= {} if retries is None else {"retries": retries}
        return self._ask("POST", f"/api/v1/incidents/{quote(incident, safe='')}/resolve", Instance, body=body)

    def modify(
        self, id: str, activate: Sequence[str], terminate: Sequence[str], variables: Variables
    ) -> Instance:
        """Put tokens at elements, with variables in the scope of each, and take those at others away."""
        body = {
            "activate": [{"element": element, "variables": variables} for element in activate],
            "terminate": [{"element": element} for element in terminate],
        }
        return self._ask("POST", f"{_instance(id)}/modify", Instance, body=body)

    def migrate(
        self, id: str, definition_key: str, mapping: Mapping[str, str], *, dry_run: bool = False
    ) -> Migrated:
        """Let an instance go on by another version, or only say what is in the way."""
        body = {"definitionKey": definition_key, "mapping": mapping, "dryRun": dry_run}
        return self._ask("POST", f"{_instance(id)}/migrate", Migrated, body=body)

    def restart(self, id: str, element: str | None, variables: Variables) -> Instance:
        """Start anew where an instance has ended, with its variables and these over them."""
        body = {"element": element, "variables": variables}
        return self._ask("POST", f"{_instance(id)}/restart", Instance, body=body)

    def make_batch(self, batch: Mapping[str, Any]) -> Batch:
        """Do something for all instances that a filter finds.

        Arguments:
            batch: `operation`, `filter` and what goes with the operation, as `POST /api/v1/batches` takes it.
        """
        return self._ask("POST", _BATCHES, Batch, body=batch)

    def preview_batch(self, batch: Mapping[str, Any]) -> BatchPreview:
        """Say what a batch would do, and do nothing."""
        return self._ask("POST", f"{_BATCHES}/preview", BatchPreview, body=batch)

    def batch(self, id: str) -> Batch:
        """Give a batch with its progress."""
        return self._ask("GET", _batch(id), Batch)

    def batches(self, *, state: str | None = None, limit: int = 20) -> list[Batch]:
        """Give the newest batches, in one state where it is named."""
        query = [("limit", str(limit)), *([("state", state)] if state else [])]
        page = self._ask("GET", _BATCHES, _Page, query=query)
        return [decode(item, Batch) for item in page.items]

    def batch_results(self, id: str, *, outcome: str | None = None) -> list[BatchResult]:
        """Give what a batch came to for each instance, or for those with one outcome."""
        query = [("outcome", outcome)] if outcome else []
        return self._all(f"{_batch(id)}/results", BatchResult, query)

    def stop_batch(self, id: str) -> Batch:
        """Stop a batch; what it has done stays done."""
        return self._ask("POST", f"{_batch(id)}/stop", Batch)

    def ended_batch(self, id: str) -> Batch:
        """Give a batch once it has ended, however long that takes."""
        for pause in _pauses():
            batch = self.batch(id)
            if batch.state != "running":
                break
            time.sleep(pause)
        return batch

    def settled(self, id: str, timeout_s: float) -> Instance | None:
        """Give the instance once it has ended or has nothing to do but wait; None after the timeout."""
        deadline = time.monotonic() + timeout_s
        for pause in _pauses():
            instance = self.instance(id)
            if instance.state != "active" or self._only_waits(id):
                return self.instance(id)
            if time.monotonic() + pause > deadline:
                break
            time.sleep(pause)
        return None

    def _only_waits(self, id: str) -> bool:
        waiting = self.waiting(id)
        return bool(waiting) and all(each.kind != "job" for each in waiting)

    def _all(self, address: str, kind: type[T], query: Sequence[tuple[str, str]] = ()) -> list[T]:
        """Give all items of a list, page by page."""
        items: list[T] = []
        cursor: str | None = None
        while True:
            further = [("cursor", cursor)] if cursor else []
            page = self._ask("GET", address, _Page, query=[*query, ("limit", _PAGE), *further])
            items += [decode(item, kind) for item in page.items]
            cursor = page.cursor
            if cursor is None:
                return items

    def _ask(self, method: str, address: str, kind: type[T], **options: Any) -> T:
        return decode(self._send(method, address, **options), kind)

    def _send(
        self,
        method: str,
        address: str,
        *,
        query: Sequence[tuple[str, str]] = (),
        body: object = None,
        headers: Mapping[str, str] | None = None,
        files: Any = None,
        data: Any = None,
    ) -> bytes:
        content = None if body is None else encode(body)
        sent = {**(headers or {}), **({"Content-Type": "application/json"} if content is not None else {})}
        try:
            reply = self._http.request(
                method, address, params=list(query), content=content, headers=sent, files=files, data=data
            )
        except httpx2.TransportError as error:
            raise no_server(self.server, error) from None
        if reply.is_success:
            return reply.content
        raise refused(reply.status_code, reply.content, f"{method} {self.server}{address}")


def _pauses() -> Iterator[float]:
    """Give for ever how long to wait before asking again, in seconds: longer and longer."""
    pause = _FIRST_PAUSE_S
    while True:
        yield pause
        pause = min(pause * 2, _LONGEST_PAUSE_S)


def _batch(id: str) -> str:
    return f"{_BATCHES}/{quote(id, safe='')}"


def _instance(id: str) -> str:
    return f"/api/v1/process-instances/{quote(id, safe='')}"


def no_server(server: str, error: httpx2.TransportError) -> NoServer:
    """Give what a request means that found nobody."""
    return NoServer(
        f"no server answers at {server}: {error}. Start one with `penstock serve`, "
        "or name its address with --server."
    )


def decode(content: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Read a reply; a number with digits after the point keeps all of them.

    Raises:
        ClientError: it is of another shape.
    """
    try:
        return msgspec.json.Decoder(kind, float_hook=Decimal).decode(content)
    except msgspec.DecodeError as error:
        raise ClientError(f"the server's reply is not what this version of Penstock reads: {error}") from None


def refused(status: int, content: bytes, request: str) -> Refused:
    """Give what a reply other than a success means."""
    try:
        body = msgspec.json.decode(content, type=_ErrorBody)
    except msgspec.DecodeError:
        body = _ErrorBody()
    return Refused(status, body.message or f"{request} was answered with status {status}", body.findings)
