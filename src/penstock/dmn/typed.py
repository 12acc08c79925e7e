"""Closures around closures: a value as its type wants it, and what cannot be computed at all."""

from __future__ import annotations

from penstock.dmn.frame import Frame, Run
from penstock.dmn.types import ItemType, admit
from penstock.feel.errors import NoValue
from penstock.feel.values import Value


def typed(run: Run, type: ItemType | None) -> Run:
    """Give the expression with its value as the type wants it; what does not fit is null, with a warning
    (DMN 1.5, 10.3.2.9.4).
    """
    if type is None:
        return run

    def fitting(frame: Frame) -> Value:
        try:
            return admit(run(frame), type)
        except NoValue as problem:
            return frame.env.nothing(problem, 0)

    return fitting


def refused(code: str, message: str) -> Run:
    """Give an expression that is null with a warning, for one that the model has wrong."""

    def run(frame: Frame) -> Value:
        frame.env.warn(code, message, 0)
        return None

    return run
