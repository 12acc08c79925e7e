"""Jobs, for workers."""

from __future__ import annotations

from typing import Final

from penstock.api.http import Route
from penstock.api.paging import Page
from penstock.api.rest import instances, jobs
from penstock.api.rest.values import ROOT, ValueQuery

ROUTES: Final = (
    Route(
        method="POST",
        path=ROOT + "/jobs/activate",
        handler=jobs.activate,
        summary="Lease available jobs to a worker.",
        tag="Jobs",
        query=ValueQuery,
        body=jobs.Activation,
        replies={200: Page[jobs.Job]},
        errors=(413, 415),
        example={"type": "charge", "max": 10, "lease": "PT30S", "worker": "w1", "wait": 20},
    ),
    Route(
        method="POST",
        path=ROOT + "/jobs/{job}/complete",
        handler=jobs.complete,
        summary="Say that the work of a job is done.",
        tag="Jobs",
        query=ValueQuery,
        body=jobs.Completion,
        replies={200: instances.ProcessInstance},
        errors=(404, 409, 413, 415),
        idempotent=True,
        example={"variables": {"receipt": "R-1"}},
    ),
    Route(
        method="POST",
        path=ROOT + "/jobs/{job}/fail",
        handler=jobs.fail,
        summary="Say that the work of a job could not be done.",
        tag="Jobs",
        query=ValueQuery,
        body=jobs.Failure,
        replies={200: instances.ProcessInstance},
        errors=(404, 409, 413, 415),
        idempotent=True,
        example={"message": "the bank is down", "backoff": "PT1M"},
    ),
    Route(
        method="POST",
        path=ROOT + "/jobs/{job}/error",
        handler=jobs.throw,
        summary="End the work of a job with a BPMN error.",
        tag="Jobs",
        query=ValueQuery,
        body=jobs.BusinessError,
        replies={200: instances.ProcessInstance},
        errors=(404, 409, 413, 415),
        idempotent=True,
        example={"code": "NO_FUNDS", "message": "the account is empty"},
    ),
    Route(
        method="POST",
        path=ROOT + "/jobs/{job}/extend",
        handler=jobs.extend,
        summary="Let the worker of a job have it for longer.",
        tag="Jobs",
        body=jobs.Extension,
        replies={200: jobs.Extended},
        errors=(404, 409, 413, 415),
        example={"lease": "PT30S"},
    ),
    Route(
        method="POST",
        path=ROOT + "/jobs/{job}/return",
        handler=jobs.give_back,
        summary="Give a job back, for another worker to take at once.",
        tag="Jobs",
        body=jobs.Return,
        replies={200: jobs.Extended},
        errors=(404, 409, 413, 415),
        example={"worker": "w1"},
    ),
)
