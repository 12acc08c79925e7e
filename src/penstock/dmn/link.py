"""References to elements, resolved: by id in the same file, by namespace and id in an imported one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from penstock.dmn.model import Imported, Kind, Link
from penstock.dmn.raw import Decision, Definitions, Element, KnowledgeModel, Reference
from penstock.dmn.scope import NO_MEMBERS, Members, members_of
from penstock.dmn.types import ItemType, Types
from penstock.feel.lexer import is_plain_name
from penstock.findings import Report

_KINDS: Final[tuple[Kind, ...]] = ("input", "decision", "knowledge", "service")


class Links:
    """Finds the elements that references mean."""

    def __init__(self, definitions: Definitions, imports: Mapping[str, Imported], report: Report) -> None:
        self._report = report
        self._imports = imports
        self._names: set[str] = set()
        self._own: dict[str, Link] = {}
        self._raw: dict[str, Element] = {}
        groups: tuple[tuple[Element, ...], ...] = (
            definitions.inputs,
            definitions.decisions,
            definitions.knowledge,
            definitions.services,
        )
        for kind, elements in zip(_KINDS, groups, strict=True):
            for element in elements:
                variable = element.variable
                self._add(Link(kind, element.id, variable.name, alias=variable.alias), element)

    def _add(self, link: Link, element: Element) -> None:
        at = element.variable.at
        if link.id in self._own:
            self._report.error(
                "duplicate-id",
                at,
                f"Two elements have the id '{link.id}'.",
                "Give each element an id of its own.",
            )
        elif link.name in self._names:
            self._report.warning(
                "duplicate-name",
                at,
                f"Two elements have the name '{link.name}'; an expression sees the one required last.",
                "Give each element a name of its own.",
            )
        self._names.add(link.name)
        self._own[link.id] = link
        self._raw[link.id] = element

    def resolve(self, references: Iterable[Reference]) -> tuple[Link, ...]:
        """Give the elements that references mean; those that mean nothing are reported and left out."""
        found = (self._resolve(reference) for reference in references)
        return tuple(link for link in found if link is not None)

    def _resolve(self, reference: Reference) -> Link | None:
        own = reference.namespace is None
        link = self._own.get(reference.id) if own else self._imported(reference)
        if link is None:
            place = f" in the model '{reference.namespace}'" if reference.namespace else ""
            self._report.error(
                "missing-requirement",
                reference.at,
                f"What is required here does not exist: there is no element '{reference.id}'{place}.",
                "Draw the requirement again, or remove it.",
            )
        return link

    def _imported(self, reference: Reference) -> Link | None:
        imported = self._imports.get(reference.namespace or "")
        if imported is None:
            return None
        for kind in _KINDS:
            elements = imported.model.elements(kind)
            if reference.id in set(elements):
                name = elements[reference.id].name
                return Link(kind, reference.id, name, reference.namespace, imported.name)
        return None

    def scope(self, links: Sequence[Link], types: Types) -> dict[str, Members]:
        """Give the names that required elements bring into scope, with the names within their values."""
        scope: dict[str, Members] = {}
        for link in links:
            members = self._members(link, types)
            if link.prefix:
                long = NO_MEMBERS if is_plain_name(link.name) else {link.name}
                scope[link.prefix] = scope.get(link.prefix, NO_MEMBERS) | long | members
            else:
                scope[link.name] = members
        for link in links:
            if link.alias:
                scope.setdefault(link.alias, scope[link.name])
        return scope

    def _members(self, link: Link, types: Types) -> Members:
        type = self.type(link, types)
        members = NO_MEMBERS if type is None else type.members
        element = self._raw[link.id] if link.via is None else None
        if isinstance(element, Decision | KnowledgeModel):
            return members | members_of(element.logic, None, types)
        return members

    def type(self, link: Link, types: Types) -> ItemType | None:
        """Give the type of an element's value, as far as the model tells."""
        if link.via is None:
            return types.find(self._raw[link.id].variable.type)
        found = self._imports[link.via].model.elements(link.kind)[link.id]
        return None if link.kind == "knowledge" else found.type
