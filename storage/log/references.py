"""From a pseudonymous number of evidence to the child it is about: read only when a reason has been given."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from followup import PlacementId, UnitId
from followup.signals.signal import NUMBER_LETTER, read_number
from followup.terms import MOVED_FOR_QUALITY
from followup.times.month import Month
from storage.engine.database import Transaction
from storage.engine.tables import placement, report, report_task, round_, signal, signal_version

_SIGNAL = (
    select(signal.c.unit_id, signal.c.placement_id, signal_version.c.kind, signal_version.c.event_on)
    .join(signal_version, signal_version.c.signal_id == signal.c.id)
    .where(signal.c.id == bindparam("number"))
    .order_by(signal_version.c.version.desc())
    .limit(1)
)
_REPORT = (
    select(placement.c.unit_id, report_task.c.placement_id, round_.c.month)
    .select_from(report_task)
    .join(placement, report_task.c.placement_id == placement.c.id)
    .join(round_, report_task.c.round_id == round_.c.id)
    .join(report, report.c.task_id == report_task.c.id)
    .where(report_task.c.id == bindparam("number"))
    .limit(1)
)


_PLACEMENT = select(placement.c.id, placement.c.unit_id, placement.c.ends).where(
    placement.c.id == bindparam("number"), placement.c.end_reason == MOVED_FOR_QUALITY
)


@dataclass(frozen=True)
class Reference:
    """`placement_id` is None for a signal about a unit and no certain child; `when` is a report's month."""

    number: str
    unit_id: UnitId
    placement_id: PlacementId | None
    when: date | Month


def find(tx: Transaction, typed: str) -> Reference | None:
    """The signal or the handed-in report with the number, written in any case; None where there is none."""
    # A report is R- as a concern, B- where the child does not feel safe and U- for the provider's own; P- is a move.
    letter, id_ = read_number(typed) or ("", 0)
    number, values = f"{letter}-{id_}", {"number": id_}
    if letter == "P":
        moved = tx.connection.execute(_PLACEMENT, values).one_or_none()
        return Reference(number, moved.unit_id, moved.id, moved.ends) if moved else None
    if letter in ("R", "B", "U"):
        task = tx.connection.execute(_REPORT, values).one_or_none()
        return Reference(number, task.unit_id, task.placement_id, task.month) if task else None
    row = tx.connection.execute(_SIGNAL, values).one_or_none()
    if row is None or NUMBER_LETTER[row.kind] != letter:
        return None
    return Reference(number, row.unit_id, row.placement_id, row.event_on)
