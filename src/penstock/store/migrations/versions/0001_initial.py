"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("instances", sa.BigInteger(), nullable=False),
        sa.Column("cycle_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("process_id", "version", "unit", "at", "status", name=op.f("pk_counter")),
        comment="Instances by the hour and by the day of their start and by status, counted as they change.",
    )
    op.create_table(
        "definition",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("deployment", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("deployed_by", sa.Text(), nullable=False),
        sa.Column("deployed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_definition")),
        sa.UniqueConstraint("kind", "id", "ordinal", name=op.f("uq_definition_kind_id_ordinal")),
        sa.UniqueConstraint("kind", "id", "version", name=op.f("uq_definition_kind_id_version")),
        comment="One frozen version of a process; `ordinal` counts its versions in the order of deployment.",
    )
    op.create_table(
        "idempotency",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency")),
        comment="Requests that carried an idempotency key and were carried out.",
    )
    op.create_index(op.f("ix_idempotency_at"), "idempotency", ["at"], unique=False)
    op.create_table(
        "incident",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "key", name=op.f("pk_incident")),
        comment="Open incidents.",
    )
    op.create_index(op.f("ix_incident_at"), "incident", ["at"], unique=False)
    op.create_table(
        "instance",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("part", "id", name=op.f("pk_instance")),
        comment="A process instance with its root scope; `data` is null once it has ended.",
    )
    op.create_index(
        "ix_instance_business_key",
        "instance",
        ["business_key"],
        unique=False,
        sqlite_where=sa.text("business_key IS NOT NULL"),
        postgresql_where=sa.text("business_key IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_instance_definition_key_started_at_id"),
        "instance",
        ["definition_key", "started_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_instance_process_id_started_at_id"),
        "instance",
        ["process_id", "started_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_instance_process_id_status_started_at_id"),
        "instance",
        ["process_id", "status", "started_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_instance_started_at_id"), "instance", ["started_at", "id"], unique=False)
    op.create_index(
        op.f("ix_instance_status_started_at_id"), "instance", ["status", "started_at", "id"], unique=False
    )
    op.create_table(
        "job",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("part", "instance_id", "key", name=op.f("pk_job")),
        comment="Open jobs; `available_at` is when a worker may take one: the end of its backoff or lease.",
    )
    op.create_index(op.f("ix_job_type_available_at"), "job", ["type", "available_at"], unique=False)
    op.create_table(
        "journal",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("command", sa.LargeBinary(), nullable=False),
        sa.Column("events", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "seq", name=op.f("pk_journal")),
        comment="One row a command: the history, the audit log and the input for replay.",
    )
    op.create_table(
        "outbox",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("command", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "seq", name=op.f("pk_outbox")),
        comment="Commands that instances are yet to be sent, by the journal row that asked for each.",
    )
    op.create_table(
        "process",
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_process")),
        sa.UniqueConstraint("process_id", name=op.f("uq_process_process_id")),
        comment="A process with all its versions; its uid never changes.",
    )
    op.create_table(
        "resource",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_resource")),
        comment="Files as they were deployed, byte for byte.",
    )
    op.create_table(
        "scope",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "key", name=op.f("pk_scope")),
        comment="The scopes of an instance under its root, a row each.",
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
        comment="What a surface keeps by name, such as the mapping of an app's names to processes.",
    )
    op.create_table(
        "timer",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "key", name=op.f("pk_timer")),
        comment="Open timers.",
    )
    op.create_index(op.f("ix_timer_due_at"), "timer", ["due_at"], unique=False)
    op.create_table(
        "user_task",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("candidate_users", sa.JSON(), nullable=False),
        sa.Column("candidate_groups", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("follow_up_at", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("part", "instance_id", "key", name=op.f("pk_user_task")),
        comment="User tasks, those that have ended included.",
    )
    op.create_index(op.f("ix_user_task_state_created_at"), "user_task", ["state", "created_at"], unique=False)
