"""What awaits whom: the unanswered tasks of open rounds, each with the person who answers for it today."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from followup import PersonId, RoundId, TaskId
from followup.month.rounds import Round, Task
from followup.people import Person
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
    answering = people.answering(tx, pairs, today)
    left = [
        UnansweredTask(row.id, row.round_id, answering.of(row.owner_id, row.substitute_id)) for row in rows
    ]
    return left, last


def left_of_person(tx: Transaction, person: Person, now: datetime) -> list[UnansweredTask]:
    """What the person answers for and has not answered in all open rounds, by case reference."""
    today = municipal_day(now)
    rows = rounds.unanswered_that_may_be_of(tx, person.id, now, today)
    pairs = {(row.owner_id, row.substitute_id) for row in rows}
    answering = people.answering(tx, pairs, today, person)
    hers = {pair for pair in pairs if answering.of(*pair) == person.id}
    return [
        UnansweredTask(row.id, row.round_id, person.id)
        for row in rows
        if (row.owner_id, row.substitute_id) in hers
    ]


def unanswered_of(
    tx: Transaction, asked: Collection[Round], owners: Collection[PersonId], now: datetime
) -> list[Awaiting]:
    """Those that have one of the owners, 0 for none, by index; with whoever answers for them today."""
    today = municipal_day(now)
    found = rounds.unanswered_of(tx, [one.id for one in asked], owners, today)
    answering = people.answering(tx, {one.placement.answerable for one in found}, today)
    return [Awaiting(one, answering.of(*one.placement.answerable)) for one in found]


def of_person(tx: Transaction, person: Person, now: datetime) -> list[Task]:
    """The person's tasks in all open rounds, answered or not, oldest month first."""
    today = municipal_day(now)
    tasks = rounds.tasks_that_may_be_of(tx, person.id, now, today)
    pairs = {one.placement.answerable for one in tasks}
    answering = people.answering(tx, pairs, today, person)
    hers = {pair for pair in pairs if answering.of(*pair) == person.id}
    return [one for one in tasks if one.placement.answerable in hers]
