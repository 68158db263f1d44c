"""what the board decided: a warning, a penalty, a termination or something else; none of those recorded before"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("board_decision", sa.Column("kind", sa.String(20), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("board_decision") as decision:
        decision.drop_column("kind")
