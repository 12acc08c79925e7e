"""The engine, pure: `advance(definition, instance, command, now)` gives events and effects.

It imports the standard library and msgspec only, and knows no clock, randomness or I/O.
"""

from penstock.kernel.engine import LOOP_LIMIT, SLICE, Outcome, advance
from penstock.kernel.failures import Failure, Rejected
from penstock.kernel.state import FORMAT, InstanceState, ProcessInstance, Scope

__all__ = [
    "FORMAT",
    "LOOP_LIMIT",
    "SLICE",
    "Failure",
    "InstanceState",
    "Outcome",
    "ProcessInstance",
    "Rejected",
    "Scope",
    "advance",
]
