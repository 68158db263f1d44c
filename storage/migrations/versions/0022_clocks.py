"""the law's clocks: what the register lacked, a municipality's own clocks, what was done, and what was reminded of"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_OF_PLACEMENT: tuple[tuple[str, sa.types.TypeEngine], ...] = (
    ("deviation_reason", columns.Sealed()),
    ("investigation_ended", sa.Date()),
    ("special_reasons_on", sa.Date()),
    ("home", sa.String(64)),
    ("last_review_on", sa.Date()),
    ("last_review_body", sa.String(100)),
    ("after_care", sa.String(10)),
)


def upgrade() -> None:
    for name, kind in _OF_PLACEMENT:
        op.add_column("placement", sa.Column(name, kind, nullable=True))
    op.create_index(op.f("ix_placement_home"), "placement", ["home"])
    op.add_column("term", sa.Column("corresponds", sa.String(40), nullable=True))
    # In SQL, since SQLite takes the reference with the column and only so without making the table anew.
    op.execute(
        "alter table contract add column owner_id integer"
        " constraint fk_contract_owner_id_person references person (id)"
    )
    op.create_index(op.f("ix_contract_owner_id"), "contract", ["owner_id"])
    _add_own_clocks()
    _add_done()
    _add_told()


def _add_own_clocks() -> None:
    op.create_table(
        "clock_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("word", sa.String(100), nullable=False),
        sa.Column("english", sa.String(100), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("starts", sa.String(20), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("then_months", sa.Integer(), nullable=True),
        sa.Column("ground", sa.String(40), nullable=True),
        sa.Column("form", sa.String(40), nullable=True),
        sa.Column("meeting", sa.Boolean(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "valid_to is null or valid_from is null or valid_to >= valid_from",
            name=op.f("ck_clock_term_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name=op.f("fk_clock_term_import_id_register_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_term")),
        sa.UniqueConstraint("code", name=op.f("uq_clock_term_code")),
    )


def _add_done() -> None:
    op.create_table(
        "clock_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(100), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_clock_done_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_clock_done_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_done")),
        sa.UniqueConstraint(
            "placement_id",
            "clock",
            "number",
            "version",
            name=op.f("uq_clock_done_placement_id_clock_number_version"),
        ),
    )
    op.create_table(
        "clock_seen",
        sa.Column("done_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["done_id"], ["clock_done.id"], name=op.f("fk_clock_seen_done_id_clock_done")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_clock_seen_person_id_person")),
        sa.PrimaryKeyConstraint("done_id", name=op.f("pk_clock_seen")),
    )
    op.create_table(
        "plan_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(20), nullable=False),
        sa.Column("plan_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_plan_check_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_plan_check_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_check")),
        sa.UniqueConstraint(
            "placement_id",
            "plan",
            "plan_on",
            "version",
            name=op.f("uq_plan_check_placement_id_plan_plan_on_version"),
        ),
    )


def _add_told() -> None:
    op.create_table(
        "clock_told",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("clock", sa.String(40), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.String(200), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(placement_id is null) <> (contract_id is null)", name=op.f("ck_clock_told_one_subject")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_clock_told_person_id_person")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_clock_told_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name=op.f("fk_clock_told_contract_id_contract")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_told")),
        sa.UniqueConstraint(
            "person_id",
            "placement_id",
            "contract_id",
            "clock",
            "due",
            "days",
            name=op.f("uq_clock_told_person_id_placement_id_contract_id_clock_due_days"),
        ),
    )
    op.create_index(op.f("ix_clock_told_delivery_key"), "clock_told", ["delivery_key"])
    op.create_index("ix_clock_told_placement", "clock_told", ["placement_id"])
    op.create_table(
        "clock_look",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_clock_look_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_clock_look")),
    )


def downgrade() -> None:
    for table in ("clock_look", "clock_told", "plan_check", "clock_seen", "clock_done", "clock_term"):
        op.drop_table(table)
    op.drop_index("ix_contract_owner_id", "contract")
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.drop_constraint("fk_contract_owner_id_person", type_="foreignkey")
        batch_op.drop_column("owner_id")
    op.drop_column("term", "corresponds")
    op.drop_index("ix_placement_home", "placement")
    for name, _ in reversed(_OF_PLACEMENT):
        op.drop_column("placement", name)
