"""A whole runtime on SQLite with time that stands still, for suites that were written for other engines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy as sa

from penstock.kernel import commands as c, events as e
from penstock.kernel.state import ROOT, ElementInstance, Scope
from penstock.kernel.variables import seen_by
from penstock.runtime.deployments import SourceFile
from penstock.runtime.requests import Request
from penstock.runtime.runtime import Options, Runtime
from penstock.store import codec, incidents, instances, journal, states
from penstock.store.rows import InstanceRow
from penstock.testing import START

ALL = 10_000


class EngineError(Exception):
    """What was asked for cannot be done, or ended in an incident."""


class Engine:
    """A runtime that is driven step by step: each call returns when nothing is left to do but wait."""

    def __init__(self, folder: Path, functions: str = "") -> None:
        code = folder / "functions"
        code.mkdir()
        (code / "tasks.py").write_text(functions)
        self._loop = asyncio.Runner()
        self.runtime = Runtime(
            Options(f"sqlite:///{folder / 'penstock.db'}", code, threads=True, test_clock=START)
        )
        self.runtime.start()
        self._known: set[tuple[str, int]] = set()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.runtime.stop()
        self._loop.close()

    def run(self, work: Any) -> Any:
        """Wait for a coroutine, and for all that follows from it."""

        async def through() -> Any:
            result = await work
            await self.runtime.set_clock(self.runtime.clock.now())
            return result

        result = self._loop.run(through())
        self._no_new_incident()
        return result

    def read(self, query: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a query over the store."""
        return self._loop.run(self.runtime.read(query, *args, **kwargs))

    def _no_new_incident(self) -> None:
        found = self.read(incidents.search, limit=ALL)
        new = [it for it in found if (it.instance_id, it.key) not in self._known]
        self._known |= {(it.instance_id, it.key) for it in new}
        if new:
            raise EngineError(f"incident at {new[0].element}: {new[0].message}")

    def deploy(self, files: Sequence[SourceFile]) -> None:
        """Deploy files together."""
        self.run(self.runtime.deploy(files, actor="1"))

    def start(self, process: str, variables: dict[str, Any], business_key: str | None = None) -> str:
        """Start the newest version where the REST API starts it, and give the instance's id."""
        definition = self.runtime.definitions.latest(process)
        if definition is None:
            raise EngineError(f"there is no process '{process}'")
        elements, starts = definition.compiled.elements, definition.compiled.starts
        start = next((it for it in starts if elements[it].trigger is None), starts[0])
        id = self.runtime.new_instance_id()
        command = c.StartInstance(start, variables, business_key)
        self.run(self.runtime.send(Request(id, command, "1", definition)))
        return id

    def send(self, instance: str, command: c.Command) -> None:
        """Send a command to an instance."""
        self.run(self.runtime.send(Request(instance, command, "1")))

    def advance_to(self, moment: int) -> None:
        """Let time pass until a moment (epoch ms)."""
        self.run(self.runtime.set_clock(max(moment, self.runtime.clock.now())))

    def all(self) -> list[InstanceRow]:
        """Give every instance, the oldest first."""
        rows: list[InstanceRow] = self.read(instances.search, limit=ALL)
        return rows[::-1]

    def events(self, instance: str) -> list[tuple[int, e.Event]]:
        """Give all that happened in an instance, with the moment of each (epoch ms)."""
        rows = self.read(journal.read, instance, limit=ALL)
        return [(row.at, event) for row in rows for event in codec.decode_events(row.events)]

    def elements(self, instance: str) -> list[tuple[Scope, ElementInstance]]:
        """Give every open element instance with its scope, outer scopes first."""
        found: list[tuple[Scope, ElementInstance]] = self.read(_elements, instance)
        return found

    def seen(self, instance: str, owner: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give the variables that an open element instance sees, and those that are its own."""
        found: tuple[dict[str, Any], dict[str, Any]] = self.read(_seen, instance, owner)
        return found


def _elements(connection: sa.Connection, instance: str) -> list[tuple[Scope, ElementInstance]]:
    state = states.load(connection, instance)
    if state is None or state.state.value in ("completed", "cancelled"):
        return []
    return list(_walk(state.scope))


def _seen(connection: sa.Connection, instance: str, owner: int) -> tuple[dict[str, Any], dict[str, Any]]:
    state = states.load(connection, instance)
    assert state is not None, f"there is no instance {instance}"
    for scope, element in _walk(state.scope):
        if element.key == owner:
            inner = state.scope(element.key) if element.opened else None
            own = (element.variables or {}) if inner is None else inner.variables
            return {**seen_by(state, scope, element), **own}, dict(own)
    raise EngineError(f"element instance {owner} of {instance} has ended")


def _walk(scope_of: Callable[[int], Scope | None]) -> Iterator[tuple[Scope, ElementInstance]]:
    keys = [ROOT]
    for key in keys:
        scope = scope_of(key)
        assert scope is not None, f"scope {key} is held by an element and is not open"
        for element in scope.elements.values():
            yield scope, element
            if element.opened:
                keys.append(element.key)
