"""Municipalities made at random, in which every secret is a word of its own that can be found wherever it leaves."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from babel.dates import format_date
from sqlalchemy import update

from followup import PersonId, PlacementId, RoundId, SignalId, UnitId
from followup.access.access import DataKind
from followup.follow_ups.follow_up import UNANNOUNCED, OpenStep
from followup.messages.alerts import OwnFault
from followup.people import Leave, Person, Role, managers_of, may_report
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick
from storage.engine.database import Database, Transaction
from storage.engine.tables import placement
from storage.follow_ups import actions, follow_ups
from storage.messages import conversations, queueing
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.month import reports, rounds
from storage.register import people, placements
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.municipality import STEADY
from tests.support.scored import scored_at_once
from tests.support.turns import CHANNEL, SERVICE

NOW = at("2026-11-04 10:00")
TODAY = NOW.date()
FIRST_EVENT = date(2026, 4, 1)
VISIT, BEFORE = date(2026, 12, 24), at("2026-10-20")
TEAMS = ("Barn", "Unga", "Utredning")
STAFF = (("worker", 8), ("manager", 4), ("quality", 2), ("admin", 1))


@dataclass(frozen=True)
class Secret:
    """A word and what it gives away: of which kind, about which placement or worker or unit."""

    kind: DataKind
    placement_id: PlacementId | None = None
    person_id: PersonId | None = None
    unit_id: UnitId | None = None
    author_id: PersonId | None = None
    signal_id: SignalId | None = None
    # Of a visit that nobody outside the quality team may know of; of a follow-up that has its verdict.
    unannounced: bool = False
    judged: bool = False


@dataclass
class Town:
    database: Database
    chance: Random
    secrets: dict[str, Secret] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    units: list[UnitId] = field(default_factory=list)
    placed: dict[PlacementId, UnitId] = field(default_factory=dict)
    cases: dict[int, str] = field(default_factory=dict)

    def hide(self, word: str, kind: DataKind, **about: Any) -> str:
        self.secrets[word] = Secret(kind, **about)
        return word

    def pattern(self) -> re.Pattern[str]:
        """Finds every secret word, and every number of evidence and of an alert."""
        # By the letters that they begin with: an answer is long, and there are hundreds of words.
        words = defaultdict[str, list[str]](list)
        for word in sorted(self.secrets, key=len, reverse=True):
            begins = re.match(r"[^\W\d]*", word)
            assert begins is not None
            words[begins[0]].append(re.escape(word.removeprefix(begins[0])))
        found = "|".join(f"{begins}(?:{'|'.join(ends)})" for begins, ends in words.items())
        return re.compile(rf"{found}|(?<![A-Z])[AKSORUL]-\d+(?!\d)")


def make_town(database: Database, seed: int) -> Town:
    town = Town(database, Random(seed))
    with database.transaction() as tx:
        staff = _staff(tx, town)
        _homes(tx, town, staff)
        _leaves(tx, town, staff)
        _september(tx, town)
        conversations.remember(tx, Address(CHANNEL, SERVICE), NOW, channel=QUALITY_CHANNEL)
        tick(tx, at("2026-11-02 08:00"), Times())
        _october(tx, town)
        _signals(tx, town, staff)
        for unit_id in town.units:
            scored_at_once(tx, unit_id, NOW)
        _follow_ups(tx, town)
    return town


def _staff(tx: Transaction, town: Town) -> list[Person]:
    """Two of the workers have left and one has become a manager, all three with placements still in their names."""
    register, managers = Register(tx), list[PersonId]()
    for role, number in reversed(STAFF):
        for n in range(number):
            key = f"{role}{n}"
            own = town.chance.choice([*managers, None]) if role == "worker" and managers else None
            person_id = register.person(
                key,
                role,
                team=town.chance.choice([*TEAMS, None]),
                manager_id=own,
                active=not (role == "worker" and n in (0, 1)),
                language=town.chance.choice(["sv", "sv", "en"]),
            )
            town.keys.append(key)
            if role == "manager":
                managers.append(person_id)
            if role == "worker":
                town.hide(f"{key.capitalize()} Test", DataKind.COLLEAGUES, person_id=person_id)
    promoted = register.person("promoted", "manager", team="Barn")
    town.keys.append("promoted")
    everyone = people.everyone(tx)
    return [one for one in everyone.values() if one.role == Role.WORKER or one.id == promoted]


def _homes(tx: Transaction, town: Town, owners: list[Person]) -> None:
    register = Register(tx)
    for n in range(4):
        name = town.hide(f"Hemmet{town.chance.randrange(10**6):06d}", DataKind.UNIT)
        town.units.append(register.unit(f"H{n}", name=name, form="hvb" if n else "stodboende"))
    for n in range(14):
        owner, before, stand_in = town.chance.choices(owners, k=3)
        unit_id = town.units[0] if n < 2 else town.chance.choice(town.units[1:])
        ended = town.chance.random() < 0.2
        case = f"AKT-{town.chance.randrange(10**5, 10**6)}"
        placement_id = register.placement(
            before.id,
            unit_id,
            case=case,
            starts="2026-02-01",
            ends="2026-10-20" if ended else None,
            substitute_id=stand_in.id if town.chance.random() < 0.5 else None,
        )
        register.owner(placement_id, owner.id, substitute_id=stand_in.id, since="2026-08-01")
        town.placed[placement_id], town.cases[placement_id] = unit_id, case
        town.hide(case, DataKind.CASE_REFERENCE, placement_id=placement_id)
        alias = town.hide(
            f"Alias{town.chance.randrange(10**6):06d}", DataKind.ALIAS, placement_id=placement_id
        )
        sealed = tx.vault.seal(alias)
        tx.connection.execute(update(placement).where(placement.c.id == placement_id).values(alias=sealed))


def _leaves(tx: Transaction, town: Town, staff: list[Person]) -> None:
    for person in town.chance.sample(staff, 3):
        other = town.chance.choice([one for one in staff if one.id != person.id])
        people.record_leave(tx, Leave(person.id, TODAY, TODAY + timedelta(days=9), other.id), NOW)


def _september(tx: Transaction, town: Town) -> None:
    september = rounds.open_round(tx, Month(2026, 9), at("2026-10-01"), at("2026-10-14"), at("2026-11-02"))
    for placement_id in town.placed:
        rounds.add_task(tx, september.id, placement_id)
    _answer(tx, town, september.id, 0.8)


def _october(tx: Transaction, town: Town) -> None:
    october = rounds.by_month(tx, Month(2026, 10))
    assert october is not None
    _answer(tx, town, october.id, 0.4)


def _answer(tx: Transaction, town: Town, round_id: RoundId, share: float) -> None:
    """Some of the round's reports, with a word of free text each, and now and then a concern."""
    for task in rounds.tasks(tx, [round_id], TODAY):
        author = task.placement.owner_id
        if author is None or town.chance.random() > share:
            continue
        word = town.hide(
            f"Fritext{town.chance.randrange(10**6):06d}",
            DataKind.REPORT_TEXT,
            placement_id=task.placement.id,
        )
        concern = {"health": town.chance.choice(["ok", "concern"])}
        answers = {**STEADY, **concern, "free_text": word}
        reports.save(tx, task.id, answers, by_statement=False, author_id=author, now=NOW)


def _signals(tx: Transaction, town: Town, staff: list[Person]) -> None:
    for n in range(16):
        placed = list(town.placed)
        # Two that are serious: one at the home with few placements, one at another.
        serious = {0: placed[0], 1: placed[-1]}
        placement_id = serious.get(n) or town.chance.choice(placed)
        author = town.chance.choice(staff)
        day = _event_day(n)
        word = f"Signaltext{town.chance.randrange(10**6):06d}"
        answers = {
            "kind": town.chance.choice(["deviation", "complaint"]),
            "event_on": day.isoformat(),
            "consequence": "4" if n in serious else town.chance.choice("1234"),
            "occurred": "happened",
            "cause": "provider" if n in serious else town.chance.choice(["provider", "authority"]),
            "source": "child",
            "text": word,
        }
        about: dict[str, Any] = {"unit_id": town.placed[placement_id], "placement_id": placement_id}
        saved = signals.save(tx, answers, **about, task_id=None, author_id=author.id, now=NOW)
        town.hide(word, DataKind.SIGNAL_TEXT, **about, author_id=author.id, signal_id=saved.id)
        for written in _ways_to_write(day):
            town.hide(written, DataKind.EVENT_DAY, **about, author_id=author.id)
        _change(tx, town, saved.id, placement_id)
        if saved.cause == "authority":
            _tell_managers(tx, saved.id, author)


def _change(tx: Transaction, town: Town, signal_id: SignalId, placement_id: PlacementId) -> None:
    """One of the quality team regrades it for a reason, which is a text about the child."""
    changer = next(one for one in people.everyone(tx).values() if one.key == "quality0")
    why = town.hide(
        f"Skal{town.chance.randrange(10**6):06d}",
        DataKind.NOTES,
        placement_id=placement_id,
        author_id=changer.id,
        signal_id=signal_id,
    )
    signals.revise(tx, signal_id, {}, reason=why, author_id=changer.id, now=NOW)


def _event_day(number: int) -> date:
    """Never a month's last day, which stands in every chart of months whatever has happened."""
    day = FIRST_EVENT + timedelta(days=9 * number)
    return day - timedelta(days=1) if day == Month.of(day).last else day


def _follow_ups(tx: Transaction, town: Town) -> None:
    """An unannounced visit to come and one that was held, and two that are known of: every word in them is secret."""
    quality = [one for one in people.everyone(tx).values() if one.role == Role.QUALITY]
    kinds: tuple[tuple[OpenStep, str, str | None], ...] = (
        ("plan", UNANNOUNCED, None),
        ("act", UNANNOUNCED, "partly"),
        ("plan", "visit", None),
        ("act", "visit", "not"),
    )
    for unit_id, (step, method, verdict) in zip(town.units, kinds, strict=True):
        opened = follow_ups.open_new(tx, unit_id, quality[0].id, NOW)
        assert opened is not None
        unannounced, judged = method == UNANNOUNCED, verdict is not None
        about = {"unit_id": unit_id, "unannounced": unannounced, "judged": judged}
        word = town.hide(f"Omr{town.chance.randrange(10**6):06d}", DataKind.FOLLOW_UP_TEXTS, **about)
        if unannounced:
            town.hide(opened.number, DataKind.FOLLOW_UP, **about)
            for written in _ways_to_write(VISIT):
                town.hide(written, DataKind.FOLLOW_UP_TEXTS, **about)
        planned = replace(opened, step=step, method=method, planned_on=VISIT if unannounced else TODAY)
        written_down = replace(
            planned, verdict=verdict, verdict_on=TODAY if judged else None, areas={"indicators": word}
        )
        follow_ups.save(tx, written_down, quality[0].id, NOW)
        what = town.hide(f"Atg{town.chance.randrange(10**6):06d}", DataKind.FOLLOW_UP, **about)
        for owner in quality:
            actions.add(
                tx, opened.id, what=what, owner_id=owner.id, due_on=TODAY, author_id=owner.id, now=BEFORE
            )
    tick(tx, NOW, Times())


def days_told(words: Iterable[str]) -> str:
    """Every way to write the days that are among the words, in this year and the next: a form may hold them so."""
    return " ".join(way for word in words for way in _each_way().get(word, ()))


@cache
def _each_way() -> Mapping[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    for number in range(2 * 366):
        ways = {*_ways_to_write(date(TODAY.year, 1, 1) + timedelta(days=number))}
        for way in ways:
            found[way] |= ways
    return found


def _ways_to_write(day: date) -> Iterable[str]:
    yield day.isoformat()
    for language in ("sv", "en"):
        yield format_date(day, "d MMMM", locale=language)


def _tell_managers(tx: Transaction, signal_id: SignalId, author: Person) -> None:
    for manager in managers_of(people.everyone(tx), author):
        told = OwnFault(signal_id)
        queueing.queue(tx, told.key(manager.key), told, NOW, person_id=manager.id)


@dataclass(frozen=True)
class Responsibility:
    """Who answers for what at this moment, worked out here from the stored rows and not by what is under test."""

    owner: dict[PlacementId, PersonId | None]
    answers_for: dict[PlacementId, PersonId | None]
    manager_of: dict[PersonId, frozenset[PersonId]]

    @classmethod
    def read(cls, tx: Transaction) -> "Responsibility":
        everyone, leaves = people.everyone(tx), people.leaves(tx, TODAY)
        owner, answers_for = dict[PlacementId, PersonId | None](), dict[PlacementId, PersonId | None]()
        away = {one.person_id: one.substitute_id for one in leaves if one.starts <= TODAY <= one.ends}
        for one in placements.open_since(tx, date(2020, 1, 1), TODAY):
            first = (
                away.get(one.owner_id or PersonId(0))
                if may_report(everyone.get(one.owner_id or PersonId(0)))
                else None
            )
            chain = (one.owner_id, first, one.substitute_id)
            able = [id_ for id_ in chain if id_ and may_report(everyone.get(id_)) and id_ not in away]
            owner[one.id], answers_for[one.id] = one.owner_id, able[0] if able else None
        managers = {
            one.id: frozenset(manager.id for manager in managers_of(everyone, one))
            for one in everyone.values()
        }
        return cls(owner, answers_for, managers)
