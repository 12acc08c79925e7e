"""What comes from outside: subscriptions, messages, signals, and what starts instances."""

import sqlalchemy as sa
from alembic import op

from penstock.store.dialects import Serial

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("part", "instance_id", "key", name=op.f("uq_subscription_part_instance_id_key")),
        sqlite_autoincrement=True,
        comment="What instances wait for from outside; `id` grows and is never given again.",
    )
    op.create_index(
        op.f("ix_subscription_kind_name_correlation_key_process_id_id"),
        "subscription",
        ["kind", "name", "correlation_key", "process_id", "id"],
        unique=False,
    )
    op.create_table(
        "message",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("correlated", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("kept_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "name", "correlation_key", "message_id", name=op.f("uq_message_name_correlation_key_message_id")
        ),
        sqlite_autoincrement=True,
        comment="Messages that wait until they expire, and with `expires_at` 0 those that came with an id.",
    )
    op.create_index(
        "ix_message_waiting",
        "message",
        ["name", "correlation_key", "id"],
        sqlite_where=sa.text("expires_at > 0"),
        postgresql_where=sa.text("expires_at > 0"),
    )
    op.create_index(op.f("ix_message_kept_until"), "message", ["kept_until"], unique=False)
    op.create_table(
        "start_subscription",
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("rest", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("process_id", "element", "position", name=op.f("pk_start_subscription")),
        comment="What starts instances of the newest version of each process: messages, signals, timers.",
    )
    op.create_index(op.f("ix_start_subscription_kind_name"), "start_subscription", ["kind", "name"])
    op.create_index(op.f("ix_start_subscription_due_at"), "start_subscription", ["due_at"])
    op.create_table(
        "message_start",
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("process_id", "correlation_key", name=op.f("pk_message_start")),
        comment="The running instance that a message with a key has started: "
        "one of a process and key at a time.",
    )
    op.create_table(
        "sending",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("ttl", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "seq", "position", name=op.f("pk_sending")),
        comment="Messages and signals that instances have sent and that are yet to be delivered.",
    )
    op.create_table(
        "broadcast",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("after_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
        sqlite_autoincrement=True,
        comment="Signals on their way to those who waited for them then; "
        "`after_id` is how far each has come.",
    )


def downgrade() -> None:
    for table in ("broadcast", "sending", "message_start", "start_subscription", "message", "subscription"):
        op.drop_table(table)
