"""Where the names of an expression come from, worked out once while it is compiled.

A binder (a loop's variable, a parameter, an entry of a context) owns a slot of the environment's locals. The
condition of a filter is different: its item may be a context whose keys are names, and only the run knows
them. A scope is the list of both, from the outside in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from penstock.feel.environment import Env, Fn
from penstock.feel.subtypes import Known
from penstock.feel.syntax import Node
from penstock.feel.values import Value


class Constant:
    """A compiled expression whose value is known, so that whoever uses it need not call it."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __call__(self, _: Env) -> Value:
        return self.value


@dataclass(slots=True)
class Unit:
    """What shares one list of locals: the whole expression, or the body of a function."""

    size: int = 0
    """How many slots it needs."""


@dataclass(slots=True)
class Nesting:
    """How deep the compiler is in the syntax tree."""

    depth: int = 0
    deepest: int = 0


@dataclass(frozen=True, slots=True)
class Binding:
    """A name with its slot; without a name, the item of a filter."""

    name: str | None
    slot: int
    live: bool = False
    """Whether the value still grows, as `partial` does, and must be copied when it is handed out."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names in scope at one place of the syntax tree."""

    compile: Callable[[Node, Scope], Fn]
    """Compiles a node: here, so that the modules of the compiler need not import each other."""
    types: Known
    """The types that the surroundings define."""
    unit: Unit = field(default_factory=Unit)
    bindings: tuple[Binding, ...] = ()
    free: set[str] = field(default_factory=set)
    """Collects the names of the variables that are read."""
    nesting: Nesting = field(default_factory=Nesting)

    def fn(self, node: Node) -> Fn:
        """Compile a node in this scope."""
        return self.compile(node, self)

    def bind(self, name: str | None, *, live: bool = False) -> tuple[Scope, int]:
        """Give the scope with one more name, and its slot."""
        slot = self.slots
        self.unit.size = max(self.unit.size, slot + 1)
        return replace(self, bindings=(*self.bindings, Binding(name, slot, live))), slot

    @property
    def slots(self) -> int:
        """How many slots are taken here."""
        return len(self.bindings)

    def function(self) -> Scope:
        """Give the scope of a function's body, which starts with copies of the locals visible here."""
        return replace(self, unit=Unit(self.slots))

    def apart(self) -> Scope:
        """Give the same scope with a set of free names of its own."""
        return replace(self, free=set())

    def binds(self, name: str) -> bool:
        """Tell whether a name surely means a local binding."""
        return any(binding.name == name for binding in self.bindings)
