"""sessions that nobody uses are found by index"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_page_session_used_at"), "page_session", ["used_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_page_session_used_at"), "page_session")
