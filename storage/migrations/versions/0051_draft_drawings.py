"""which drawing of a form a draft was last kept from"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_TABLES = ("report_draft", "follow_up_draft")


def upgrade() -> None:
    for name in _TABLES:
        op.add_column(name, sa.Column("drawing", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    for name in _TABLES:
        op.drop_column(name, "drawing")
