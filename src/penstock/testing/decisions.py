"""Decisions for tests of the kernel: each is a FEEL expression, and each change of it is a new version."""

from __future__ import annotations

from penstock.bpmn import expressions
from penstock.kernel.decisions import Decided, Reference, missing
from penstock.kernel.definition import Expression, Variables


class ExpressionDecisions:
    """Decisions by their ids."""

    def __init__(self) -> None:
        self._versions: dict[str, list[Expression]] = {}

    def put(self, id: str, text: str) -> None:
        """Add a version of a decision: a FEEL expression.

        Raises:
            penstock.feel.FeelSyntaxError: the text is no FEEL.
        """
        self._versions.setdefault(id, []).append(expressions.expression(text, "decision"))

    def evaluate(self, reference: Reference, variables: Variables, now: int) -> Decided:
        """Make a decision; a tag is the number of its version, from 1."""
        versions = self._versions.get(reference.decision, [])
        number = len(versions) if reference.tag is None else int(reference.tag)
        if not 0 < number <= len(versions):
            raise missing(reference)
        value = versions[number - 1](variables, now)
        return Decided(f"{reference.decision}:{number}", str(number), value, {})
