"""a person's tenant, Teams ids in one form, and the role that a link was made for"""

import sqlalchemy as sa
from alembic import op

from followup.access.directory import guid

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tenant", sa.String(length=200), server_default="", nullable=False))
    # Links from before last minutes, and none of them says for which role it was made.
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(length=16), server_default="", nullable=False))
    _write_teams_ids_in_one_form()


def _write_teams_ids_in_one_form() -> None:
    """Where two people have the same id written in two ways, the second keeps hers, and is nobody in Teams until
    the register says which of them it is."""
    person = sa.table("person", sa.column("id", sa.Integer), sa.column("teams_id", sa.String))
    stored = {row.id: row.teams_id for row in op.get_bind().execute(sa.select(person).order_by(person.c.id))}
    taken = set(stored.values())
    for person_id, teams_id in stored.items():
        normal = guid(teams_id) if teams_id else None
        if normal and normal not in taken:
            taken.add(normal)
            changed = sa.update(person).where(person.c.id == person_id).values(teams_id=normal)
            op.get_bind().execute(changed)


def downgrade() -> None:
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_column("role")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("tenant")
