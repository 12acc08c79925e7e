"""The aliases of a server: what the manifest maps, kept in the store, and in memory ready for use.

An alias is worked out at its first use and kept, since a start must cost no search. What was worked out is
forgotten when a manifest is put, or when the deployed processes change. A manifest counts as a deployment, so
that other nodes read it anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa

from penstock.api.domo.mapping import WorkflowMapping
from penstock.api.domo.parameters import ReadBody, compile_parameters
from penstock.api.domo.resolve import find_process
from penstock.store import revisions, settings
from penstock.store.rows import ProcessRow

if TYPE_CHECKING:
    from penstock.runtime.runtime import Runtime

SETTING: Final = "domo.manifest"

_encoder: Final = msgspec.json.Encoder(decimal_format="number")
_decoder: Final = msgspec.json.Decoder(tuple[WorkflowMapping, ...], float_hook=Decimal)


class Target(msgspec.Struct, frozen=True):
    """What an alias stands for."""

    process: ProcessRow
    version: str | None
    """The version that the mapping pins; None for the newest active one."""
    start_name: str | None
    read: ReadBody
    """Turns the body of a start into variables."""


class Aliases:
    """The aliases of one manifest."""

    def __init__(self, mappings: Iterable[WorkflowMapping]) -> None:
        self._mappings = {mapping.alias: mapping for mapping in mappings}
        self._processes: Sequence[ProcessRow] = ()
        self._targets: dict[str, Target] = {}

    def find(self, alias: str, processes: Sequence[ProcessRow]) -> Target:
        """Give what an alias stands for among the deployed processes.

        Raises:
            ApiError: 404, it names no process, or more than one.
        """
        if processes != self._processes:
            self._targets.clear()
        self._processes = processes
        target = self._targets.get(alias)
        if target is None:
            target = self._targets[alias] = self._work_out(alias, processes)
        return target

    def _work_out(self, alias: str, processes: Sequence[ProcessRow]) -> Target:
        process = find_process(alias, self._mappings, processes)
        mapping = self._mappings.get(alias) or WorkflowMapping(alias)
        return Target(process, mapping.version, mapping.start_name, compile_parameters(mapping.parameters))


_loaded: Final[WeakKeyDictionary[Runtime, tuple[int, Aliases]]] = WeakKeyDictionary()
"""By the runtime that they belong to: since which reading of what is deployed they are known, and they."""


async def put_manifest(runtime: Runtime, mappings: Sequence[WorkflowMapping]) -> None:
    """Keep what a manifest maps, in place of what was mapped before."""
    await runtime.write(_put, _encoder.encode(mappings))
    _loaded.pop(runtime, None)


def _put(connection: sa.Connection, manifest: bytes) -> None:
    if settings.get(connection, SETTING) != manifest:
        settings.put(connection, SETTING, manifest)
        revisions.lock(connection, "deployments")
        revisions.advance(connection, "deployments")


async def aliases_of(runtime: Runtime) -> Aliases:
    """Give the aliases of the manifest that was put last; read again when something was deployed since."""
    reading = runtime.definitions.readings
    known, aliases = _loaded.get(runtime, (None, None))
    if aliases is None or known != reading:
        stored = await runtime.read(settings.get, SETTING)
        aliases = Aliases(() if stored is None else _decoder.decode(stored))
        _loaded[runtime] = reading, aliases
    return aliases
