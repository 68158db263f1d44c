"""whether the pages' lists listen to single keys is each person's own choice"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("shortcuts", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("personal_choice", column)


def downgrade() -> None:
    op.drop_column("personal_choice", "shortcuts")
