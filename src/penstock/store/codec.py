"""How states, commands and events are stored: JSON, in which no FEEL value loses its type.

Variables go through `feel.dumps`, which tags what JSON has no type for, and are embedded as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from decimal import Decimal
from typing import Any, Final, cast, get_args

import msgspec

from penstock import feel
from penstock.kernel.commands import Caller, Command, CompleteCall, ModifyInstance, UndoCalled
from penstock.kernel.definition import Value
from penstock.kernel.events import CallCompleted, CompensationKept, CompensationRestored, Event
from penstock.kernel.kept import Called, Kept
from penstock.kernel.phases import Planned
from penstock.kernel.state import FORMAT, ROOT, ElementInstance, InstanceState, ProcessInstance, Scope
from penstock.store import large

_VALUES: Final = ("values", "variables", "result", "items", "collected", "reasons", "gathered")
"""The fields that hold FEEL values by name, of whatever is stored."""


class _State(msgspec.Struct, omit_defaults=True):
    """What is stored of an active instance beside its row's columns: its header, and the root scope."""

    format: int
    next_key: int
    root: Scope
    jobs: int = 0
    steps: int = 0
    agenda: list[Planned] = []
    conditions: dict[int, tuple[int, int]] = {}
    correlation_key: str | None = None
    caller: Caller | None = None


class StateFormatError(Exception):
    """An instance was saved by a release with another form of state."""


_encoder = msgspec.json.Encoder(decimal_format="number")


def _decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(type_, float_hook=Decimal)


_state_decoder = _decoder(_State)
_scope_decoder = _decoder(Scope)
_kept_decoder = _decoder(Kept)
_command_decoder = _decoder(Command)
_events_decoder = _decoder(list[Event])


def _fields_with_values(struct: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name in struct.__struct_fields__ if name in _VALUES)


_valued: dict[type, tuple[str, ...]] = {}


def _sealed(item: Any) -> Any:
    """Give the struct with its values encoded, so that the JSON encoder takes them as they are."""
    fields = _valued.get(type(item))
    if fields is None:
        fields = _valued[type(item)] = _fields_with_values(type(item))
    if not fields:
        return item
    raw = {name: msgspec.Raw(feel.dumps(values)) for name in fields if (values := getattr(item, name))}
    return msgspec.structs.replace(item, **raw) if raw else item


def _opened(item: Any) -> Any:
    """Undo the tags in a decoded struct's values."""
    fields = _fields_with_values(type(item))
    plain = {name: feel.from_json(values) for name in fields if (values := getattr(item, name))}
    return msgspec.structs.replace(item, **plain) if plain else item


def _tagged(data: bytes) -> bool:
    return b'"@' in data


# -- commands and events ---------------------------------------------------------------------------


def encode_command(command: Command) -> bytes:
    """Give the stored form of a command."""
    return _encoder.encode(_sealed(_parts_through(_sealed, command)))


def decode_command(data: bytes) -> Command:
    """Read a stored command."""
    command = _command_decoder.decode(data)
    return cast(Command, _opened(_parts_through(_opened, command)) if _tagged(data) else command)


def _parts_through(change: Callable[[Any], Any], item: Any) -> Any:
    """Give a command or an event with the values in its parts changed."""
    if type(item) in _WITH_CALLED and item.called is not None:
        return msgspec.structs.replace(item, called=_called_through(change, item.called))
    if isinstance(item, ModifyInstance):
        return msgspec.structs.replace(item, activate=[change(it) for it in item.activate])
    return item


_WITH_CALLED: Final = frozenset(
    {CallCompleted, CompensationKept, CompensationRestored, CompleteCall, UndoCalled}
)


_PLAIN: Final = frozenset(
    kind for kind in get_args(Event) if kind not in _WITH_CALLED and not _fields_with_values(kind)
)
"""The events that hold no values, which are most of those that happen: they are encoded as they are."""


def encode_events(events: Iterable[Event]) -> bytes:
    """Give the stored form of one command's events."""
    return _encoder.encode(
        [event if type(event) in _PLAIN else _sealed(_parts_through(_sealed, event)) for event in events]
    )


def decode_events(data: bytes) -> list[Event]:
    """Read stored events."""
    events = _events_decoder.decode(data)
    return (
        [_opened(_parts_through(_opened, event)) for event in events]
        if _tagged(data)
        else cast(list[Event], events)
    )


# -- scopes and states -----------------------------------------------------------------------------


_FORMAT_APART: Final = 2
"""Of a process that has rows of what it keeps: an older release must not read it as if it had none."""
_APART: Final = b"2"
"""The first byte of such an inner scope, which makes it unreadable for an older release."""

Apart = Callable[[Scope], tuple[list[Kept], int]]
"""Gives what of a scope's kept activities stands in its stored form, and how many stand beside it."""


def encode_scope(scope: Scope, written: dict[str, bytes], apart: Apart | None = None) -> bytes:
    """Give the stored form of a scope; its large variables that have been set go to `written`.

    Arguments:
        apart: takes what it keeps; None leaves that in the stored form.
    """
    scope = _without_kept(scope, apart)
    sign = _APART if scope.apart else b""
    if not scope.variables:
        return sign + _encoder.encode(_sealed_scope(scope))
    sealed = _sealed_scope(msgspec.structs.replace(scope, variables={}))
    variables = msgspec.Raw(large.pack(scope.variables, written))
    return sign + _encoder.encode(msgspec.structs.replace(sealed, variables=variables))


def _without_kept(scope: Scope, apart: Apart | None) -> Scope:
    if apart is None or not (scope.kept or scope.apart):
        return scope
    here, rows = apart(scope)
    return msgspec.structs.replace(scope, kept=here, apart=rows)


def encode_kept(kept: Kept) -> bytes:
    """Give the stored form of one activity that may be compensated."""
    return _encoder.encode(_kept_through(_sealed, kept))


def decode_kept(data: bytes) -> Kept:
    """Read a stored activity that may be compensated."""
    kept = cast(Kept, _kept_decoder.decode(data))
    return _kept_through(_opened, kept) if _tagged(data) else kept


def decode_scope(data: bytes, reader: Callable[[int], large.Read]) -> Scope:
    """Read a stored scope; `reader` gives, by the scope's key, what reads its large variables."""
    scope = cast(Scope, _scope_decoder.decode(data.removeprefix(_APART)))
    if not _tagged(data):
        return scope
    marked = large.marked(scope.variables) if large.has_marks(data) else ()
    if not marked:
        return _opened_scope(scope)
    scope.variables.update(dict.fromkeys(marked))
    opened = _opened_scope(scope)
    opened.variables = large.Variables(dict(opened.variables), marked, reader(scope.key))
    return opened


def encode_state(instance: ProcessInstance, apart: Apart | None = None) -> bytes | None:
    """Give the stored form of an instance but for its columns and inner scopes; None once it has ended.

    Arguments:
        apart: as for `encode_scope`.
    """
    if instance.state is not InstanceState.ACTIVE and instance.state is not InstanceState.SUSPENDED:
        return None
    process = _without_kept(instance.scopes[ROOT], apart)
    root = _sealed_scope(msgspec.structs.replace(process, variables={}))
    return _encoder.encode(
        _State(
            _FORMAT_APART if process.apart else FORMAT,
            instance.next_key,
            root,
            instance.jobs,
            instance.steps,
            instance.agenda,
            instance.conditions,
            instance.correlation_key,
            instance.caller,
        )
    )


def decode_state(data: bytes, instance: ProcessInstance, variables: MutableMapping[str, Value]) -> None:
    """Fill an active instance from its stored form and its root variables.

    Raises:
        StateFormatError: another release stored it.
    """
    state = cast(_State, _state_decoder.decode(data))
    if state.format not in (FORMAT, _FORMAT_APART):
        raise StateFormatError(
            f"instance '{instance.id}' is stored in format {state.format}; "
            f"this release reads {FORMAT} and {_FORMAT_APART}"
        )
    root = _opened_scope(state.root) if _tagged(data) else state.root
    root.variables = variables
    instance.scopes[ROOT] = root
    instance.next_key = state.next_key
    instance.jobs, instance.steps, instance.agenda = state.jobs, state.steps, state.agenda
    instance.conditions, instance.correlation_key = state.conditions, state.correlation_key
    instance.caller = state.caller


def _sealed_scope(scope: Scope) -> Scope:
    return _scope_through(_sealed, scope)


def _opened_scope(scope: Scope) -> Scope:
    return _scope_through(_opened, scope)


def _scope_through(change: Callable[[Any], Any], scope: Scope) -> Scope:
    """Give the scope with all values in it changed."""
    elements = {
        key: _element_through(change, element)
        if element.compensating or element.called is not None
        else change(element)
        for key, element in scope.elements.items()
    }
    kept = [_kept_through(change, kept) for kept in scope.kept]
    return cast(Scope, change(msgspec.structs.replace(scope, elements=elements, kept=kept)))


def _element_through(change: Callable[[Any], Any], element: ElementInstance) -> Any:
    left = element.compensating
    if left is not None:
        left = [(scope, _kept_through(change, kept)) for scope, kept in left]
    called = None if element.called is None else _called_through(change, element.called)
    return change(msgspec.structs.replace(element, compensating=left, called=called))


def _kept_through(change: Callable[[Any], Any], kept: Kept) -> Kept:
    inner = [_kept_through(change, it) for it in kept.inner]
    called = None if kept.called is None else _called_through(change, kept.called)
    return cast(Kept, change(msgspec.structs.replace(kept, inner=inner, called=called)))


def _called_through(change: Callable[[Any], Any], called: Called) -> Called:
    kept = [_kept_through(change, it) for it in called.kept]
    return cast(Called, change(msgspec.structs.replace(called, kept=kept)))


def encode_list(values: list[str]) -> str:
    """Give a list of texts as a JSON column takes it."""
    return _encoder.encode(values).decode()
