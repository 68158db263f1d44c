"""the clock's next piece goes on with the job that the last one had come to"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wake", sa.Column("job", sa.String(length=40)))


def downgrade() -> None:
    op.drop_column("wake", "job")
