"""Scores a unit in the transaction that changes its evidence, and at each month's end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from followup import UnitId
from followup.provider import Unit
from followup.risk.bands import BandState, Judgement, judge, next_state, rank
from followup.risk.inputs import Inputs
from followup.risk.proof import canonical, is_long, packed, read_inputs, sha256_of
from followup.risk.risk import Score, score
from followup.risk.stored_score import StoredScore
from followup.times.calendar import end_of_day, municipal_day
from followup.times.month import Month, months_between
from services.risk.alerting import raise_alerts
from services.risk.earlier_days import as_registered
from services.risk.evidence import inputs_of, inputs_of_each
from storage.engine.database import Transaction
from storage.engine.locks import hold_unit
from storage.imports import imports
from storage.register import placements, units
from storage.risk import left_to_score, scores
from storage.signals import signals

CODE_VERSION = "2"
HISTORY_MONTHS = 36
# Placements and signals, times the months that they are read for, in one transaction of history, and so many months.
READ_AT_ONCE, MONTHS_AT_ONCE = 400, 24
# What one reading of a month's end takes of a transaction, in rows written, and one of today with what it may raise.
READING, SCORING = 20, 40
# So many placements ever, or a long proof, and one reading takes some 20 ms.
MOST_PLACEMENTS = 200
# So many months are read in the transaction of whoever writes of the unit, where their ends are yet to be.
MOST_MONTHS = 1


@dataclass(frozen=True)
class RiskReading:
    """A score with its inputs and what it means for the band, before anything is stored."""

    inputs: Inputs
    score: Score
    judgement: Judgement
    state: BandState


@dataclass(frozen=True)
class Scored:
    """What is read of a unit for one day, whatever its band was: its score, its proof as kept, the text's checksum."""

    inputs: Inputs
    score: Score
    proof: str
    sha256: str


def scored_on(tx: Transaction, unit: Unit, as_of: date) -> Scored:
    """With what was known at the end of the as-of day."""
    inputs = inputs_of(tx, unit, as_of, end_of_day(as_of))
    text = canonical(inputs, CODE_VERSION)
    return Scored(inputs, score(inputs), packed(text), sha256_of(text))


NOT_READ: Mapping[date, Scored] = MappingProxyType({})


def _read(inputs: Inputs, *, month_end: bool, before: BandState) -> RiskReading:
    return _judged(inputs, score(inputs), month_end=month_end, before=before)


def _judged(inputs: Inputs, scored: Score, *, month_end: bool, before: BandState) -> RiskReading:
    state = next_state(before, scored.level, month_end, inputs.config)
    return RiskReading(inputs, scored, judge(inputs, state.band), state)


def read_as_of(
    tx: Transaction, unit: Unit, as_of: date, now: datetime, known: Inputs | None = None
) -> RiskReading:
    """What the unit's score was or is on a day, with what was known and registered then.

    Stored readings before it give the band it came from. Of a unit that has become the municipality's own, the last
    one from before that. `known` are its inputs, where they have been read. Raises ValueError for a day to come.
    """
    if as_of > municipal_day(now):
        raise ValueError(as_of)
    if unit.segment is None:
        return _last_reading(tx, unit, as_of)
    is_month_end = as_of == Month.of(as_of).last and as_of < municipal_day(now)
    if is_month_end:
        before = _before_month_end(tx, unit, as_of, scores.latest(tx, unit.id, Month.of(as_of).previous.last))
    else:
        before = scores.latest(tx, unit.id, as_of)
    state = before.state if before else BandState()
    inputs = known or inputs_of(tx, unit, as_of, end_of_day(as_of))
    if as_of < municipal_day(now):
        inputs = as_registered(tx, unit.id, inputs)
    return _read(inputs, month_end=is_month_end, before=state)


def read_each_as_of(
    tx: Transaction, some: Iterable[Unit], as_of: date, now: datetime
) -> Iterator[tuple[Unit, RiskReading]]:
    """The same of many units with a segment, in the order of their ids, of which what is known is read together."""
    for unit, [inputs] in inputs_of_each(tx, some, as_of, end_of_day(as_of)):
        yield unit, read_as_of(tx, unit, as_of, now, inputs)


def read_newest(tx: Transaction, unit: Unit, now: datetime) -> RiskReading:
    """How the unit stands: its newest stored reading, and where there is none yet what it would be now."""
    today = municipal_day(now)
    stored = scores.latest(tx, unit.id, today)
    return read_as_of(tx, unit, today, now) if stored is None else _read_again(stored)


def _last_reading(tx: Transaction, unit: Unit, as_of: date) -> RiskReading:
    stored = scores.latest(tx, unit.id, as_of)
    assert stored is not None
    return _read_again(stored)


def _read_again(stored: StoredScore) -> RiskReading:
    inputs = read_inputs(stored.inputs)
    return RiskReading(inputs, score(inputs), judge(inputs, stored.rate_band), stored.state)


def rescore(tx: Transaction, unit_id: UnitId, now: datetime) -> StoredScore | None:
    """Stores the unit's score as of today, a month's end that is due before it, and raises the alerts that are due.

    None for a large unit and one of which more months are due, which are left to be read beside the writer at once
    (`services.risk.scoring_left`), and for the municipality's own foster homes, which are never scored (R21).
    """
    hold_unit(tx, unit_id)
    unit = units.get(tx, unit_id)
    if unit.segment is None:
        return None
    newest = scores.latest(tx, unit_id)
    due = _months_due(tx, unit, now, newest)
    if len(due) > MOST_MONTHS or _takes_long(tx, unit_id, newest):
        left_to_score.leave(tx, unit_id, now)
        return None
    if _read_months(tx, unit, due, now):
        newest = scores.latest(tx, unit_id)
    return _score_today(tx, unit, now, newest, None)


def _months_due(tx: Transaction, unit: Unit, now: datetime, newest: StoredScore | None) -> Sequence[Month]:
    is_behind = newest is None or Month.of(newest.as_of) < Month.of(municipal_day(now))
    # What an import has touched is read from its beginning, a piece at a time, and not here.
    if not is_behind or unit.id in imports.unscored(tx):
        return ()
    return months_between(first_due(tx, unit, now), _last_month(now))


def _takes_long(tx: Transaction, unit_id: UnitId, newest: StoredScore | None) -> bool:
    has_much = newest is not None and is_long(newest.inputs)
    return has_much or placements.are_more_than(tx, unit_id, MOST_PLACEMENTS)


def _score_today(
    tx: Transaction, unit: Unit, now: datetime, newest: StoredScore | None, read: Scored | None
) -> StoredScore:
    today = municipal_day(now)
    before = _before_today(tx, unit, today, newest)
    scored = read or scored_on(tx, unit, today)
    stored, reading = _store(tx, unit, today, now, scored, month_end=False, before=before)
    raise_alerts(tx, unit, before, stored, reading.inputs, now)
    return stored


def _before_today(tx: Transaction, unit: Unit, today: date, newest: StoredScore | None) -> StoredScore | None:
    """Somebody may have been heard today before the last month was read; one that is yet to be says nothing."""
    month, month_end = Month.of(today), scores.latest_month_end(tx, unit.id)
    if month_end is None or month_end.as_of != month.previous.last:
        return newest
    if newest is not None and not newest.month_end and month.first <= newest.as_of <= today:
        # None within the month is newer than the newest of all.
        return _not_fallen(newest, month_end)
    return _before_month_end(tx, unit, today, month_end)


def first_due(tx: Transaction, unit: Unit, now: datetime) -> Month:
    before = scores.last_month_end(tx, unit.id)
    return Month.of(before).next if before else _first_month(tx, unit, now)


def catch_up(tx: Transaction, unit: Unit, now: datetime, most: int = MONTHS_AT_ONCE) -> int:
    """Reads the unit's month ends that are due, so many as one transaction may, and after the last of them today.

    How many readings that was, `most` of them at the most; what is left is due again.
    """
    first = due_from(tx, unit, now)
    return 0 if first is None else read_due(tx, unit, first, now, most=most)


def due_from(tx: Transaction, unit: Unit, now: datetime) -> Month | None:
    """The first month whose end is to be read, or the one that goes on where today is; None where nothing is."""
    hold_unit(tx, unit.id)
    first = first_due(tx, unit, now)
    is_due = first <= _last_month(now) or _is_today_due(tx, unit, municipal_day(now))
    return first if is_due else None


def read_due(
    tx: Transaction,
    unit: Unit,
    first: Month,
    now: datetime,
    read: Mapping[date, Scored] = NOT_READ,
    most: int = MONTHS_AT_ONCE,
) -> int:
    """From that month on; how many readings that was. `read` is what has been read beside by day."""
    next_month = read_again(tx, unit.id, first, now, read, most)
    return len(months_between(first, next_month.previous if next_month else Month.of(municipal_day(now))))


def _is_today_due(tx: Transaction, unit: Unit, today: date) -> bool:
    """Whether today is yet to be read after the months before it; somebody may have been heard before they were."""
    # What a clock that was ahead has had read is no longer of any day that has come.
    newest, month_end = scores.latest(tx, unit.id, today), scores.latest_month_end(tx, unit.id, today)
    return newest is not None and month_end is not None and month_end.id >= newest.id


def read_again(
    tx: Transaction,
    unit_id: UnitId,
    first: Month | None,
    now: datetime,
    read: Mapping[date, Scored] = NOT_READ,
    most: int = MONTHS_AT_ONCE,
) -> Month | None:
    """History was read in: month ends of the unit are read anew from the month on, and when all are, today.

    Gives the month to go on with, so that no transaction is long. The old readings stay; the newer ones of the
    same months are those that count. `read` is what has been read beside by day, of what is stored still.
    """
    hold_unit(tx, unit_id)
    unit = units.get(tx, unit_id)
    if unit.segment is None:
        return None
    due, is_last = months_at_once(tx, unit, first, now, most)
    _read_months(tx, unit, due, now, read)
    if not is_last:
        return due[-1].next
    _score_today(tx, unit, now, scores.latest(tx, unit.id), read.get(municipal_day(now)))
    return None


def months_at_once(
    tx: Transaction, unit: Unit, first: Month | None, now: datetime, most: int = MONTHS_AT_ONCE
) -> tuple[Sequence[Month], bool]:
    """The months to read next, the more there is to read of the unit the fewer, and whether today is read with them.

    Today is a reading like the others, and of a large unit each has a transaction to itself.
    """
    first = first or _first_month(tx, unit, now)
    at_once = max(1, min(most, READ_AT_ONCE // max(1, weight_of(tx, unit, now))))
    due = months_between(first, min(first.plus(at_once - 1), _last_month(now)))
    return due, len(due) < at_once


def weight_of(tx: Transaction, unit: Unit, now: datetime) -> int:
    """How much there is to read of it for each month."""
    return placements.number_ever(tx, unit.id) + len(signals.of_unit(tx, unit.id, now))


def _last_month(now: datetime) -> Month:
    return Month.of(municipal_day(now)).previous


def _read_months(
    tx: Transaction,
    unit: Unit,
    due: Sequence[Month],
    now: datetime,
    read: Mapping[date, Scored] = NOT_READ,
) -> bool:
    month_before = scores.latest(tx, unit.id, due[0].previous.last) if due else None
    for month in due:
        before = _before_month_end(tx, unit, month.last, month_before)
        scored = read.get(month.last) or scored_on(tx, unit, month.last)
        month_before, _ = _store(tx, unit, month.last, now, scored, month_end=True, before=before)
    return bool(due)


def _before_month_end(
    tx: Transaction, unit: Unit, month_end: date, month_before: StoredScore | None
) -> StoredScore | None:
    """The reading that a month's end follows: the month's own last one, since a band that rose in it has risen."""
    within = scores.latest_within(tx, unit.id, Month.of(month_end).first, month_end)
    return _not_fallen(within, month_before)


def _not_fallen(within: StoredScore | None, month_before: StoredScore | None) -> StoredScore | None:
    """A month is never left lower than it was begun, so a lower one there is from before history was read in."""
    if within is None or month_before is None:
        return within or month_before
    return within if rank(within.rate_band) >= rank(month_before.rate_band) else month_before


def _first_month(tx: Transaction, unit: Unit, now: datetime) -> Month:
    """The first month with a placement or a signal, at most three years back."""
    today = Month.of(municipal_day(now))
    starts = [Month.of(starts) for starts, _ in placements.spans(tx, unit.id)]
    events = [Month.of(signal.event_on) for signal in signals.of_unit(tx, unit.id, now)]
    return max(min([today, *starts, *events]), today.plus(-HISTORY_MONTHS))


def _store(
    tx: Transaction,
    unit: Unit,
    as_of: date,
    now: datetime,
    read: Scored,
    *,
    month_end: bool,
    before: StoredScore | None,
) -> tuple[StoredScore, RiskReading]:
    state = before.state if before else BandState()
    reading = _judged(read.inputs, read.score, month_end=month_end, before=state)
    scored, judgement = reading.score, reading.judgement
    new = StoredScore(
        id=0,
        unit_id=unit.id,
        as_of=as_of,
        month_end=month_end,
        r=scored.r,
        p=scored.p,
        pt=scored.pt,
        n=scored.n,
        index=scored.index,
        rate_band=reading.state.band,
        calm=reading.state.calm,
        red_since=_red_since(before, reading.state, as_of),
        floor=judgement.floor.band,
        shown=judgement.band,
        enough=judgement.enough,
        inputs=read.proof,
        inputs_sha256=read.sha256,
    )
    stored = scores.save(
        tx,
        new,
        scored,
        config_id=reading.inputs.config.id,
        base_levels_id=reading.inputs.base_levels.id,
        now=now,
    )
    return stored, reading


def _red_since(before: StoredScore | None, state: BandState, as_of: date) -> date | None:
    if state.band != "red":
        return None
    return before.red_since if before and before.rate_band == "red" else as_of
