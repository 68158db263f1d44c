"""changes that PostgreSQL's transactions count beside each other, each on a row of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

# One row a topic made each transaction that changed anything of it wait for the commit of the one before.
BESIDE = (
    "insert into uncounted_change (topic, part, number) values (tg_argv[0], txid_current(), 1)"
    " on conflict (topic, part) do update set number = uncounted_change.number + 1"
)
ON_ONE_ROW = (
    "insert into change_count (topic, number) values (tg_argv[0], 1)"
    " on conflict (topic) do update set number = change_count.number + 1"
)


def upgrade() -> None:
    op.create_table(
        "uncounted_change",
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "part", name=op.f("pk_uncounted_change")),
    )
    _count(BESIDE)


def _count(how: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create or replace function count_change() returns trigger language plpgsql as"
            f" $$ begin {how}; return null; end $$"
        )


def downgrade() -> None:
    _count(ON_ONE_ROW)
    op.drop_table("uncounted_change")
