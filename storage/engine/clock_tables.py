"""The tables of the clocks, what was done, seen and reminded of, and of how placements ended."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from storage.engine import standing_tables
from storage.engine.columns import Instant

metadata = standing_tables.metadata

# Each time that a clock was done, in versions: what is corrected or taken back stands beside what was said first.
clock_done = Table(
    "clock_done",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("placement_id", ForeignKey("placement.id"), nullable=False),
    Column("clock", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("done_on", Date, nullable=False),
    Column("body", String(100)),
    Column("withdrawn", Boolean, nullable=False),
    Column("author_id", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    # The first column finds what was done in a placement.
    UniqueConstraint("placement_id", "clock", "number", "version"),
)

clock_seen = Table(
    "clock_seen",
    metadata,
    Column("done_id", ForeignKey("clock_done.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
)

plan_check = Table(
    "plan_check",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("placement_id", ForeignKey("placement.id"), nullable=False),
    Column("plan", String(20), nullable=False),
    Column("plan_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("author_id", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("placement_id", "plan", "plan_on", "version"),
)

# What a person has been reminded of, `days` before the last day, and -1 of what nobody had done by then.
clock_told = Table(
    "clock_told",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("placement_id", ForeignKey("placement.id")),
    Column("contract_id", ForeignKey("contract.id")),
    Column("clock", String(40), nullable=False),
    Column("due", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Column("delivery_key", String(200), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    CheckConstraint("(placement_id is null) <> (contract_id is null)", name="one_subject"),
    UniqueConstraint("person_id", "placement_id", "contract_id", "clock", "due", "days"),
    Index("ix_clock_told_placement", "placement_id"),
)

# How placements at a unit ended, of a group of at least three children: told once and never changed.
outcome_group = Table(
    "outcome_group",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False, index=True),
    Column("until", Date, nullable=False),
    Column("children", Integer, nullable=False),
    Column("so", JSON, nullable=False),
    Column("made_at", Instant, nullable=False),
    CheckConstraint("children >= 3", name="at_least_three"),
)

# Which placements a group is of, each in one.
outcome_end = Table(
    "outcome_end",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("placement_id", ForeignKey("placement.id"), nullable=False, unique=True),
    Column("group_id", ForeignKey("outcome_group.id"), nullable=False, index=True),
)

# On which day, and after which import, a person's clocks were looked through last.
clock_look = Table(
    "clock_look",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("day", Date, nullable=False),
    Column("import_id", Integer, nullable=False),
)
