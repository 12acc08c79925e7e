"""BPMN's own correlation (8.4.2): keys of properties, which messages carry and process data holds.

A message that is sent has the key that its retrieval expressions give over what it carries. One that is
waited for has the key that the process's correlation subscription binds to its data (context-based); where
there is none, the conversation is known by the variables that the process's other messages left (key-based).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from penstock.bpmn.beside import reference
from penstock.bpmn.findings import Report
from penstock.bpmn.names import BPMN, Spot, Xml, attribute, bpmn_child, bpmn_children, spot_of, text_of
from penstock.bpmn.raw import Source
from penstock.bpmn.sources import formal_source

_HOLDERS: Final = ("collaboration", "choreography", "globalConversation")


@dataclass(frozen=True, slots=True)
class Correlation:
    """What a file says of how messages are correlated."""

    paths: Mapping[str, Mapping[str, Source]] = field(default_factory=dict)
    """By message, then by property: what gives the property over what the message carries."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By key, its properties."""
    bindings: Mapping[str, Mapping[str, Mapping[str, Source]]] = field(default_factory=dict)
    """By process, key and property: what gives the property over the data of the process."""

    def sent(self, message: str) -> Source | None:
        """Give the key of a message that is sent."""
        return self._over(message, self.paths.get(message, {}))

    def awaited(self, message: str, process: str, others: frozenset[str]) -> Source | None:
        """Give the key with which a process waits for a message.

        Arguments:
            others: the other messages that the process sends or receives.
        """
        key = self._key_of(message)
        if key is None:
            return None
        if (bound := self.bindings.get(process, {}).get(key)) is not None:
            return self._over(message, bound)
        known = (self.paths[it] for it in self.paths if it in others and self._key_of(it) == key)
        return self._over(message, next(known, self.paths[message]))

    def _key_of(self, message: str) -> str | None:
        """Give the first key all of whose properties the message carries."""
        carried = self.paths.get(message, {}).keys()
        return next((key for key, properties in self.keys.items() if set(properties) <= carried), None)

    def _over(self, message: str, paths: Mapping[str, Source]) -> Source | None:
        key = self._key_of(message)
        if key is None:
            return None
        found = [paths[it] for it in self.keys[key] if it in paths]
        if len(found) < 2:
            return next(iter(found), None)
        missing = " or ".join(f"({it.text}) = null" for it in found)
        values = ", ".join(it.text for it in found)
        return Source(
            f"if {missing} then null else string([{values}])", True, found[0].line, "the correlation key"
        )


def read_correlation(root: Xml, report: Report) -> Correlation:
    """Read how the messages of a file are correlated, and report what names nothing."""
    properties = {
        identity: it
        for it in bpmn_children(root, "correlationProperty")
        if (identity := attribute(it, "id")) is not None
    }
    keys = _keys(root, properties, report)
    paths: dict[str, dict[str, Source]] = {}
    messages = {attribute(it, "id") for it in bpmn_children(root, "message")}
    for id, it in properties.items():
        for expression in bpmn_children(it, "correlationPropertyRetrievalExpression"):
            message = reference(attribute(expression, "messageRef"))
            source = _formal(expression, "messagePath", root, report)
            if message is None or message not in messages:
                _unknown(expression, "messageRef", message, "message", report)
            elif source is not None:
                paths.setdefault(message, {})[id] = source
    bindings = {
        process: dict(_subscriptions(it, keys, root, report))
        for it in bpmn_children(root, "process")
        if (process := attribute(it, "id")) is not None
    }
    return Correlation(paths, keys, bindings)


def _keys(root: Xml, properties: Mapping[str, Xml], report: Report) -> dict[str, tuple[str, ...]]:
    found = {}
    for holder in (it for name in _HOLDERS for it in bpmn_children(root, name)):
        for xml in holder.iter(f"{{{BPMN}}}correlationKey"):
            names = [text_of(it).rpartition(":")[2] for it in bpmn_children(xml, "correlationPropertyRef")]
            for name in names:
                if name not in properties:
                    _unknown(xml, "correlationPropertyRef", name, "correlationProperty", report)
            if names and (identity := attribute(xml, "id")) is not None:
                found[identity] = tuple(names)
    return found


def _subscriptions(
    process: Xml, keys: Mapping[str, tuple[str, ...]], root: Xml, report: Report
) -> Iterator[tuple[str, dict[str, Source]]]:
    for xml in bpmn_children(process, "correlationSubscription"):
        key = reference(attribute(xml, "correlationKeyRef"))
        if key is None or key not in keys:
            _unknown(xml, "correlationKeyRef", key, "correlationKey", report)
            continue
        bound = {}
        for binding in bpmn_children(xml, "correlationPropertyBinding"):
            name = reference(attribute(binding, "correlationPropertyRef"))
            source = _formal(binding, "dataPath", root, report)
            if name is None or name not in keys[key]:
                _unknown(binding, "correlationPropertyRef", name, f"property of the key '{key}'", report)
            elif source is not None:
                bound[name] = source
        for name in sorted(set(keys[key]) - bound.keys()):
            report.error(
                "missing-correlation-binding",
                spot_of(xml),
                f"The correlation subscription to '{key}' does not say which data its property '{name}' is.",
                "Add a correlationPropertyBinding with a dataPath for it.",
            )
        yield key, bound


def _formal(xml: Xml, name: str, root: Xml, report: Report) -> Source | None:
    child = bpmn_child(xml, name)
    if child is None:
        report.error(
            "missing-expression",
            spot_of(xml),
            f"A part of the correlation has no {name}.",
            f"Add a {name} in FEEL.",
        )
        return None
    what = "the path in the message" if name == "messagePath" else "the path in the data"
    languages = attribute(child, "language"), attribute(root, "expressionLanguage")
    return formal_source(text_of(child), what, *languages, Spot(spot_of(xml).id, spot_of(child).line), report)


def _unknown(at: Xml, name: str, said: str | None, what: str, report: Report) -> None:
    report.error(
        "unknown-reference",
        spot_of(at),
        f"The {name} '{said or ''}' of the correlation names no {what} of this file.",
        "Name one that is there.",
    )
