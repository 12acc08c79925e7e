"""Calls of other processes, and an outbox for commands to any instance."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "key", name=op.f("pk_call")),
        comment="Call activities that wait for a called instance to end.",
    )
    op.rename_table("outbox", "outbox_before")
    if op.get_bind().dialect.name == "postgresql":  # where a key's name is the schema's, not the table's
        op.execute("ALTER INDEX pk_outbox RENAME TO pk_outbox_before")
    op.create_table(
        "outbox",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=True),
        sa.Column("command", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "seq", "place", name=op.f("pk_outbox")),
        comment="Commands that instances are yet to be sent, by the journal row that asked for each.",
    )
    op.execute(
        "INSERT INTO outbox (part, instance_id, seq, place, at, target, command) "
        "SELECT part, instance_id, seq, 0, at, instance_id, command FROM outbox_before"
    )
    op.drop_table("outbox_before")
    with op.batch_alter_table("instance") as table:
        table.create_index(
            "ix_instance_parent_id",
            ["parent_id"],
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
