"""Many nodes: who is here, who does what for all, what has changed, and counters without a hot spot."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "node",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
        comment="The servers that share the database, for showing: nothing depends on who is here.",
    )
    op.create_table(
        "claim",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_claim")),
        comment="What a node does for all until a moment, such as a batch; another may take it after that.",
    )
    changes = op.create_table(
        "revision",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_revision")),
        comment="How often something has changed that nodes keep in memory.",
    )
    op.bulk_insert(changes, [{"what": "deployments", "number": 0}, {"what": "settings", "number": 0}])
    if op.get_bind().dialect.name == "sqlite":
        _counter_anew()
    else:
        _counter_altered()


_COMMENT = "Instances by hour and day of their start and by status, counted as they change; slots add up."
_KEY = ("process_id", "version", "unit", "at", "status", "slot")


def _counter_anew() -> None:
    """SQLite changes no key of a table."""
    op.create_table(
        "counter_new",
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("instances", sa.BigInteger(), nullable=False),
        sa.Column("cycle_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_counter")),
    )
    op.execute(
        "INSERT INTO counter_new "
        "SELECT process_id, version, unit, at, status, 0, instances, cycle_ms FROM counter"
    )
    op.drop_table("counter")
    op.rename_table("counter_new", "counter")


def _counter_altered() -> None:
    op.add_column("counter", sa.Column("slot", sa.SmallInteger(), nullable=False, server_default="0"))
    op.alter_column("counter", "slot", server_default=None)
    op.drop_constraint("pk_counter", "counter", type_="primary")
    op.create_primary_key(op.f("pk_counter"), "counter", list(_KEY))
    op.create_table_comment("counter", _COMMENT)
