"""Operating: incidents and batches; the test clock."""

from __future__ import annotations

from typing import Final

from penstock.api.http import Route
from penstock.api.paging import Page
from penstock.api.rest import batches, clock, incidents, instances, partial_starts
from penstock.api.rest.values import ROOT, ValueQuery

ROUTES: Final = (
    Route(
        method="GET",
        path=ROOT + "/incidents",
        handler=incidents.search,
        summary="List open incidents, the newest first.",
        tag="Incidents",
        query=incidents.IncidentQuery,
        replies={200: Page[incidents.Incident]},
    ),
    Route(
        method="GET",
        path=ROOT + "/incidents/{incident}",
        handler=incidents.get,
        summary="Give an open incident.",
        tag="Incidents",
        replies={200: incidents.Incident},
        errors=(404,),
    ),
    Route(
        method="POST",
        path=ROOT + "/incidents/{incident}/resolve",
        handler=incidents.resolve,
        summary="Let an element try again, with variables put right.",
        tag="Incidents",
        query=ValueQuery,
        body=incidents.Resolution,
        replies={200: instances.ProcessInstance},
        errors=(404, 409, 413, 415),
        idempotent=True,
        example={"variables": {"amount": 100}, "retries": 3},
    ),
    Route(
        method="POST",
        path=ROOT + "/batches",
        handler=batches.create,
        summary="Do something for all instances that a filter finds.",
        tag="Batches",
        body=batches.NewBatch,
        replies={201: batches.Batch},
        errors=(404, 409, 413, 415),
        idempotent=True,
        example={"operation": "retry", "filter": {"processId": "order", "incidents": True}, "retries": 3},
    ),
    Route(
        method="POST",
        path=ROOT + "/batches/preview",
        handler=batches.preview,
        summary="Count the instances for which a batch would do something, and try it on the first of them.",
        tag="Batches",
        body=batches.NewBatch,
        replies={200: batches.Preview},
        errors=(404, 413, 415),
        example={"operation": "cancel", "filter": {"processId": "order"}},
    ),
    Route(
        method="GET",
        path=ROOT + "/batches",
        handler=batches.search,
        summary="List batches, the newest first.",
        tag="Batches",
        query=batches.BatchQuery,
        replies={200: Page[batches.Batch]},
    ),
    Route(
        method="GET",
        path=ROOT + "/batches/{batch}/results",
        handler=batches.results,
        summary="Say what a batch came to for each instance, and why where it was refused.",
        tag="Batches",
        query=batches.ResultQuery,
        replies={200: Page[batches.Result]},
        errors=(404,),
    ),
    Route(
        method="GET",
        path=ROOT + "/batches/{batch}",
        handler=batches.get,
        summary="Give a batch with its progress.",
        tag="Batches",
        replies={200: batches.Batch},
        errors=(404,),
    ),
    Route(
        method="POST",
        path=ROOT + "/batches/{batch}/stop",
        handler=batches.stop,
        summary="Stop a batch; what it has done stays done.",
        tag="Batches",
        replies={200: batches.Batch},
        errors=(404, 409),
    ),
)

PARTIAL: Final = (
    Route(
        method="GET",
        path=ROOT + "/partial-starts",
        handler=partial_starts.search,
        summary="List starts for which some of several triggers have come, the oldest first.",
        tag="Messages and signals",
        query=partial_starts.PartialQuery,
        replies={200: Page[partial_starts.PartialStart]},
    ),
    Route(
        method="DELETE",
        path=ROOT + "/partial-starts/{partial}",
        handler=partial_starts.drop,
        summary="Give up what has come for a start.",
        tag="Messages and signals",
        query=ValueQuery,
        replies={200: partial_starts.PartialStart},
        errors=(404,),
    ),
)

CLOCK: Final = (
    Route(
        method="GET",
        path=ROOT + "/clock",
        handler=clock.get,
        summary="Give the time of the test clock.",
        tag="Test clock",
        replies={200: clock.Now},
    ),
    Route(
        method="POST",
        path=ROOT + "/clock",
        handler=clock.move,
        summary="Move the test clock, and let all that becomes due happen.",
        tag="Test clock",
        body=clock.Move,
        replies={200: clock.Now},
        errors=(409, 413, 415),
        example={"advance": "PT1H"},
    ),
)
"""Only where the clock can be moved."""
