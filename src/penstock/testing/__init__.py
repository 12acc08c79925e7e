"""For your own tests: processes as text, runs in virtual time, and transcripts of what happened.

It needs no server and no store; a run is the kernel itself.
"""

from penstock.kernel import InstanceState, Rejected
from penstock.testing.notation import NotationError, process
from penstock.testing.scenario import ScenarioError, play
from penstock.trial.run import START, NotWaiting, Run
from penstock.trial.transcript import Transcript

__all__ = [
    "START",
    "InstanceState",
    "NotWaiting",
    "NotationError",
    "Rejected",
    "Run",
    "ScenarioError",
    "Transcript",
    "play",
    "process",
]
