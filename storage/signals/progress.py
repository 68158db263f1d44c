"""How signals are handled: where each stands now, each step there with its reason, and whose turn is next."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, func, insert, or_, select, update

from followup import PersonId, SignalId
from followup.signals.filters import SignalFilter
from followup.signals.progress import (
    DESKS,
    NEWS,
    OPEN,
    Desk,
    InTurn,
    SignalProgress,
    State,
    is_news,
    overdue_since,
)
from followup.signals.signal import Signal
from followup.times.calendar import at_municipal, end_of_day, municipal_day
from storage.engine.columns import Instant
from storage.engine.database import Transaction, insert_new
from storage.engine.locks import hold
from storage.engine.prepared import Prepared
from storage.engine.tables import signal, signal_progress, signal_step, signal_turn, signal_version
from storage.signals import signals

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
_undecided = (
    signal_progress.c.desk == "quality",
    signal_progress.c.ended_at.is_(None),
    or_(*(signal_progress.c.state == state for state in OPEN)),
)
# Of those that a file has told of and that are not valid yet there is no signal.
_of_signal = signal_progress.join(signal, signal.c.id == signal_progress.c.signal_id)
_UNDECIDED = Prepared(
    select(signal_progress)
    .select_from(_of_signal)
    .where(*_undecided)
    .order_by(
        case((signal_progress.c.owner_id == bindparam("first_of"), 0), else_=1),
        signal_progress.c.came_at,
        signal.c.id,
    )
    .limit(bindparam("most"))
)
_NUMBER_UNDECIDED = Prepared(select(func.count().label("number")).select_from(_of_signal).where(*_undecided))
# What a step changes.
_MOVED = ("desk", "state", "owner_id", "ended_at", "receiver")
_TURNS = select(signal_turn)
_first, _newest, _last = (signal_version.alias(name) for name in ("first", "newest", "last"))


def _newest_of(signal_id: ColumnElement[SignalId]) -> ColumnElement[bool]:
    """Whether it is the newest version of the signal."""
    number = select(func.max(_last.c.version)).where(_last.c.signal_id == signal_id).scalar_subquery()
    return (_newest.c.signal_id == signal_id) & (_newest.c.version == number)


_NEWS = Prepared(
    select(signal.c.id, _first.c.event_on, _first.c.recorded_at, _newest.c.cause)
    .select_from(signal)
    .join(_first, (_first.c.signal_id == signal.c.id) & (_first.c.version == 1))
    .join(_newest, _newest_of(signal.c.id))
    .outerjoin(signal_progress, signal_progress.c.signal_id == signal.c.id)
    .where(
        _first.c.event_on >= bindparam("since"),
        _first.c.imported,
        signal_progress.c.signal_id.is_(None),
        ~_newest.c.dismissed,
        ~_newest.c.decided,
    )
    .order_by(signal.c.id)
)
# From those that are undecided, by index, to what is said of them.
_DISMISSED = Prepared(
    select(signal_progress).where(
        or_(*(signal_progress.c.desk == desk for desk in DESKS)),
        signal_progress.c.ended_at.is_(None),
        select(_newest.c.dismissed)
        .where(_newest_of(signal_progress.c.signal_id))
        .correlate(signal_progress)
        .scalar_subquery(),
    )
)
_WITHOUT_OWNER = (
    select(signal_progress)
    .where(
        signal_progress.c.desk == bindparam("of_desk"),
        signal_progress.c.ended_at.is_(None),
        signal_progress.c.owner_id.is_(None)
        | signal_progress.c.owner_id.not_in(bindparam("able", expanding=True)),
    )
    .order_by(signal_progress.c.came_at, signal_progress.c.signal_id)
    .limit(bindparam("most"))
)


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
        .values({name: getattr(after, name) for name in _MOVED})
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
            receiver=after.receiver,
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
    hold(tx, "signal_turn", "turn")
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
    rows = tx.connection.execute(_WITHOUT_OWNER, {"of_desk": desk, "able": list(able), "most": most})
    return [read(row) for row in rows]


def news_of_files(tx: Transaction, today: date, most: int) -> list[tuple[SignalId, Desk, datetime]]:
    """Of what files told lately, what is to be handled and is not yet: the signal, its desk and when it was read in."""
    found: list[tuple[SignalId, Desk, datetime]] = []
    for row in _NEWS.all(tx.connection, {"since": today - _LOOKED_BACK}):
        if is_news(row.event_on, municipal_day(row.recorded_at)) and len(found) < most:
            found.append((row.id, "managers" if row.cause == "authority" else "quality", row.recorded_at))
    return found


def dismissed_by_file(tx: Transaction) -> list[SignalProgress]:
    """Undecided ones that a newer file says are dismissed."""
    return [read(row) for row in _DISMISSED.all(tx.connection, {})]


def undecided_heads(tx: Transaction, first_of: PersonId, most: int) -> tuple[list[SignalProgress], int]:
    """So many of the quality team's, in the order of `listed`, with nothing of what they are; and how many."""
    rows = _UNDECIDED.all(tx.connection, {"first_of": first_of, "most": most})
    total: int = _NUMBER_UNDECIDED.first(tx.connection, {}).number
    return [read(row) for row in rows], total


def of_these(
    tx: Transaction, signal_ids: Collection[SignalId]
) -> Mapping[SignalId, tuple[Signal, SignalProgress]]:
    """By its id each as `listed` has it."""
    rows = tx.connection.execute(_joined().where(signal.c.id.in_(sorted(signal_ids)))).all()
    return {row.signal_id: (signals.read(row), read(row)) for row in rows}


def listed(
    tx: Transaction, wanted: SignalFilter, first_of: PersonId, today: date, start: int, most: int
) -> tuple[list[tuple[Signal, SignalProgress]], int]:
    """So many of the quality team's that are asked for, those of `first_of` first, and how many there are."""
    joined = _joined().where(*_asked_for(wanted, today))
    total: int = tx.connection.execute(select(func.count()).select_from(joined.subquery())).scalar_one()
    hers = case((signal_progress.c.owner_id == first_of, 0), else_=1)
    ordered = joined.order_by(hers, signal_progress.c.came_at, signal.c.id).offset(start).limit(most)
    rows = tx.connection.execute(ordered).all()
    return [(signals.read(row), read(row)) for row in rows], total


def _joined() -> Select[Any]:
    version, last = signal_version, signal_version.alias("last")
    of_same = last.c.signal_id == signal_progress.c.signal_id
    number = select(func.max(last.c.version)).where(of_same).correlate(signal_progress).scalar_subquery()
    return (
        select(version, signal.c.unit_id, signal.c.placement_id, *_PROGRESS)
        .select_from(signal_progress)
        .join(signal, signal.c.id == signal_progress.c.signal_id)
        .join(version, (version.c.signal_id == signal.c.id) & (version.c.version == number))
    )


# Beside the columns of the version, none of which has these names.
_PROGRESS = (
    signal_progress.c.desk,
    signal_progress.c.state,
    signal_progress.c.owner_id,
    signal_progress.c.came_at,
    signal_progress.c.ended_at,
    signal_progress.c.receiver,
)


def _asked_for(wanted: SignalFilter, today: date) -> list[ColumnElement[bool]]:
    here = signal_progress.c
    found = [here.desk == "quality", here.state.in_(sorted(wanted.states))]
    if wanted.hides_ended:
        found.append(here.ended_at.is_(None))
    found += _of_its_form(wanted)
    if wanted.units:
        found.append(signal.c.unit_id.in_(sorted(wanted.units)))
    if wanted.owners:
        found.append(here.owner_id.in_(sorted(wanted.owners)))
    if wanted.overdue:
        found += [here.ended_at.is_(None), here.came_at <= end_of_day(overdue_since(today))]
    if wanted.months:
        came = [
            here.came_at.between(at_municipal(one.first, time(0)), end_of_day(one.last))
            for one in wanted.months
        ]
        found.append(or_(*came))
    return found


def _of_its_form(wanted: SignalFilter) -> Iterator[ColumnElement[bool]]:
    """By what was answered; of areas and marks there may be several."""
    version = signal_version.c
    for column, codes in (
        (version.kind, wanted.kinds),
        (version.situation, wanted.situations),
        (version.category, wanted.categories),
    ):
        if codes:
            yield column.in_(sorted(codes))
    for column, codes in ((version.areas, wanted.areas), (version.marks, wanted.marks)):
        if codes:
            among = "," + column + ","
            yield or_(*(among.contains(f",{one},", autoescape=True) for one in sorted(codes)))


def undecided_of(
    tx: Transaction, person_id: PersonId, today: date, *, came_after: date = date.min
) -> tuple[int, int]:
    """How many of the quality team's the person has undecided, and how many of these are overdue.

    With `came_after` of the overdue ones those that came later than that day.
    """
    here = signal_progress.c
    late = here.came_at <= end_of_day(overdue_since(today))
    if came_after != date.min:
        late &= here.came_at > end_of_day(came_after)
    row = tx.connection.execute(
        select(func.count(), func.coalesce(func.sum(case((late, 1), else_=0)), 0)).where(
            here.owner_id == person_id, here.desk == "quality", here.ended_at.is_(None)
        )
    ).one()
    return row[0], row[1]


def came_between(tx: Transaction, since: datetime, until: datetime) -> Iterator[Signal]:
    """The quality team's that came after the one moment and by the other; each as it stands when it is asked for."""
    query = (
        select(signal_progress.c.signal_id)
        .where(
            signal_progress.c.desk == "quality",
            signal_progress.c.came_at > bindparam("since", type_=Instant),
            signal_progress.c.came_at <= bindparam("until", type_=Instant),
        )
        .order_by(signal_progress.c.signal_id)
    )
    ids = tx.connection.execute(query, {"since": since, "until": until}).scalars().all()
    return (signals.get(tx, one) for one in ids)


def read(row: Row[Any]) -> SignalProgress:
    return SignalProgress(
        row.signal_id, row.desk, row.state, row.owner_id, row.came_at, row.ended_at, row.receiver
    )
