"""Workers with a September behind them and an October to answer; what they send, and what is kept of it."""

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from bench.processes import LOOPBACK
from bot.cards import draw
from dialogs.messages.message_replies import say_now
from followup import PlacementId
from followup.messages.month import Reminder
from followup.people import Role
from followup.times.month import Month
from scheduler.jobs import Times
from scheduler.waking import tick
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery, report, score
from storage.engine.vault import Vault
from storage.messages import conversations, ledger, queueing, settling
from storage.messages.conversations import Address
from storage.month import reports, rounds
from storage.register import people
from storage.risk import scores
from tests.support.builders import Register, aad, at
from tests.support.municipality import STEADY

UNITS = 100
OPENING = at("2026-11-02 08:00")
# When the questions before those that are measured went out: on another day, since nobody gets two in one.
ASKED = at("2026-10-30 08:00")
FORMS = ("hvb", "stodboende", "konsulentstott_familjehem", "konsulentstott_jourhem")
OCTOBER = Month(2026, 10)
# Every question answered, as a worker who knows the child answers it.
ANSWERS = {
    **STEADY,
    "private_talk_on": "2026-10-14",
    "visit_on": "2026-10-14",
    "provider_report_on": "2026-11-02",
    "provider_report_quality": "good",
    "free_text": "Trivs i skolan och har kommit igång med simningen. Nästa samråd är bokat.",
}


@dataclass(frozen=True)
class Size:
    workers: int
    each: int

    @property
    def placements(self) -> int:
        return self.workers * self.each


HANDING_IN = Size(150, 15)


@dataclass(frozen=True)
class Bench:
    """Where the register is, and what opens it."""

    path: Path
    key: str
    service_url: str

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def opened(self) -> Database:
        return Database(self.url, Vault([self.key]))


def build(bench: Bench, size: Size) -> None:
    """The municipality on the morning of the second of November, everybody having been asked about October."""
    database = bench.opened()
    schema.migrate(database)
    with database.transaction() as tx:
        scores.add_first_method(tx)
        _fill(tx, bench.service_url, size)
    database.close()


def _fill(tx: Transaction, service_url: str, size: Size) -> None:
    register = Register(tx)
    manager = register.person("chief", "manager")
    units = [register.unit(f"E{n}", form=FORMS[n % len(FORMS)]) for n in range(UNITS)]
    spread = Random(1)
    for number in range(size.workers):
        worker = register.person(f"w{number}", manager_id=manager)
        conversations.remember(tx, Address(f"a:w{number}", service_url), OPENING, person_id=worker)
        for one in range(size.each):
            case = f"AKT-{number:03d}-{one:02d}"
            register.placement(worker, spread.choice(units), case=case, starts="2026-03-01")
    _september(tx, size)
    tick(tx, OPENING, Times())
    # Nobody gets two of them in a day, so the day's reminders can go; the sender is measured apart.
    for prompt in ledger.listed(tx, ("ready",), limit=2 * size.workers):
        settling.settle(tx, prompt.id, "sent", sent_at=ASKED)


def _september(tx: Transaction, size: Size) -> None:
    handed_in = at("2026-10-05")
    round_ = rounds.open_round(tx, Month(2026, 9), at("2026-10-01"), at("2026-10-14"), at("2026-11-02"))
    for placement_id in range(1, size.placements + 1):
        rounds.add_task(tx, round_.id, PlacementId(placement_id))
    for task in rounds.tasks(tx, [round_.id], handed_in.date()):
        author = task.placement.owner_id
        assert author is not None
        reports.save(tx, task.id, STEADY, by_statement=False, author_id=author, now=handed_in)


def hand_ins(bench: Bench, app_id: str, tenant: str) -> list[bytes]:
    """One press per placement, by its worker, as Teams sends it; in an order that goes to and fro between units."""
    database = bench.opened()
    with database.transaction() as tx:
        october = rounds.by_month(tx, OCTOBER)
        assert october is not None
        tasks = rounds.tasks(tx, [october.id], OPENING.date())
    database.close()
    Random(2).shuffle(tasks)
    workers = [f"w{int(task.placement.case_reference.split('-')[1])}" for task in tasks]
    return [
        _press(task.id, worker, bench.service_url, app_id, tenant)
        for task, worker in zip(tasks, workers, strict=True)
    ]


def _press(task_id: int, worker: str, service_url: str, app_id: str, tenant: str) -> bytes:
    card = {"nonce": f"{task_id:032x}", "ticked": [], "task": task_id, "version": 0, "blocks": 0}
    action = {
        "type": "Action.Execute",
        "title": "Lämna in",
        "verb": "hand_in_report",
        "data": {**ANSWERS, "card": card},
    }
    activity = {
        **envelope(f"f:{task_id}", worker, service_url, app_id, tenant),
        "type": "invoke",
        "name": "adaptiveCard/action",
        "value": {"action": action, "trigger": "manual"},
        "replyToId": "1793606400000",
    }
    return json.dumps(activity, ensure_ascii=False).encode()


def greetings(number: int, service_url: str, app_id: str, tenant: str) -> list[bytes]:
    """Messages for a bot that says them again."""
    return [
        json.dumps(
            {
                **envelope(f"{n}", f"w{n % HANDING_IN.workers}", service_url, app_id, tenant),
                "type": "message",
                "text": f"Hej {n}",
                "textFormat": "plain",
            },
            ensure_ascii=False,
        ).encode()
        for n in range(number)
    ]


def envelope(activity_id: str, worker: str, service_url: str, app_id: str, tenant: str) -> dict[str, object]:
    """What every activity from Teams carries."""
    return {
        "id": activity_id,
        "timestamp": "2026-11-02T08:00:00.000Z",
        "localTimestamp": "2026-11-02T09:00:00.000+01:00",
        "localTimezone": "Europe/Stockholm",
        "locale": "sv-SE",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": f"29:{worker}", "name": f"{worker.capitalize()} Test", "aadObjectId": aad(worker)},
        "conversation": {"conversationType": "personal", "tenantId": tenant, "id": f"a:{worker}"},
        "recipient": {"id": f"28:{app_id}", "name": "Uppföljaren"},
        "entities": [
            {
                "locale": "sv-SE",
                "country": "SE",
                "platform": "Web",
                "timezone": "Europe/Stockholm",
                "type": "clientInfo",
            }
        ],
        "channelData": {"tenant": {"id": tenant}, "source": {"name": "message"}},
    }


def stored(bench: Bench) -> tuple[int, int]:
    """How many of October's tasks have a report, and how many scores have been made for reports."""
    database = bench.opened()
    with database.transaction() as tx:
        october = rounds.by_month(tx, OCTOBER)
        assert october is not None
        answered = [task for task in rounds.tasks(tx, [october.id], OPENING.date()) if task.version == 1]
        kept = tx.connection.execute(
            select(func.count())
            .select_from(report)
            .where(report.c.task_id.in_([task.id for task in answered]))
        ).scalar_one()
        scored = tx.connection.execute(
            select(func.count()).select_from(score).where(score.c.month_end.is_(False))
        ).scalar_one()
    database.close()
    assert kept == len(answered)
    return len(answered), scored


def fill_outbox(bench: Bench, messages: int) -> str:
    """A reminder to each of so many, since a second would go with the first; gives the card of one."""
    database = bench.opened()
    with database.transaction() as tx:
        october = rounds.by_month(tx, OCTOBER)
        assert october is not None
        workers = [one.id for one in people.everyone(tx).values() if one.role == Role.WORKER]
        for number, worker in enumerate(workers[:messages]):
            queueing.queue(tx, f"bench:{number}", Reminder(october.id), OPENING, person_id=worker)
        (newest,) = ledger.listed(tx, ("ready",), limit=1)
        card = say_now(tx, newest, OPENING)
    database.close()
    assert card is not None
    return json.dumps(draw(card, "bench"), ensure_ascii=False)


def outbox_states(bench: Bench) -> dict[str, int]:
    database = bench.opened()
    with database.transaction() as tx:
        states = tx.connection.execute(
            select(delivery.c.state, func.count())
            .where(delivery.c.key.startswith("bench:"))
            .group_by(delivery.c.state)
        )
        counted = {row[0]: row[1] for row in states}
    database.close()
    return counted


def local_service_url(connector: str) -> str:
    assert connector.startswith(f"http://{LOOPBACK}:")
    return f"{connector}/teams/"
