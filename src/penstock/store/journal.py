"""The journal: one row a command, never changed: history, audit log and input for replay.

Many events name their element instance only. Which element that is of stands in another event of the same
row, or else in `elements` beside them: so a part of the history is read without what came before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, get_args

import msgspec
import sqlalchemy as sa

from penstock.kernel import ProcessInstance, events as e
from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import JournalRow
from penstock.store.tables import journal

APPEND: Final = Prepared(sa.insert(journal))

_READ: Final = Prepared(
    sa.select(*(journal.c[name] for name in JournalRow.__struct_fields__))
    .where(
        journal.c.part == sa.bindparam("part"),
        journal.c.instance_id == sa.bindparam("instance_id"),
        journal.c.seq > sa.bindparam("after_seq"),
    )
    .order_by(journal.c.seq)
    .limit(sa.bindparam("limit"))
)

_NAMING: Final = frozenset(
    (
        e.ElementEntered,
        e.ElementCompleted,
        e.ElementCancelled,
        e.ElementMigrated,
        e.EventSubProcessArmed,
        e.EventSubProcessDisarmed,
    )
)
"""The events that say which element their element instance is of; other events' `element` may be another."""
_NAMELESS: Final = frozenset(
    kind
    for kind in get_args(e.Event)
    if "owner" in kind.__struct_fields__ and "element" not in kind.__struct_fields__
)
_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(dict[int, str])


def read(
    connection: sa.Connection, instance_id: str, *, after_seq: int = 0, limit: int = 1_000
) -> list[JournalRow]:
    """Give the instance's commands in their order, those after `after_seq`."""
    values = {
        "part": part_of(instance_id),
        "instance_id": instance_id,
        "after_seq": after_seq,
        "limit": limit,
    }
    return [JournalRow(*row) for row in _READ.run(connection, values)]


def encode_elements(events: Sequence[e.Event], instance: ProcessInstance) -> bytes | None:
    """Give, for the row of these events, the elements that none of them names; None where there are none.

    The instance is as the events have left it.
    """
    owners = {
        event.owner: event.scope  # type: ignore[union-attr]
        for event in events
        if type(event) in _NAMELESS and event.owner is not None  # type: ignore[union-attr]
    }
    if not owners:
        return None
    found: dict[int, str] = {}
    for owner in owners.keys() - _named_by(events).keys():
        scope = instance.scopes.get(owners[owner])
        if scope is not None and owner in scope.elements:
            found[owner] = scope.elements[owner].element
    return _encoder.encode(found) if found else None


def elements(beside: bytes | None, events: Iterable[e.Event]) -> dict[int, str]:
    """Give the elements that a row names, in its events or beside them, by the keys of their instances."""
    return ({} if beside is None else _decoder.decode(beside)) | _named_by(events)


def _named_by(events: Iterable[Any]) -> dict[int, str]:
    return {event.owner: event.element for event in events if type(event) in _NAMING and event.element}
