"""What stands now, kept beside what it is counted from: triggers change it with each row, and `check` counts again."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

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

# Of each round, by owner and substitute on its last day and 0 where there is none: what it asks for, and what is in.
# What an import puts in is counted under its number, and by nobody before it is valid; 0 is what people have written.
answer_count = Table(
    "answer_count",
    metadata,
    Column("owner_id", Integer, primary_key=True, autoincrement=False),
    Column("substitute_id", Integer, primary_key=True, autoincrement=False),
    Column("round_id", Integer, primary_key=True, autoincrement=False),
    # 0 of the municipality's own homes, which are in no figure.
    Column("followed", Integer, primary_key=True, autoincrement=False),
    Column("import_id", Integer, primary_key=True, autoincrement=False),
    Column("asked", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Index("ix_answer_count_substitute_id", "substitute_id"),
    Index("ix_answer_count_round", "round_id", "followed", "import_id", "asked", "answered"),
)

# What is yet to be added to that: on PostgreSQL each transaction counts on rows of its own, and waits for no other.
uncounted_answer = Table(
    "uncounted_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    *(
        Column(name, Integer, nullable=False)
        for name in (
            "round_id",
            "owner_id",
            "substitute_id",
            "followed",
            "import_id",
            "asked",
            "answered",
        )
    ),
)
