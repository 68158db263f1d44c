"""What happens in a register that its pages are to show: signals, alerts, follow-ups, agreements, messages in doubt."""

from datetime import timedelta

from sqlalchemy import insert, select, update

from bench.scale_register import Size
from followup import UnitId
from followup.messages.operation import LogReviewDue
from followup.people import Person
from scheduler.jobs import Times
from scheduler.piece import PieceSize
from scheduler.waking import tick_sized
from services.acting import Acting, Refused
from services.selection import selecting
from services.selection.selecting import Plan
from services.signals.raising import raise_signal
from storage.engine.database import Database, Transaction
from storage.engine.tables import contract, delivery, person
from storage.follow_ups import actions, follow_ups
from storage.messages import queueing
from storage.register import people
from tests.support.builders import at
from tests.support.edge import NOVEMBER
from tests.support.turns import SLAP

OPENING = at(NOVEMBER)
TODAY = OPENING.date()


def make_busy(database: Database, size: Size) -> None:
    """The round open, and of each kind as much as a municipality of the size may have."""
    more, pieces = True, PieceSize()
    while more:
        with database.transaction() as tx:
            more = tick_sized(tx, OPENING, Times(), pieces).more
    for do in (_signals, _follow_ups, _contracts, _in_doubt, _selection):
        with database.transaction() as tx:
            quality = people.by_key(tx, "quality")
            assert quality
            do(tx, size, quality)


def _signals(tx: Transaction, size: Size, by: Person) -> None:
    """One of two hundred placements; a tenth of them serious, each of which alerts."""
    for number in range(max(4, size.placements // 200)):
        about = {
            **SLAP,
            "unit": str(1 + number % size.units),
            "consequence": "4" if number % 10 == 0 else "2",
        }
        done = raise_signal(Acting(tx, by, OPENING), about)
        assert not isinstance(done, Refused), done


def _follow_ups(tx: Transaction, size: Size, by: Person) -> None:
    """Of a unit in ten, each with an action."""
    for number in range(max(2, size.units // 10)):
        opened = follow_ups.open_new(tx, UnitId(1 + number), by.id, OPENING, owner_id=by.id)
        assert opened
        due = TODAY + timedelta(days=number % 90)
        actions.add(
            tx, opened.id, what="Bemanna kvällar.", owner_id=by.id, due_on=due, author_id=by.id, now=OPENING
        )


def _contracts(tx: Transaction, size: Size, _: Person) -> None:
    """One a unit, which end over four years."""
    rows = [
        {
            **{"key": f"AVTAL-{number}", "unit_id": number, "form": "ramavtal", "law": "lou"},
            "starts": TODAY - timedelta(days=400),
            "ends": TODAY + timedelta(days=number % 1400),
            "owner_id": 1 + size.managers,
        }
        for number in range(1, size.units + 1)
    ]
    tx.connection.execute(insert(contract), rows)


def _in_doubt(tx: Transaction, size: Size, by: Person) -> None:
    """Messages that nobody took, and people whom the bot does not reach."""
    for number in range(size.placements // 100):
        queueing.queue(tx, f"doubtful:{number}", LogReviewDue(2026, 3), OPENING, person_id=by.id)
    lost = delivery.c.key.like("doubtful:%")
    tx.connection.execute(update(delivery).where(lost).values(state="uncertain"))
    few = select(person.c.id).where(person.c.role == "worker").order_by(person.c.id.desc())
    last = [*tx.connection.scalars(few.limit(max(1, size.workers // 20)))]
    tx.connection.execute(update(person).where(person.c.id.in_(last)).values(teams_id=None))


def _selection(tx: Transaction, _: Size, by: Person) -> None:
    cycle = selecting.freeze(tx, Plan(2026, "Lotto"), by, OPENING)
    selecting.draw(tx, cycle, "4 8 15 16 23 42 7", by, OPENING)
