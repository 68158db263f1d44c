"""The time to answer is over: what is missing counts at its units, and is told to managers, a piece at a time."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from followup import PersonId, RoundId, UnitId
from followup.messages.month import Escalation
from followup.month.rounds import Round
from followup.times.calendar import working_moment
from scheduler.asking import in_rounds
from scheduler.piece import LOOKED_AT, LOOKING, PieceDone
from services.risk.scoring import SCORING, rescore
from storage.engine.database import Transaction
from storage.engine.locks import number_held
from storage.engine.several_units import Units
from storage.messages import queueing
from storage.month import awaiting, rounds
from storage.register import people, units
from storage.risk import evidence, scores
from storage.times.job_looks import Place

UNITS_AT_ONCE = 20


def escalate(tx: Transaction, now: datetime, room: int, place: Place | None) -> PieceDone:
    """The missing reports count at their units; then the tasks are gone through for whose managers are told.

    Of all the months whose time is over, in one message.
    """
    done, over = PieceDone(), rounds.not_escalated(tx, now)
    managers = set[PersonId](place["managers"] if place else ())
    for round_, come_to in in_rounds(over, place):
        if done.rows and number_held(tx, "unit"):
            # The units are gone through by number, from the first again.
            return _with_managers(done + PieceDone(place={"round": round_.id, **come_to}), managers)
        if not come_to.get("counted"):
            done += _count_missing(tx, round_, now, room - done.rows, come_to["after"])
            if done.place is not None:
                return _with_managers(done, managers)
            come_to |= {"after": 0, "counted": True}
        done += _find_managers(tx, round_, now, room - done.rows, come_to["after"], managers)
        if done.place is not None:
            return _with_managers(done, managers)
    done += _tell_managers(tx, [one.id for one in over], managers, now, room - done.rows)
    if done.place is not None:
        return done
    for round_ in over:
        rounds.mark_escalated(tx, round_.id, now)
    return done


def _with_managers(done: PieceDone, managers: Collection[PersonId]) -> PieceDone:
    return replace(done, place={**(done.place or {}), "managers": sorted(managers)})


def _count_missing(tx: Transaction, round_: Round, now: datetime, room: int, come_to: int) -> PieceDone:
    """Scores the units that have not been scored since the time to answer was over."""
    rows, after = 0, UnitId(come_to)
    while some := [one.id for one in units.units_after(tx, after, UNITS_AT_ONCE)]:
        if rows >= room:
            return PieceDone(rows=rows, place={"round": round_.id, "after": after})
        for unit_id in evidence.units_missing_in(tx, round_.id, Units(some)):
            if rows >= room:
                return PieceDone(rows=rows, place={"round": round_.id, "after": after})
            rows += 1
            if not scores.is_scored_since(tx, unit_id, round_.deadline):
                rescore(tx, unit_id, now)
                rows += SCORING
            after = unit_id
        rows, after = rows + LOOKING, some[-1]
    return PieceDone(rows=rows)


def _find_managers(
    tx: Transaction, round_: Round, now: datetime, room: int, after: int | None, managers: set[PersonId]
) -> PieceDone:
    """Adds those of whoever has something left, and those of what nobody answers for."""
    rows, leading = 0, people.managers(tx)
    while after is not None:
        if rows >= room:
            return PieceDone(rows=rows, place={"round": round_.id, "after": after, "counted": True})
        left, after = awaiting.left_after(tx, round_, now, after, LOOKED_AT)
        who = people.some(tx, {one.person_id for one in left if one.person_id is not None})
        # People of the same manager and team have the same ones.
        of = {one.person_id: who.get(one.person_id) if one.person_id else None for one in left}
        alike = {(one.manager_id, one.team) if one else None: one for one in of.values()}
        managers |= {manager.id for one in alike.values() for manager in leading.of(one)}
        rows += LOOKING
    return PieceDone(rows=rows)


def _tell_managers(
    tx: Transaction, over: Sequence[RoundId], managers: Collection[PersonId], now: datetime, room: int
) -> PieceDone:
    """So many of them as there is room for; the others wait where the tasks are at their end."""
    every, queued = sorted(managers), 0
    told, left = every[: max(0, room)], every[max(0, room) :]
    for manager_id in told:
        missing = Escalation(over[0], tuple(over[1:]))
        at = working_moment(now)
        key = missing.key(manager_id)
        queued += queueing.queue(tx, key, missing, now, person_id=manager_id, not_before=at)
    at_the_end = {"round": over[-1], "after": None, "counted": True, "managers": left} if left else None
    return PieceDone(queued, len(told), at_the_end)
