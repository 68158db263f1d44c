"""Small municipalities made at random, with all that makes a sentence false when it is not looked for.

People on leave, who have left or have become managers, substitutes, months that nobody answered for, placements that
ended, signals that were dismissed, homes that stand empty, and scores by the earlier method.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from sqlalchemy import insert, select, update

from followup import PersonId, PlacementId, UnitId
from followup.month.report import with_ordinary
from followup.people import Leave
from followup.times.calendar import at_municipal
from followup.times.month import Month
from storage.engine.database import Database, Transaction
from storage.engine.tables import alert, contract, placement, risk_config, score, unit
from storage.follow_ups import actions, follow_ups
from storage.messages import conversations
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.month import reports, rounds
from storage.register import people
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.scored import scored_at_once
from tests.support.turns import CHANNEL, SERVICE

BEGINS = at("2026-10-26 10:00")
FIRST, LAST = Month(2026, 5), Month(2026, 9)
STAFF = (
    ("maria", "manager"),
    ("olof", "manager"),
    ("karin", "quality"),
    ("yusuf", "quality"),
    ("admin", "admin"),
)
WORKERS = ("anna", "bilal", "cecilia", "david")
HOMES = ("Almgården", "Björkhem", "Cedergruppen", "Dalängen", "Ekbacken")
SAID = ("finns", "saknas", "ej_aktuellt", None)


@dataclass
class Town:
    database: Database
    chance: Random
    keys: Sequence[str] = (*WORKERS, *(key for key, _ in STAFF))


def make_town(database: Database, seed: int) -> Town:
    town = Town(database, Random(seed))
    with database.transaction() as tx:
        register = Register(tx)
        _people(register, town.chance)
        placed = _placed(register, town.chance)
        _by_the_earlier_method(tx)
        # Now and then nothing has happened anywhere, so that much is denied.
        calm = seed % 3 == 1
        _months(tx, town.chance, placed, calm=calm)
        if not calm:
            _signals(tx, town.chance, placed)
        _follow_ups(tx, town.chance)
        conversations.remember(tx, Address(CHANNEL, SERVICE), BEGINS, channel=QUALITY_CHANNEL)
        for number in range(1, len(HOMES) + 1):
            scored_at_once(tx, UnitId(number), BEGINS)
    return town


def _people(register: Register, chance: Random) -> None:
    managers = [
        register.person(key, role, team="Barn" if key == "maria" else "Unga" if key == "olof" else None)
        for key, role in STAFF
    ][:2]
    for key in WORKERS:
        own = chance.choice([*managers, None, None])
        register.person(key, team=chance.choice(["Barn", "Unga", None]), manager_id=own)


def _placed(register: Register, chance: Random) -> list[PlacementId]:
    """One home has nobody, one is the municipality's own, and the others some."""
    homes = [
        register.unit(name[:3].upper(), name=name, form=chance.choice(["hvb", "stodboende"]))
        for name in HOMES
    ]
    own = register.unit("KFH", name="Familjehemmet", form="kommunens_familjehem")
    tx, workers = (
        register.tx,
        [one.id for one in people.everyone(register.tx).values() if one.role == "worker"],
    )
    found = []
    for number in range(9):
        home = chance.choice([*homes[:-1], *homes[:2]]) if number else own
        begins = chance.choice(["2025-03-01", "2026-02-14", "2026-08-20", "2026-10-05"])
        ended = chance.choice([None, None, None, "2026-09-12", "2026-10-20"]) if begins < "2026-09" else None
        owner, stands_in = chance.choice(workers), chance.choice([*workers, None, None])
        other = stands_in if stands_in != owner else None
        one = register.placement(owner, home, starts=begins, ends=ended, substitute_id=other)
        told = {"care_plan": chance.choice(SAID), "treatment_plan": chance.choice(SAID)}
        alias = tx.vault.seal("Räven") if number == 2 else None
        tx.connection.execute(update(placement).where(placement.c.id == one).values(alias=alias, **told))
        found.append(one)
    tx.connection.execute(update(unit).where(unit.c.id == chance.choice(homes)).values(ownership="in_house"))
    for home in homes:
        _agreed(tx, home, chance)
    return found


def _agreed(tx: Transaction, home: UnitId, chance: Random) -> None:
    """An agreement that goes on, one that has ended, one that is to begin, or none; and a follow-up long ago."""
    span = chance.choice([("2024-01-01", None), ("2024-01-01", "2026-06-30"), ("2027-03-01", None), None])
    if span:
        days = {
            name: date.fromisoformat(day) if day else None
            for name, day in zip(("starts", "ends"), span, strict=True)
        }
        agreed = {"key": f"AVT-{home}", "unit_id": home, "form": "framework", "law": "lou", **days}
        tx.connection.execute(insert(contract).values(**agreed))
    if chance.random() < 0.4:
        before = {"last_follow_up": date(2025, 3, 3), "last_verdict": chance.choice(["uppfyller", None])}
        tx.connection.execute(update(unit).where(unit.c.id == home).values(**before))


def _by_the_earlier_method(tx: Transaction) -> None:
    """What the method before said of the first homes, and an alert that it raised and that was closed with it."""
    config_id = tx.connection.execute(select(risk_config.c.id)).scalar_one()
    for home, band in ((1, "red"), (2, "yellow")):
        stored = tx.connection.execute(
            insert(score)
            .values(
                unit_id=home,
                as_of=date(2026, 8, 31),
                month_end=True,
                scored_at=at("2026-09-01"),
                method="risk-1",
                config_id=config_id,
                base_levels_id="bas-2026",
                **dict.fromkeys(("o", "e", "ot", "et", "r", "p", "pt"), 1.0),
                n=1,
                index=120,
                rate_band=band,
                calm=0,
                shown=band,
                enough=True,
                inputs="{}",
                inputs_sha256="",
            )
            .returning(score.c.id)
        ).scalar_one()
        if band == "red":
            tx.connection.execute(
                insert(alert).values(
                    unit_id=home,
                    kind="silence",
                    episode="silence-2026-08",
                    score_id=stored,
                    band_before="green",
                    band_after="red",
                    raised_at=at("2026-09-01"),
                    closed_at=at("2026-10-01"),
                )
            )


def _months(tx: Transaction, chance: Random, placed: Sequence[PlacementId], *, calm: bool) -> None:
    """Closed rounds of the summer, with reports that never came and placements that nobody was asked about."""
    author = next(one.id for one in people.everyone(tx).values() if one.role == "worker")
    month = FIRST
    while month <= LAST:
        after = month.next
        opened, last = at_municipal(after.first), at_municipal(after.first + timedelta(days=13))
        of_month = rounds.open_round(tx, month, opened, last, at_municipal(after.next.first))
        for one in placed[1:]:
            if chance.random() < 0.85:
                rounds.add_task(tx, of_month.id, one)
        for task in rounds.tasks(tx, [of_month.id], after.first):
            if calm or chance.random() < 0.7:
                answers = with_ordinary(
                    {
                        "goal_progress": "partly",
                        "care_plan": chance.choice(["current", "missing"]),
                        "feels_safe": "yes" if calm else chance.choice(["yes", "yes", "yes", "partly", "no"]),
                    }
                )
                reports.save(tx, task.id, answers, by_statement=False, author_id=author, now=last)
        month = after


def _signals(tx: Transaction, chance: Random, placed: Sequence[PlacementId]) -> None:
    staff = people.everyone(tx)
    author = next(one.id for one in staff.values() if one.role == "worker")
    karin = next(one.id for one in staff.values() if one.key == "karin")
    for _ in range(chance.choice([0, 2, 6])):
        one = chance.choice(placed[1:])
        home = tx.connection.execute(placement.select().where(placement.c.id == one)).one().unit_id
        day = date(2026, 10, 20) - timedelta(days=chance.randrange(420))
        answers = {
            "kind": chance.choice(["deviation", "complaint"]),
            "event_on": str(day),
            "consequence": chance.choice("1234"),
            "occurred": "happened",
            "cause": chance.choice(["provider", "provider", "provider", "authority"]),
            "source": "child",
            "text": "Något hände.",
        }
        saved = signals.save(
            tx, answers, unit_id=home, placement_id=one, task_id=None, author_id=author, now=at("2026-10-21")
        )
        if chance.random() < 0.3:
            dismissed = {"dismissed": True}
            signals.revise(tx, saved.id, dismissed, reason="Dubblett.", author_id=karin, now=at("2026-10-22"))


def _follow_ups(tx: Transaction, chance: Random) -> None:
    karin = next(one.id for one in people.everyone(tx).values() if one.key == "karin")
    for number in chance.sample(range(1, len(HOMES) + 1), chance.randrange(3)):
        opened = follow_ups.open_new(tx, UnitId(number), karin, BEGINS)
        if opened is None or chance.random() < 0.4:
            continue
        day = date(2026, 10, chance.choice([20, 30]))
        follow_ups.save(tx, replace(opened, step="act", method="visit", planned_on=day), karin, BEGINS)
        due = {"due_on": date(2026, chance.choice([10, 11, 12]), 15), "author_id": karin, "now": BEGINS}
        actions.add(tx, opened.id, what="Ta fram en rutin.", owner_id=karin, **due)  # type: ignore[arg-type]


def go_on_leave(tx: Transaction, who: PersonId, substitute: PersonId | None, today: date, days: int) -> None:
    people.record_leave(tx, Leave(who, today, today + timedelta(days=days), substitute), BEGINS)
