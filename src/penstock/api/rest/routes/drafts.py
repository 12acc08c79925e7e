"""Drawing: drafts, the project's functions as templates, and trials."""

from __future__ import annotations

from typing import Any, Final

from penstock.api.http import Route
from penstock.api.paging import Page
from penstock.api.rest import drafts, element_templates, trials
from penstock.api.rest.values import ROOT, ValueQuery

ROUTES: Final = (
    Route(
        method="GET",
        path=ROOT + "/drafts",
        handler=drafts.search,
        summary="List the drafts, the one that was changed last first.",
        tag="Drafts",
        query=drafts.DraftQuery,
        replies={200: Page[drafts.Draft]},
    ),
    Route(
        method="POST",
        path=ROOT + "/drafts",
        handler=drafts.create,
        summary="Begin a draft.",
        tag="Drafts",
        body=drafts.NewDraft,
        replies={201: drafts.Draft},
        errors=(413, 415),
        example={"name": "Order", "kind": "process", "content": "<definitions/>"},
    ),
    Route(
        method="GET",
        path=ROOT + "/drafts/{draft}",
        handler=drafts.get,
        summary="Give a draft with its content.",
        tag="Drafts",
        replies={200: drafts.DraftWithContent},
        errors=(404,),
    ),
    Route(
        method="PUT",
        path=ROOT + "/drafts/{draft}",
        handler=drafts.change,
        summary="Keep the next revision of a draft.",
        tag="Drafts",
        body=drafts.DraftChange,
        replies={200: drafts.Draft},
        errors=(404, 409, 413, 415, 423),
        example={"name": "Order", "content": "<definitions/>", "revision": 1},
    ),
    Route(
        method="DELETE",
        path=ROOT + "/drafts/{draft}",
        handler=drafts.remove,
        summary="Throw a draft away.",
        tag="Drafts",
        query=drafts.RemovalQuery,
        replies={200: drafts.Removed},
        errors=(404, 423),
    ),
    Route(
        method="POST",
        path=ROOT + "/drafts/{draft}/lock",
        handler=drafts.lock,
        summary="Be the one who edits a draft, for a minute from now.",
        tag="Drafts",
        body=drafts.Lock,
        replies={200: drafts.Draft},
        errors=(404, 413, 415, 423),
        example={"holder": "0198-browser", "name": "Anna"},
    ),
    Route(
        method="POST",
        path=ROOT + "/drafts/{draft}/unlock",
        handler=drafts.unlock,
        summary="Let a draft go.",
        tag="Drafts",
        body=drafts.Unlock,
        replies={200: drafts.Draft},
        errors=(404, 413, 415),
        example={"holder": "0198-browser"},
    ),
    Route(
        method="GET",
        path=ROOT + "/element-templates",
        handler=element_templates.search,
        summary="Give the project's functions as element templates, for the designer.",
        tag="Drafts",
        replies={200: list[dict[str, Any]]},
    ),
    Route(
        method="POST",
        path=ROOT + "/trials",
        handler=trials.play_trial,
        summary="Try a process as it is drawn, in virtual time; nothing of it stays.",
        tag="Drafts",
        query=ValueQuery,
        body=trials.TrialOf,
        replies={200: trials.TrialState},
        errors=(409, 413, 415, 422, 503),
        example={"content": "<definitions/>", "variables": {"amount": 100}, "acts": []},
    ),
)
