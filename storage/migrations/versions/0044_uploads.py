"""files that are handed in on a page are kept, sealed, until they are imported or let be"""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant, Sealed

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("may_end", sa.Integer(), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=True),
        sa.Column("told", Sealed(), nullable=True),
        sa.CheckConstraint(
            "state in ('received', 'previewed', 'confirmed', 'reading', 'imported', 'refused', 'interrupted')",
            name=op.f("ck_upload_state"),
        ),
        sa.CheckConstraint("may_end is null or complete", name=op.f("ck_upload_ends_of_the_whole")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_upload_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    for column in ("person_id", "state", "received_at"):
        op.create_index(op.f(f"ix_upload_{column}"), "upload", [column])
    op.create_table(
        "upload_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", Sealed(), nullable=False),
        sa.Column("content", Sealed(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_upload_file_upload_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_file")),
        sa.UniqueConstraint("upload_id", "place", name=op.f("uq_upload_file_upload_id_place")),
    )


def downgrade() -> None:
    op.drop_table("upload_file")
    op.drop_table("upload")
