"""presses, and rows of changed cards, are forgotten a piece at a time when nothing can ask for them any longer"""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# As long as an empty reply is when it is sealed.
EMPTY = 100


def upgrade() -> None:
    op.add_column(
        "handled",
        sa.Column("known_until", Instant(), server_default="2028-01-01 00:00:00.000000", nullable=False),
    )
    # A reply that is kept says so by its card from now on; those from before there were cards are of none.
    op.execute(f"update handled set card = '' where card is null and length(reply) > {EMPTY}")
    op.execute(f"update handled set card = null where card <> '' and length(reply) <= {EMPTY}")
    _index("ix_handled_kept_at", "handled", "at", "card is not null")
    op.create_index("ix_handled_known_until", "handled", ["known_until"])
    _index("ix_delivery_update_not_before", "delivery", "not_before", "kind = 'update'")


def _index(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_index("ix_delivery_update_not_before", table_name="delivery")
    op.drop_index("ix_handled_known_until", table_name="handled")
    op.drop_index("ix_handled_kept_at", table_name="handled")
    op.drop_column("handled", "known_until")
