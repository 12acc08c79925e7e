"""Large variables: each has a row of its own, which is read when the variable is first looked at.

So what happens beside a collection of ten thousand items neither reads nor writes it. Among the variables of
its scope, as they are stored, stands a mark in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping
from functools import partial
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from penstock import feel
from penstock.kernel.definition import Value
from penstock.kernel.state import ROOT
from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.tables import large_variable

LARGE: Final = 4_096
"""Bytes of JSON from which on a list or a context has a row of its own. Nobody searches by such a value."""

_MARK: Final = b'{"@large":true}'
"""No value is stored like this: a context that looks like a tag is wrapped."""
_MARKED: Final = {"@large": True}
_SIGN: Final = b'"@large"'

_UNREAD: Final[Value] = object()

_encoder: Final = msgspec.json.Encoder()
_raw_decoder: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])

_it: Final = large_variable.c
_SCOPE: Final = (
    _it.part == sa.bindparam("b_part"),
    _it.instance_id == sa.bindparam("b_instance_id"),
    _it.scope == sa.bindparam("b_scope"),
)
_ONE: Final = (*_SCOPE, _it.name == sa.bindparam("b_name"))
_READ: Final = Prepared(sa.select(_it.value).where(*_ONE))
_WRITE: Final = Prepared(
    sa.text(
        "INSERT INTO large_variable (part, instance_id, scope, name, value) "
        "VALUES (:part, :instance_id, :scope, :name, :value) "
        "ON CONFLICT (part, instance_id, scope, name) DO UPDATE SET value = excluded.value"
    )
)
_REMOVE: Final = Prepared(sa.delete(large_variable).where(*_ONE))
_CLEAR: Final = Prepared(sa.delete(large_variable).where(*_SCOPE))

Read = Callable[[str], bytes]
"""Gives the stored form of a large variable by its name."""


class Gone(Exception):
    """A large variable is there no longer: somebody else has set it since its instance was read, unlocked."""


class Variables(MutableMapping[str, Value]):
    """Variables of a scope of which large ones have not been read yet."""

    __slots__ = ("_read", "_values", "kept", "large")

    def __init__(self, values: dict[str, Value], large: Iterable[str], read: Read) -> None:
        """Begin with the values, in which anything may stand for the large ones."""
        self._values = values
        self._read = read
        self.large = frozenset(large)
        """The names of those that have rows."""
        self.kept = set(self.large)
        """Those of them that have not been set since."""
        for name in self.large:
            values[name] = _UNREAD

    def __getitem__(self, name: str) -> Value:
        value = self._values[name]
        if value is _UNREAD:
            value = self._values[name] = feel.loads(self._read(name))
        return value

    def __setitem__(self, name: str, value: Value) -> None:
        self._values[name] = value
        self.kept.discard(name)

    def __delitem__(self, name: str) -> None:
        del self._values[name]
        self.kept.discard(name)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


# -- the stored form of a scope's variables --------------------------------------------------------


def pack(variables: Mapping[str, Value], written: dict[str, bytes]) -> bytes:
    """Give the stored form of a scope's variables; the large ones that have been set go to `written`."""
    kept: Collection[str] = variables.kept if isinstance(variables, Variables) else ()
    if not kept and (_looks_like_a_tag(variables) or not any(map(_may_be_large, variables.values()))):
        return feel.dumps(dict(variables))
    return _encoder.encode(
        {
            name: msgspec.Raw(_MARK) if name in kept else _packed(name, variables[name], written)
            for name in variables
        }
    )


def pack_again(
    variables: Mapping[str, Value], before: bytes, names: Collection[str], written: dict[str, bytes]
) -> bytes:
    """Give the stored form of variables of which only those of these names have been set since `before`.

    What has not been set is copied as it was stored.
    """
    if not names:
        return before
    # A single name that looks like a tag has a form of its own.
    if before.startswith(b'{"@') or _looks_like_a_tag(variables):
        return pack(variables, written)
    new = {name: _packed(name, variables[name], written) for name in names}
    return _encoder.encode(_raw_decoder.decode(before) | new)


def unpack(data: bytes, read: Read) -> MutableMapping[str, Value]:
    """Read the stored form of a scope's variables."""
    if _SIGN not in data:
        values: dict[str, Value] = feel.loads(data)
        return values
    raw = _raw_decoder.decode(data)
    large = [name for name, value in raw.items() if bytes(value) == _MARK]
    small = raw | dict.fromkeys(large, msgspec.Raw(b"null"))
    return Variables(feel.loads(_encoder.encode(small)), large, read)


def marked(variables: Mapping[str, Value]) -> list[str]:
    """Give the names of decoded variables in whose places marks stand."""
    return [name for name, value in variables.items() if value == _MARKED]


def has_marks(data: bytes) -> bool:
    """Tell whether a mark may stand somewhere in what is stored."""
    return _SIGN in data


def _packed(name: str, value: Value, written: dict[str, bytes]) -> msgspec.Raw:
    data = feel.dumps(value)
    if len(data) >= LARGE and _may_be_large(value):
        written[name] = data
        return msgspec.Raw(_MARK)
    return msgspec.Raw(data)


def _may_be_large(value: Value) -> bool:
    return type(value) is list or type(value) is dict


def _looks_like_a_tag(variables: Mapping[str, Value]) -> bool:
    return len(variables) == 1 and next(iter(variables)).startswith("@")


# -- rows ------------------------------------------------------------------------------------------


def reader(connection: sa.Connection, instance_id: str, scope: int) -> Read:
    """Give what reads the large variables of a scope, as long as the transaction lasts."""
    return partial(_read, connection, instance_id, scope)


def _read(connection: sa.Connection, instance_id: str, scope: int, name: str) -> bytes:
    row = _READ.one(connection, {**_key(instance_id, scope), "b_name": name})
    if row is None:
        raise Gone(f"the variable '{name}' of scope {scope} of instance {instance_id} has no row")
    value: bytes = row[0]
    return value


def whole(connection: sa.Connection, instance_id: str, data: bytes) -> dict[str, Value]:
    """Read all of the process's own variables from their stored form."""
    return dict(unpack(data, reader(connection, instance_id, ROOT)))


def joined(connection: sa.Connection, instance_id: str, data: bytes) -> bytes:
    """Give the stored form of all of the process's own variables, the large ones in their places."""
    if _SIGN not in data:
        return data
    read = reader(connection, instance_id, ROOT)
    raw = _raw_decoder.decode(data)
    large = {name: msgspec.Raw(read(name)) for name, value in raw.items() if bytes(value) == _MARK}
    return _encoder.encode(raw | large)


class Rows:
    """The changes of one transaction to the rows of large variables."""

    def __init__(self) -> None:
        self._written: list[dict[str, Any]] = []
        self._removed: list[dict[str, Any]] = []
        self._cleared: list[dict[str, Any]] = []

    def take(
        self, instance_id: str, scope: int, variables: Mapping[str, Value], written: Mapping[str, bytes]
    ) -> None:
        """Take in what saving a scope's variables has written, and what is large no longer."""
        part = part_of(instance_id)
        for name, value in written.items():
            row = {"part": part, "instance_id": instance_id, "scope": scope, "name": name, "value": value}
            self._written.append(row)
        if isinstance(variables, Variables):
            gone = variables.large - variables.kept - written.keys()
            self._removed += [{**_key(instance_id, scope), "b_name": name} for name in gone]

    def clear(self, instance_id: str, scope: int) -> None:
        """Remove what a scope had that has been closed."""
        self._cleared.append(_key(instance_id, scope))

    def flush(self, connection: sa.Connection) -> None:
        """Write the changes."""
        _CLEAR.many(connection, self._cleared)
        _REMOVE.many(connection, self._removed)
        _WRITE.many(connection, self._written)


def _key(instance_id: str, scope: int) -> dict[str, Any]:
    return {"b_part": part_of(instance_id), "b_instance_id": instance_id, "b_scope": scope}
