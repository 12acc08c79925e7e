"""What the composition root tells the API: who the user is, what a request may weigh, what else is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """The settings of the HTTP surfaces."""

    user: str = "1"
    """The id of the user in whose name requests act."""
    token: str | None = None
    """What a client must show; None leaves everything open, which is meant for loopback only."""
    body_limit: int = MIB
    """The most bytes that a request body may have."""
    upload_limit: int = 16 * MIB
    """The most bytes that the files of a deployment may have together."""
    depth_limit: int = 64
    """How deep the arrays and objects of a JSON body may be nested."""
    app_folder: Path | None = None
    """A project's own pages, served at `/app/`."""
    web_folder: Path | None = None
    """The built web application; None serves a notice at `/` in its place."""
    access_log: bool = True
    """Whether every request is logged."""
    configuration: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Every setting of the server by name, with its `value`, secrets masked, and its `origin`."""
