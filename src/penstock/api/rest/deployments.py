"""Deploying models, and only looking at them."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

import msgspec

from penstock.api.bodies import Upload
from penstock.api.errors import bad_request
from penstock.api.http import Call, Reply
from penstock.api.queries import NoQuery
from penstock.api.rest.values import Shape
from penstock.bpmn import Finding
from penstock.runtime.deployments import SourceFile, is_semantic

File = Annotated[str, msgspec.Meta(extra_json_schema={"type": "string", "format": "binary"})]

LONGEST_NOTES: Final = 10_000
_FLAGS: Final = {"true": True, "false": False}


class DeploymentParts(msgspec.Struct, frozen=True, rename="camel"):
    """The parts of a deployment."""

    file: list[File]
    """Any number of files."""
    version: str | None = None
    notes: str = ""
    """What is to be said about these versions, at most 10,000 characters."""
    dry_run: bool = False


class ValidationParts(msgspec.Struct, frozen=True):
    """The part of a validation."""

    file: File


class DeployedDefinition(Shape, frozen=True):
    """A version that a deployment is about, new or there before."""

    key: str
    kind: str
    id: str
    """The id in the file."""
    name: str
    version: str


class Deployment(Shape, frozen=True):
    """What a deployment came to."""

    id: str
    definitions: list[DeployedDefinition]
    findings: list[Finding]


class Validation(Shape, frozen=True):
    """What is to be said about a file."""

    executable: bool
    findings: list[Finding]


async def deploy(call: Call[NoQuery, Upload]) -> Reply:
    """Deploy all files, or none.

    Raises:
        ApiError: 400, a part is wrong; 422, a file has errors.
    """
    version, notes, dry_run = _settings(call.body.fields)
    deployed = await call.runtime.deploy(
        [SourceFile(name, content) for name, content in call.body.files],
        actor=call.actor,
        version=version,
        notes=notes,
        dry_run=dry_run,
    )
    definitions = [
        DeployedDefinition(row.key, row.kind, row.id, row.name, row.version) for row in deployed.definitions
    ]
    return Reply(Deployment(deployed.id, definitions, deployed.findings))


def _settings(fields: dict[str, str]) -> tuple[str | None, str, bool]:
    unknown = fields.keys() - {"version", "notes", "dryRun"}
    if unknown:
        raise bad_request(
            f"There is no part '{min(unknown)}': a deployment has `file`, `version`, `notes` and `dryRun`, "
            "and a `file` part needs a filename."
        )
    version = fields.get("version")
    if version is not None and not is_semantic(version):
        raise bad_request(f"`version` is wrong: '{version}' is no semantic version such as 1.2.0.")
    dry_run = _FLAGS.get(fields.get("dryRun", "false"))
    if dry_run is None:
        raise bad_request(f"`dryRun` is wrong: '{fields['dryRun']}' is neither true nor false.")
    notes = fields.get("notes", "")
    if len(notes) > LONGEST_NOTES or "\0" in notes:
        raise bad_request(f"`notes` is wrong: it may have {LONGEST_NOTES} characters, and none that is NUL.")
    return version, notes, dry_run


async def validate(call: Call[NoQuery, Upload]) -> Reply:
    """Say all that is to be said about one file, and deploy nothing.

    Raises:
        ApiError: 400, there is not just one file.
    """
    if len(call.body.files) != 1 or call.body.fields:
        raise bad_request("A validation has one part: `file`, with a filename.")
    name, content = call.body.files[0]
    reading = await asyncio.to_thread(call.runtime.validate, SourceFile(name, content))
    return Reply(Validation(reading.executable, list(reading.findings)))
