"""What is large or long is read in parts: large variables have rows, the journal's rows name their elements.

Large variables of an older release stay where they are until they are set again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "large_variable",
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("part", "instance_id", "scope", "name", name=op.f("pk_large_variable")),
        comment="Large variables, a row each; a mark stands for each among the variables of its scope.",
    )
    op.add_column("journal", sa.Column("elements", sa.LargeBinary(), nullable=True))
