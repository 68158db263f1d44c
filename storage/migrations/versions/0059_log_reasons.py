"""the few entries of the access log that have a reason, found without a walk through all the others"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_HAS = sa.text("reason is not null")


def upgrade() -> None:
    op.create_index("ix_access_log_reason", "access_log", ["id"], sqlite_where=_HAS, postgresql_where=_HAS)


def downgrade() -> None:
    op.drop_index("ix_access_log_reason", "access_log")
