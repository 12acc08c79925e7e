"""The table of half-done tasks; `penstock.store.tables` has them all."""

from __future__ import annotations

import sqlalchemy as sa

from penstock.store.metadata import Time, metadata

task_draft = sa.Table(
    "task_draft",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("variables", sa.LargeBinary, nullable=False),
    sa.Column("saved_by", sa.Text, nullable=False),
    sa.Column("saved_at", Time, nullable=False),
    comment="What was entered into user tasks that are not done yet; `revision` counts the changes.",
)
