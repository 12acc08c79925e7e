"""The table of what is gathered for starts; `penstock.store.tables` has them all."""

from __future__ import annotations

import sqlalchemy as sa

from penstock.store.dialects import Serial
from penstock.store.metadata import Time, metadata

gathering_start = sa.Table(
    "gathering_start",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("element", sa.Text, nullable=False),
    sa.Column("correlation_key", sa.Text),
    sa.Column("business_key", sa.Text),
    sa.Column("came", sa.BigInteger, nullable=False),
    sa.Column("variables", sa.LargeBinary, nullable=False),
    sa.Column("since", Time),
    sa.Column("expires_at", Time),
    sa.Index(None, "process_id", "element", "correlation_key", "id"),
    sa.Index(None, "expires_at"),
    comment="Starts that need each of several triggers: `came` has a bit for each that has come.",
)
