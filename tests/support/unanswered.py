"""Everything that awaits an answer, found by going through all tasks and all people, which the program never does."""

from datetime import datetime

from followup.people import WhoAnswers
from followup.times.calendar import municipal_day
from storage.engine.database import Transaction
from storage.month import rounds
from storage.month.awaiting import Awaiting
from storage.register import people


def unanswered(tx: Transaction, now: datetime) -> list[Awaiting]:
    today = municipal_day(now)
    answering = WhoAnswers(people.everyone(tx), people.leaves(tx, today), today)
    tasks = rounds.tasks(tx, [one.id for one in rounds.asking_rounds(tx, now)], today)
    return [Awaiting(one, answering.of(*one.placement.answerable)) for one in tasks if not one.answered]
