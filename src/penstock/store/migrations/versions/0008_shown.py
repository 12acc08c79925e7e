"""What is shown: changes for those who watch, what passed where and how long it took, and who did what."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", _Serial, nullable=False, autoincrement=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_autoincrement=True,
        comment="What each transaction changed, for those who watch: kept for some minutes.",
    )
    op.create_index(op.f("ix_change_at"), "change", ["at"], unique=False)
    op.create_table(
        "passage",
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("total_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "process_id", "what", "at", "version", "element", "bucket", "slot", name=op.f("pk_passage")
        ),
        comment="What instances, elements and flows went through, by time and by how long it took.",
    )
    op.create_table(
        "act",
        sa.Column("id", _Serial, nullable=False, autoincrement=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("process_id", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sqlite_autoincrement=True,
        comment="What users did to instances and to what is deployed; starts are elsewhere.",
    )
    op.create_index(op.f("ix_act_at_id"), "act", ["at", "id"], unique=False)
    op.create_index(op.f("ix_act_actor_at_id"), "act", ["actor", "at", "id"], unique=False)
    op.create_index(op.f("ix_act_operation_at_id"), "act", ["operation", "at", "id"], unique=False)
    op.create_index(
        "ix_act_instance_id",
        "act",
        ["instance_id", "at", "id"],
        unique=False,
        sqlite_where=sa.text("instance_id IS NOT NULL"),
        postgresql_where=sa.text("instance_id IS NOT NULL"),
    )
