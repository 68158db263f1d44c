"""which follow-ups risk chose, and what was marked in them; of an earlier selection, by the frame's band alone"""

import json

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Sealed

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("follow_up", sa.Column("by_risk", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("follow_up_version", sa.Column("marked", Sealed(), nullable=True))
    connection = op.get_bind()
    connection.execute(
        sa.text("update follow_up set by_risk = :yes where alert_id is not null"), {"yes": True}
    )
    for cycle_id, frame in connection.execute(sa.text("select id, frame from selection_cycle")).all():
        for key in _raised(frame):
            connection.execute(
                sa.text(
                    "update follow_up set by_risk = :yes where cycle_id = :cycle"
                    " and unit_id in (select id from unit where key = :key)"
                ),
                {"yes": True, "cycle": cycle_id, "key": key},
            )


def _raised(frame: str) -> list[str]:
    """A selected unit that was red or yellow has that among its reasons; which were drawn is not asked here."""
    try:
        rows = json.loads(frame)["rows"]
    except (ValueError, KeyError, TypeError):
        return []
    return [row["id"] for row in rows if row.get("band") in ("red", "yellow")]


def downgrade() -> None:
    op.drop_column("follow_up_version", "marked")
    op.drop_column("follow_up", "by_risk")
