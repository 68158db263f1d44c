"""how each unit stands now and stood when the month before ended, kept by the database with each score"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

METHOD = "risk-2"
# By dialect, the month of a day, as something that can be compared.
MONTH = {"sqlite": "substr({}, 1, 7)", "postgresql": "date_trunc('month', {})"}


def upgrade() -> None:
    op.create_table(
        "standing",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("shown", sa.String(10), nullable=False),
        sa.Column("enough", sa.Boolean(), nullable=False),
        sa.Column("shown_before", sa.String(10), nullable=True),
        sa.Column("before_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_standing_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_standing")),
    )
    dialect = op.get_bind().dialect.name
    for statement in _filled(MONTH[dialect]):
        op.execute(statement)
    kept = _kept(MONTH[dialect])
    if dialect == "postgresql":
        op.execute(
            "create function keep_standing() returns trigger language plpgsql as"
            f" $$ begin {kept}; return null; end $$"
        )
        op.execute(
            "create trigger keep_standing after insert on score for each row"
            f" when (new.method = '{METHOD}') execute function keep_standing()"
        )
    else:
        op.execute(
            f"create trigger keep_standing after insert on score when new.method = '{METHOD}'"
            f" begin {kept}; end"
        )


def _kept(month: str) -> str:
    """A score comes after those before it, so that of the same day it is the newer."""
    newer = f"{month.format('excluded.as_of')} > {month.format('standing.as_of')}"
    before = (
        f"{month.format('excluded.as_of')} < {month.format('standing.as_of')}"
        " and excluded.as_of >= coalesce(standing.before_on, excluded.as_of)"
    )
    newest = "excluded.as_of >= standing.as_of"
    columns = (
        *((name, newest, f"excluded.{name}", "") for name in ("as_of", "shown", "enough")),
        *(
            (name, before, f"excluded.{of}", f"when {newer} then standing.{of}")
            for name, of in (("shown_before", "shown"), ("before_on", "as_of"))
        ),
    )
    changes = ", ".join(
        f"{name} = case {first} when {when} then {value} else standing.{name} end"
        for name, when, value, first in columns
    )
    return (
        "insert into standing (unit_id, as_of, shown, enough)"
        " values (new.unit_id, new.as_of, new.shown, new.enough)"
        f" on conflict (unit_id) do update set {changes}"
    )


def _filled(month: str) -> tuple[str, str]:
    """Of the scores that there are already."""
    own = f"from score n where n.method = '{METHOD}' and n.unit_id = {{}}"
    newest_first = "order by n.as_of desc, n.id desc limit 1"
    earlier = (
        f"{own.format('standing.unit_id')} and {month.format('n.as_of')} < {month.format('standing.as_of')}"
    )
    return (
        "insert into standing (unit_id, as_of, shown, enough) select unit_id, as_of, shown, enough"
        f" from score where id = (select n.id {own.format('score.unit_id')} {newest_first})",
        f"update standing set shown_before = (select n.shown {earlier} {newest_first}),"
        f" before_on = (select n.as_of {earlier} {newest_first})",
    )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(f"drop trigger keep_standing{' on score' if on_postgresql else ''}")
    if on_postgresql:
        op.execute("drop function keep_standing()")
    op.drop_table("standing")
