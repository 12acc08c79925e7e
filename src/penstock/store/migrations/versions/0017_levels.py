"""Service levels: limits of types of jobs, the rank of jobs, and starts that wait for their turn."""

import sqlalchemy as sa
from alembic import op

from penstock.store.dialects import Serial

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("rank", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_job_rank",
        "job",
        ["type", "rank"],
        unique=False,
        sqlite_where=sa.text("rank IS NOT NULL"),
        postgresql_where=sa.text("rank IS NOT NULL"),
    )
    op.create_table(
        "job_level",
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("type", name=op.f("pk_job_level")),
        comment="Types of jobs that are limited: who leases has the row; `starts` is what counts for a rate.",
    )
    op.create_table(
        "queued_start",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_start")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_queued_start_instance_id")),
        comment="Instances that are held at their start until fewer of their process run.",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_queued_start_process_id_id"), "queued_start", ["process_id", "id"], unique=False)
