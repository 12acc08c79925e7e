"""The table of contents of our own surface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from penstock.api.http import Route
from penstock.api.rest.routes import definitions, drafts, instances, jobs, operating, tasks, watching

if TYPE_CHECKING:
    from penstock.runtime.runtime import Runtime

ROUTES: Final[tuple[Route, ...]] = (
    *definitions.ROUTES,
    *drafts.ROUTES,
    *instances.ROUTES,
    *tasks.ROUTES,
    *jobs.ROUTES,
    *operating.ROUTES,
    *operating.PARTIAL,
    *watching.ROUTES,
)
CLOCK: Final = operating.CLOCK


def routes(runtime: Runtime) -> tuple[Route, ...]:
    """Give the routes of the surface; the clock's only where the clock can be moved."""
    return (*ROUTES, *CLOCK) if runtime.test_clock else ROUTES
