"""who runs a unit and how its care is contracted is coded in English; no hash covers the columns

The editions that were published stand as they are: their rows' old codes are read by storage/overview/editions.py.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_OWNERSHIPS = {"privat": "private", "egen_regi": "in_house", "annan_offentlig": "other_public"}
_FORMS = {
    "ramavtal": "framework",
    "overenskommelse": "agreement",
    "direktupphandling": "direct_award",
    "egen_regi": "in_house",
}
_CODES = {
    ("unit", "ownership"): _OWNERSHIPS,
    ("contract", "form"): _FORMS,
    ("contract", "law"): {"egen_regi": "in_house"},
    ("placement", "contract_form"): _FORMS,
}


def upgrade() -> None:
    for (table, column), codes in _CODES.items():
        _recode(table, column, codes)


def _recode(table: str, name: str, codes: dict[str, str]) -> None:
    column = sa.column(name, sa.String())
    op.execute(
        sa.update(sa.table(table, column))
        .where(column.in_(codes))
        .values({name: sa.case(codes, value=column)})
    )


def downgrade() -> None:
    for (table, column), codes in _CODES.items():
        _recode(table, column, {new: old for old, new in codes.items()})
