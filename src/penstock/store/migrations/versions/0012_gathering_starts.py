"""Starts that need each of several triggers keep what has come so far."""

import sqlalchemy as sa
from alembic import op

from penstock.store.dialects import Serial

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gathering_start",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=True),
        sa.Column("business_key", sa.Text(), nullable=True),
        sa.Column("came", sa.BigInteger(), nullable=False),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering_start")),
        comment="Starts that need each of several triggers: `came` has a bit for each that has come.",
    )
    op.create_index(
        op.f("ix_gathering_start_process_id_element_correlation_key_id"),
        "gathering_start",
        ["process_id", "element", "correlation_key", "id"],
        unique=False,
    )
