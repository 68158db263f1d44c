"""the quality team's desk and the year"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_state_urgent_not_before", ["state", "urgent", "not_before", "id"], unique=False
        )

    op.add_column("risk_config", sa.Column("reason", columns.Sealed(), nullable=True))
    op.add_column("risk_config", sa.Column("recorded_at", columns.Instant(timezone=True), nullable=True))
    op.create_table(
        "digest_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("weekday between 1 and 5", name=op.f("ck_digest_choice_weekday")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_choice_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digest_choice")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("expires_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("used_at", columns.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_link_secret_sha256")),
    )
    op.create_table(
        "selection_cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("frame_hash", sa.String(length=64), nullable=False),
        sa.Column("public_value_name", sa.String(length=200), nullable=False),
        sa.Column("frozen_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.Integer(), nullable=False),
        sa.Column("public_value", sa.String(length=200), nullable=True),
        sa.Column("drawn_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.Column("locked_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("locked_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(public_value is null) = (drawn_at is null)", name=op.f("ck_selection_cycle_drawn_with_a_value")
        ),
        sa.CheckConstraint(
            "locked_at is null or drawn_at is not null", name=op.f("ck_selection_cycle_locked_when_drawn")
        ),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name=op.f("fk_selection_cycle_drawn_by_person")),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["person.id"], name=op.f("fk_selection_cycle_frozen_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["locked_by"], ["person.id"], name=op.f("fk_selection_cycle_locked_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_cycle")),
        sa.UniqueConstraint("year", "name", name=op.f("uq_selection_cycle_year_name")),
    )
    op.create_table(
        "selection_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("act in ('add', 'remove')", name=op.f("ck_selection_adjustment_act")),
        sa.CheckConstraint("trim(reason) <> ''", name=op.f("ck_selection_adjustment_reason_is_given")),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["selection_cycle.id"],
            name=op.f("fk_selection_adjustment_cycle_id_selection_cycle"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_selection_adjustment_person_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_selection_adjustment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_adjustment")),
    )
    with op.batch_alter_table("selection_adjustment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selection_adjustment_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "alert_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("notified", sa.Boolean(), nullable=False),
        sa.Column("reason", columns.Sealed(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_decision_alert_id_alert")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_alert_decision_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_decision")),
        sa.UniqueConstraint("alert_id", name=op.f("uq_alert_decision_alert_id")),
    )
    op.create_table(
        "alert_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("handed_to_id", sa.Integer(), nullable=True),
        sa.Column("text", columns.Sealed(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_note_alert_id_alert")),
        sa.ForeignKeyConstraint(
            ["handed_to_id"], ["person.id"], name=op.f("fk_alert_note_handed_to_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_note_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_note")),
    )
    with op.batch_alter_table("alert_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_note_alert_id"), ["alert_id"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_follow_up_alert_id_alert")),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["selection_cycle.id"], name=op.f("fk_follow_up_cycle_id_selection_cycle")
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_follow_up_opened_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_follow_up_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("alert_id", name=op.f("uq_follow_up_alert_id")),
        sa.UniqueConstraint("cycle_id", "unit_id", name=op.f("uq_follow_up_cycle_id_unit_id")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_action_follow_up_id_follow_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_follow_up_id"), ["follow_up_id"], unique=False)

    op.create_table(
        "board_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_board_decision_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_board_decision_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_decision")),
    )
    with op.batch_alter_table("board_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_decision_follow_up_id"), ["follow_up_id"], unique=False)

    op.create_table(
        "follow_up_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("participants", columns.Sealed(), nullable=True),
        sa.Column("areas", columns.Sealed(), nullable=True),
        sa.Column("strengths", columns.Sealed(), nullable=True),
        sa.Column("improvements", columns.Sealed(), nullable=True),
        sa.Column("report_asked_on", sa.Date(), nullable=True),
        sa.Column("report_received_on", sa.Date(), nullable=True),
        sa.Column("report_link", sa.String(length=500), nullable=True),
        sa.Column("satisfaction", sa.JSON(), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("verdict_on", sa.Date(), nullable=True),
        sa.Column("reason", columns.Sealed(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "method in ('visit', 'digital', 'unannounced')", name=op.f("ck_follow_up_version_method")
        ),
        sa.CheckConstraint(
            "step in ('analyse', 'plan', 'collect', 'assess', 'act', 'closed', 'cancelled')",
            name=op.f("ck_follow_up_version_step"),
        ),
        sa.CheckConstraint(
            "(step = 'cancelled') = (reason is not null)",
            name=op.f("ck_follow_up_version_cancelled_for_a_reason"),
        ),
        sa.CheckConstraint(
            "verdict in ('meets', 'partly', 'not')", name=op.f("ck_follow_up_version_verdict")
        ),
        sa.CheckConstraint(
            "(verdict is null) = (verdict_on is null)", name=op.f("ck_follow_up_version_verdict_has_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_follow_up_version_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_up_version_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_follow_up_version_owner_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_version")),
        sa.UniqueConstraint(
            "follow_up_id", "version", name=op.f("uq_follow_up_version_follow_up_id_version")
        ),
    )
    op.create_table(
        "action_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what", columns.Sealed(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("evidence", columns.Sealed(), nullable=True),
        sa.Column("verified_by", sa.Integer(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("reason", columns.Sealed(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'verified') = (verified_by is not null)",
            name=op.f("ck_action_version_verified_by_somebody"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'done', 'verified', 'cancelled')", name=op.f("ck_action_version_state")
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["action.id"], name=op.f("fk_action_version_action_id_action")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_action_version_author_id_person")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_action_version_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["verified_by"], ["person.id"], name=op.f("fk_action_version_verified_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_version")),
        sa.UniqueConstraint("action_id", "version", name=op.f("uq_action_version_action_id_version")),
    )


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_state_urgent_not_before")

    op.drop_table("action_version")
    op.drop_table("follow_up_version")
    with op.batch_alter_table("board_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_board_decision_follow_up_id"))

    op.drop_table("board_decision")
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_follow_up_id"))

    op.drop_table("action")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_unit_id"))

    op.drop_table("follow_up")
    with op.batch_alter_table("alert_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_note_alert_id"))

    op.drop_table("alert_note")
    op.drop_table("alert_decision")
    with op.batch_alter_table("selection_adjustment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_adjustment_cycle_id"))

    op.drop_table("selection_adjustment")
    op.drop_table("selection_cycle")
    op.drop_table("link")
    op.drop_table("digest_choice")
    op.drop_column("risk_config", "recorded_at")
    op.drop_column("risk_config", "reason")
