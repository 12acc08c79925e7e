"""Whether a node can take requests."""

from __future__ import annotations

import sqlalchemy as sa

from penstock.runtime.dispatch import Dispatcher
from penstock.runtime.scheduler import Scheduler
from penstock.store import schema
from penstock.store.database import Database


def missing(database: Database, dispatcher: Dispatcher, scheduler: Scheduler) -> list[str]:
    """Give what is not ready, nothing when all is."""
    problems = [] if dispatcher.alive else ["the committer has stopped"]
    if not scheduler.alive:
        problems.append("the scheduler has stopped")
    try:
        with database.reading() as connection:
            if schema.current(connection) != schema.HEAD:
                problems.append("the schema of the database is not current")
    except sa.exc.SQLAlchemyError:
        problems.append("the database cannot be read")
    return problems
