"""What a list reads does not grow with its rows: a statement for each kind of thing, and none for each of them."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest

from followup import UnitId
from followup.signals.filters import SignalFilter
from services.acting import Acting, Refused
from services.signals.raising import raise_signal
from services.views.alerts import open_alerts
from services.views.desk import desk
from services.views.follow_ups import open_follow_ups, unfinished
from services.views.signal_list import signal_list
from storage.engine.database import Database
from storage.follow_ups import actions, follow_ups
from storage.register import people
from tests.support.builders import Register, at
from tests.support.turns import SLAP

NOW = at("2026-11-02 08:00")
FEW, MANY = 2, 9


def shown(found: Iterable[object] | Refused) -> list[object]:
    assert not isinstance(found, Refused)
    return list(found)


def rows_of_desk(acting: Acting) -> list[object]:
    found = desk(acting)
    assert not isinstance(found, Refused)
    return list(found.items)


def signals(acting: Acting) -> list[object]:
    found = signal_list(acting, SignalFilter(), 0, 50)
    assert not isinstance(found, Refused)
    return list(found.rows)


LISTS: tuple[Callable[[Acting], list[object]], ...] = (
    lambda acting: shown(open_alerts(acting)),
    lambda acting: shown(open_follow_ups(acting)),
    lambda acting: shown(unfinished(acting)),
    signals,
    rows_of_desk,
)


def happens_at(acting: Acting, register: Register, number: int) -> None:
    """A unit of its own, with an event that alerts, a follow-up and an action that is late."""
    tx, by = acting.tx, acting.person.id
    unit: UnitId = register.unit(f"HEM-{number}", name=f"Hem {number}")
    assert not isinstance(raise_signal(acting, {**SLAP, "unit": str(unit)}), Refused)
    opened = follow_ups.open_new(tx, unit, by, NOW, owner_id=by)
    assert opened
    due = NOW.date() - timedelta(days=number)
    actions.add(tx, opened.id, what="Bemanna.", owner_id=by, due_on=due, author_id=by, now=NOW)


@pytest.mark.sqlite("räknar frågorna där filen läses")
def test_a_list_of_many_asks_no_more_of_the_database_than_one_of_few(on_sqlite: Database) -> None:
    with on_sqlite.transaction() as tx:
        register = Register(tx)
        register.person("karin", "quality")
        karin = people.by_key(tx, "karin")
        assert karin
        acting = Acting(tx, karin, NOW)
        asked: dict[int, list[int]] = {}
        for number in range(1, MANY + 1):
            happens_at(acting, register, number)
            if number in (FEW, MANY):
                asked[number] = [statements(acting, one, number) for one in LISTS]
        assert asked[MANY] == asked[FEW]


def statements(acting: Acting, view: Callable[[Acting], list[object]], at_least: int) -> int:
    """How many the view asks, its own log left out, which is written at the end."""
    said: list[str] = []
    connection = acting.tx.connection.connection.dbapi_connection
    assert connection
    connection.set_trace_callback(said.append)
    rows = view(acting)
    connection.set_trace_callback(None)
    assert len(rows) >= at_least
    return sum(one.lstrip().upper().startswith("SELECT") for one in said)
