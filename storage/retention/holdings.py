"""All that is held about one child, found by the case reference alone: which tables, and which of their rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import Column, Table, or_, select

from followup import AlertId, PlacementId, SignalId, TaskId
from followup.log.subject import What
from followup.times.month import Month
from storage.engine.clock_tables import clock_done, clock_seen, clock_told, outcome_end, plan_check
from storage.engine.columns import Sealed
from storage.engine.database import Transaction
from storage.engine.retention_tables import case_export
from storage.engine.tables import (
    alert,
    alert_decision,
    alert_note,
    asking,
    closing_report,
    opened_texts,
    ownership,
    placement,
    report,
    report_draft,
    report_item,
    report_task,
    signal,
    signal_progress,
    signal_step,
    signal_version,
)

# By what a row is found to be about the child.
By = Literal["references", "placements", "tasks", "signals", "alerts", "done", "items", "subjects"]
# What of a report is evidence has the number of its task under one of these; what the register says, the placement's.
_LETTERS_OF_REPORTS = ("R", "B", "U")
_MOVED = "P"
# What is opened with a reason, by the subjects that the openings are stored under.
_OPENED: Mapping[By, tuple[What, ...]] = {
    "signals": (What.SIGNAL, What.SIGNAL_TEXT),
    "tasks": (What.REPORT, What.REPORT_TEXT),
    "placements": (What.PLACEMENT,),
    "alerts": (What.ALERT, What.ALERT_NOTES),
    "items": (What.REPORT_ROW, What.REPORT_TEXT, What.CASE_REFERENCE),
}


@dataclass(frozen=True)
class ChildRows:
    """The numbers of a child's rows; `alerts` are those that one of its signals or reports gave rise to."""

    reference: str
    placements: tuple[PlacementId, ...]
    tasks: tuple[TaskId, ...]
    signals: tuple[SignalId, ...]
    alerts: tuple[AlertId, ...]
    done: tuple[int, ...]

    @property
    def references(self) -> tuple[str, ...]:
        return (self.reference,)

    @property
    def items(self) -> tuple[str, ...]:
        """As they are numbered where people decide about them."""
        of_reports = (f"{letter}-{id_}" for letter in _LETTERS_OF_REPORTS for id_ in self.tasks)
        return (*of_reports, *(f"{_MOVED}-{id_}" for id_ in self.placements))

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(
            str(what.of(one)) for by, whats in _OPENED.items() for what in whats for one in getattr(self, by)
        )


@dataclass(frozen=True)
class Held:
    """Rows of a table that are one child's; the columns `emptied` where the row itself is the unit's and stays."""

    table: Table
    column: Column[Any]
    by: By
    emptied: tuple[str, ...] = ()


# In the order in which they can be deleted: what refers to a row comes before it.
HELD: tuple[Held, ...] = (
    Held(clock_seen, clock_seen.c.done_id, "done"),
    Held(clock_done, clock_done.c.placement_id, "placements"),
    Held(plan_check, plan_check.c.placement_id, "placements"),
    Held(clock_told, clock_told.c.placement_id, "placements"),
    Held(asking, asking.c.task_id, "tasks"),
    Held(opened_texts, opened_texts.c.subject, "subjects"),
    Held(report_item, report_item.c.item, "items"),
    Held(report, report.c.task_id, "tasks"),
    Held(report_draft, report_draft.c.task_id, "tasks"),
    Held(closing_report, closing_report.c.placement_id, "placements"),
    Held(outcome_end, outcome_end.c.placement_id, "placements"),
    Held(signal_version, signal_version.c.signal_id, "signals"),
    Held(signal_step, signal_step.c.signal_id, "signals"),
    Held(signal_progress, signal_progress.c.signal_id, "signals"),
    Held(alert_note, alert_note.c.alert_id, "alerts", ("text",)),
    Held(alert_decision, alert_decision.c.alert_id, "alerts", ("reason",)),
    Held(alert, alert.c.id, "alerts", ("signal_id", "task_id", "close_reason")),
    Held(signal, signal.c.id, "signals"),
    Held(report_task, report_task.c.id, "tasks"),
    Held(ownership, ownership.c.placement_id, "placements"),
    Held(case_export, case_export.c.case_reference, "references", ("case_reference", "reason", "contents")),
    Held(placement, placement.c.id, "placements"),
)

_PLACEMENTS, _TASKS, _SIGNALS, _ALERTS, _DONE = (
    (table.c.id) for table in (placement, report_task, signal, alert, clock_done)
)


def find(tx: Transaction, reference: str) -> ChildRows | None:
    """None where the register has no placement under the reference."""
    placements = _ids(tx, _PLACEMENTS, placement.c.case_reference == reference)
    if not placements:
        return None
    tasks = _ids(tx, _TASKS, report_task.c.placement_id.in_(placements))
    signals = _ids(tx, _SIGNALS, or_(signal.c.placement_id.in_(placements), signal.c.task_id.in_(tasks)))
    return ChildRows(
        reference,
        placements,
        tasks,
        signals,
        _ids(tx, _ALERTS, or_(alert.c.signal_id.in_(signals), alert.c.task_id.in_(tasks))),
        _ids(tx, _DONE, clock_done.c.placement_id.in_(placements)),
    )


def of_signals(tx: Transaction, signals: Sequence[SignalId]) -> ChildRows:
    """The rows that hang on signals about no child, as those of one hang on its own."""
    return ChildRows("", (), (), tuple(signals), _ids(tx, _ALERTS, alert.c.signal_id.in_(signals)), ())


def _ids(tx: Transaction, column: Column[int], condition: Any) -> tuple[Any, ...]:
    return tuple(tx.connection.scalars(select(column).where(condition).order_by(column)))


def rows(tx: Transaction, child: ChildRows) -> dict[str, list[dict[str, Any]]]:
    """Every row by its table, as values that JSON has, with what is sealed opened; tables without any are left out.

    Raises cryptography's InvalidToken where no key opens a text, since what is handed out is to be whole.
    """
    found = {one.table.name: list(_rows(tx, one, child)) for one in reversed(HELD)}
    return {name: some for name, some in found.items() if some}


def _rows(tx: Transaction, held: Held, child: ChildRows) -> Iterator[dict[str, Any]]:
    keys = list(held.table.primary_key.columns)
    query = select(held.table).where(held.column.in_(getattr(child, held.by))).order_by(*keys)
    for row in tx.connection.execute(query):
        yield opened(tx, held.table, row._mapping)


def opened(tx: Transaction, table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row as values that JSON has."""
    sealed = {column.name for column in table.columns if isinstance(column.type, Sealed)}
    return {
        str(name): tx.vault.open_some(value) if name in sealed else _plain(value)
        for name, value in row.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Month) else value


def references(tx: Transaction, after: str, most: int) -> Sequence[str]:
    """So many children's case references, in order, after the one that is named."""
    query = (
        select(placement.c.case_reference)
        .where(placement.c.case_reference > after)
        .distinct()
        .order_by(placement.c.case_reference)
        .limit(most)
    )
    return tx.connection.scalars(query).all()
