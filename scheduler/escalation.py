"""The time to answer is over: what is missing counts at its units, and is told to managers, a piece at a time."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from followup import PersonId
from followup.messages.month import Escalation
from followup.month.rounds import Round
from followup.people import Role, managers_of
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
    """The missing reports count at their units; then the tasks are gone through for whose managers are told."""
    done = PieceDone()
    for round_, come_to in in_rounds(rounds.not_escalated(tx, now), place):
        if "workers" not in come_to:
            done += _count_missing(tx, round_, now, room - done.rows, come_to["after"])
            if done.place is not None:
                return done
            come_to |= {"after": 0, "workers": []}
        done += _find_workers(tx, round_, now, room - done.rows, come_to)
        if done.place is not None:
            return done
        queued = _tell_managers(tx, round_, come_to["workers"], now)
        done += PieceDone(queued, queued)
        rounds.mark_escalated(tx, round_.id, now)
    return done


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
    tx: Transaction, round_: Round, now: datetime, room: int, come_to: dict[str, Any]
) -> PieceDone:
    """Puts those who have something left with the workers, 0 for what nobody answers for."""
    rows = 0
    while come_to["after"] is not None:
        if rows >= room:
            return PieceDone(rows=rows, place={**come_to, "round": round_.id})
        left, come_to["after"] = awaiting.left_after(tx, round_, now, come_to["after"], LOOKED_AT)
        come_to["workers"] = sorted({*come_to["workers"], *(one.person_id or 0 for one in left)})
        rows += LOOKING
    return PieceDone(rows=rows)


def _tell_managers(tx: Transaction, round_: Round, workers: Collection[PersonId], now: datetime) -> int:
    missing = Escalation(round_.id)
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
    everyone = people.everyone(tx)
    managers = {one.id: one for one in everyone.values() if one.role == Role.MANAGER}
    # People of the same manager and team have the same ones.
    alike = {(one.manager_id, one.team) if one else None: one for one in map(everyone.get, workers)}
    return sorted({manager.id for one in alike.values() for manager in managers_of(managers, one)})
