"""Long lists: what one reads does not grow with its rows, and no page shows more of them than a page holds."""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import insert, update

from followup import UnitId
from followup.messages.operation import LogReviewDue
from followup.signals.filters import SignalFilter
from services.acting import Acting, Refused
from services.selection import selecting
from services.selection.selecting import Plan
from services.signals.raising import raise_signal
from services.views.alerts import open_alerts
from services.views.desk import desk
from services.views.follow_ups import open_follow_ups, unfinished
from services.views.signal_list import signal_list
from storage.engine.database import Database, Transaction
from storage.engine.tables import contract, delivery, person
from storage.follow_ups import actions, follow_ups
from storage.messages import queueing
from storage.register import people
from tests.support.builders import Register, at
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.tab import ADDRESS, Seen, Tab, entered
from tests.support.turns import SLAP
from tests.test_idle_tick import asked
from workspace.frame.drawing import TEMPLATES
from workspace.frame.visit import PAGE

NOW = at(NOVEMBER)
FEW, MANY = 2, 9


def shown(found: Iterable[object] | Refused) -> list[object]:
    assert not isinstance(found, Refused)
    return list(found)


def rows_of_desk(acting: Acting) -> list[object]:
    found = desk(acting)
    assert not isinstance(found, Refused)
    return list(found.shown(found.items))


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


def of_quality(tx: Transaction) -> tuple[Register, Acting]:
    """A register with one of the quality team in it, who looks."""
    register = Register(tx)
    register.person("karin", "quality")
    karin = people.by_key(tx, "karin")
    assert karin
    return register, Acting(tx, karin, NOW)


@pytest.mark.sqlite("räknar frågorna där filen läses")
def test_a_list_of_many_asks_no_more_of_the_database_than_one_of_few(on_sqlite: Database) -> None:
    with on_sqlite.transaction() as tx:
        register, acting = of_quality(tx)
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


@pytest.mark.sqlite("läser frågorna där filen läses")
def test_what_waits_is_put_in_order_without_anything_that_is_written_of_it(on_sqlite: Database) -> None:
    with on_sqlite.transaction() as tx:
        register, acting = of_quality(tx)
        happens_at(acting, register, 1)
        with asked(tx) as said:
            found = desk(acting)
    assert not isinstance(found, Refused)
    assert {one.sort for one in found.items} >= {"alert", "signal", "follow_up", "action"}
    assert not [one for one in said if re.search(r"signal_version\b|_version\.(what|areas|reason)\b", one)]


MORE = PAGE + 10


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    """More of everything than a page holds."""
    with municipality.transaction() as tx:
        register = Register(tx, count(100))
        register.person("alva", "admin")
        karin, maria = people.by_key(tx, "karin"), people.by_key(tx, "maria")
        assert karin and maria
        for number in range(MORE):
            worker = register.person(f"w{number}", manager_id=maria.id)
            unit = register.unit(f"HEM-{number}", name=f"Hem {number}")
            register.placement(worker, unit, case=f"AKT-9{number}")
            opened = follow_ups.open_new(tx, unit, karin.id, NOW, owner_id=karin.id)
            assert opened
            due = NOW.date() + timedelta(days=number)
            actions.add(
                tx, opened.id, what="Bemanna.", owner_id=karin.id, due_on=due, author_id=karin.id, now=NOW
            )
            agreed = {"key": f"C-{number}", "unit_id": unit, "form": "ramavtal", "law": "lou"}
            days = {"starts": NOW.date() - timedelta(days=9), "ends": NOW.date() + timedelta(days=9)}
            tx.connection.execute(insert(contract).values(**agreed, **days))
            queueing.queue(tx, f"lost:{number}", LogReviewDue(2026, 3), NOW, person_id=karin.id)
        tx.connection.execute(update(delivery).values(state="uncertain"))
        tx.connection.execute(update(person).where(person.c.key.like("w%")).values(teams_id=None))
        cycle = selecting.freeze(tx, Plan(2026, "Lotto"), karin, NOW)
        selecting.draw(tx, cycle, "4 8 15", karin, NOW)
    async with at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as opened_edge:
        await opened_edge.bot.wake()
        yield opened_edge


PAGES = (
    ("karin", "/desk"),
    ("karin", "/atgarder"),
    ("karin", "/avtal"),
    ("maria", "/obesvarade"),
    ("maria", "/avtal"),
    ("alva", "/leveranser"),
    ("alva", "/personer"),
)
# What stands beside a page that has pages, or is of one child, one year, one municipality or one plan's classes.
SHORT = {"_import", "_parts", "_period", "child", "method", "terms"}


def tables(page: Seen) -> list[list[str]]:
    """What each row of each table begins with."""
    found = re.findall(r"<table.*?</table>", page.text, re.DOTALL)
    return [re.findall(r'<th scope="row"[^>]*>(.*?)</th>', one, re.DOTALL) for one in found]


async def test_no_list_of_any_page_is_longer_than_a_page_and_all_of_it_is_on_its_pages(edge: Edge) -> None:
    for who, path in PAGES:
        async with entered(edge, who) as tab:
            first = await tab.get(path)
            seen = await _walked(tab, first)
            longest = max(len(rows) for page in seen for rows in tables(page))
            assert (path, longest) == (path, PAGE)
            assert 'class="pages"' in first.text, path
            # Of the longest of its lists each row stands on one page, and so many as there are in all.
            each = [max(tables(page), key=len) for page in seen]
            assert (path, sum(map(len, each)) >= MORE, len(seen)) == (path, True, len({*map(str, each)}))
            assert "AKT-9" not in "".join(one.text for one in seen)
    async with entered(edge, "karin") as karin:
        selection = await karin.get("/urval/2026")
        assert max(map(len, tables(selection))) <= PAGE


async def _walked(tab: Tab, page: Seen) -> list[Seen]:
    """By the link to the next page, to the end."""
    seen = [page]
    while following := re.search(r'href="/arbete([^"]+)" rel="next"', seen[-1].text):
        seen.append(await tab.get(following[1].replace("&amp;", "&")))
    return seen


def test_every_page_that_has_a_table_has_pages_or_is_known_to_be_short() -> None:
    with_table = {one.stem for one in TEMPLATES.glob("*.html") if "<table" in one.read_text("utf-8")}
    paged = {one.stem for one in TEMPLATES.glob("*.html") if "parts.pages(" in one.read_text("utf-8")}
    assert with_table - paged == SHORT
