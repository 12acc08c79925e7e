"""What the kernel asks of decisions: one of them by its name, and its value over some variables.

The kernel knows neither DMN nor where decisions are kept. Whoever advances an instance hands it this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from penstock.kernel.definition import Binding, Value, Variables
from penstock.kernel.failures import Failure


@dataclass(frozen=True, slots=True)
class Reference:
    """Which decision is asked for, and by whom."""

    decision: str
    """Its id."""
    binding: Binding
    tag: str | None
    caller: str
    """The key of the process definition that asks, for the binding to its deployment."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, and why."""

    definition: str
    """The key of the version of the decision."""
    version: str
    value: Value
    reasons: Mapping[str, Value]
    """For the person who asks why: a FEEL context, which the kernel records as it is."""


class Decisions(Protocol):
    """The decisions that there are."""

    def evaluate(self, reference: Reference, variables: Variables, now: int) -> Decided:
        """Make a decision at `now` (epoch milliseconds).

        The same reference and variables give the same outcome as long as nothing is deployed.

        Raises:
            penstock.kernel.failures.Failure: there is no such decision, or it cannot be made; the message
                names it.
        """
        ...


def missing(reference: Reference) -> Failure:
    """Give the failure of a decision that is not there."""
    which = {
        "latest": "",
        "deployment": " in the same deployment",
        "tag": f" in version '{reference.tag}'",
    }
    what = f"'{reference.decision}'{which[reference.binding]}"
    return Failure("decision", f"there is no decision {what}: deploy it, then resolve this")


class _NoDecisions:
    def evaluate(self, reference: Reference, variables: Variables, now: int) -> Decided:  # noqa: ARG002
        raise missing(reference)


NO_DECISIONS: Final[Decisions] = _NoDecisions()
"""Decisions where there are none."""
