"""what of a child was handed out, and what is decided to be deleted, case by case; what was deleted before is wiped"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_MOMENT = columns.Instant(timezone=True)


def upgrade() -> None:
    op.create_index(op.f("ix_signal_placement_id"), "signal", ["placement_id"])
    op.create_index(op.f("ix_signal_task_id"), "signal", ["task_id"])
    op.create_table(
        "case_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(64), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", columns.Sealed(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("log_entries", sa.Integer(), nullable=False),
        sa.Column("log_head", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_export_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_export")),
    )
    op.create_index(op.f("ix_case_export_case_reference"), "case_export", ["case_reference"])
    _add_purges()


def _add_purges() -> None:
    op.create_table(
        "purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("proposed_at", _MOMENT, nullable=False),
        sa.Column("proposed_by", sa.String(200), nullable=False),
        sa.Column("chief_id", sa.Integer(), nullable=True),
        sa.Column("chief_at", _MOMENT, nullable=True),
        sa.Column("admin_id", sa.Integer(), nullable=True),
        sa.Column("admin_at", _MOMENT, nullable=True),
        sa.Column("refused_by", sa.Integer(), nullable=True),
        sa.Column("refused_at", _MOMENT, nullable=True),
        sa.Column("reason", columns.Sealed(), nullable=True),
        sa.Column("begun_at", _MOMENT, nullable=True),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.CheckConstraint("(chief_id is null) = (chief_at is null)", name=op.f("ck_purge_chief_decides_at")),
        sa.CheckConstraint("(admin_id is null) = (admin_at is null)", name=op.f("ck_purge_admin_decides_at")),
        sa.CheckConstraint(
            "chief_id is null or admin_id is null or chief_id <> admin_id", name=op.f("ck_purge_two_people")
        ),
        sa.CheckConstraint(
            "begun_at is null or (chief_id is not null and admin_id is not null and refused_by is null)",
            name=op.f("ck_purge_begun_when_decided"),
        ),
        sa.CheckConstraint("done_at is null or begun_at is not null", name=op.f("ck_purge_done_when_begun")),
        *(
            sa.ForeignKeyConstraint([one], ["person.id"], name=op.f(f"fk_purge_{one}_person"))
            for one in ("chief_id", "admin_id", "refused_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge")),
    )
    op.create_table(
        "purge_case",
        sa.Column("purge_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(64), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("exemptions", sa.String(100), nullable=False),
        sa.Column("deleted", sa.JSON(), nullable=True),
        sa.Column("deleted_at", _MOMENT, nullable=True),
        sa.Column("kept_because", sa.String(40), nullable=True),
        sa.CheckConstraint(
            "(deleted is null) = (deleted_at is null)", name=op.f("ck_purge_case_deleted_at_a_moment")
        ),
        sa.ForeignKeyConstraint(["purge_id"], ["purge.id"], name=op.f("fk_purge_case_purge_id_purge")),
        sa.PrimaryKeyConstraint("purge_id", "number", name=op.f("pk_purge_case")),
    )
    op.create_index(op.f("ix_purge_case_digest"), "purge_case", ["digest"])


def downgrade() -> None:
    for table in ("purge_case", "purge", "case_export"):
        op.drop_table(table)
    op.drop_index(op.f("ix_signal_task_id"), "signal")
    op.drop_index(op.f("ix_signal_placement_id"), "signal")
