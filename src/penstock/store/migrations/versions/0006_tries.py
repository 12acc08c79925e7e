"""Timers that cannot be fired: how often that was tried."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("timer", "start_subscription"):
        tries = sa.Column("tries", sa.Integer(), nullable=False, server_default="0")
        op.add_column(table, tries)
