"""who has each signal and how far it has come; what was raised before gets the state that is true of it"""

import sqlalchemy as sa
from alembic import op

from storage.engine import columns

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_UNDECIDED = "state in ('received', 'investigating')"
_STATES = "state in ('received', 'investigating', 'remedied', 'dismissed', 'handed_on')"
# The newest version of each signal that is valid, with when it came and whether a file told of it. What was older than
# thirty days when a file told of it is history, and so is what a file told of as decided or dismissed.
_SIGNALS = """
    select s.id, s.import_key is not null as from_file, first.known_at as came_at, first.recorded_at as read_at,
        first.event_on as event_on, newest.dismissed, newest.decided, newest.cause, newest.event,
        newest.recorded_at as changed_at, newest.imported as said_by_file, s.unit_id
    from signal s
    join signal_version first on first.signal_id = s.id and first.version = 1
    join signal_version newest on newest.signal_id = s.id and newest.version = (
        select max(version) from signal_version v where v.signal_id = s.id
        and (v.import_id is null or v.import_id not in (select id from register_import where state = 'staging')))
    where s.import_id is null or s.import_id not in (select id from register_import where state = 'staging')
"""
# An alert on any report of the event is one on the signal.
_ALERTS = """
    select a.signal_id, a.unit_id, v.event, a.owner_id, a.closed_at
    from alert a join signal_version v on v.signal_id = a.signal_id and v.version = (
        select max(version) from signal_version w where w.signal_id = a.signal_id)
    where a.kind = 'event' order by a.id
"""
_NEWS_DAYS = 30


def upgrade() -> None:
    op.create_table(
        "signal_progress",
        sa.Column("signal_id", sa.Integer(), sa.ForeignKey("signal.id"), primary_key=True),
        sa.Column("desk", sa.String(10), nullable=False),
        sa.Column("state", sa.String(15), nullable=False),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("came_at", columns.Instant(timezone=True), nullable=False),
        sa.Column("ended_at", columns.Instant(timezone=True)),
        sa.CheckConstraint("desk in ('quality', 'managers')", name="desk"),
        sa.CheckConstraint(_STATES, name="state"),
        sa.CheckConstraint(f"({_UNDECIDED}) = (ended_at is null)", name="ended_in_a_state"),
    )
    op.create_index("ix_signal_progress_undecided", "signal_progress", ["desk", "ended_at", "came_at"])
    op.create_index("ix_signal_progress_owner", "signal_progress", ["owner_id", "ended_at"])
    op.create_table(
        "signal_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("signal_id", sa.Integer(), sa.ForeignKey("signal.id"), nullable=False),
        sa.Column("at", columns.Instant(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("desk", sa.String(10), nullable=False),
        sa.Column("state", sa.String(15), nullable=False),
        sa.Column("owner_id", sa.Integer(), sa.ForeignKey("person.id")),
        sa.Column("reason", columns.Sealed()),
    )
    op.create_index(op.f("ix_signal_step_signal_id"), "signal_step", ["signal_id"])
    op.create_table(
        "signal_turn",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    _tell_what_is_true()


def _tell_what_is_true() -> None:
    connection = op.get_bind()
    instant, day = columns.Instant(timezone=True), sa.Date()
    found = sa.text(_SIGNALS).columns(
        came_at=instant,
        read_at=instant,
        changed_at=instant,
        event_on=day,
        dismissed=sa.Boolean(),
        decided=sa.Boolean(),
    )
    by_signal: dict[object, sa.Row] = {}
    for alert in connection.execute(sa.text(_ALERTS).columns(closed_at=instant)):
        by_signal[alert.signal_id] = alert
        if alert.event:
            by_signal[alert.unit_id, alert.event] = alert
    rows = []
    for one in connection.execute(found):
        alert = by_signal.get((one.unit_id, one.event)) if one.event else by_signal.get(one.id)
        state = _state(one, alert)
        if state is None:
            continue
        ended = {"dismissed": one.changed_at, "remedied": one.changed_at}.get(state)
        if state == "remedied" and alert is not None and alert.closed_at:
            ended = alert.closed_at
        rows.append(
            {
                "signal_id": one.id,
                "desk": "managers" if one.cause == "authority" else "quality",
                "state": state,
                "owner_id": alert.owner_id if alert is not None else None,
                "came_at": one.read_at if one.from_file else one.came_at,
                "ended_at": ended,
            }
        )
    if rows:
        connection.execute(sa.insert(_progress()), rows)


def _state(one: sa.Row, alert: sa.Row | None) -> str | None:
    """Whoever took the alert investigates; None of history, which nobody here has had in hand."""
    if alert is not None and alert.closed_at is None and not one.dismissed:
        return "received" if alert.owner_id is None else "investigating"
    if one.from_file and one.said_by_file and (one.dismissed or one.decided):
        return None
    if one.dismissed:
        return "dismissed"
    if one.decided:
        return "remedied"
    is_history = one.from_file and (one.read_at.date() - one.event_on).days > _NEWS_DAYS
    return None if is_history else "received"


def _progress() -> sa.Table:
    instant = columns.Instant(timezone=True)
    return sa.table(  # type: ignore[return-value]
        "signal_progress",
        *(sa.column(name) for name in ("signal_id", "desk", "state", "owner_id")),
        sa.column("came_at", instant),
        sa.column("ended_at", instant),
    )


def downgrade() -> None:
    op.drop_table("signal_turn")
    op.drop_table("signal_step")
    op.drop_table("signal_progress")
