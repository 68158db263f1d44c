"""The time to answer is over: what is missing counts at its units, and is told to managers, a piece at a time."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from followup import PersonId, RoundId
from followup.messages.month import Escalation
from followup.month.rounds import Round
from followup.times.calendar import working_moment
from scheduler.asking import in_rounds
from scheduler.piece import LOOKED_AT, LOOKING, PieceDone
from services.risk.scoring import READING, rescore
from storage.engine.database import Transaction
from storage.messages import outbox
from storage.month import awaiting, rounds
from storage.register import people
from storage.risk import evidence, scores
from storage.times.job_looks import Place

UNITS_AT_ONCE = 20


def escalate(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """The missing reports count at their units; then the tasks are gone through for whose managers are told.

    Of all the months whose time is over, in one message.
    """
    done, over = PieceDone(), rounds.not_escalated(tx, now)
    workers: list[PersonId] = place["workers"] if place else []
    for round_, come_to in in_rounds(over, place):
        if not come_to.get("counted"):
            done += _count_missing(tx, round_, now, room - done.rows, come_to["after"])
            if done.place is not None:
                return _with_workers(done, workers)
            come_to |= {"after": 0, "counted": True}
        done += _find_workers(tx, round_, now, room - done.rows, come_to["after"], workers)
        if done.place is not None:
            return _with_workers(done, workers)
    if over:
        queued = _tell_managers(tx, [one.id for one in over], workers, now)
        done += PieceDone(queued, queued)
    for round_ in over:
        rounds.mark_escalated(tx, round_.id, now)
    return done


def _with_workers(done: PieceDone, workers: list[PersonId]) -> PieceDone:
    return replace(done, place={**(done.place or {}), "workers": workers})


def _count_missing(tx: Transaction, round_: Round, now: datetime, room: int, after: int) -> PieceDone:
    """Scores the units that have not been scored since the time to answer was over."""
    rows = 0
    while some := evidence.units_missing_in(tx, round_.id, after, UNITS_AT_ONCE):
        for unit_id in some:
            if rows >= room:
                return PieceDone(rows=rows, place={"round": round_.id, "after": after})
            rows += 1
            if not scores.is_scored_since(tx, unit_id, round_.deadline):
                rescore(tx, unit_id, now)
                rows += READING
            after = unit_id
    return PieceDone(rows=rows)


def _find_workers(
    tx: Transaction, round_: Round, now: datetime, room: int, after: int | None, workers: list[PersonId]
) -> PieceDone:
    """Puts those who have something left with the workers, 0 for what nobody answers for."""
    rows = 0
    while after is not None:
        if rows >= room:
            return PieceDone(rows=rows, place={"round": round_.id, "after": after, "counted": True})
        left, after = awaiting.left_after(tx, round_, now, after, LOOKED_AT)
        workers[:] = sorted({*workers, *(one.person_id or PersonId(0) for one in left)})
        rows += LOOKING
    return PieceDone(rows=rows)


def _tell_managers(
    tx: Transaction, over: Sequence[RoundId], workers: Collection[PersonId], now: datetime
) -> int:
    missing = Escalation(over[0], tuple(over[1:]))
    return sum(
        outbox.queue(
            tx,
            missing.key(manager_id),
            missing,
            now,
            person_id=manager_id,
            not_before=working_moment(now),
        )
        for manager_id in _managers(tx, workers)
    )


def _managers(tx: Transaction, workers: Collection[PersonId]) -> list[PersonId]:
    leading, who = people.managers(tx), people.some(tx, {one for one in workers if one})
    # People of the same manager and team have the same ones.
    alike = {(one.manager_id, one.team) if one else None: one for one in map(who.get, workers)}
    return sorted({manager.id for one in alike.values() for manager in leading.of(one)})
