"""Drafts, and notes on deployed versions."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("definition", sa.Column("notes", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "draft",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("lock_holder", sa.Text(), nullable=True),
        sa.Column("lock_name", sa.Text(), nullable=True),
        sa.Column("lock_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        comment="Files that somebody works on, not deployed yet; `revision` counts their changes.",
    )
    op.create_index(op.f("ix_draft_updated_at_id"), "draft", ["updated_at", "id"], unique=False)
