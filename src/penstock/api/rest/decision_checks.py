"""Trying decisions that are being drawn: what is made of a file that need not be deployed."""

from __future__ import annotations

import asyncio

import msgspec

from penstock import dmn
from penstock.api.errors import bad_request
from penstock.api.http import Call, Reply
from penstock.api.rest.decisions import DecisionResult, told
from penstock.api.rest.values import Body, Shape, ValueQuery, Variables, taken
from penstock.bpmn.iso import from_epoch_milliseconds
from penstock.findings import Finding
from penstock.runtime.deployments import SourceFile
from penstock.runtime.dmn_files import read_dmn


class DecisionCheck(Body, frozen=True):
    """A file that need not be deployed, and which of its decisions is to be made."""

    content: str
    """The file."""
    decision: str | None = None
    """Its id or name; without one nothing is decided."""
    variables: Variables = msgspec.field(default_factory=dict)
    """What to decide on."""


class DecisionAsks(Shape, frozen=True):
    """A decision of the file, and what it wants to be told."""

    id: str
    name: str
    inputs: list[str]
    """The names of the values that it is made from."""


class DecisionChecked(Shape, frozen=True):
    """What there is to decide, and what was decided."""

    decisions: list[DecisionAsks]
    """None where the file has errors."""
    result: DecisionResult | None
    findings: list[Finding]
    """What is to be said about the file."""


async def check(call: Call[ValueQuery, DecisionCheck]) -> Reply:
    """Make a decision of a file beside what is deployed, and deploy nothing.

    Nothing of a file with errors is decided; it is checked while it is drawn, and so has them all the time.

    Raises:
        ApiError: 400, there is no such decision, or it cannot be made.
    """
    body, now = call.body, from_epoch_milliseconds(call.runtime.clock.now())
    variables = taken(body.variables)

    def run() -> DecisionChecked:
        read = read_dmn([SourceFile("draft.dmn", body.content.encode())], call.runtime.decisions)[0]
        model = read.reading.model
        if model is None or not read.usable:
            return DecisionChecked([], None, list(read.findings))
        made = None if body.decision is None else dmn.evaluate(model, body.decision, variables, now=now)
        return DecisionChecked(
            [DecisionAsks(it.id, it.name, list(dmn.asked(model, it))) for it in read.decisions],
            None if made is None else told(call.query, made),
            list(read.findings),
        )

    try:
        return Reply(await asyncio.to_thread(run))
    except dmn.DmnError as error:
        raise bad_request(f"{error}.") from error
