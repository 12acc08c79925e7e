"""A small client of a running server, for the command line and for scripts.

It speaks two surfaces: an instance is started by its alias through the App API, as an app would do it, and
everything else goes through Penstock's own REST API.
"""

from __future__ import annotations

from penstock.client.client import Client
from penstock.client.shapes import (
    Batch,
    BatchPreview,
    BatchResult,
    ClientError,
    DefinitionRef,
    Deployment,
    Event,
    Finding,
    Incident,
    Instance,
    Migrated,
    NoServer,
    Refusal,
    Refused,
    Started,
    Variables,
    Waiting,
)

__all__ = [
    "Batch",
    "BatchPreview",
    "BatchResult",
    "Client",
    "ClientError",
    "DefinitionRef",
    "Deployment",
    "Event",
    "Finding",
    "Incident",
    "Instance",
    "Migrated",
    "NoServer",
    "Refusal",
    "Refused",
    "Started",
    "Variables",
    "Waiting",
]
