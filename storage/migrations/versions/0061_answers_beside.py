"""answers that PostgreSQL's transactions count beside each other, each on rows of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

# One row an owner made each hand-in of hers wait for the commit of the one before, from its report to its end.
KEY = "round_id, owner_id, substitute_id, followed, import_id"
INTO, BESIDE = (
    f"insert into {table} ({KEY}, asked, answered)" for table in ("answer_count", "uncounted_answer")
)
ON_ONE_ROW = (
    f" on conflict ({KEY}) do update set asked = answer_count.asked + excluded.asked,"
    " answered = answer_count.answered + excluded.answered"
)
# How 0040 ends what it counts, where that is added to what others count.
END = " having sum(asked) <> 0 or sum(answered) <> 0"
FORGET = "delete from answer_count where import_id = old.id;"
# What is added up meanwhile has left the one, and is found in the other.
FORGET_BOTH = f"delete from uncounted_answer where import_id = old.id; {FORGET}"


def upgrade() -> None:
    op.create_table(
        "uncounted_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*KEY.split(", "), "asked", "answered")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uncounted_answer")),
    )
    _rewrite((INTO, BESIDE), (END + ON_ONE_ROW, END), (FORGET, FORGET_BOTH))


def downgrade() -> None:
    _rewrite((BESIDE, INTO), (END, END + ON_ONE_ROW), (FORGET_BOTH, FORGET))
    op.execute(
        f"{INTO} select {KEY}, sum(asked), sum(answered) from uncounted_answer where true group by {KEY}{ON_ONE_ROW}"
    )
    op.drop_table("uncounted_answer")


def _rewrite(*changes: tuple[str, str]) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    kept = "select proname, prosrc from pg_proc where proname like 'answers\\_%' order by proname"
    for name, body in op.get_bind().execute(sa.text(kept)).all():
        counting = body
        for before, after in changes:
            counting = counting.replace(before, after)
        op.execute(f"create or replace function {name}() returns trigger language plpgsql as $${counting}$$")
