"""The phases in the life of an element instance, and the agenda's entries, which may be stored and run later.

arrive    a token comes over a sequence flow: joins wait here, everything else enters
enter     input mappings are evaluated and boundary events begin to listen
listen    the next listener is run, or what it ran before goes on
activate  the element does what it is for: opens a job, a task, a timer, a scope, or lets the token through
check     a variable has changed: conditions that the element waits for may have been met
complete  output mappings are evaluated, the outgoing flows chosen and taken
compensate  the next activity is undone, or the element goes on when none is left

A phase decides before it emits anything. One that raises `Failure` has therefore changed nothing, and the
incident keeps the phase to run again.
"""

from __future__ import annotations

from enum import IntEnum


class Phase(IntEnum):
    ARRIVE = 0
    ENTER = 1
    ACTIVATE = 2
    COMPLETE = 3
    CHECK = 4
    COMPENSATE = 5
    NEXT = 6
    """An instance of a loop has completed: begin the next, or let the loop end."""
    LOOK = 7
    """Look at the inclusive joins of a scope; only in what is left for later, where it is run last."""
    LISTEN = 9
    """Open the job of the next listener, or go on behind the last one."""
    FIRE = 8
    """Fire a timer; only of an incident: when that is resolved, the timer is opened again, due at once."""


Planned = tuple[Phase, int, int, str]
"""A phase to run: the phase, the scope's key, and then the element instance's key (ARRIVE: 0) and, for
ARRIVE, the sequence flow's id (else empty)."""
