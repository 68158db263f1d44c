"""How many of a round's reports are in, by who answers for them: kept by the database, with nothing about any child."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, bindparam, case, exists, or_, select

from followup import PersonId, RoundId
from followup.month.rounds import Round
from followup.people import Role
from followup.terms import UNFOLLOWED_FORMS
from followup.times.calendar import municipal_day
from storage.engine.columns import Instant
from storage.engine.database import Transaction
from storage.engine.tables import ownership, person, placement, report, report_task, unit
from storage.overview.answer_counts import of_kept, sums, valid
from storage.register import people, placements

Pair = tuple[PersonId | None, PersonId | None]
AT_A_TIME = 500


def _totals(kept: FromClause) -> Select[Any]:
    asked_for = kept.c.round_id.in_(bindparam("round_ids", expanding=True))
    return (
        select(kept.c.round_id, *sums(kept))
        .where(valid(kept), kept.c.followed == 1, asked_for)
        .group_by(kept.c.round_id)
    )


def _by_pair(kept: FromClause) -> Select[Any]:
    return _in_round(kept, kept.c.round_id)


def _in_round(kept: FromClause, found_by: ColumnElement[int]) -> Select[Any]:
    return (
        select(kept.c.owner_id, kept.c.substitute_id, *sums(kept))
        .where(
            valid(kept),
            found_by == bindparam("round_id"),
            # The municipality's own homes are in no figure, also where they are asked about.
            kept.c.followed >= bindparam("followed"),
        )
        .group_by(kept.c.owner_id, kept.c.substitute_id)
    )


def _by_pairs_named(kept: FromClause) -> Select[Any]:
    """By index; those who may report no more leave what they own to their substitutes, or to nobody."""
    others = [role for role in Role if role != Role.WORKER]
    has_left = and_(person.c.role == Role.WORKER, person.c.active.is_(False))
    gone = select(person.c.id).where(or_(person.c.role.in_(others), has_left))
    # The sum keeps the index of the round's rows out of it, which would find everybody's.
    return _in_round(kept, kept.c.round_id + 0).where(
        or_(
            kept.c.owner_id.in_(bindparam("owners", expanding=True)),
            kept.c.substitute_id.in_(bindparam("substitutes", expanding=True)),
            kept.c.owner_id.in_(gone),
        )
    )


def _by_key(kept: FromClause) -> Select[Any]:
    return (
        select(kept.c.owner_id, kept.c.substitute_id, kept.c.followed, *sums(kept))
        .where(valid(kept), kept.c.round_id == bindparam("round_id"))
        .group_by(kept.c.owner_id, kept.c.substitute_id, kept.c.followed)
    )


_TOTALS, _BY_PAIR, _BY_PAIRS_NAMED, _BY_KEY = map(of_kept, (_totals, _by_pair, _by_pairs_named, _by_key))
# Whose tasks have another owner on one day than on another.
_BEGUN_BETWEEN = select(ownership.c.placement_id).where(
    ownership.c.since > bindparam("after"), ownership.c.since <= bindparam("until")
)
_followed = case((unit.c.form.in_(UNFOLLOWED_FORMS), 0), else_=1)
_answered = exists().where(report.c.task_id == report_task.c.id)
_OF_TASKS = (
    select(
        ownership.c.owner_id,
        ownership.c.substitute_id,
        _followed.label("followed"),
        _answered.label("answered"),
    )
    .select_from(report_task)
    .join(placement, report_task.c.placement_id == placement.c.id)
    .join(unit, placement.c.unit_id == unit.c.id)
    .join(ownership, placements.CURRENT_OWNER, isouter=True)
    .where(
        report_task.c.round_id == bindparam("round_id"),
        _followed >= bindparam("followed"),
    )
)
_OF_THOSE = _OF_TASKS.where(placement.c.id.in_(bindparam("placement_ids", expanding=True)))


# By the index of when they came: nothing of a round comes after it has closed.
_LATE = (
    select(report_task.c.placement_id)
    .join(report, report.c.task_id == report_task.c.id)
    .where(
        # The sum keeps the index of the round's tasks out of it, which would find every one of them.
        report_task.c.round_id + 0 == bindparam("round_id"),
        report.c.version == 1,
        report.c.known_at > bindparam("deadline", type_=Instant),
        report.c.recorded_at > bindparam("deadline", type_=Instant),
        report.c.recorded_at <= bindparam("closes_at", type_=Instant),
    )
)


@dataclass(frozen=True)
class OwnedAnswers:
    """Of the placements of an owner, None for nobody's; `person_id` is who answers for them, None where nobody does."""

    owner_id: PersonId | None
    person_id: PersonId | None
    asked: int
    answered: int

    @property
    def left(self) -> int:
        return self.asked - self.answered


def last_day(round_: Round, now: datetime) -> date:
    """The day whose owners a round's answers are told by: today, or its last.

    Whoever took over a placement afterwards does not get the answers of the one before.
    """
    return municipal_day(min(now, round_.deadline))


def totals(tx: Transaction, round_ids: Collection[RoundId]) -> Mapping[RoundId, tuple[int, int]]:
    """Of each round with anything to answer, how many reports it asked for and how many are in."""
    rows = tx.connection.execute(_TOTALS[tx.connection.dialect.name], {"round_ids": list(round_ids)})
    return {row.round_id: (row.asked, row.answered) for row in rows}


def of_round(
    tx: Transaction,
    round_: Round,
    day: date,
    own: Collection[PersonId] | None = None,
    *,
    own_homes: bool = False,
) -> list[OwnedAnswers]:
    """By who answers that day for what the round asks; of `own` people alone, and of nobody, where they are given.

    `own_homes` with what is asked about the municipality's own, which no figure counts.
    """
    of = {"round_id": round_.id, "followed": 0 if own_homes else 1}
    counted = Counter[Pair]()
    answered = Counter[Pair]()
    for owner_id, substitute_id, number, in_ in (
        *_pairs(tx, of, day, own),
        *_with_other_owners(tx, of, municipal_day(round_.deadline), day),
    ):
        pair = (owner_id or None, substitute_id or None)
        counted[pair] += number
        answered[pair] += in_
    answering = people.answering(tx, counted.keys(), day)
    found = [
        OwnedAnswers(pair[0], answering.of(*pair), number, answered[pair])
        for pair, number in counted.items()
        if number
    ]
    return [one for one in found if own is None or one.person_id is None or one.person_id in own]


def late_in(tx: Transaction, round_: Round, day: date) -> list[OwnedAnswers]:
    """The reports that came after the round's last day, by who answers that day for what they are about."""
    values = {"round_id": round_.id, "deadline": round_.deadline, "closes_at": round_.closes_at}
    late = sorted(tx.connection.scalars(_LATE, values))
    rows = [
        row
        for some in (late[at : at + AT_A_TIME] for at in range(0, len(late), AT_A_TIME))
        for row in tx.connection.execute(
            _OF_THOSE, {"round_id": round_.id, "followed": 1, "day": day, "placement_ids": some}
        )
    ]
    number = Counter[Pair]((row.owner_id, row.substitute_id) for row in rows)
    answering = people.answering(tx, number.keys(), day)
    return [OwnedAnswers(pair[0], answering.of(*pair), n, n) for pair, n in number.items()]


def _pairs(
    tx: Transaction, of: Mapping[str, int], day: date, own: Collection[PersonId] | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    if own is None:
        return tx.connection.execute(_BY_PAIR[tx.connection.dialect.name], of).all()
    away = {leave.person_id for leave in people.leaves(tx, day) if leave.starts <= day}
    values = {**of, "owners": sorted({0, *own, *away}), "substitutes": sorted(own)}
    return tx.connection.execute(_BY_PAIRS_NAMED[tx.connection.dialect.name], values).all()


def _with_other_owners(
    tx: Transaction, of: Mapping[str, int], counted_on: date, day: date
) -> list[tuple[Any, Any, int, int]]:
    """Counted by the owner on the last day: what has another on this one is taken from that one and given to it."""
    between = {"after": min(day, counted_on), "until": max(day, counted_on)}
    moved = sorted(set(tx.connection.scalars(_BEGUN_BETWEEN, between))) if day != counted_on else []
    return [
        (row.owner_id, row.substitute_id, sign, sign * bool(row.answered))
        for some in (moved[at : at + AT_A_TIME] for at in range(0, len(moved), AT_A_TIME))
        for sign, owned_on in ((-1, counted_on), (1, day))
        for row in tx.connection.execute(_OF_THOSE, {**of, "day": owned_on, "placement_ids": some})
    ]


Key = tuple[PersonId | None, PersonId | None, int]


def by_pair(tx: Transaction, round_: Round) -> Mapping[Key, tuple[int, int]]:
    """What is kept of the round, by owner and substitute on its last day, own homes apart."""
    rows = tx.connection.execute(_BY_KEY[tx.connection.dialect.name], {"round_id": round_.id})
    return {
        (row.owner_id or None, row.substitute_id or None, row.followed): (row.asked, row.answered)
        for row in rows
        if row.asked or row.answered
    }


def asked_and_in(tx: Transaction, round_: Round) -> tuple[int, int]:
    """How many reports the round asks for, of the municipality's own homes too, and how many of them are in."""
    kept = by_pair(tx, round_).values()
    return sum(asked for asked, _ in kept), sum(in_ for _, in_ in kept)


def recounted(tx: Transaction, round_: Round) -> Mapping[Key, tuple[int, int]]:
    """What it should be, from every task and report of the round."""
    values = {"round_id": round_.id, "day": municipal_day(round_.deadline), "followed": 0}
    rows = tx.connection.execute(_OF_TASKS, values).all()
    asked = Counter((row.owner_id, row.substitute_id, row.followed) for row in rows)
    answered = Counter((row.owner_id, row.substitute_id, row.followed) for row in rows if row.answered)
    return {key: (number, answered[key]) for key, number in asked.items()}
