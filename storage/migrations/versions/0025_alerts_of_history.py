"""which alerts history that was read in gave rise to"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "alter table alert add column import_id integer"
        " constraint fk_alert_import_id_register_import references register_import (id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("alert") as alert:
        alert.drop_column("import_id")
