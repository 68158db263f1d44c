"""What awaits whom: the unanswered tasks of open rounds, each with the person who answers for it today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial

from followup.month.rounds import Round, Task
from followup.people import Leave, Person, responsible
from followup.times.calendar import municipal_day
from storage import people
from storage.engine.database import Transaction
from storage.month import rounds


@dataclass(frozen=True)
class Awaiting:
    """`person_id` is None where nobody present and active answers for the placement."""

    task: Task
    person_id: int | None


@dataclass(frozen=True)
class Left:
    """An unanswered task and who answers for it, None where nobody does; nothing of the child."""

    task_id: int
    person_id: int | None


def left_in(tx: Transaction, round_: Round, now: datetime) -> list[Left]:
    """The unanswered tasks of the round, in order of case reference."""
    today = municipal_day(now)
    everyone, leaves = people.everyone(tx), people.leaves(tx, today)
    # Leaves are asked about once for each pair and not for each of its tasks.
    answers_for = cache(partial(responsible, people=everyone, leaves=leaves, day=today))
    return [
        Left(row.id, answers_for(row.owner_id, row.substitute_id))
        for row in rounds.unanswered(tx, round_.id, today)
    ]


def in_rounds(tx: Transaction, asked: list[Round], now: datetime) -> list[Awaiting]:
    """Every task of the rounds, answered or not."""
    today = municipal_day(now)
    everyone, leaves = people.everyone(tx), people.leaves(tx, today)
    tasks = rounds.tasks(tx, [one.id for one in asked], today)
    return [Awaiting(task, _answers_for(task, everyone, leaves, today)) for task in tasks]


def unanswered(tx: Transaction, asked: list[Round], now: datetime) -> list[Awaiting]:
    return [one for one in in_rounds(tx, asked, now) if not one.task.answered]


def of_person(tx: Transaction, person: Person, now: datetime) -> list[Task]:
    """The person's tasks in all open rounds, answered or not, oldest month first."""
    today = municipal_day(now)
    tasks = rounds.tasks_that_may_be_of(tx, person.id, now, today)
    owners = {task.placement.owner_id for task in tasks if task.placement.owner_id is not None}
    leaves = people.leaves(tx, today) if tasks else []
    stand_ins = {one.substitute_id for one in leaves if one.person_id in owners and one.substitute_id}
    others = (owners | stand_ins) - {person.id}
    concerned = {**(people.some(tx, others) if others else {}), person.id: person}
    return [task for task in tasks if _answers_for(task, concerned, leaves, today) == person.id]


def _answers_for(
    task: Task, everyone: Mapping[int, Person], leaves: Sequence[Leave], today: date
) -> int | None:
    placement = task.placement
    return responsible(placement.owner_id, placement.substitute_id, everyone, leaves, today)
