"""Counts of what is asked and answered are kept with each change, and are what every task counted anew gives."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, func, insert, select, text, update

from bench.scale_register import reported
from followup import PersonId
from followup.people import WhoAnswers
from followup.terms import UNFOLLOWED_FORMS
from followup.times.calendar import end_of_day
from followup.times.month import Month
from services.verification import faults_in_what_is_kept
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.imported import with_staged
from storage.engine.tables import ownership, report, report_task, round_, unit
from storage.imports import imports
from storage.month import rounds
from storage.overview import answer_counts, response_rates
from storage.register import people
from tests.support.builders import Register, at
from tests.support.deeds import trial
from tests.support.turns import SAY
from tests.test_tampering import found

# Its last day is the 14th here, and the 13th in UTC.
DEADLINE = at("2026-10-14 00:30")
DAYS = [date(2026, 9, 1), *(date(2026, 10, day) for day in (1, 13, 14, 15, 20))]
# What is done, to which placement, by or from whom, on which day, and whether an import does it.
Step = tuple[str, int, int, int, bool]
STEPS = st.tuples(
    st.sampled_from(
        [
            "owner",
            "owner",
            "report",
            "report",
            "task",
            "purge",
            "form",
            "deadline",
            "begin",
            "valid",
            "abandon",
        ]
    ),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, len(DAYS) - 1),
    st.booleans(),
)


class Town:
    """Two units with three placements, a round that asks for one of them, and an import that may be under way."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.staging: int | None = None
        register = Register(tx)
        self.workers = [register.person(f"w{number}") for number in range(3)]
        self.units = [register.unit(f"U{number}") for number in range(2)]
        self.placements = [
            register.placement(self.workers[number], self.units[number % 2], case=f"AKT-{number}")
            for number in range(3)
        ]
        self.round = rounds.open_round(tx, Month(2026, 9), at("2026-10-01"), DEADLINE, at("2026-11-02"))
        rounds.add_task(tx, self.round.id, self.placements[0])

    def take(self, step: Step) -> None:
        what, which, who, day, staged = step
        getattr(self, what)(which, who, DAYS[day], self.staging if staged else None)

    def _put_in(self, table: Table, **values: object) -> None:
        self.tx.connection.execute(insert(table).values(**values))

    def owner(self, which: int, who: int, day: date, import_id: int | None) -> None:
        """The third gives it a substitute too."""
        there = with_staged(ownership).c
        values = {"placement_id": self.placements[which], "owner_id": self.workers[who], "since": day}
        number = self.tx.connection.scalar(select(func.count(there.id)))
        recorded = {"recorded_at": at("2026-10-05") + timedelta(minutes=number or 0), "import_id": import_id}
        self._put_in(ownership, **values, substitute_id=self.workers[0] if who == 2 else None, **recorded)

    def _task(self, which: int) -> int | None:
        task = with_staged(report_task).c
        return self.tx.connection.scalar(select(task.id).where(task.placement_id == self.placements[which]))

    def task(self, which: int, _who: int, _day: date, import_id: int | None) -> None:
        if self._task(which) is None:
            values = {"round_id": self.round.id, "placement_id": self.placements[which]}
            self._put_in(report_task, **values, import_id=import_id)

    def report(self, which: int, who: int, _day: date, import_id: int | None) -> None:
        task_id, there = self._task(which), with_staged(report).c
        if task_id is None:
            return
        newest = self.tx.connection.scalar(select(func.max(there.version)).where(there.task_id == task_id))
        values = reported(task_id, self.workers[who], at("2026-10-05"))
        self._put_in(report, **{**values, "version": (newest or 0) + 1, "import_id": import_id})

    def purge(self, which: int, *_: object) -> None:
        if self.staging is None and (task_id := self._task(which)):
            self.tx.connection.execute(delete(report).where(report.c.task_id == task_id))
            self.tx.connection.execute(delete(report_task).where(report_task.c.id == task_id))
            mine = ownership.c.placement_id == self.placements[which]
            self.tx.connection.execute(delete(ownership).where(mine))

    def form(self, which: int, who: int, *_: object) -> None:
        changed = update(unit).where(unit.c.id == self.units[which % 2])
        self.tx.connection.execute(changed.values(form="hvb" if who else UNFOLLOWED_FORMS[0]))

    def deadline(self, _which: int, _who: int, day: date, *_: object) -> None:
        self.tx.connection.execute(update(round_).values(deadline=end_of_day(day)))

    def begin(self, *_: object) -> None:
        if self.staging is None:
            self.staging = imports.begin(self.tx, at("2026-10-05"))

    def valid(self, *_: object) -> None:
        if self.staging is not None:
            imports.make_valid(self.tx, self.staging, at("2026-10-06"))
            self.staging = None

    def abandon(self, *_: object) -> None:
        """Where nothing that people wrote stands on what the import put in, as its own look at that sees to."""
        while self.staging is not None and imports.clear_next(self.tx):
            pass
        self.staging = None


def as_recounted(tx: Transaction) -> None:
    """What is kept, and by who answers on any day, against every task counted with the pure rule."""
    [round_] = rounds.every(tx)
    assert response_rates.by_pair(tx, round_) == response_rates.recounted(tx, round_)
    everyone = people.everyone(tx)
    for day in DAYS:
        answering, tasks = (
            WhoAnswers(everyone, people.leaves(tx, day), day),
            rounds.tasks(tx, [round_.id], day),
        )
        for own_homes in (True, False):
            told = response_rates.of_round(tx, round_, day, own_homes=own_homes)
            expected = Counter[tuple[PersonId | None, bool]](
                (answering.of(*one.placement.answerable), one.version > 0)
                for one in tasks
                if own_homes or one.placement.form not in UNFOLLOWED_FORMS
            )
            for person_id in {*everyone, None}:
                own = [one for one in told if one.person_id == person_id]
                sums = [sum(one.asked for one in own), sum(one.answered for one in own)]
                asked = expected[person_id, True] + expected[person_id, False]
                assert sums == [asked, expected[person_id, True]]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14))
def test_whatever_is_done_in_whatever_order_is_kept_as_it_is_recounted(
    database: Database, steps: list[Step]
) -> None:
    walked(database, steps)


STORIES: dict[str, list[Step]] = {
    "a first report, and a correction": [("report", 0, 0, 1, False), ("report", 0, 0, 1, False)],
    "handed over before the last day, on it, and after": [
        ("report", 0, 0, 1, False),
        *(("owner", 0, day % 2 + 1, day, False) for day in (2, 3, 4, 5)),
    ],
    "an import is put in, answered beside and made valid": [
        ("begin", 0, 0, 0, False),
        ("task", 1, 0, 0, True),
        ("report", 1, 0, 0, True),
        ("owner", 0, 2, 2, True),
        ("report", 0, 0, 0, False),
        ("valid", 0, 0, 0, False),
        ("owner", 1, 0, 1, False),
    ],
    "an import is put in, answered beside and abandoned": [
        ("begin", 0, 0, 0, False),
        ("owner", 0, 2, 2, True),
        ("report", 0, 0, 0, True),
        ("report", 0, 0, 0, False),
        ("abandon", 0, 0, 0, False),
    ],
    "a child is deleted": [("report", 0, 0, 1, False), ("report", 0, 0, 1, False), ("purge", 0, 0, 0, False)],
    "a home becomes the municipality's own, and is it no more": [
        ("report", 0, 0, 1, False),
        ("form", 0, 0, 0, False),
        ("form", 0, 1, 0, False),
    ],
    "the deadline is moved": [("owner", 0, 1, 4, False), ("deadline", 0, 0, 5, False)],
    # A round ends with the last microsecond of its day, which SQLite rounds to the next one.
    "handed over on the day after the last moment": [("deadline", 0, 0, 3, False), ("owner", 0, 1, 4, False)],
}


@pytest.mark.parametrize("story", STORIES)
def test_it_is_so_of_each_story(database: Database, story: str) -> None:
    walked(database, STORIES[story])


def test_it_is_so_on_postgresql(on_postgresql: Database) -> None:
    for story in STORIES.values():
        walked(on_postgresql, story)


def walked(database: Database, steps: Sequence[Step]) -> None:
    with trial(database) as tx:
        town = Town(tx)
        for step in steps:
            town.take(step)
            as_recounted(tx)
        town.valid()
        as_recounted(tx)


def test_many_rows_in_one_statement_are_each_counted_once(on_postgresql: Database) -> None:
    """PostgreSQL tells a trigger of them all at once."""
    with trial(on_postgresql) as tx:
        town = Town(tx)
        rows = [{"round_id": town.round.id, "placement_id": one} for one in town.placements[1:]]
        tx.connection.execute(insert(report_task).values(rows))
        tasks = tx.connection.scalars(select(report_task.c.id)).all()
        versions = [
            {**reported(one, town.workers[0], at("2026-10-05")), "version": number}
            for one in tasks
            for number in (1, 2)
        ]
        tx.connection.execute(insert(report).values(versions))
        as_recounted(tx)
        tx.connection.execute(delete(report))
        as_recounted(tx)


@pytest.mark.parametrize(
    "change", ["asked = asked + 1", "answered = answered - 1", "owner_id = owner_id + 1000"]
)
def test_what_is_kept_and_is_not_what_the_tasks_give_is_found(municipality: Database, change: str) -> None:
    assert found(municipality, faults_in_what_is_kept) == []
    with municipality.transaction() as tx:
        answer_counts.add_up(tx)
        one = "(select min(owner_id) from answer_count)"
        tx.connection.execute(text(f"update answer_count set {change} where owner_id = {one}"))
    assert found(municipality, faults_in_what_is_kept) == [SAY("check.answers", month=Month(2026, 9))]


@pytest.mark.sqlite("bara SQLite rundade av dygnets sista ögonblick")
def test_what_was_counted_by_the_next_day_is_counted_anew(database: Database) -> None:
    config = schema._config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0057")
    with database.at_any_version() as tx:
        town, [round_before] = Town(tx), rounds.every(tx)
        for step in STORIES["handed over on the day after the last moment"]:
            town.take(step)
        pairs = response_rates.by_pair(tx, round_before), response_rates.recounted(tx, round_before)
        assert pairs[0] != pairs[1]
    schema.migrate(database)
    assert schema.drift(database) == []
    with database.transaction() as tx:
        as_recounted(tx)
