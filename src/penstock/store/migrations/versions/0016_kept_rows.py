"""What may be compensated has rows of its own, where there is much of it.

What an older release has stored in its scope stays there until more is kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "scope", "number", name=op.f("pk_kept")),
        comment="What may be compensated in a scope that has kept much, in the order of completion.",
    )
