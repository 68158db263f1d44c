"""Which rows of a retention class had their last word before a day, and how they are deleted."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select

from followup import SignalId
from followup.clocks.retention_classes import RetentionClass
from followup.follow_ups.follow_up import FINAL
from followup.times.calendar import at_municipal
from storage.engine.database import Transaction
from storage.engine.newest import newest_version
from storage.engine.tables import (
    access_log,
    alert,
    delivery,
    leave,
    signal,
    signal_progress,
    signal_step,
    signal_version,
    unit_event,
)
from storage.engine.year_tables import (
    action,
    action_version,
    board_decision,
    diary_number,
    follow_up,
    follow_up_draft,
    follow_up_version,
)
from storage.retention import holdings, purging

Conditions = Callable[[date, datetime], ColumnElement[bool]]
# What nothing more is done with.
_SENT = ("sent", "uncertain", "failed", "cancelled")
_ENDED = ("verified", "cancelled")
# In the order in which they can be deleted, and by what each is found to be the follow-up's.
FOLLOW_UP_ROWS: tuple[tuple[Table, ColumnElement[int]], ...] = (
    (action_version, action_version.c.action_id),
    (action, action.c.follow_up_id),
    (board_decision, board_decision.c.follow_up_id),
    (diary_number, diary_number.c.follow_up_id),
    (follow_up_draft, follow_up_draft.c.follow_up_id),
    (follow_up_version, follow_up_version.c.follow_up_id),
    (follow_up, follow_up.c.id),
)


def _unit_signals(day: date, moment: datetime) -> ColumnElement[bool]:
    of = signal.c.id
    later = or_(signal_version.c.recorded_at >= moment, signal_version.c.event_on >= day)
    undecided = or_(signal_progress.c.ended_at.is_(None), signal_progress.c.ended_at >= moment)
    open_alert = or_(alert.c.closed_at.is_(None), alert.c.closed_at >= moment)
    return and_(
        signal.c.placement_id.is_(None),
        signal.c.task_id.is_(None),
        ~exists().where(signal_version.c.signal_id == of, later),
        ~exists().where(signal_step.c.signal_id == of, signal_step.c.at >= moment),
        ~exists().where(signal_progress.c.signal_id == of, undecided),
        ~exists().where(alert.c.signal_id == of, open_alert),
    )


def _follow_ups(_day: date, moment: datetime) -> ColumnElement[bool]:
    of, version, step = follow_up.c.id, follow_up_version, action_version
    newest = version.c.version == newest_version(version.c.follow_up_id, of)
    last = step.c.version == newest_version(step.c.action_id, action.c.id)
    goes_on = or_(step.c.recorded_at >= moment, step.c.state.not_in(_ENDED))
    decided = board_decision.c.recorded_at >= moment
    return and_(
        exists().where(version.c.follow_up_id == of, newest, version.c.step.in_(FINAL)),
        ~exists().where(version.c.follow_up_id == of, version.c.recorded_at >= moment),
        ~exists().where(action.c.follow_up_id == of, step.c.action_id == action.c.id, last, goes_on),
        ~exists().where(board_decision.c.follow_up_id == of, decided),
    )


def _messages(_day: date, moment: datetime) -> ColumnElement[bool]:
    """But for what is about something that goes on: that it was told keeps it from being told again."""
    open_alert = or_(alert.c.closed_at.is_(None), alert.c.closed_at >= moment)
    last = action_version.c.version == newest_version(action_version.c.action_id, action.c.id)
    goes_on = or_(action_version.c.recorded_at >= moment, action_version.c.state.not_in(_ENDED))
    undecided = or_(signal_progress.c.ended_at.is_(None), signal_progress.c.ended_at >= moment)
    return and_(
        delivery.c.created_at < moment,
        delivery.c.state.in_(_SENT),
        ~exists().where(alert.c.id == _about("alert"), open_alert),
        # Those of an import's history are told of in one.
        ~exists().where(alert.c.import_id == _about("import"), open_alert),
        ~exists().where(
            action.c.id == _about("action"), action_version.c.action_id == action.c.id, last, goes_on
        ),
        ~exists().where(signal_progress.c.signal_id == _about("signal"), undecided),
    )


def _about(thing: str) -> ColumnElement[int]:
    """As messages are written, and as they were when numbers stood by other names."""
    paths = ("fields", f"{thing}_id"), (thing,)
    return func.coalesce(*(delivery.c.payload[path].as_integer() for path in paths))


_OF: Mapping[RetentionClass, tuple[Table, Conditions]] = {
    RetentionClass.UNIT_SIGNALS: (signal, _unit_signals),
    RetentionClass.UNIT_EVENTS: (
        unit_event,
        lambda day, moment: and_(unit_event.c.happened_on < day, unit_event.c.known_at < moment),
    ),
    RetentionClass.FOLLOW_UPS: (follow_up, _follow_ups),
    RetentionClass.MESSAGES: (delivery, _messages),
    RetentionClass.LEAVES: (
        leave,
        lambda day, moment: and_(leave.c.ends < day, leave.c.recorded_at < moment),
    ),
    RetentionClass.LOG_REASONS: (
        access_log,
        lambda _, moment: and_(access_log.c.at < moment, access_log.c.reason.is_not(None)),
    ),
}


def count(tx: Transaction, name: RetentionClass, before: date) -> int:
    table, conditions = _OF[name]
    query = select(func.count()).select_from(table).where(conditions(before, _moment(before)))
    return int(tx.connection.execute(query).scalar_one())


def due(tx: Transaction, name: RetentionClass, before: date, after: int, most: int) -> Sequence[int]:
    """So many of their numbers, after the one that is named."""
    table, conditions = _OF[name]
    where = (table.c.id > after, conditions(before, _moment(before)))
    return tx.connection.scalars(select(table.c.id).where(*where).order_by(table.c.id).limit(most)).all()


def _moment(day: date) -> datetime:
    return at_municipal(day, time(0))


def delete_rows(tx: Transaction, name: RetentionClass, ids: Sequence[int]) -> dict[str, int]:
    """How many rows of each table went, or were emptied; the log's reasons go another way, signed."""
    if name == RetentionClass.UNIT_SIGNALS:
        return purging.purge(tx, holdings.of_signals(tx, [SignalId(one) for one in ids]))
    if name == RetentionClass.FOLLOW_UPS:
        done = {str(table.name): _delete_of(tx, table, column, ids) for table, column in FOLLOW_UP_ROWS}
        return {table: number for table, number in done.items() if number}
    table = _OF[name][0]
    return {str(table.name): tx.connection.execute(delete(table).where(table.c.id.in_(ids))).rowcount}


def _delete_of(tx: Transaction, table: Table, column: ColumnElement[int], ids: Sequence[int]) -> int:
    own = select(action.c.id).where(action.c.follow_up_id.in_(ids)) if table is action_version else ids
    return tx.connection.execute(delete(table).where(column.in_(own))).rowcount
