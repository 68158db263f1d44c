"""what the clock's jobs have looked through, and how often what they look at has changed, counted by the database"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ALWAYS = ("insert", "update", "delete")
# What an import puts in is not there before it is valid, and that is a change of its own.
IMPORTED = "new.import_id is null"
# By topic the tables whose changes count, with which of their changes do.
COUNTED = (
    *(
        ("register", table, event, IMPORTED if event == "insert" else "")
        for table in ("placement", "ownership", "unit", "person", "provider")
        for event in ALWAYS
    ),
    ("register", "register_import", "update", ""),
    *(("absence", table, event, "") for table in ("leave", "snooze") for event in ALWAYS),
    ("round", "round", "insert", IMPORTED),
    ("round", "round", "update", ""),
    ("task", "report_task", "insert", IMPORTED),
    ("task", "report_task", "delete", ""),
    # Who could not be told is told again; what could be is done with.
    (
        "task",
        "delivery",
        "update",
        "new.kind in ('prompt', 'ownerless') and new.state in ('failed', 'cancelled')",
    ),
    *(("alert", "alert", event, "") for event in ALWAYS),
    *(("method", table, event, "") for table in ("risk_config", "base_levels") for event in ALWAYS),
    *(
        ("duty", table, event, "")
        for table in (
            "digest_choice",
            "log_review",
            "selection_cycle",
            "selection_adjustment",
            "follow_up",
            "follow_up_version",
            "action",
            "action_version",
            "board_decision",
        )
        for event in ALWAYS
    ),
)


def upgrade() -> None:
    op.create_table(
        "change_count",
        sa.Column("topic", sa.String(20), primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "job_look",
        sa.Column("job", sa.String(40), primary_key=True),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("until", columns.Instant(timezone=True)),
        sa.Column("place", sa.JSON()),
    )
    op.create_index("ix_asking_person_id", "asking", ["person_id"])
    op.create_index("ix_snooze_round_id", "snooze", ["round_id"])
    op.create_index("ix_link_expires_at", "link", ["expires_at"])
    if op.get_bind().dialect.name == "postgresql":
        _count_on_postgresql()
    else:
        for topic, table, event, when in COUNTED:
            op.execute(
                f'create trigger {_name(topic, table, event)} after {event} on "{table}"'
                f" {f'when {when} ' if when else ''}"
                f"begin insert into change_count (topic, number) values ('{topic}', 1)"
                " on conflict (topic) do update set number = number + 1; end"
            )


def _name(topic: str, table: str, event: str) -> str:
    return f"count_{topic}_{table}_{event}"


def _count_on_postgresql() -> None:
    op.execute(
        "create function count_change() returns trigger language plpgsql as $$ begin"
        " insert into change_count (topic, number) values (tg_argv[0], 1)"
        " on conflict (topic) do update set number = change_count.number + 1; return null; end $$"
    )
    for topic, table, event, when in COUNTED:
        each = f"for each row when ({when})" if when else "for each statement"
        op.execute(
            f'create trigger {_name(topic, table, event)} after {event} on "{table}" {each}'
            f" execute function count_change('{topic}')"
        )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for topic, table, event, _ in COUNTED:
        where = f' on "{table}"' if on_postgresql else ""
        op.execute(f"drop trigger {_name(topic, table, event)}{where}")
    if on_postgresql:
        op.execute("drop function count_change()")
    op.drop_index("ix_link_expires_at", "link")
    op.drop_index("ix_snooze_round_id", "snooze")
    op.drop_index("ix_asking_person_id", "asking")
    op.drop_table("job_look")
    op.drop_table("change_count")
