"""What a decision wants to be told: the values that whoever makes it gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from penstock.dmn.model import Decision, Model

NAME_SIGNS: Final = "_ "


def asked(model: Model, decision: Decision) -> tuple[str, ...]:
    """Give the names of the values that a decision and all that it requires in its file are made from.

    These are the input data and, as few who draw a table draw these too, the names that stand alone as the
    input of a table and are those of no element.
    """
    return tuple(dict.fromkeys(_asked(model, decision, set())))


def _asked(model: Model, decision: Decision, seen: set[str]) -> Iterator[str]:
    if decision.id in seen:
        return
    seen.add(decision.id)
    for link in decision.links:
        if link.via is not None:
            # Imported data are given as one value, by the name of the import.
            yield link.prefix or link.name
        elif link.kind == "input":
            yield link.name
        elif link.kind == "decision":
            required = model.decisions[link.id]
            if required.run is None:
                yield required.name
            yield from _asked(model, required, seen)
    for clause in () if decision.table is None else decision.table.inputs:
        name = clause.expression.text.strip()
        if _is_name(name) and name not in model.declared:
            yield name


def _is_name(text: str) -> bool:
    return text[:1].isalpha() and all(sign.isalnum() or sign in NAME_SIGNS for sign in text)
