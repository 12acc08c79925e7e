"""The tables of the nodes and of what holds for all of them; `penstock.store.tables` has all tables."""

from __future__ import annotations

import sqlalchemy as sa

from penstock.store.dialects import Serial
from penstock.store.metadata import Time, metadata

node = sa.Table(
    "node",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("started_at", Time, nullable=False),
    sa.Column("seen_at", Time, nullable=False),
    comment="The servers that share the database, for showing: nothing depends on who is here.",
)

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("node", sa.Text, nullable=False),
    sa.Column("until", Time, nullable=False),
    comment="What a node does for all until a moment, such as a batch; another may take it after that.",
)

revision = sa.Table(
    "revision",
    metadata,
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    comment="How often something has changed that nodes keep in memory.",
)

job_level = sa.Table(
    "job_level",
    metadata,
    sa.Column("type", sa.Text, primary_key=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("starts", sa.Text, nullable=False),
    comment="Types of jobs that are limited: who leases has the row; `starts` is what counts for a rate.",
)

queued_start = sa.Table(
    "queued_start",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("instance_id", sa.Text, nullable=False, unique=True),
    sa.Column("at", Time, nullable=False),
    sa.Index(None, "process_id", "id"),
    sqlite_autoincrement=True,
    comment="Instances that are held at their start until fewer of their process run.",
)
