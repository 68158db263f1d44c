"""why a placement ended, and care under an immediate order, are coded in English; no hash covers the columns"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_GROUNDS = {"omedelbart_omhandertagande": "immediate_custody"}
_END_REASONS = {
    "planerad_avslutning": "planned_end",
    "hemflytt": "moved_home",
    "alder": "of_age",
    "omplacering_kvalitet": "moved_for_quality",
    "omplacering_annat": "moved_otherwise",
    "borttagen_ur_register": "left_register",
}
_CODES = (
    ("placement", "end_reason", _END_REASONS, None),
    ("placement", "legal_ground", _GROUNDS, None),
    ("term", "code", _END_REASONS, "end_reason"),
    ("term", "code", _GROUNDS, "legal_ground"),
    ("term", "corresponds", _GROUNDS, "legal_ground"),
    ("clock_term", "ground", _GROUNDS, None),
)


def upgrade() -> None:
    for table, column, codes, kind in _CODES:
        _recode(table, column, codes, kind)


def _recode(table: str, name: str, codes: dict[str, str], kind: str | None) -> None:
    column, of_kind = sa.column(name, sa.String()), sa.column("kind", sa.String())
    rows = column.in_(codes) if kind is None else sa.and_(column.in_(codes), of_kind == kind)
    op.execute(sa.update(sa.table(table, column)).where(rows).values({name: sa.case(codes, value=column)}))


def downgrade() -> None:
    for table, column, codes, kind in _CODES:
        _recode(table, column, {new: old for old, new in codes.items()}, kind)
