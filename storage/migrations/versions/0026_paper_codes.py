"""what the register says of papers is coded in English, as what reports say of them; no hash covers the columns"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ON_FILE = {"finns": "on_file", "saknas": "missing", "ej_aktuellt": "not_applicable"}
_DONE = {"ja": "yes", "nej": "no", "ej_aktuellt": "not_applicable"}
_CODES = {
    "care_plan": _ON_FILE,
    "treatment_plan": _ON_FILE,
    "call_off_contract": _ON_FILE,
    "individual_contract": _ON_FILE,
    "deviation_documented": _DONE,
    "after_care": {"ja": "yes", "nej": "no"},
}


def upgrade() -> None:
    for column, codes in _CODES.items():
        _recode(column, codes)


def _recode(name: str, codes: dict[str, str]) -> None:
    column = sa.column(name, sa.String())
    op.execute(
        sa.update(sa.table("placement", column))
        .where(column.in_(codes))
        .values({name: sa.case(codes, value=column)})
    )


def downgrade() -> None:
    for column, codes in _CODES.items():
        _recode(column, {new: old for old, new in codes.items()})
