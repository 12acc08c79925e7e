"""A model that was read: its elements, compiled and linked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal as OneOf, TypeAlias, TypeVar

from penstock.dmn.frame import Run
from penstock.dmn.functions import Parameter
from penstock.dmn.raw import Table
from penstock.dmn.types import ItemType, Types

Kind: TypeAlias = OneOf["input", "decision", "knowledge", "service"]


@dataclass(frozen=True, slots=True)
class Link:
    """An element that another one requires."""

    kind: Kind
    id: str
    name: str
    via: str | None = None
    """The namespace of the imported model that has it; None for an element of the same model."""
    prefix: str = ""
    """The name of its import. Without one, the element is known as it is."""
    alias: str | None = None
    """A second name of an element of the same model."""


@dataclass(frozen=True, slots=True)
class InputData:
    """Input data: a value that the caller gives."""

    id: str
    name: str
    alias: str | None
    """A second name, by which the value may be given too."""
    type: ItemType | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision, ready to be made."""

    id: str
    name: str
    version_tag: str | None
    """From `zeebe:versionTag` on the decision or, failing that, on the file."""
    links: tuple[Link, ...]
    """What it requires, in the order of the file."""
    run: Run | None
    """Its logic; None for a decision without any, whose value the caller gives."""
    type: ItemType | None
    table: Table | None
    """Its logic as it is written, if that is a decision table."""
    line: int | None


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model: a function that decisions share."""

    id: str
    name: str
    links: tuple[Link, ...]
    parameters: tuple[Parameter, ...]
    type: ItemType | None
    """The type of what it gives."""
    run: Run
    line: int | None


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: decisions behind an interface, also callable as a function."""

    id: str
    name: str
    outputs: tuple[Link, ...]
    encapsulated: tuple[Link, ...]
    inputs: tuple[tuple[Link, Parameter], ...]
    """First the input data and then the input decisions, which is the order of the arguments."""
    type: ItemType | None
    line: int | None


Element = TypeVar("Element", InputData, Decision, KnowledgeModel, Service)


class Elements(Mapping[str, Element], Generic[Element]):
    """The elements of one sort, by id; asking by name works too."""

    def __init__(self, elements: tuple[Element, ...]) -> None:
        self._by_id: dict[str, Element] = {element.id: element for element in elements}
        self._by_name: dict[str, Element] = {element.name: element for element in reversed(elements)}

    def __getitem__(self, key: str) -> Element:
        found = self._by_id.get(key)
        return self._by_name[key] if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


@dataclass(frozen=True, slots=True)
class Imported:
    """An import that was found."""

    name: str
    """Elements are known as `name.element`, or with an empty name as they are (since DMN 1.5)."""
    model: Model


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A DMN model: immutable, and safe to be used by many threads."""

    id: str | None
    name: str
    namespace: str
    version: str
    """The version of DMN that the file is written in, such as "1.5"."""
    version_tag: str | None
    inputs: Elements[InputData]
    decisions: Elements[Decision]
    knowledge: Elements[KnowledgeModel]
    services: Elements[Service]
    imports: Mapping[str, Imported]
    """The imported models by their namespaces."""
    types: Types
    declared: frozenset[str]
    """The names of all elements and imports: an element sees those that it requires, and no others."""

    def elements(self, kind: Kind) -> Elements[Any]:
        """Give the elements of one kind."""
        match kind:
            case "input":
                return self.inputs
            case "decision":
                return self.decisions
            case "knowledge":
                return self.knowledge
            case "service":
                return self.services
