"""Waking at any sequence of times: nobody is asked twice, and nobody is missed, whatever the register."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.messages.message_replies import say_now
from followup import PersonId, PlacementId, RoundId, TaskId, UnitId
from followup.messages.month import Escalation, Ownerless, Prompt, Reminder, Snoozed
from followup.month.rounds import Round, Task, snooze_until
from followup.people import Leave, Person, WhoAnswers
from followup.times.calendar import (
    add_working_days,
    at_municipal,
    in_working_hours,
    municipal_day,
    working_moment,
)
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick, tick_piece
from storage.engine.database import Database, Transaction
from storage.messages import ledger, settling
from storage.messages.delivery import Delivery, DeliveryState
from storage.month import reports, rounds
from storage.register import people
from storage.times.wakes import latest
from tests.conftest import open_file
from tests.support.builders import Register, at, claim_one
from tests.support.unanswered import unanswered

pytestmark = pytest.mark.sqlite("går genom genererade städer och månader, som bara SQLite har tid med")

# A longer walk: WALK_WAKES=10 (make walk).
LONGER = int(os.environ.get("WALK_WAKES", "1"))
FIRST, DAYS = date(2026, 10, 20), 92
START, LAST = at_municipal(FIRST), at_municipal(FIRST + timedelta(days=DAYS))
OPENS = {
    Month(2026, 9): at("2026-10-01 08:00"),
    Month(2026, 10): at("2026-11-02 08:00"),
    Month(2026, 11): at("2026-12-01 08:00"),
    Month(2026, 12): at("2027-01-04 08:00"),
    Month(2027, 1): at("2027-02-01 08:00"),
    Month(2027, 2): at("2027-03-01 08:00"),
}
TABLES = ("round", "report_task", "asking", "delivery", "alert", "score", "wake")
STATES: tuple[DeliveryState, ...] = ("ready", "sending", "sent", "uncertain", "failed", "cancelled")
T = TypeVar("T")


def day(offset: int) -> date:
    return FIRST + timedelta(days=offset)


@dataclass(frozen=True)
class Away:
    starts: int
    length: int
    substitute: int | None


@dataclass(frozen=True)
class Worker:
    team: str | None
    manager: int | None
    active: bool
    away: Away | None


@dataclass(frozen=True)
class Place:
    """A placement with its owner, and perhaps another from a later day; all by their number in the plan."""

    unit: int
    owner: int
    substitute: int | None
    starts: int
    length: int | None
    moved: tuple[int, int] | None

    @property
    def ends(self) -> int | None:
        return None if self.length is None else self.starts + self.length

    def open_in(self, month: Month) -> bool:
        return day(self.starts) <= month.last and (self.ends is None or day(self.ends) >= month.first)


@dataclass(frozen=True)
class Plan:
    forms: tuple[str, ...]
    managers: tuple[str, ...]
    workers: tuple[Worker, ...]
    places: tuple[Place, ...]

    def followed(self, place: Place) -> bool:
        return self.forms[place.unit] != "kommunens_familjehem"

    def is_steady(self, place: Place) -> bool:
        """One and the same person, present all the time, answers for it."""
        owner = self.workers[place.owner]
        return place.moved is None and owner.active and owner.away is None


TEAMS = st.sampled_from(["Barn", "Unga", None])
# Days on which a change matters most: around an opening, the reminders and the last day; and the ends of months.
CHANGES = st.sampled_from([13, 14, 15, 16, 20, 21, 22, 24, 25, 27, 42, 43, 45, 51, 55, 56, 76, 79, 85, 90])
EDGES = st.sampled_from([-50, -20, -19, 11, 12, 41, 42, 72, 73])


def seldom(one: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """None three times out of four."""
    return st.integers(0, 3).flatmap(lambda roll: one if roll == 3 else st.none())


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Two to four workers and three to six placements, most of them with a provider that is followed."""
    managers = draw(st.lists(st.sampled_from(["Barn", "Unga", "Vuxna"]), max_size=2))
    number = draw(st.integers(2, 4))
    someone = st.integers(0, number - 1)
    manager = st.integers(0, len(managers) - 1) if managers else st.none()
    worker = st.builds(
        Worker,
        TEAMS,
        seldom(manager),
        st.sampled_from([True, True, True, True, False]),
        seldom(
            st.builds(Away, CHANGES | st.integers(-10, 80), st.integers(0, 40), seldom(someone) | someone)
        ),
    )
    place = st.builds(
        Place,
        unit=st.sampled_from([0, 0, 0, 1, 1, 2]),
        owner=someone,
        substitute=seldom(someone),
        starts=EDGES | st.integers(-100, 10),
        length=seldom(st.integers(0, 160)),
        moved=seldom(st.tuples(CHANGES | st.integers(-5, 85), someone)),
    )
    return Plan(
        forms=("hvb", "stodboende", "kommunens_familjehem"),
        managers=tuple(managers),
        workers=tuple(draw(worker) for _ in range(number)),
        places=tuple(draw(st.lists(place, min_size=3, max_size=6))),
    )


@dataclass(frozen=True)
class Wake:
    """So many days after the wake before, or before it, at that minute of the day."""

    days: int
    minute: int

    def after(self, moment: datetime) -> datetime:
        clock = time(self.minute // 60, self.minute % 60)
        return min(at_municipal(municipal_day(moment) + timedelta(days=self.days), clock), LAST)


@dataclass(frozen=True)
class HandIn:
    which: int


@dataclass(frozen=True)
class Snooze:
    who: int
    days: int


@dataclass(frozen=True)
class Restart:
    pass


@dataclass(frozen=True)
class Deliver:
    pass


Step = Wake | HandIn | Snooze | Deliver | Restart
WAKES = st.builds(
    Wake,
    st.sampled_from([1, 1, 2, 2, 3, 4, 6, 9, 20, 0, -5]),
    st.sampled_from([480, 481, 720, 1019]) | st.integers(0, 1439),
)
STEPS = st.lists(
    st.one_of(
        *(WAKES for _ in range(6)),
        st.builds(HandIn, st.integers(0, 50)),
        st.builds(Snooze, st.integers(0, 3), st.integers(1, 20)),
        st.just(Deliver()),
        st.just(Restart()),
    ),
    min_size=18,
    max_size=30,
)


@dataclass
class World:
    """A planned register in a file of its own, with the time that it was last woken for."""

    plan: Plan
    path: Path
    database: Database
    workers: list[PersonId] = field(default_factory=list)
    places: dict[PlacementId, Place] = field(default_factory=dict)
    now: datetime = START

    def settle(self, tx: Transaction) -> None:
        register = Register(tx)
        register.person("karin", "quality", team="Kvalitet")
        managers = [
            register.person(f"manager{number}", "manager", team=team)
            for number, team in enumerate(self.plan.managers)
        ]
        for number, worker in enumerate(self.plan.workers):
            manager_id = None if worker.manager is None else managers[worker.manager]
            self.workers.append(
                register.person(
                    f"worker{number}", team=worker.team, manager_id=manager_id, active=worker.active
                )
            )
        for person_id, worker in zip(self.workers, self.plan.workers, strict=True):
            if worker.away is not None:
                people.record_leave(tx, self._leave(person_id, worker.away), at("2026-10-01"))
        units = [register.unit(form=form) for form in self.plan.forms]
        for place in self.plan.places:
            self.places[self._settle_place(register, units, place)] = place

    def _settle_place(self, register: Register, units: list[UnitId], place: Place) -> PlacementId:
        placement_id = register.placement(
            self.workers[place.owner],
            units[place.unit],
            starts=day(place.starts).isoformat(),
            ends=None if place.ends is None else day(place.ends).isoformat(),
            substitute_id=self._worker(place.substitute),
        )
        if place.moved is not None:
            since, owner = place.moved
            register.owner(placement_id, self.workers[owner], since=day(since).isoformat())
        return placement_id

    def _worker(self, number: int | None) -> PersonId | None:
        return None if number is None else self.workers[number]

    def _leave(self, person_id: PersonId, away: Away) -> Leave:
        substitute = self._worker(away.substitute)
        ends = day(away.starts + away.length)
        return Leave(person_id, day(away.starts), ends, substitute if substitute != person_id else None)

    def answers_for(self, place: Place, today: date, everyone: dict[PersonId, Person]) -> PersonId | None:
        """Who should be asked about the placement that day, from the plan alone."""
        owner, substitute = place.owner, place.substitute
        if place.moved is not None and day(place.moved[0]) <= today:
            owner, substitute = place.moved[1], None
        pairs = zip(self.workers, self.plan.workers, strict=True)
        leaves = [self._leave(person_id, one.away) for person_id, one in pairs if one.away]
        return WhoAnswers(everyone, leaves, today).of(self.workers[owner], self._worker(substitute))

    def restart(self) -> None:
        self.database.close()
        self.database = open_file(self.path)


@contextmanager
def a_world(plan: Plan, migrated: Path) -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test.db"
        shutil.copy(migrated, path)
        world = World(plan, path, open_file(path))
        try:
            with world.database.transaction() as tx:
                world.settle(tx)
            yield world
        finally:
            world.database.close()


def hand_in(tx: Transaction, which: int, now: datetime) -> None:
    waiting = unanswered(tx, now)
    if waiting:
        task = waiting[which % len(waiting)].task
        answers = {"feels_safe": "yes", "provider_report": "arrived"}
        author_id = next(iter(people.everyone(tx)))
        reports.save(tx, task.id, answers, by_statement=False, author_id=author_id, now=now)


def snooze(tx: Transaction, person_id: PersonId, days: int, now: datetime) -> None:
    for round_ in rounds.asking_rounds(tx, now):
        if now < round_.deadline:
            until = snooze_until(municipal_day(now) + timedelta(days=days), round_)
            rounds.record_snooze(tx, person_id, round_.id, until, now)


def deliver(tx: Transaction, now: datetime) -> None:
    """Sends what there still is to say, as the deliverer would."""
    while (one := claim_one(tx, "test", now)) is not None:
        settling.settle(tx, one.id, "sent" if say_now(tx, one, now) else "cancelled", sent_at=now)


# What must hold


def rounds_of(one: Delivery) -> list[RoundId]:
    """None for what is about no round; what managers are told of several at once is one message of them all."""
    match one.message:
        case Prompt() | Reminder() | Snoozed() as of_round:
            return [of_round.round_id]
        case Escalation() | Ownerless() as of_rounds:
            return [of_rounds.round_id, *of_rounds.others]
        case _:
            return []


@dataclass(frozen=True)
class Seen:
    """All that is stored about the rounds at a moment, as the checks read it."""

    rounds: dict[RoundId, Round]
    tasks: dict[TaskId, Task]
    asked: Counter[tuple[TaskId, PersonId]]
    said: list[Delivery]
    left: dict[RoundId, set[PersonId | None]]  # who answers for what has no report
    snoozed: dict[tuple[RoundId, PersonId], datetime]
    everyone: dict[PersonId, Person]

    @property
    def told_ownerless(self) -> Counter[tuple[PersonId | None, TaskId]]:
        """Which managers were told of which tasks that nobody answers for."""
        return Counter(
            (one.person_id, task_id)
            for one in self.said
            if isinstance(one.message, Ownerless) and one.state != "cancelled"
            for task_id in one.message.task_ids
        )


def look(world: World, tx: Transaction) -> Seen:
    found, today, everyone = rounds.newest(tx, 99), municipal_day(world.now), dict(people.everyone(tx))
    tasks = rounds.tasks(tx, [one.id for one in found], today)
    left: dict[RoundId, set[PersonId | None]] = {one.id: set() for one in found}
    for task in tasks:
        if not reports.versions(tx, task.id):
            left[task.round_id].add(world.answers_for(world.places[task.placement.id], today, everyone))
    return Seen(
        rounds={one.id: one for one in found},
        tasks={one.id: one for one in tasks},
        asked=Counter(
            (asking.task_id, asking.person_id)
            for one in found
            for person_id in people.everyone(tx)
            for asking in rounds.askings(tx, one.id, person_id)
        ),
        said=ledger.listed(tx, STATES, 10_000),
        left=left,
        snoozed={
            (one.id, person_id): until
            for one in found
            for person_id, (_, until) in rounds.snoozes(tx, one.id).items()
        },
        everyone=everyone,
    )


def dump(tx: Transaction) -> dict[str, list[object]]:
    return {name: list(tx.connection.exec_driver_sql(f"select * from {name}")) for name in TABLES}


def wake(world: World, moment: datetime) -> None:
    """Wakes, checks all that must hold, and shows that waking again adds nothing."""
    world.now = max(world.now, moment)
    with world.database.transaction() as tx:
        before = {one.key for one in ledger.listed(tx, STATES, 10_000)}
        queued = tick(tx, moment, Times())
        seen = look(world, tx)
        new = [one for one in seen.said if one.key not in before]
        assert queued == len([one for one in new if one.kind != "alert"])
        every_missed_month_is_caught_up(seen, world.now)
        nobody_is_missed(world, seen)
        nobody_is_asked_twice_or_about_what_is_not_followed(world, seen)
        what_was_said_just_now_was_called_for(seen, new, world.now)
        nothing_is_said_more_often_than_it_may_be(seen)
        stored = dump(tx)
        assert tick(tx, moment, Times()) == 0
        assert dump(tx) == stored


def every_missed_month_is_caught_up(seen: Seen, now: datetime) -> None:
    assert {one.month for one in seen.rounds.values()} == {
        month for month, opens in OPENS.items() if opens <= now
    }
    for one in seen.rounds.values():
        asks_on = municipal_day(working_moment(one.opened_at))
        assert municipal_day(one.deadline) == add_working_days(asks_on, 9)
        assert (one.escalated_at is not None) is (one.deadline < now)


def nobody_is_missed(world: World, seen: Seen) -> None:
    tasks = {(one.round_id, one.placement.id): one for one in seen.tasks.values()}
    told = {task_id for _, task_id in seen.told_ownerless}
    # What was first delivered after the round had closed was no longer said.
    unsaid = {one.person_id for one in seen.said if (one.kind, one.state) == ("prompt", "cancelled")}
    for round_ in seen.rounds.values():
        for placement_id, place in world.places.items():
            if not world.plan.followed(place) or not place.open_in(round_.month):
                continue
            task = tasks[round_.id, placement_id]
            person_id = world.answers_for(place, municipal_day(world.now), seen.everyone)
            if world.now < round_.closes_at and person_id is not None and not task.answered:
                assert (task.id, person_id) in seen.asked
            if world.now < round_.closes_at and person_id is None and not task.answered:
                assert task.id in told or not world.plan.managers
            owner = world.workers[place.owner]
            if world.plan.is_steady(place) and owner not in unsaid:
                asked = {who for task_id, who in seen.asked if task_id == task.id}
                assert task.answered or asked == {owner}


def nobody_is_asked_twice_or_about_what_is_not_followed(world: World, seen: Seen) -> None:
    assert set(seen.asked.values()) <= {1}
    for task in seen.tasks.values():
        place = world.places[task.placement.id]
        assert world.plan.followed(place)
        assert place.open_in(task.month)
    assert all(seen.everyone[person_id].active for _, person_id in seen.asked)
    prompts = Counter(one.person_id for one in seen.said if one.kind == "prompt" and one.state != "cancelled")
    asked = Counter(person_id for _, person_id in seen.asked)
    assert set(prompts) <= set(asked)
    assert all(number <= asked[who or PersonId(0)] for who, number in prompts.items())


def what_was_said_just_now_was_called_for(seen: Seen, new: list[Delivery], now: datetime) -> None:
    """Reminders only to those with something left, and not on top of a prompt; lists only of what is missing."""
    prompted = [one.person_id for one in new if one.kind == "prompt"]
    for one in new:
        assert one.not_before >= now
        if one.person_id is not None:
            assert seen.everyone[one.person_id].active
        if one.kind == "alert":
            continue
        assert in_working_hours(one.not_before)
        assert one.kind not in ("reminder", "snoozed") or one.person_id not in prompted
        if one.kind == "escalation":
            assert any(seen.left[number] for number in rounds_of(one))
        for number in rounds_of(one):
            it_was_called_for(seen, one, seen.rounds[number], now)


def it_was_called_for(seen: Seen, one: Delivery, round_: Round, now: datetime) -> None:
    left = seen.left[round_.id]
    if one.kind in ("prompt", "reminder", "snoozed"):
        assert one.person_id in left
    if one.kind in ("reminder", "snoozed"):
        assert seen.snoozed.get((round_.id, one.person_id or PersonId(0)), now) <= now
        assert one.not_before <= round_.deadline
    if one.kind == "escalation":
        assert round_.deadline < now
    if one.kind == "ownerless":
        assert None in left


def nothing_is_said_more_often_than_it_may_be(seen: Seen) -> None:
    said = Counter((one.kind, number, one.person_id) for one in seen.said for number in rounds_of(one))
    most = {"reminder": 2, "escalation": 1}
    assert all(number <= most.get(kind, number) for (kind, _, _), number in said.items())
    assert max(Counter(one.key for one in seen.said).values(), default=1) == 1
    assert set(seen.told_ownerless.values()) <= {1}
    lists = [one for one in seen.said if one.kind in ("prompt", "reminder", "snoozed")]
    days = Counter(
        (one.person_id, municipal_day(one.not_before)) for one in lists if one.state != "cancelled"
    )
    assert set(days.values()) <= {1}


@pytest.mark.long
@settings(max_examples=20 * LONGER, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans(), steps=STEPS)
def test_whenever_it_wakes_nobody_is_asked_twice_and_nobody_is_missed(
    migrated: Path, plan: Plan, steps: list[Step]
) -> None:
    with a_world(plan, migrated) as world:
        moment = world.now
        wake(world, moment)
        for step in steps:
            match step:
                case Wake():
                    moment = step.after(moment)
                    wake(world, moment)
                case HandIn(which):
                    with world.database.transaction() as tx:
                        hand_in(tx, which, world.now)
                case Snooze(who, days):
                    with world.database.transaction() as tx:
                        snooze(tx, world.workers[who % len(world.workers)], days, world.now)
                case Deliver():
                    with world.database.transaction() as tx:
                        deliver(tx, world.now)
                case Restart():
                    world.restart()
        wake(world, LAST)


Asked = tuple[set[Month], set[tuple[Month, PlacementId]], set[tuple[Month, PlacementId, PersonId]]]


def asked_in_the_end(world: World, moments: list[datetime]) -> Asked:
    """The months, their placements, and the tasks whose one steady owner was asked."""
    with world.database.transaction() as tx:
        for moment in moments:
            tick(tx, moment, Times())
        world.now = LAST
        seen = look(world, tx)
    months = {one.month for one in seen.rounds.values()}
    tasks = {(one.month, one.placement.id) for one in seen.tasks.values()}
    steady = {
        (seen.tasks[task_id].month, seen.tasks[task_id].placement.id, person_id)
        for task_id, person_id in seen.asked
        if world.plan.is_steady(world.places[seen.tasks[task_id].placement.id])
    }
    return months, tasks, steady


@pytest.mark.long
@settings(max_examples=4 * LONGER, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans(), wakes=st.lists(WAKES, max_size=8))
def test_a_bot_that_was_mostly_down_asks_in_the_end_as_one_that_woke_every_morning(
    migrated: Path, plan: Plan, wakes: list[Wake]
) -> None:
    mornings = [at_municipal(day(offset)) for offset in range(DAYS + 1)]
    some = [mornings[0]]
    for one in wakes:
        some.append(one.after(some[-1]))
    with a_world(plan, migrated) as seldom, a_world(plan, migrated) as daily:
        assert asked_in_the_end(seldom, [*some, LAST]) == asked_in_the_end(daily, mornings)


def begun(world: World, moment: datetime, most: int, pieces: int | None) -> None:
    """So many pieces of so many rows each, and then the process is ended; without a number all that there are."""
    done, more = 0, True
    while more and done != pieces:
        with world.database.transaction() as tx:
            more = tick_piece(tx, moment, Times(), most).more
        done += 1


@pytest.mark.long
@settings(max_examples=7 * LONGER, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    plan=plans(),
    wakes=st.lists(st.tuples(WAKES, st.integers(0, 4)), min_size=1, max_size=6),
    most=st.integers(1, 6),
)
def test_a_wake_that_is_ended_between_two_pieces_is_finished_by_the_next_as_if_it_had_not_been(
    migrated: Path, plan: Plan, wakes: list[tuple[Wake, int]], most: int
) -> None:
    with a_world(plan, migrated) as whole, a_world(plan, migrated) as ended:
        moment = whole.now
        for step, pieces in [*wakes, (wakes[0][0], None)]:
            moment = step.after(moment)
            begun(ended, moment, most, pieces)
            with whole.database.transaction() as tx, ended.database.transaction() as of_ended:
                # What was begun is finished as its own moment, before anything is done for a later one.
                if begun_for := latest(of_ended):
                    tick(tx, begun_for, Times())
        with whole.database.transaction() as tx, ended.database.transaction() as of_ended:
            assert dump(of_ended) == dump(tx)
