"""What awaits whom: the unanswered tasks of open rounds, each with the person who answers for it today."""

from collections.abc import Callable, Mapping, Sequence
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
class UnansweredTask:
    """An unanswered task and who answers for it, None where nobody does; nothing of the child."""

    task_id: int
    person_id: int | None


def left_in(tx: Transaction, round_: Round, now: datetime) -> list[UnansweredTask]:
    """The unanswered tasks of the round, in order of case reference."""
    today = municipal_day(now)
    everyone, leaves = people.everyone(tx), people.leaves(tx, today)
    answers_for = _asked_once(everyone, leaves, today)
    return [
        UnansweredTask(row.id, answers_for(row.owner_id, row.substitute_id))
        for row in rounds.unanswered(tx, round_.id, today)
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
    owners = {task.placement.owner_id for task in tasks if task.placement.owner_id is not None}
    leaves = people.leaves(tx, today) if tasks else []
    stand_ins = {one.substitute_id for one in leaves if one.person_id in owners and one.substitute_id}
    others = (owners | stand_ins) - {person.id}
    concerned = {**(people.some(tx, others) if others else {}), person.id: person}
    answers_for = _asked_once(concerned, leaves, today)
    return [
        one for one in tasks if answers_for(one.placement.owner_id, one.placement.substitute_id) == person.id
    ]


def _asked_once(
    everyone: Mapping[int, Person], leaves: Sequence[Leave], today: date
) -> Callable[[int | None, int | None], int | None]:
    """Who answers, by owner and substitute: leaves are asked about once for each pair and not for each of its tasks."""
    return cache(partial(responsible, people=everyone, leaves=leaves, day=today))
