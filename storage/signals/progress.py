"""How signals are handled: where each stands now, each step there with its reason, and whose turn is next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from followup import PersonId, SignalId
from followup.signals.progress import NEWS, Desk, InTurn, SignalProgress, State, is_news
from followup.times.calendar import municipal_day
from storage.engine.database import Transaction, insert_new
from storage.engine.locks import hold
from storage.engine.prepared import Prepared
from storage.engine.tables import signal, signal_progress, signal_step, signal_turn, signal_version

# A file that is read in while the bot is down is found for so long afterwards.
_LOOKED_BACK = NEWS * 3
_OF_SIGNAL = Prepared(select(signal_progress).where(signal_progress.c.signal_id == bindparam("signal_id")))
_OF_SIGNALS = select(signal_progress).where(
    signal_progress.c.signal_id.in_(bindparam("signal_ids", expanding=True))
)
_LAST_STEP = (
    select(signal_step)
    .where(signal_step.c.signal_id == bindparam("signal_id"))
    .order_by(signal_step.c.id.desc())
    .limit(1)
)
_TURNS = select(signal_turn)


@dataclass(frozen=True)
class SignalStep:
    """One step; `person_id` is None where it came to somebody by itself."""

    at: datetime
    person_id: PersonId | None
    desk: Desk
    state: State
    owner_id: PersonId | None
    reason: str | None


def begin(tx: Transaction, begun: SignalProgress, person_id: PersonId | None, now: datetime) -> None:
    """The first step of one that has none."""
    values = {name: getattr(begun, name) for name in SignalProgress.__dataclass_fields__}
    if insert_new(tx, signal_progress, **values):
        _add_step(tx, begun, person_id, None, now)


def go_on(
    tx: Transaction,
    after: SignalProgress,
    person_id: PersonId | None,
    now: datetime,
    reason: str | None = None,
) -> None:
    tx.connection.execute(
        update(signal_progress)
        .where(signal_progress.c.signal_id == after.signal_id)
        .values(desk=after.desk, state=after.state, owner_id=after.owner_id, ended_at=after.ended_at)
    )
    _add_step(tx, after, person_id, reason, now)


def _add_step(
    tx: Transaction, after: SignalProgress, person_id: PersonId | None, reason: str | None, now: datetime
) -> None:
    tx.connection.execute(
        insert(signal_step).values(
            signal_id=after.signal_id,
            at=now,
            person_id=person_id,
            desk=after.desk,
            state=after.state,
            owner_id=after.owner_id,
            reason=tx.vault.seal_some(reason),
        )
    )


def of_signal(tx: Transaction, signal_id: SignalId) -> SignalProgress | None:
    """None of history, which nobody is to take."""
    row = _OF_SIGNAL.first(tx.connection, {"signal_id": signal_id})
    return None if row is None else read(row)


def of_signals(tx: Transaction, signal_ids: Sequence[SignalId]) -> dict[SignalId, SignalProgress]:
    rows = tx.connection.execute(_OF_SIGNALS, {"signal_ids": list(signal_ids)})
    return {row.signal_id: read(row) for row in rows}


def last_step(tx: Transaction, signal_id: SignalId) -> SignalStep | None:
    """None of one that began with the database's upgrade, or that is history."""
    row = tx.connection.execute(_LAST_STEP, {"signal_id": signal_id}).first()
    if row is None:
        return None
    return SignalStep(
        row.at, row.person_id, row.desk, row.state, row.owner_id, tx.vault.open_some(row.reason)
    )


def turns(tx: Transaction, person_ids: Collection[PersonId]) -> list[InTurn]:
    """Each of them, also those who have been given none; held, so that no two are given the same turn."""
    hold(tx, "signal_turn")
    last = {row.person_id: row.last for row in tx.connection.execute(_TURNS)}
    return [InTurn(one, last.get(one, 0)) for one in sorted(person_ids)]


def has_had(tx: Transaction, person_id: PersonId) -> None:
    """The turn that is given now was hers."""
    newest: int = tx.connection.execute(select(func.coalesce(func.max(signal_turn.c.last), 0))).scalar_one()
    if not insert_new(tx, signal_turn, person_id=person_id, last=newest + 1):
        hers = signal_turn.c.person_id == person_id
        tx.connection.execute(update(signal_turn).where(hers).values(last=newest + 1))


def without_owner(tx: Transaction, desk: Desk, able: Collection[PersonId], most: int) -> list[SignalProgress]:
    """Undecided ones that nobody has who can do anything about them, oldest first."""
    owner = signal_progress.c.owner_id
    query = (
        select(signal_progress)
        .where(
            signal_progress.c.desk == desk,
            signal_progress.c.ended_at.is_(None),
            owner.is_(None) | owner.not_in(list(able)),
        )
        .order_by(signal_progress.c.came_at, signal_progress.c.signal_id)
        .limit(most)
    )
    return [read(row) for row in tx.connection.execute(query)]


def news_of_files(tx: Transaction, today: date, most: int) -> list[tuple[SignalId, Desk, datetime]]:
    """Of what files told lately, what is to be handled and is not yet: the signal, its desk and when it was read in."""
    first = signal_version.alias("first")
    newest = signal_version.alias("newest")
    last = signal_version.alias("last")
    number = select(func.max(last.c.version)).where(last.c.signal_id == signal.c.id).scalar_subquery()
    query = (
        select(signal.c.id, first.c.event_on, first.c.recorded_at, newest.c.cause)
        .select_from(signal)
        .join(first, (first.c.signal_id == signal.c.id) & (first.c.version == 1))
        .join(newest, (newest.c.signal_id == signal.c.id) & (newest.c.version == number))
        .outerjoin(signal_progress, signal_progress.c.signal_id == signal.c.id)
        .where(
            first.c.event_on >= today - _LOOKED_BACK,
            first.c.imported,
            signal_progress.c.signal_id.is_(None),
            ~newest.c.dismissed,
            ~newest.c.decided,
        )
        .order_by(signal.c.id)
    )
    found: list[tuple[SignalId, Desk, datetime]] = []
    for row in tx.connection.execute(query):
        if is_news(row.event_on, municipal_day(row.recorded_at)) and len(found) < most:
            found.append((row.id, "managers" if row.cause == "authority" else "quality", row.recorded_at))
    return found


def dismissed_by_file(tx: Transaction) -> list[SignalProgress]:
    """Undecided ones that a newer file says are dismissed."""
    newest = signal_version.alias("newest")
    last = signal_version.alias("last")
    of_same = last.c.signal_id == signal_progress.c.signal_id
    number = select(func.max(last.c.version)).where(of_same).scalar_subquery()
    query = (
        select(signal_progress)
        .select_from(signal_progress)
        .join(newest, (newest.c.signal_id == signal_progress.c.signal_id) & (newest.c.version == number))
        .where(signal_progress.c.ended_at.is_(None), newest.c.dismissed)
    )
    return [read(row) for row in tx.connection.execute(query)]


def read(row: Row[Any]) -> SignalProgress:
    return SignalProgress(row.signal_id, row.desk, row.state, row.owner_id, row.came_at, row.ended_at)
