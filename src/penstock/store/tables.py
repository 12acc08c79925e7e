"""The tables, for SQLite and PostgreSQL alike; the migrations build just these, and a test holds that.

Every table of an instance begins its key with `part` (0 on SQLite) and the instance's id, and no foreign key
crosses instances, so that the schema can be spread over databases. Times are epoch milliseconds. What must be
found from outside has rows and indexes; the rest of an instance's state is in its `data`.
"""

from __future__ import annotations

import sqlalchemy as sa

from penstock.store.batch_tables import batch as batch, batch_result as batch_result
from penstock.store.dialects import Serial
from penstock.store.gathering_tables import gathering_start as gathering_start
from penstock.store.large_tables import kept as kept, large_variable as large_variable
from penstock.store.metadata import Time, metadata as metadata
from penstock.store.node_tables import (
    claim as claim,
    job_level as job_level,
    node as node,
    queued_start as queued_start,
    revision as revision,
)
from penstock.store.task_tables import task_draft as task_draft

# -- what is deployed ------------------------------------------------------------------------------

process = sa.Table(
    "process",
    metadata,
    sa.Column("uid", sa.Text, primary_key=True),
    sa.Column("process_id", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("alias", sa.Text),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    sa.Column("updated_at", Time, nullable=False),
    comment="A process with all its versions; its uid never changes.",
)

resource = sa.Table(
    "resource",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    comment="Files as they were deployed, byte for byte.",
)

definition = sa.Table(
    "definition",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("deployment", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("deployed_by", sa.Text, nullable=False),
    sa.Column("deployed_at", Time, nullable=False),
    sa.Column("notes", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("kind", "id", "version"),
    sa.UniqueConstraint("kind", "id", "ordinal"),
    comment="One frozen version of a process; `ordinal` counts its versions in the order of deployment.",
)

decision_file = sa.Table(
    "decision_file",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("namespace", sa.Text, nullable=False),
    sa.Column("imports", sa.Text, nullable=False),
    sa.Column("deployed_at", Time, nullable=False),
    comment="DMN files; `imports` gives the digest of each imported one by its namespace.",
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "name", "created_by", "updated_by")),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    *(sa.Column(name, Time, nullable=False) for name in ("created_at", "updated_at")),
    sa.Column("lock_holder", sa.Text),
    sa.Column("lock_name", sa.Text),
    sa.Column("lock_until", Time),
    sa.Index(None, "updated_at", "id"),
    comment="Files that somebody works on, not deployed yet; `revision` counts their changes.",
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
    comment="What a surface keeps by name, such as the mapping of an app's names to processes.",
)

# -- instances -------------------------------------------------------------------------------------

instance = sa.Table(
    "instance",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("definition_key", sa.Text, nullable=False),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("business_key", sa.Text),
    sa.Column("parent_id", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("incidents", sa.Integer, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    sa.Column("started_at", Time, nullable=False),
    sa.Column("updated_at", Time, nullable=False),
    sa.Column("ended_at", Time),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("variables", sa.LargeBinary, nullable=False),
    sa.Column("data", sa.LargeBinary),
    sa.Index(None, "process_id", "started_at", "id"),
    sa.Index(None, "definition_key", "started_at", "id"),
    sa.Index(None, "process_id", "status", "started_at", "id"),
    sa.Index(None, "started_at", "id"),
    sa.Index(None, "status", "started_at", "id"),
    sa.Index(
        "ix_instance_business_key",
        "business_key",
        sqlite_where=sa.text("business_key IS NOT NULL"),
        postgresql_where=sa.text("business_key IS NOT NULL"),
    ),
    sa.Index(
        "ix_instance_parent_id",
        "parent_id",
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    ),
    comment="A process instance with its root scope; `data` is null once it has ended.",
)

scope = sa.Table(
    "scope",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    comment="The scopes of an instance under its root, a row each.",
)

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("command", sa.LargeBinary, nullable=False),
    sa.Column("events", sa.LargeBinary, nullable=False),
    sa.Column("elements", sa.LargeBinary),
    comment="One row a command: the history, the audit log and the input for replay.",
)

job = sa.Table(
    "job",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("scope", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.BigInteger, nullable=False),
    sa.Column("element", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("retries", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("available_at", Time, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("trace", sa.Text),
    sa.Column("rank", Time),
    sa.Index(None, "type", "available_at"),
    sa.Index(
        "ix_job_rank",
        "type",
        "rank",
        sqlite_where=sa.text("rank IS NOT NULL"),
        postgresql_where=sa.text("rank IS NOT NULL"),
    ),
    comment="Open jobs; `available_at` is when a worker may take one: the end of its backoff or lease.",
)

timer = sa.Table(
    "timer",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("scope", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.BigInteger, nullable=False),
    sa.Column("element", sa.Text, nullable=False),
    sa.Column("due_at", Time, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Index(None, "due_at"),
    comment="Open timers.",
)

user_task = sa.Table(
    "user_task",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("scope", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.BigInteger, nullable=False),
    sa.Column("element", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("assignee", sa.Text),
    sa.Column("candidate_users", sa.JSON, nullable=False),
    sa.Column("candidate_groups", sa.JSON, nullable=False),
    sa.Column("due_at", Time),
    sa.Column("follow_up_at", Time),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("form", sa.Text),
    sa.Column("created_at", Time, nullable=False),
    sa.Column("ended_at", Time),
    sa.Index(None, "state", "created_at"),
    comment="User tasks, those that have ended included.",
)

incident = sa.Table(
    "incident",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("scope", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.BigInteger, nullable=False),
    sa.Column("element", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("detail", sa.Text),
    sa.Column("at", Time, nullable=False),
    sa.Index(None, "at"),
    comment="Open incidents.",
)

call = sa.Table(
    "call",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("scope", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.BigInteger, nullable=False),
    sa.Column("element", sa.Text, nullable=False),
    sa.Column("process_id", sa.Text, nullable=False),
    comment="Call activities that wait for a called instance to end.",
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("definition_key", sa.Text),
    sa.Column("command", sa.LargeBinary, nullable=False),
    comment="Commands that instances are yet to be sent, by the journal row that asked for each.",
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("instance_id", sa.Text, nullable=False),
    sa.Column("at", Time, nullable=False),
    sa.Index(None, "at"),
    comment="Requests that carried an idempotency key and were carried out.",
)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("process_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("at", Time, primary_key=True),
    sa.Column("status", sa.Text, primary_key=True),
    sa.Column("slot", sa.SmallInteger, primary_key=True),
    sa.Column("instances", sa.BigInteger, nullable=False),
    sa.Column("cycle_ms", sa.BigInteger, nullable=False),
    comment="Instances by hour and day of their start and by status, counted as they change; slots add up.",
)

# -- what comes from outside -----------------------------------------------------------------------

subscription = sa.Table(
    "subscription",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("part", sa.SmallInteger, nullable=False),
    sa.Column("instance_id", sa.Text, nullable=False),
    sa.Column("key", sa.BigInteger, nullable=False),
    sa.Column("scope", sa.BigInteger, nullable=False),
    sa.Column("owner", sa.BigInteger, nullable=False),
    sa.Column("element", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("correlation_key", sa.Text, nullable=False),
    sa.Column("process_id", sa.Text, nullable=False),
    sa.UniqueConstraint("part", "instance_id", "key"),
    sa.Index(None, "kind", "name", "correlation_key", "process_id", "id"),
    sqlite_autoincrement=True,
    comment="What instances wait for from outside; `id` grows and is never given again.",
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("correlation_key", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text),
    sa.Column("instance_id", sa.Text),
    sa.Column("variables", sa.LargeBinary, nullable=False),
    sa.Column("correlated", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", Time, nullable=False),
    sa.Column("kept_until", Time, nullable=False),
    sa.Column("business_key", sa.Text),
    sa.UniqueConstraint("name", "correlation_key", "message_id"),
    sa.Index(
        "ix_message_waiting",
        "name",
        "correlation_key",
        "id",
        sqlite_where=sa.text("expires_at > 0"),
        postgresql_where=sa.text("expires_at > 0"),
    ),
    sa.Index(None, "kept_until"),
    sqlite_autoincrement=True,
    comment="Messages that wait until they expire, and with `expires_at` 0 those that came with an id.",
)

start_subscription = sa.Table(
    "start_subscription",
    metadata,
    sa.Column("process_id", sa.Text, primary_key=True),
    sa.Column("element", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("definition_key", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("due_at", Time),
    sa.Column("rest", sa.Text),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Index(None, "kind", "name"),
    sa.Index(None, "due_at"),
    comment="What starts instances of the newest version of each process: messages, signals, timers.",
)

message_start = sa.Table(
    "message_start",
    metadata,
    sa.Column("process_id", sa.Text, primary_key=True),
    sa.Column("correlation_key", sa.Text, primary_key=True),
    sa.Column("instance_id", sa.Text, nullable=False),
    comment="The running instance that a message with a key has started: one of a process and key at a time.",
)

sending = sa.Table(
    "sending",
    metadata,
    sa.Column("part", sa.SmallInteger, primary_key=True),
    sa.Column("instance_id", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("correlation_key", sa.Text, nullable=False),
    sa.Column("variables", sa.LargeBinary, nullable=False),
    sa.Column("ttl", sa.BigInteger),
    sa.Column("before", sa.BigInteger, nullable=False),
    comment="Messages and signals that instances have sent and that are yet to be delivered.",
)

broadcast = sa.Table(
    "broadcast",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("variables", sa.LargeBinary, nullable=False),
    sa.Column("instance_id", sa.Text),
    sa.Column("sender", sa.Text),
    sa.Column("before", sa.BigInteger, nullable=False),
    sa.Column("after_id", sa.BigInteger, nullable=False),
    sa.Column("last_id", sa.BigInteger, nullable=False),
    sqlite_autoincrement=True,
    comment="Signals on their way to those who waited for them then; `after_id` is how far each has come.",
)

# -- what is shown ---------------------------------------------------------------------------------

change = sa.Table(
    "change",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Index(None, "at"),
    sqlite_autoincrement=True,
    comment="What each transaction changed, for those who watch: kept for some minutes.",
)

passage = sa.Table(
    "passage",
    metadata,
    sa.Column("process_id", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("at", Time, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("element", sa.Text, primary_key=True),
    sa.Column("bucket", sa.SmallInteger, primary_key=True),
    sa.Column("slot", sa.SmallInteger, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("total_ms", sa.BigInteger, nullable=False),
    comment="What instances, elements and flows went through, by time and by how long it took.",
)

act = sa.Table(
    "act",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("at", Time, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("instance_id", sa.Text),
    sa.Column("process_id", sa.Text),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index(None, "at", "id"),
    sa.Index(None, "actor", "at", "id"),
    sa.Index(None, "operation", "at", "id"),
    sa.Index(
        "ix_act_instance_id",
        "instance_id",
        "at",
        "id",
        sqlite_where=sa.text("instance_id IS NOT NULL"),
        postgresql_where=sa.text("instance_id IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
    comment="What users did to instances and to what is deployed; starts are elsewhere.",
)
