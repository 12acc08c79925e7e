"""Forms: those that are deployed, the one of a task or a start, and the check of what was entered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from penstock import forms
from penstock.api.errors import ApiError, FieldProblem, bad_request, not_found
from penstock.api.http import AnyCall, Call, Reply
from penstock.api.keys import no_such
from penstock.api.queries import Query
from penstock.api.rest.latest import Latest, LatestQuery, listed
from penstock.api.rest.values import Body, Shape, ValueQuery, Variables, shown_variables, taken
from penstock.bpmn.iso import from_epoch_milliseconds
from penstock.findings import Finding
from penstock.kernel.definition import FormSpec, Value
from penstock.runtime.definitions import Definition
from penstock.store import instances
from penstock.store.rows import DefinitionRow, UserTaskRow


class FormVersion(Query, frozen=True):
    """Which version is wanted; by default the latest active one."""

    version: str | None = None


class Form(Latest, frozen=True):
    """A form, in its latest version."""


class FormSchema(Shape, frozen=True):
    """A version of a form, with all that a browser needs to show it."""

    id: str
    """The id in the file."""
    key: str
    version: str
    schema: dict[str, Any]
    """The JSON of form-js, as it was deployed."""


class FormCheck(Body, frozen=True):
    """A form that need not be deployed, and what was entered into it."""

    schema: dict[str, Any]
    """The JSON of form-js."""
    entered: Variables = msgspec.field(default_factory=dict)
    variables: Variables = msgspec.field(default_factory=dict)
    """What the form is filled from."""


class FormChecked(Shape, frozen=True):
    """What a form makes of what was entered."""

    values: dict[str, Any]
    """What would be taken over."""
    fields: list[FieldProblem]
    """What the form does not accept."""
    findings: list[Finding]
    """What is to be said about the form."""


async def search(call: Call[LatestQuery, None]) -> Reply:
    """Give the forms, by id, each in its latest version."""
    return listed(call, call.runtime.forms, Form)


async def get(call: Call[FormVersion, None]) -> Reply:
    """Give a form.

    Raises:
        ApiError: 404, there is no such form or version.
    """
    id, version = call.path["form"], call.query.version
    row = call.runtime.forms.latest(id, version)
    if row is None:
        raise no_such(f"{id}' in version '{version}" if version else id, "form")
    return Reply(await _schema(call, row))


async def of_task(call: AnyCall, task: UserTaskRow) -> FormSchema:
    """Give the form of a user task.

    Raises:
        ApiError: 404, it has none that is deployed.
    """
    row = await _form_of_task(call, task)
    if row is None:
        name = "no form" if task.form is None else f"the form '{task.form}', which is not deployed here"
        raise not_found(f"User task '{call.path['task']}' has {name}.")
    return await _schema(call, row)


async def of_start(call: AnyCall, definition: Definition, element: str) -> FormSchema:
    """Give the form of a start event.

    Raises:
        ApiError: 404, it has none that is deployed.
    """
    row = _form_of_start(call, definition, element)
    if row is None:
        spec = definition.compiled.elements[element].form
        name = "no form" if spec is None else f"the form '{spec.id}', which is not deployed here"
        raise not_found(f"The start event '{element}' of process '{definition.process_id}' has {name}.")
    return await _schema(call, row)


async def _schema(call: AnyCall, row: DefinitionRow) -> FormSchema:
    content = await asyncio.to_thread(call.runtime.forms.content, row)
    return FormSchema(row.id, row.key, row.version, msgspec.json.decode(content))


# -- what was entered ------------------------------------------------------------------------------


async def check_task(
    call: AnyCall, task: UserTaskRow, entered: dict[str, Value], seen: Mapping[str, Value]
) -> dict[str, Value]:
    """Give what was entered into the form of a task as it is to be taken over; without a form as it is.

    Raises:
        ApiError: 422, the form does not accept it.
    """
    return await _checked(call, await _form_of_task(call, task), entered, seen)


async def check_start(
    call: AnyCall, definition: Definition, element: str, entered: dict[str, Value]
) -> dict[str, Value]:
    """Give what was entered into the form of a start event, likewise.

    Raises:
        ApiError: 422, the form does not accept it.
    """
    return await _checked(call, _form_of_start(call, definition, element), entered, {})


async def _checked(
    call: AnyCall, row: DefinitionRow | None, entered: dict[str, Value], seen: Mapping[str, Value]
) -> dict[str, Value]:
    if row is None:
        return entered
    now = from_epoch_milliseconds(call.runtime.clock.now())
    form = await asyncio.to_thread(call.runtime.forms.form, row)
    submission = await asyncio.to_thread(forms.check, form, entered, seen, now)
    if submission.problems:
        said = " ".join(problem.message for problem in submission.problems[:3])
        message = f"The form '{row.id}' does not accept what was entered. {said}"
        raise ApiError(422, message, fields=_problems(submission))
    return submission.values


def _problems(submission: forms.Submission) -> list[FieldProblem]:
    return [FieldProblem(problem.path, problem.message) for problem in submission.problems]


async def _form_of_task(call: AnyCall, task: UserTaskRow) -> DefinitionRow | None:
    if task.form is None:
        return None
    instance = await call.runtime.read(instances.find, task.instance_id)
    assert instance is not None, f"there is a task of {task.instance_id}, and no such instance"
    definition = call.runtime.definitions.by_key(instance.definition_key)
    assert definition is not None, f"the definition {instance.definition_key} is gone"
    element = definition.compiled.elements.get(task.element)
    spec = None if element is None else element.form
    return _bound(call, spec, definition, task.created_at)


def _form_of_start(call: AnyCall, definition: Definition, element: str) -> DefinitionRow | None:
    spec = definition.compiled.elements[element].form
    return _bound(call, spec, definition, call.runtime.clock.now())


def _bound(call: AnyCall, spec: FormSpec | None, definition: Definition, at: int) -> DefinitionRow | None:
    return None if spec is None else call.runtime.forms.bound(spec, definition, at)


async def check(call: Call[ValueQuery, FormCheck]) -> Reply:
    """Say what a form makes of what was entered, for whoever is about to write it.

    Raises:
        ApiError: 400, it is no form; the message says why.
    """
    body, now = call.body, from_epoch_milliseconds(call.runtime.clock.now())
    reading = await asyncio.to_thread(forms.read, msgspec.json.encode(body.schema))
    if reading.form is None:
        raise bad_request(" ".join(finding.message for finding in reading.errors))
    submission = await asyncio.to_thread(
        forms.check, reading.form, taken(body.entered), taken(body.variables), now
    )
    values = shown_variables(call.query, submission.values)
    return Reply(FormChecked(values, _problems(submission), list(reading.findings)))
