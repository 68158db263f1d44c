"""who is logged in to the workspace, and what is being written there and has not been handed in"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_sha256", sa.String(64), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("theme", sa.String(10), nullable=False),
        sa.Column("followed", sa.String(80), nullable=False),
        sa.Column("made_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("used_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("ends_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("way in ('cookie', 'header')", name=op.f("ck_page_session_way")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_page_session_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_session")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_page_session_secret_sha256")),
    )
    op.create_index(op.f("ix_page_session_person_id"), "page_session", ["person_id"])
    op.create_index(op.f("ix_page_session_ends_at"), "page_session", ["ends_at"])
    op.create_table(
        "report_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("typed", columns.Sealed(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_draft_person_id_person")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["report_task.id"], name=op.f("fk_report_draft_task_id_report_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_draft")),
        sa.UniqueConstraint("task_id", "person_id", name=op.f("uq_report_draft_task_id_person_id")),
    )
    op.create_index(op.f("ix_report_draft_person_id"), "report_draft", ["person_id"])
    op.create_index(op.f("ix_report_draft_saved_at"), "report_draft", ["saved_at"])


def downgrade() -> None:
    op.drop_table("report_draft")
    op.drop_table("page_session")
