"""Signals, every version of each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, insert, select

from followup import PersonId, PlacementId, SignalId, TaskId, UnitId
from followup.signals.signal import Signal
from followup.terms import UNFOLLOWED_FORMS
from followup.wording.form import Answers
from storage.engine.database import Transaction
from storage.engine.imported import with_staged
from storage.engine.locks import hold_signal, hold_unit
from storage.engine.newest import newest_version
from storage.engine.prepared import Prepared
from storage.engine.several_units import Units, among_units
from storage.engine.tables import signal, signal_version, unit


def save(
    tx: Transaction,
    answers: Answers,
    *,
    unit_id: UnitId,
    placement_id: PlacementId | None,
    task_id: TaskId | None,
    author_id: PersonId,
    now: datetime,
) -> Signal:
    """Stores a new signal in its first version."""
    hold_unit(tx, unit_id)
    signal_id = tx.connection.execute(
        insert(signal)
        .values(unit_id=unit_id, placement_id=placement_id, task_id=task_id)
        .returning(signal.c.id)
    ).scalar_one()
    tx.connection.execute(
        insert(signal_version).values(
            signal_id=signal_id,
            version=1,
            kind=answers["kind"],
            event_on=date.fromisoformat(answers["event_on"]),
            consequence=int(answers["consequence"]) if "consequence" in answers else None,
            occurred=answers["occurred"],
            cause=answers["cause"],
            source=answers["source"],
            marks=answers.get("marks", ""),
            praise=answers.get("tone") == "praise",
            reasons=answers.get("reasons", ""),
            situation=answers.get("situation"),
            category=answers.get("category"),
            areas=answers.get("areas", ""),
            channel=answers.get("channel"),
            dismissed=False,
            decided=False,
            text=tx.vault.seal_some(answers.get("text")),
            action_taken=tx.vault.seal_some(answers.get("action_taken")),
            author_id=author_id,
            imported=False,
            known_at=now,
            recorded_at=now,
        )
    )
    return get(tx, signal_id)


def revise(
    tx: Transaction,
    signal_id: SignalId,
    changes: Mapping[str, object],
    *,
    reason: str | None,
    author_id: PersonId,
    now: datetime,
) -> Signal:
    """Adds a version with the changes and the reason for them, where one is written here; all that is there stays."""
    row = _row(tx, signal_id)
    carried = {column: getattr(row, column) for column in _CARRIED}
    tx.connection.execute(
        insert(signal_version).values(
            **{**carried, **changes},
            signal_id=signal_id,
            version=_next_version(tx, signal_id),
            reason=tx.vault.seal_some(reason),
            author_id=author_id,
            imported=False,
            known_at=now,
            recorded_at=now,
        )
    )
    return get(tx, signal_id)


def _next_version(tx: Transaction, signal_id: SignalId) -> int:
    """A version that an import is putting in has its number already, though it is not seen yet."""
    hold_signal(tx, signal_id)
    numbered = with_staged(signal_version).c
    last = select(func.max(numbered.version)).where(numbered.signal_id == signal_id)
    return int(tx.connection.execute(last).scalar_one()) + 1


_CARRIED = (
    "kind",
    "event_on",
    "consequence",
    "occurred",
    "cause",
    "source",
    "marks",
    "praise",
    "reasons",
    "situation",
    "category",
    "areas",
    "channel",
    "event",
    "dismissed",
    "decided",
    "text",
    "action_taken",
)


_version_known = newest_version(signal_version.c.signal_id, signal.c.id, known=True)
_KNOWN = (
    select(signal_version, signal.c.unit_id, signal.c.placement_id, signal.c.task_id)
    .select_from(signal)
    .join(
        signal_version,
        and_(signal_version.c.signal_id == signal.c.id, signal_version.c.version == _version_known),
    )
)
_BY_ID = _KNOWN.where(signal.c.id == bindparam("signal_id"))
_OF_UNIT = Prepared(
    _KNOWN.where(signal.c.unit_id == bindparam("unit_id")).order_by(signal_version.c.event_on)
)
_OF_UNITS = Prepared(_KNOWN.where(among_units(signal.c.unit_id)).order_by(signal_version.c.event_on))
_BETWEEN = (
    _KNOWN.join(unit, signal.c.unit_id == unit.c.id)
    .where(
        signal_version.c.event_on.between(bindparam("first"), bindparam("last")),
        unit.c.form.not_in(UNFOLLOWED_FORMS),
    )
    .order_by(signal.c.id)
)
_OF_EVENT = _KNOWN.where(
    signal_version.c.event == bindparam("event"), signal.c.unit_id == bindparam("unit_id")
)
_BY_CAUSE = _KNOWN.where(signal_version.c.cause == bindparam("cause"), ~signal_version.c.dismissed).order_by(
    signal.c.id.desc()
)
_OF_PLACEMENT = _KNOWN.where(signal.c.placement_id == bindparam("of_placement")).order_by(signal.c.id.desc())
_OF_TASKS = _KNOWN.where(signal.c.task_id.in_(bindparam("task_ids", expanding=True)))
ALL_KNOWN = datetime.max.replace(tzinfo=UTC)


def _row(tx: Transaction, signal_id: SignalId) -> Row[Any]:
    return tx.connection.execute(_BY_ID, {"signal_id": signal_id, "known_until": ALL_KNOWN}).one()


def get(tx: Transaction, signal_id: SignalId) -> Signal:
    return read(_row(tx, signal_id))


def find(tx: Transaction, signal_id: SignalId) -> Signal | None:
    row = tx.connection.execute(_BY_ID, {"signal_id": signal_id, "known_until": ALL_KNOWN}).one_or_none()
    return None if row is None else read(row)


def texts(tx: Transaction, signal_id: SignalId) -> tuple[str, str]:
    """What was written about it, and what was done."""
    row = _row(tx, signal_id)
    return tx.vault.open_some(row.text) or "", tx.vault.open_some(row.action_taken) or ""


def of_unit(tx: Transaction, unit_id: UnitId, known_until: datetime) -> list[Signal]:
    """The unit's signals in the version known then, oldest event first."""
    values = {"unit_id": unit_id, "known_until": known_until}
    return [read(row) for row in _OF_UNIT.all(tx.connection, values)]


def of_units(tx: Transaction, several: Units, known_until: datetime) -> Mapping[UnitId, list[Signal]]:
    """The same of several units."""
    rows = _OF_UNITS.all(tx.connection, {**several.bounds, "known_until": known_until})
    return several.each((row.unit_id, read(row)) for row in rows)


def between(tx: Transaction, first: date, last: date, known_until: datetime) -> list[Signal]:
    """At followed units, with their event on one of the days, in the version known then."""
    values = {"first": first, "last": last, "known_until": known_until}
    return [read(row) for row in tx.connection.execute(_BETWEEN, values)]


def of_event(tx: Transaction, signal_id: SignalId) -> list[Signal]:
    """The signal with every other report of the same event."""
    one = get(tx, signal_id)
    if one.event is None:
        return [one]
    values = {"event": one.event, "unit_id": one.unit_id, "known_until": ALL_KNOWN}
    return [read(row) for row in tx.connection.execute(_OF_EVENT, values)]


def caused_by_authority(tx: Transaction) -> list[Signal]:
    """Those that stand as the authority's own fault, newest first."""
    values = {"cause": "authority", "known_until": ALL_KNOWN}
    return [read(row) for row in tx.connection.execute(_BY_CAUSE, values)]


def of_tasks(tx: Transaction, task_ids: Sequence[TaskId]) -> dict[TaskId, list[Signal]]:
    """Signals handed in with the tasks' reports."""
    found: dict[TaskId, list[Signal]] = {task_id: [] for task_id in task_ids}
    for row in tx.connection.execute(_OF_TASKS, {"task_ids": list(task_ids), "known_until": ALL_KNOWN}):
        found[row.task_id].append(read(row))
    return found


def of_placement(tx: Transaction, placement_id: PlacementId) -> list[Signal]:
    """All about the one placement, with a month's report or by themselves, the newest first."""
    values = {"of_placement": placement_id, "known_until": ALL_KNOWN}
    return [read(row) for row in tx.connection.execute(_OF_PLACEMENT, values)]


def _codes(text: str) -> frozenset[str]:
    return frozenset(code for code in text.split(",") if code)


def read(row: Row[Any]) -> Signal:
    """One version, from a row that has the signal's own columns too."""
    return Signal(
        id=row.signal_id,
        version=row.version,
        unit_id=row.unit_id,
        placement_id=row.placement_id,
        kind=row.kind,
        event_on=row.event_on,
        consequence=row.consequence,
        occurred=row.occurred,
        cause=row.cause,
        source=row.source,
        marks=_codes(row.marks),
        praise=row.praise,
        reasons=_codes(row.reasons),
        event=row.event,
        dismissed=row.dismissed,
        decided=row.decided,
        author_id=row.author_id,
        known_at=row.known_at,
        situation=row.situation,
        category=row.category,
        areas=_codes(row.areas),
        channel=row.channel,
    )
