"""which card a press was made on"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("handled", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_handled_card"), ["card"])


def downgrade() -> None:
    with op.batch_alter_table("handled", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handled_card"))
        batch_op.drop_column("card")
