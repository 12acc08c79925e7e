"""The tables for what may be large in an instance, and is stored beside the scope that it belongs to."""

from __future__ import annotations

import sqlalchemy as sa

from penstock.store.metadata import metadata

large_variable = sa.Table(
    "large_variable",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("scope", sa.BigInteger, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
    comment="Large variables, a row each; a mark stands for each among the variables of its scope.",
)

kept = sa.Table(
    "kept",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("scope", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    comment="What may be compensated in a scope that has kept much, in the order of completion.",
)
