"""What awaits whom: the unanswered tasks of open rounds, each with the person who answers for it today."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial

from followup import PersonId, RoundId, TaskId
from followup.month.rounds import Round, Task
from followup.people import Leave, Person, responsible
from followup.times.calendar import municipal_day
from storage.engine.database import Transaction
from storage.month import rounds
from storage.register import people


@dataclass(frozen=True)
class Awaiting:
    """`person_id` is None where nobody present and active answers for the placement."""

    task: Task
    person_id: PersonId | None


@dataclass(frozen=True)
class UnansweredTask:
    """An unanswered task and who answers for it, None where nobody does; nothing of the child."""

    task_id: TaskId
    round_id: RoundId
    person_id: PersonId | None


def left_after(
    tx: Transaction, round_: Round, now: datetime, after: int, most: int
) -> tuple[list[UnansweredTask], int | None]:
    """What is unanswered of so many of the round's tasks, and where to go on, None when that was all of them."""
    today = municipal_day(now)
    rows, last = rounds.unanswered_after(tx, round_.id, today, after, most)
    pairs = {(row.owner_id, row.substitute_id) for row in rows}
    answers_for = _answers_among(tx, pairs, today)
    left = [
        UnansweredTask(row.id, row.round_id, answers_for(row.owner_id, row.substitute_id)) for row in rows
    ]
    return left, last


def left_of_person(tx: Transaction, person: Person, now: datetime) -> list[UnansweredTask]:
    """What the person answers for and has not answered in all open rounds, by case reference."""
    today = municipal_day(now)
    rows = rounds.unanswered_that_may_be_of(tx, person.id, now, today)
    answers_for = _answers_among(tx, {(row.owner_id, row.substitute_id) for row in rows}, today, person)
    return [
        UnansweredTask(row.id, row.round_id, person.id)
        for row in rows
        if answers_for(row.owner_id, row.substitute_id) == person.id
    ]


def in_rounds(tx: Transaction, asked: list[Round], now: datetime) -> list[Awaiting]:
    """Every task of the rounds, answered or not."""
    today = municipal_day(now)
    everyone, leaves = people.everyone(tx), people.leaves(tx, today)
    answers_for = _asked_once(everyone, leaves, today)
    return [
        Awaiting(task, answers_for(task.placement.owner_id, task.placement.substitute_id))
        for task in rounds.tasks(tx, [one.id for one in asked], today)
    ]


def unanswered(tx: Transaction, asked: list[Round], now: datetime) -> list[Awaiting]:
    return [one for one in in_rounds(tx, asked, now) if not one.task.answered]


def of_person(tx: Transaction, person: Person, now: datetime) -> list[Task]:
    """The person's tasks in all open rounds, answered or not, oldest month first."""
    today = municipal_day(now)
    tasks = rounds.tasks_that_may_be_of(tx, person.id, now, today)
    pairs = {(one.placement.owner_id, one.placement.substitute_id) for one in tasks}
    answers_for = _answers_among(tx, pairs, today, person)
    return [
        one for one in tasks if answers_for(one.placement.owner_id, one.placement.substitute_id) == person.id
    ]


def _answers_among(
    tx: Transaction,
    pairs: Collection[tuple[PersonId | None, PersonId | None]],
    today: date,
    known: Person | None = None,
) -> Callable[[PersonId | None, PersonId | None], PersonId | None]:
    """Who answers, where the owners and substitutes are among the pairs; `known` is one who need not be looked up."""
    leaves = people.leaves(tx, today) if pairs else []
    owners = {owner_id for owner_id, _ in pairs}
    named = {one for pair in pairs for one in pair} | {
        one.substitute_id for one in leaves if one.person_id in owners
    }
    others = {one for one in named if one is not None and (known is None or one != known.id)}
    concerned = dict(people.some(tx, others)) if others else {}
    if known is not None:
        concerned[known.id] = known
    return _asked_once(concerned, leaves, today)


def _asked_once(
    everyone: Mapping[PersonId, Person], leaves: Sequence[Leave], today: date
) -> Callable[[PersonId | None, PersonId | None], PersonId | None]:
    """Who answers, by owner and substitute: leaves are asked about once for each pair and not for each of its tasks."""
    return cache(partial(responsible, people=everyone, leaves=leaves, day=today))
