"""The tables of what leaves the bot: what was handed out of a child, and what is decided to be deleted."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
)

from storage.engine import clock_tables
from storage.engine.columns import Instant, Sealed

metadata = clock_tables.metadata

# Each time that a child's data were handed out to its personal file, with all that was in it by number and version.
case_export = Table(
    "case_export",
    metadata,
    Column("id", Integer, primary_key=True),
    # None once the child's data are deleted here: that they had been handed out is still known.
    Column("case_reference", String(64), index=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("reason", Sealed),
    Column("at", Instant, nullable=False),
    Column("contents", JSON, nullable=False),
    Column("files", JSON, nullable=False),
    Column("log_entries", Integer, nullable=False),
    Column("log_head", String(64), nullable=False),
)

# A proposal to delete, decided by two, carried out, and what was done of it.
purge = Table(
    "purge",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan", JSON, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", String(200), nullable=False),
    Column("chief_id", ForeignKey("person.id")),
    Column("chief_at", Instant),
    Column("admin_id", ForeignKey("person.id")),
    Column("admin_at", Instant),
    Column("refused_by", ForeignKey("person.id")),
    Column("refused_at", Instant),
    Column("reason", Sealed),
    Column("begun_at", Instant),
    Column("done_at", Instant),
    CheckConstraint("(chief_id is null) = (chief_at is null)", name="chief_decides_at"),
    CheckConstraint("(admin_id is null) = (admin_at is null)", name="admin_decides_at"),
    CheckConstraint("chief_id is null or admin_id is null or chief_id <> admin_id", name="two_people"),
    CheckConstraint(
        "begun_at is null or (chief_id is not null and admin_id is not null and refused_by is null)",
        name="begun_when_decided",
    ),
    CheckConstraint("done_at is null or begun_at is not null", name="done_when_begun"),
)

# What of a retention class a decision is about: all that had its last word before the day.
purge_class = Table(
    "purge_class",
    metadata,
    Column("purge_id", ForeignKey("purge.id"), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("months", Integer, nullable=False),
    Column("source", String(300), nullable=False),
    Column("before", Date, nullable=False),
    Column("things", Integer, nullable=False),
    Column("deleted", JSON, nullable=False),
    Column("deleted_at", Instant),
)

purge_case = Table(
    "purge_case",
    metadata,
    Column("purge_id", ForeignKey("purge.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    # None when the protocol has been written: the digest alone then tells which it was, to who knows the reference.
    Column("case_reference", String(64)),
    Column("digest", String(64), nullable=False, index=True),
    Column("key_id", String(16), nullable=False),
    Column("last_on", Date, nullable=False),
    Column("exemptions", String(100), nullable=False),
    Column("deleted", JSON(none_as_null=True)),
    Column("deleted_at", Instant),
    Column("kept_because", String(40)),
    CheckConstraint("(deleted is null) = (deleted_at is null)", name="deleted_at_a_moment"),
)

# How often something that was known of a unit has been deleted: what was read of it before that is not to be stored.
unit_purge = Table(
    "unit_purge",
    metadata,
    Column("unit_id", ForeignKey("unit.id"), primary_key=True),
    Column("number", Integer, nullable=False),
)
