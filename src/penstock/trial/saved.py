"""A store in memory, for `Run(reload=True)`: it saves and loads as the real one does, and checks that it may.

It keeps to what the kernel promises a store: only the scopes that a command's events name have changed, and
every state, command and event comes back from its stored form as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from penstock import feel
from penstock.kernel import ProcessInstance, Scope, events as e
from penstock.kernel.commands import Command
from penstock.kernel.state import ROOT
from penstock.store import codec, journal

_HEADER = (
    "state",
    "business_key",
    "started_at",
    "ended_at",
    "incidents",
    "next_key",
    "jobs",
    "steps",
    "agenda",
    "conditions",
    "correlation_key",
    "caller",
)


class Saved:
    """One process instance in its stored form."""

    def __init__(self) -> None:
        self._last: ProcessInstance | None = None
        self._state: bytes | None = None
        self._variables = b""
        self._large: dict[tuple[int, str], bytes] = {}
        self._scopes: dict[int, bytes] = {}

    def save(self, instance: ProcessInstance, command: Command, events: list[e.Event]) -> None:
        """Save what the events say has changed, and check that it is all, and that it can be read back."""
        assert codec.decode_command(codec.encode_command(command)) == command
        assert codec.decode_events(codec.encode_events(events)) == events
        names = journal.elements(journal.encode_elements(events, instance), events)
        unnamed = [event for event in events if _is_nameless(event) and _owner(event) not in names]
        assert not unnamed, f"nothing says which element these are of: {unnamed}"
        for key in _changed(events):
            if key in instance.scopes:
                self._scopes[key], large = _encoded(instance.scopes[key])
                self._large |= large
            else:
                self._scopes.pop(key, None)
        for key, scope in instance.scopes.items():
            if key != ROOT:
                data, large = _encoded(scope)
                assert self._scopes[key] == data, f"scope {key} changed without an event"
                assert large.items() <= self._large.items(), f"a variable of {key} changed without an event"
        self._variables = feel.dumps(instance.scopes[ROOT].variables)
        self._state = codec.encode_state(instance)
        self._last = instance
        self._check(self.load())

    def load(self) -> ProcessInstance:
        """Give the instance anew; its inner scopes are read when they are asked for."""
        last = self._last
        assert last is not None, "nothing has been saved"
        if self._state is None:
            assert not self._scopes, f"scopes are left of an instance that has ended: {self._scopes}"
            return last
        loaded = ProcessInstance(last.id, last.definition, self._load_scope)
        loaded.state = last.state
        loaded.business_key, loaded.incidents, loaded.started_at = (
            last.business_key,
            last.incidents,
            last.started_at,
        )
        codec.decode_state(self._state, loaded, feel.loads(self._variables))
        return loaded

    def _load_scope(self, key: int) -> Scope | None:
        data = self._scopes.get(key)
        return None if data is None else codec.decode_scope(data, self._reader)

    def _reader(self, scope: int) -> Callable[[str], bytes]:
        return lambda name: self._large[scope, name]

    def _check(self, loaded: ProcessInstance) -> None:
        for name in _HEADER:
            before, after = getattr(self._last, name), getattr(loaded, name)
            assert before == after, f"{name} was {before!r} and is {after!r} when loaded"
        assert self._last is not None
        for key, scope in self._last.scopes.items():
            assert loaded.scope(key) == scope, (
                f"scope {key} was {scope!r} and is {loaded.scope(key)!r} when loaded"
            )


def _encoded(scope: Scope) -> tuple[bytes, dict[tuple[int, str], bytes]]:
    """Give the stored form of a scope, and that of its large variables by the scope's key and their names."""
    written: dict[str, bytes] = {}
    data = codec.encode_scope(scope, written)
    return data, {(scope.key, name): value for name, value in written.items()}


def _is_nameless(event: e.Event) -> bool:
    return _owner(event) is not None and not hasattr(event, "element")


def _owner(event: e.Event) -> int | None:
    owner: int | None = getattr(event, "owner", None)
    return owner


def _changed(events: Iterable[e.Event]) -> set[int]:
    named = {getattr(event, "scope", ROOT) for event in events}
    named |= {event.owner for event in events if isinstance(event, e.ScopeOpened | e.ScopeClosed)}
    return named - {ROOT}
