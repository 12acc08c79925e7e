"""User tasks."""

from __future__ import annotations

from typing import Final

from penstock.api.http import Route
from penstock.api.paging import Page
from penstock.api.rest import forms, tasks
from penstock.api.rest.values import ROOT, ValueQuery, WithVariables

ROUTES: Final = (
    Route(
        method="GET",
        path=ROOT + "/tasks",
        handler=tasks.search,
        summary="List user tasks, the newest first.",
        tag="User tasks",
        query=tasks.TaskQuery,
        replies={200: Page[tasks.Task]},
    ),
    Route(
        method="GET",
        path=ROOT + "/tasks/{task}",
        handler=tasks.get,
        summary="Give a user task as it stands.",
        tag="User tasks",
        query=ValueQuery,
        replies={200: tasks.Task},
        errors=(404,),
    ),
    Route(
        method="GET",
        path=ROOT + "/tasks/{task}/form",
        handler=tasks.get_form,
        summary="Give the form of a user task.",
        tag="User tasks",
        replies={200: forms.FormSchema},
        errors=(404,),
    ),
    Route(
        method="POST",
        path=ROOT + "/tasks/{task}/claim",
        handler=tasks.claim,
        summary="Take a user task that nobody else has.",
        tag="User tasks",
        query=ValueQuery,
        body=tasks.Claim,
        replies={200: tasks.Task, 202: tasks.Task},
        errors=(404, 409, 413, 415),
        idempotent=True,
        example={"user": "anna"},
    ),
    Route(
        method="POST",
        path=ROOT + "/tasks/{task}/assign",
        handler=tasks.assign,
        summary="Give a user task to somebody, or to nobody.",
        tag="User tasks",
        query=ValueQuery,
        body=tasks.Assignment,
        replies={200: tasks.Task, 202: tasks.Task},
        errors=(404, 409, 413, 415),
        idempotent=True,
        example={"user": "anna"},
    ),
    Route(
        method="POST",
        path=ROOT + "/tasks/{task}/update",
        handler=tasks.update,
        summary="Change attributes of a user task.",
        tag="User tasks",
        query=ValueQuery,
        body=tasks.Update,
        replies={200: tasks.Task, 202: tasks.Task},
        errors=(404, 409, 413, 415),
        idempotent=True,
        example={"priority": 80, "dueAt": "2026-03-01T12:00:00Z"},
    ),
    Route(
        method="POST",
        path=ROOT + "/tasks/{task}/complete",
        handler=tasks.complete,
        summary="Say that a user task is done.",
        tag="User tasks",
        query=ValueQuery,
        body=WithVariables,
        replies={200: tasks.Task, 202: tasks.Task},
        errors=(404, 409, 413, 415, 422),
        idempotent=True,
        example={"variables": {"approved": True}},
    ),
)
