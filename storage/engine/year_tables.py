"""The tables of the year: selection cycles, follow-ups, actions, board decisions, published reports."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.engine import import_tables
from storage.engine.columns import Instant, Sealed

metadata = import_tables.metadata

selection_cycle = Table(
    "selection_cycle",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("name", String(64), nullable=False),
    Column("frame", Text, nullable=False),
    Column("frame_hash", String(64), nullable=False),
    Column("public_value_name", String(200), nullable=False),
    Column("frozen_at", Instant, nullable=False),
    Column("frozen_by", ForeignKey("person.id"), nullable=False),
    Column("public_value", String(200)),
    Column("drawn_at", Instant),
    Column("drawn_by", ForeignKey("person.id")),
    Column("locked_at", Instant),
    Column("locked_by", ForeignKey("person.id")),
    UniqueConstraint("year", "name"),
    CheckConstraint("(public_value is null) = (drawn_at is null)", name="drawn_with_a_value"),
    CheckConstraint("locked_at is null or drawn_at is not null", name="locked_when_drawn"),
)

selection_adjustment = Table(
    "selection_adjustment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cycle_id", ForeignKey("selection_cycle.id"), nullable=False, index=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("act", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    CheckConstraint("act in ('add', 'remove')", name="act"),
    CheckConstraint("trim(reason) <> ''", name="reason_is_given"),
)

follow_up = Table(
    "follow_up",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False, index=True),
    Column("cycle_id", ForeignKey("selection_cycle.id")),
    Column("alert_id", ForeignKey("alert.id")),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", ForeignKey("person.id"), nullable=False),
    Column("by_risk", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("cycle_id", "unit_id"),
    UniqueConstraint("alert_id"),
)

follow_up_draft = Table(
    "follow_up_draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("follow_up_id", ForeignKey("follow_up.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("typed", Sealed, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Instant, nullable=False, index=True),
    # The drawing of the form that it was last kept from.
    Column("drawing", String(40), nullable=False, server_default=""),
    UniqueConstraint("follow_up_id", "person_id"),
)

follow_up_version = Table(
    "follow_up_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("follow_up_id", ForeignKey("follow_up.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("step", String(10), nullable=False),
    Column("owner_id", ForeignKey("person.id")),
    Column("method", String(20)),
    Column("planned_on", Date),
    Column("held_on", Date),
    Column("participants", Sealed),
    Column("areas", Sealed),
    Column("marked", Sealed),
    Column("strengths", Sealed),
    Column("improvements", Sealed),
    Column("report_asked_on", Date),
    Column("report_received_on", Date),
    Column("report_link", String(500)),
    Column("satisfaction", JSON),
    Column("verdict", String(20)),
    Column("verdict_on", Date),
    Column("reason", Sealed),
    Column("author_id", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("follow_up_id", "version"),
    CheckConstraint(
        "step in ('analyse', 'plan', 'collect', 'assess', 'act', 'closed', 'cancelled')", name="step"
    ),
    CheckConstraint("(step = 'cancelled') = (reason is not null)", name="cancelled_for_a_reason"),
    CheckConstraint("method in ('visit', 'digital', 'unannounced')", name="method"),
    CheckConstraint("verdict in ('meets', 'partly', 'not')", name="verdict"),
    CheckConstraint("(verdict is null) = (verdict_on is null)", name="verdict_has_a_day"),
)

action = Table(
    "action",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("follow_up_id", ForeignKey("follow_up.id"), nullable=False, index=True),
)

action_version = Table(
    "action_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("action_id", ForeignKey("action.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("what", Sealed, nullable=False),
    Column("owner_id", ForeignKey("person.id"), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("evidence", Sealed),
    Column("verified_by", ForeignKey("person.id")),
    Column("verified_on", Date),
    Column("reason", Sealed),
    Column("author_id", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("action_id", "version"),
    CheckConstraint("state in ('open', 'done', 'verified', 'cancelled')", name="state"),
    CheckConstraint("(state = 'verified') = (verified_by is not null)", name="verified_by_somebody"),
)

board_decision = Table(
    "board_decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("follow_up_id", ForeignKey("follow_up.id"), nullable=False, index=True),
    Column("reference", String(100), nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("recorded_by", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("kind", String(20)),
)

# Under what the municipality has registered a follow-up's matter of notice; the newest row is its number.
diary_number = Table(
    "diary_number",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("follow_up_id", ForeignKey("follow_up.id"), nullable=False, index=True),
    Column("number", String(100), nullable=False),
    Column("recorded_by", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

# What a person recommends in a year's report.
recommendations = Table(
    "recommendations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Sealed, nullable=False),
    Column("author_id", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("year", "version"),
)

# A published report, replaced as a whole by the next number of its year.
edition = Table(
    "edition",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("published_by", String(200), nullable=False),
    Column("reviewed_by", String(200), nullable=False),
    Column("reviewed_on", Date, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("content", JSON, nullable=False),
    UniqueConstraint("year", "number"),
)
