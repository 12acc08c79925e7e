"""Starts that need each of several triggers wait for a while only, those that are there from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MONTH_MS = 30 * 24 * 3_600_000


def upgrade() -> None:
    op.add_column("gathering_start", sa.Column("since", sa.BigInteger(), nullable=True))
    op.add_column("gathering_start", sa.Column("expires_at", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_gathering_start_expires_at"), "gathering_start", ["expires_at"], unique=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    seconds = "strftime('%s', 'now')" if sqlite else "floor(extract(epoch FROM now()))"
    now = f"CAST({seconds} AS BIGINT) * 1000"
    op.execute(f"UPDATE gathering_start SET since = {now}, expires_at = {now} + {MONTH_MS}")
