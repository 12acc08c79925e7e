"""The part of the table of contents for those who watch: events, metrics, the audit log, the server."""

from __future__ import annotations

from typing import Final

from penstock.api.http import Route
from penstock.api.paging import Page
from penstock.api.rest import acts, configuration, events, functions, metrics, nodes, timers, workers
from penstock.api.rest.values import ROOT, ValueQuery

ROUTES: Final = (
    Route(
        method="GET",
        path=ROOT + "/events",
        handler=events.get,
        summary="Tell what changes, as it happens.",
        tag="Watching",
        query=events.EventQuery,
        replies={200: "text/event-stream"},
    ),
    Route(
        method="GET",
        path=ROOT + "/processes/metrics",
        handler=metrics.search,
        summary="Give how each process did.",
        tag="Watching",
        query=metrics.MetricsQuery,
        replies={200: metrics.AllMetrics},
    ),
    Route(
        method="GET",
        path=ROOT + "/processes/{process}/metrics",
        handler=metrics.get,
        summary="Give how one process did: how many, how long, where time goes, which ways are taken.",
        tag="Watching",
        query=metrics.ProcessMetricsQuery,
        replies={200: metrics.ProcessMetrics},
        errors=(404,),
    ),
    Route(
        method="GET",
        path=ROOT + "/timers",
        handler=timers.search,
        summary="List open timers, those first that are due first.",
        tag="Watching",
        query=timers.TimerQuery,
        replies={200: timers.Timers},
    ),
    Route(
        method="GET",
        path=ROOT + "/acts",
        handler=acts.search,
        summary="List what users did, the newest first.",
        tag="Watching",
        query=acts.ActQuery,
        replies={200: Page[acts.Act]},
    ),
    Route(
        method="GET",
        path=ROOT + "/functions",
        handler=functions.search,
        summary="List the Python functions that tasks may name.",
        tag="Server",
        replies={200: functions.Functions},
    ),
    Route(
        method="POST",
        path=ROOT + "/functions/{function}/try",
        handler=functions.try_one,
        summary="Run a function once, as a task would.",
        tag="Server",
        query=ValueQuery,
        body=functions.Trial,
        replies={200: functions.Tried},
        errors=(404, 413, 415, 503),
        example={"variables": {"firstNumber": 5, "secondNumber": 7}},
    ),
    Route(
        method="GET",
        path=ROOT + "/configuration",
        handler=configuration.get,
        summary="Give every setting of the server and where it came from; secrets are masked.",
        tag="Server",
        replies={200: configuration.Configuration},
    ),
    Route(
        method="GET",
        path=ROOT + "/workers",
        handler=workers.get,
        summary="List the workers outside the server, with the jobs that each has.",
        tag="Watching",
        replies={200: list[workers.Worker]},
    ),
    Route(
        method="GET",
        path=ROOT + "/nodes",
        handler=nodes.get,
        summary="List the servers that share the database.",
        tag="Server",
        replies={200: list[nodes.Node]},
    ),
)
