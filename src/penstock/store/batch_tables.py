"""The tables of batches; `penstock.store.tables` has them all."""

from __future__ import annotations

import sqlalchemy as sa

from penstock.store.metadata import Time, metadata

batch = sa.Table(
    "batch",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("command", sa.LargeBinary, nullable=False),
    sa.Column("selection", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("rejected", sa.BigInteger, nullable=False),
    sa.Column("after_at", Time),
    sa.Column("after_id", sa.Text),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("ended_at", Time),
    sa.Index(None, "state", "created_at"),
    comment="Acts for many instances; `after` is the last instance that has been dealt with.",
)

batch_result = sa.Table(
    "batch_result",
    metadata,
    sa.Column("batch_id", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("message", sa.Text),
    sa.Column("started_id", sa.Text),
    sa.Index(None, "batch_id", "outcome", "position"),
    comment="What a batch came to for each instance; `position` counts them from 1.",
)
