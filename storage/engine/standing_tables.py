"""What stands now, kept beside what it is counted from: triggers change it with each row, and `check` counts again."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, String, Table

from storage.engine import tables

metadata = tables.metadata

# A unit's newest reading by the method, and the newest of the months before that reading's month.
standing = Table(
    "standing",
    metadata,
    Column("unit_id", ForeignKey("unit.id"), primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("shown", String(10), nullable=False),
    Column("enough", Boolean, nullable=False),
    Column("shown_before", String(10)),
    Column("before_on", Date),
)
