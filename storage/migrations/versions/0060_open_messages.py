"""what waits to go to somebody, and what went on a day, found without a walk through all that was ever said"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_NOT_ENDED = sa.text("state <> 'sent' and state <> 'failed' and state <> 'cancelled' and kind <> 'update'")
_SENT = sa.text("state = 'sent'")
_INDEXES = (
    ("ix_delivery_open_person", ["person_id", "id"], _NOT_ENDED),
    ("ix_delivery_open_channel", ["channel", "id"], _NOT_ENDED),
    ("ix_delivery_person_sent", ["person_id", "sent_at"], _SENT),
)


def upgrade() -> None:
    for name, columns, where in _INDEXES:
        op.create_index(name, "delivery", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, _, _ in _INDEXES:
        op.drop_index(name, "delivery")
