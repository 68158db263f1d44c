"""The tables of what an administrator hands in to be brought into the register, and of what its columns are called."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from storage.engine import retention_tables
from storage.engine.columns import Instant, Sealed

metadata = retention_tables.metadata

# `told` is what was found in the files, and what became of them, as it is shown; it may name children, so it is sealed.
upload = Table(
    "upload",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("state", String(12), nullable=False, index=True),
    # Whether the files are the whole register, so that what they do not name has ended; and how many may end so.
    Column("complete", Boolean, nullable=False),
    Column("may_end", Integer),
    Column("received_at", Instant, nullable=False, index=True),
    Column("begun_at", Instant),
    Column("told", Sealed),
    CheckConstraint(
        "state in ('received', 'previewed', 'confirmed', 'reading', 'imported', 'refused', 'interrupted')",
        name="state",
    ),
    CheckConstraint("may_end is null or complete", name="ends_of_the_whole"),
)

upload_file = Table(
    "upload_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("upload_id", ForeignKey("upload.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("name", Sealed, nullable=False),
    Column("content", Sealed, nullable=False),
    UniqueConstraint("upload_id", "place"),
)

# What the municipality's own systems call the columns of the register's files, by the file's and the column's id.
own_column = Table(
    "own_column",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("name", String(200), nullable=False),
)
