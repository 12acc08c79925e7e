"""What a batch came to for each instance."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch_result",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("started_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_batch_result")),
        comment="What a batch came to for each instance; `position` counts them from 1.",
    )
    op.create_index(
        op.f("ix_batch_result_batch_id_outcome_position"),
        "batch_result",
        ["batch_id", "outcome", "position"],
        unique=False,
    )
