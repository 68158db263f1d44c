"""first tables"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "base_levels",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_levels")),
    )
    op.create_table(
        "handled",
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("reply", columns.Sealed(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_handled")),
    )
    op.create_table(
        "pace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("free_from", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_pace_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=True),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=5), server_default="sv", nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("teams_id", sa.String(length=200), nullable=True),
        sa.CheckConstraint("role in ('worker', 'quality', 'manager', 'admin')", name=op.f("ck_person_role")),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name=op.f("fk_person_manager_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("key", name=op.f("uq_person_key")),
        sa.UniqueConstraint("teams_id", name=op.f("uq_person_teams_id")),
    )
    op.create_table(
        "provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("org_number", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
        sa.UniqueConstraint("org_number", name=op.f("uq_provider_org_number")),
    )
    op.create_table(
        "risk_config",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_config")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", columns.MonthText(length=7), nullable=False),
        sa.Column("opened_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("deadline", columns.Instant(timezone=True), nullable=False),
        sa.Column("closes_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("escalated_at", columns.Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("month", name=op.f("uq_round_month")),
    )
    op.create_table(
        "wake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_wake_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wake")),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("stranger", sa.String(length=200), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_log_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("conversation_id", sa.String(length=300), nullable=False),
        sa.Column("service_url", sa.String(length=300), nullable=False),
        sa.Column("seen_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(person_id is null) <> (channel is null)", name=op.f("ck_conversation_one_owner")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_conversation_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("channel", name=op.f("uq_conversation_channel")),
        sa.UniqueConstraint("person_id", name=op.f("uq_conversation_person_id")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("not_before", columns.Instant(timezone=True), nullable=False),
        sa.Column("due_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("leased_until", columns.Instant(timezone=True), nullable=True),
        sa.Column("started_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("sent_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("conversation_id", sa.String(length=300), nullable=True),
        sa.Column("activity_id", sa.String(length=300), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "state in ('ready', 'sending', 'sent', 'uncertain', 'failed', 'cancelled')",
            name=op.f("ck_delivery_state"),
        ),
        sa.CheckConstraint(
            "(person_id is null) <> (channel is null)", name=op.f("ck_delivery_one_recipient")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delivery_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_channel_started", ["channel", "started_at"], unique=False)
        batch_op.create_index("ix_delivery_person_started", ["person_id", "started_at"], unique=False)
        batch_op.create_index("ix_delivery_state_not_before", ["state", "not_before"], unique=False)

    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("cancelled_at", columns.Instant(timezone=True), nullable=True),
        sa.CheckConstraint("ends >= starts", name=op.f("ck_leave_ends_after_start")),
        sa.CheckConstraint(
            "substitute_id is null or substitute_id <> person_id", name=op.f("ck_leave_another_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_person_id_person")),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name=op.f("fk_leave_substitute_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_table(
        "snooze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("until", columns.Instant(timezone=True), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_snooze_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_snooze_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snooze")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("subtype", sa.String(length=40), nullable=True),
        sa.Column("ownership", sa.String(length=20), nullable=False),
        sa.Column("director", sa.String(length=200), nullable=True),
        sa.Column("last_follow_up", sa.Date(), nullable=True),
        sa.Column("last_verdict", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_unit_provider_id_provider")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("key", name=op.f("uq_unit_key")),
    )
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=30), nullable=False),
        sa.Column("law", sa.String(length=20), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.CheckConstraint("ends is null or ends >= starts", name=op.f("ck_contract_ends_after_start")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contract_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("key", name=op.f("uq_contract_key")),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("legal_ground", sa.String(length=40), nullable=False),
        sa.Column("executed_on", sa.Date(), nullable=True),
        sa.Column("born", columns.Sealed(), nullable=True),
        sa.Column("alias", columns.Sealed(), nullable=True),
        sa.Column("greater_needs_since", sa.Date(), nullable=True),
        sa.Column("contract_form", sa.String(length=30), nullable=True),
        sa.Column("deviation_documented", sa.String(length=20), nullable=True),
        sa.Column("call_off_contract", sa.String(length=20), nullable=True),
        sa.Column("individual_contract", sa.String(length=20), nullable=True),
        sa.Column("care_plan", sa.String(length=20), nullable=True),
        sa.Column("care_plan_on", sa.Date(), nullable=True),
        sa.Column("care_plan_review_on", sa.Date(), nullable=True),
        sa.Column("treatment_plan", sa.String(length=20), nullable=True),
        sa.Column("treatment_plan_on", sa.Date(), nullable=True),
        sa.Column("treatment_plan_review_on", sa.Date(), nullable=True),
        sa.Column("registered_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ends is null) = (end_reason is null)", name=op.f("ck_placement_end_has_a_reason")
        ),
        sa.CheckConstraint("ends is null or ends >= starts", name=op.f("ck_placement_ends_after_start")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_placement_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint(
            "case_reference", "unit_id", "starts", name=op.f("uq_placement_case_reference_unit_id_starts")
        ),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("month_end", sa.Boolean(), nullable=False),
        sa.Column("scored_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("config_id", sa.String(length=40), nullable=False),
        sa.Column("base_levels_id", sa.String(length=40), nullable=False),
        sa.Column("o", sa.Float(), nullable=False),
        sa.Column("e", sa.Float(), nullable=False),
        sa.Column("ot", sa.Float(), nullable=False),
        sa.Column("et", sa.Float(), nullable=False),
        sa.Column("r", sa.Float(), nullable=False),
        sa.Column("p", sa.Float(), nullable=False),
        sa.Column("pt", sa.Float(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("rate_band", sa.String(length=10), nullable=False),
        sa.Column("calm", sa.Integer(), nullable=False),
        sa.Column("red_since", sa.Date(), nullable=True),
        sa.Column("floor", sa.String(length=10), nullable=True),
        sa.Column("shown", sa.String(length=10), nullable=False),
        sa.Column("enough", sa.Boolean(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("inputs_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["base_levels_id"], ["base_levels.id"], name=op.f("fk_score_base_levels_id_base_levels")
        ),
        sa.ForeignKeyConstraint(
            ["config_id"], ["risk_config.id"], name=op.f("fk_score_config_id_risk_config")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_score_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
    )
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.create_index("ix_score_unit_as_of", ["unit_id", "as_of", "id"], unique=False)

    op.create_table(
        "ownership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_ownership_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_ownership_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["person.id"], name=op.f("fk_ownership_substitute_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership")),
        sa.UniqueConstraint(
            "placement_id",
            "since",
            "owner_id",
            "substitute_id",
            "recorded_at",
            name=op.f("uq_ownership_placement_id_since_owner_id_substitute_id_recorded_at"),
        ),
    )
    with op.batch_alter_table("ownership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ownership_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ownership_substitute_id"), ["substitute_id"], unique=False)

    op.create_table(
        "report_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_report_task_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_report_task_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_task")),
        sa.UniqueConstraint("round_id", "placement_id", name=op.f("uq_report_task_round_id_placement_id")),
    )
    with op.batch_alter_table("report_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_task_placement_id"), ["placement_id"], unique=False)

    op.create_table(
        "asking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.String(length=200), nullable=False),
        sa.Column("asked_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_asking_person_id_person")),
        sa.ForeignKeyConstraint(["task_id"], ["report_task.id"], name=op.f("fk_asking_task_id_report_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asking")),
        sa.UniqueConstraint("task_id", "person_id", name=op.f("uq_asking_task_id_person_id")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_version", sa.String(length=10), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("free_text", columns.Sealed(), nullable=True),
        sa.Column("by_statement", sa.Boolean(), nullable=False),
        sa.Column("concern", sa.Boolean(), nullable=False),
        sa.Column("provider_report_missing", sa.Boolean(), nullable=False),
        sa.Column("feels_safe", sa.String(length=20), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("known_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_report_author_id_person")),
        sa.ForeignKeyConstraint(["task_id"], ["report_task.id"], name=op.f("fk_report_task_id_report_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("task_id", "version", name=op.f("uq_report_task_id_version")),
    )
    op.create_table(
        "signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_signal_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["report_task.id"], name=op.f("fk_signal_task_id_report_task")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_signal_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
        sa.UniqueConstraint("import_key", name=op.f("uq_signal_import_key")),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signal_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("episode", sa.String(length=60), nullable=False),
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("signal_id", sa.Integer(), nullable=True),
        sa.Column("band_before", sa.String(length=10), nullable=False),
        sa.Column("band_after", sa.String(length=10), nullable=False),
        sa.Column("raised_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", columns.Instant(timezone=True), nullable=True),
        sa.Column("close_reason", columns.Sealed(), nullable=True),
        sa.CheckConstraint("kind in ('event', 'band', 'silence')", name=op.f("ck_alert_kind")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_alert_closed_by_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_alert_owner_id_person")),
        sa.ForeignKeyConstraint(["score_id"], ["score.id"], name=op.f("fk_alert_score_id_score")),
        sa.ForeignKeyConstraint(["signal_id"], ["signal.id"], name=op.f("fk_alert_signal_id_signal")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_alert_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("unit_id", "episode", name=op.f("uq_alert_unit_id_episode")),
    )
    op.create_table(
        "signal_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=False),
        sa.Column("consequence", sa.Integer(), nullable=True),
        sa.Column("occurred", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("marks", sa.String(length=200), nullable=False),
        sa.Column("praise", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=100), nullable=True),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("text", columns.Sealed(), nullable=True),
        sa.Column("action_taken", columns.Sealed(), nullable=True),
        sa.Column("reason", columns.Sealed(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("known_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("recorded_at", columns.Instant(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('deviation', 'complaint', 'remark', 'replacement')", name=op.f("ck_signal_version_kind")
        ),
        sa.CheckConstraint("consequence between 1 and 4", name=op.f("ck_signal_version_consequence")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_signal_version_author_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signal.id"], name=op.f("fk_signal_version_signal_id_signal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_version")),
        sa.UniqueConstraint("signal_id", "version", name=op.f("uq_signal_version_signal_id_version")),
    )


def downgrade() -> None:
    op.drop_table("signal_version")
    op.drop_table("alert")
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signal_unit_id"))

    op.drop_table("signal")
    op.drop_table("report")
    op.drop_table("asking")
    with op.batch_alter_table("report_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_task_placement_id"))

    op.drop_table("report_task")
    with op.batch_alter_table("ownership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ownership_substitute_id"))
        batch_op.drop_index(batch_op.f("ix_ownership_owner_id"))

    op.drop_table("ownership")
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_index("ix_score_unit_as_of")

    op.drop_table("score")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_unit_id"))

    op.drop_table("placement")
    op.drop_table("contract")
    op.drop_table("unit")
    op.drop_table("snooze")
    op.drop_table("leave")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_state_not_before")
        batch_op.drop_index("ix_delivery_person_started")
        batch_op.drop_index("ix_delivery_channel_started")

    op.drop_table("delivery")
    op.drop_table("conversation")
    op.drop_table("access_log")
    op.drop_table("wake")
    op.drop_table("round")
    op.drop_table("risk_config")
    op.drop_table("provider")
    op.drop_table("person")
    op.drop_table("pace")
    op.drop_table("handled")
    op.drop_table("base_levels")
