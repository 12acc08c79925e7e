"""Messages that are kept: until they expire for those who will wait, by their id to know them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa

from penstock import feel
from penstock.kernel.definition import Value
from penstock.store.prepared import AnyRow, Prepared
from penstock.store.rows import Correlated, MessageRow
from penstock.store.tables import message, message_start

_it: Final = message.c
_COLUMNS: Final = (_it.id, _it.variables, _it.correlated, _it.business_key)
_ADDRESSED: Final = (_it.name == sa.bindparam("name"), _it.correlation_key == sa.bindparam("correlation_key"))

_ADD: Final = Prepared(
    sa.insert(message).values({c.name: sa.bindparam(c.name) for c in message.c if c.name != "id"})
)
_BY_ID: Final = Prepared(
    sa.select(*_COLUMNS).where(*_ADDRESSED, _it.message_id == sa.bindparam("message_id"))
)
_OLDEST: Final = Prepared(
    sa.select(*_COLUMNS)
    .where(
        *_ADDRESSED,
        _it.expires_at > sa.literal_column("0"),  # as the index says it
        _it.expires_at > sa.bindparam("now"),
        sa.or_(_it.instance_id.is_(None), _it.instance_id == sa.bindparam("instance_id")),
    )
    .order_by(_it.id)
    .limit(1)
    .with_for_update(nowait=True)
)
_USE: Final = Prepared(
    sa.update(message)
    .where(_it.id == sa.bindparam("b_id"))
    .values(correlated=sa.bindparam("new_correlated"), expires_at=sa.literal_column("0"))
)
_FORGET: Final = Prepared(sa.delete(message).where(_it.kept_until <= sa.bindparam("now")))

_HOLDER: Final = Prepared(
    sa.select(message_start.c.instance_id).where(
        message_start.c.process_id == sa.bindparam("process_id"),
        message_start.c.correlation_key == sa.bindparam("correlation_key"),
    )
)
_HOLD: Final = Prepared(sa.insert(message_start))
_RELEASE: Final = Prepared(
    sa.delete(message_start).where(
        message_start.c.process_id == sa.bindparam("b_process_id"),
        message_start.c.correlation_key == sa.bindparam("b_correlation_key"),
        message_start.c.instance_id == sa.bindparam("b_instance_id"),
    )
)
_decoder: Final = msgspec.json.Decoder(list[Correlated])


def add(
    connection: sa.Connection,
    *,
    name: str,
    correlation_key: str,
    message_id: str | None,
    instance_id: str | None,
    variables: dict[str, Value],
    business_key: str | None,
    correlated: Sequence[Correlated],
    expires_at: int,
    kept_until: int,
) -> None:
    """Keep a message; times are epoch milliseconds, `expires_at` is 0 for one that does not wait."""
    _ADD.do(
        connection,
        {
            "name": name,
            "correlation_key": correlation_key,
            "message_id": message_id,
            "instance_id": instance_id,
            "variables": feel.dumps(variables),
            "business_key": business_key,
            "correlated": msgspec.json.encode(correlated),
            "expires_at": expires_at,
            "kept_until": kept_until,
        },
    )


def find(connection: sa.Connection, name: str, correlation_key: str, message_id: str) -> MessageRow | None:
    """Give the message that came with this id, None where there was none, or long ago."""
    values = {"name": name, "correlation_key": correlation_key, "message_id": message_id}
    row = _BY_ID.one(connection, values)
    return None if row is None else _row(row)


def waiting(
    connection: sa.Connection, name: str, correlation_key: str, now: int, instance_id: str | None = None
) -> MessageRow | None:
    """Give the message that has waited longest and has not expired, of those that the instance may have.

    Raises:
        an error of `LOCKED`: somebody else is just giving it to another instance.
    """
    values = {"name": name, "correlation_key": correlation_key, "now": now, "instance_id": instance_id}
    row = _OLDEST.one(connection, values)
    return None if row is None else _row(row)


def use(connection: sa.Connection, row: MessageRow, to: Correlated) -> None:
    """Note where the message has gone; it waits no longer."""
    _USE.do(connection, {"b_id": row.id, "new_correlated": msgspec.json.encode([to])})


def forget(connection: sa.Connection, now: int) -> None:
    """Remove what need no longer be kept."""
    _FORGET.do(connection, {"now": now})


def _row(row: AnyRow) -> MessageRow:
    id, variables, correlated, business_key = row
    return MessageRow(id, feel.loads(variables), _decoder.decode(correlated), business_key)


# -- one instance of a process and key at a time ---------------------------------------------------


def holder(connection: sa.Connection, process_id: str, correlation_key: str) -> str | None:
    """Give the running instance that a message with the key has started, None where there is none."""
    row = _HOLDER.one(connection, {"process_id": process_id, "correlation_key": correlation_key})
    return None if row is None else row[0]


def hold(connection: sa.Connection, process_id: str, correlation_key: str, instance_id: str) -> None:
    """Let the instance be the only one of the process and key."""
    values = {"process_id": process_id, "correlation_key": correlation_key, "instance_id": instance_id}
    _HOLD.do(connection, values)


def release(connection: sa.Connection, process_id: str, correlation_key: str, instance_id: str) -> None:
    """Let the next message with the key start an instance: this one has ended."""
    _RELEASE.do(
        connection,
        {
            "b_process_id": process_id,
            "b_correlation_key": correlation_key,
            "b_instance_id": instance_id,
        },
    )
