"""who leads a team, found by index"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_person_team", "person", ["team"])


def downgrade() -> None:
    op.drop_index("ix_person_team", "person")
