"""The selection on one page: drawn with a value that anybody can draw with again, adjusted, locked, fetched."""

import re
from collections.abc import AsyncIterator
from hashlib import sha256
from itertools import count

import pytest
from sqlalchemy import func, select

from storage.engine.database import Database
from storage.engine.year_tables import follow_up, selection_cycle
from tests.support.builders import Register
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.tab import ADDRESS, Seen, Tab, entered
from texts.catalogue import Texts

SAY = Texts("sv")
VALUE = "4 8 15 16 23 42 7"


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    """With ten homes more, of which some are of no track."""
    with municipality.transaction() as tx:
        register = Register(tx, count(100))
        for number in range(10):
            unit = register.unit(f"HEM-{number}", name=f"Hem {number}")
            register.placement(None, unit, case=f"AKT-9{number}")
    async with at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as opened:
        yield opened


def rows(page: Seen) -> int:
    return page.text.partition('id="adjust"')[2].partition("</table>")[0].count('scope="row"')


async def followed(tab: Tab, done: Seen) -> Seen:
    assert done.status == 303, done.words
    return await tab.get(done.headers["Location"].removeprefix("/arbete"))


async def frozen(karin: Tab) -> Seen:
    """By the form that the chat has, which is the same deed."""
    none = await karin.get("/urval")
    assert SAY("selection.none") in none.words
    form = await karin.post("/kort", none.form("press", "selection_freeze_form"))
    defaults = dict(re.findall(r'<input type="text" id="[^"]*" name="([^"]+)" value="([^"]*)"', form.text))
    chosen = dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', form.text))
    typed = {"year": "2026", "public_value_name": "Lotto 28 november", "largest": "share", "n_risk": "1"}
    send = form.form("press", "freeze_selection")
    done = await karin.post("/kort", {**send, **typed, **chosen, **{k: v for k, v in defaults.items() if v}})
    assert done.status == 303, done.words
    return await karin.get("/urval/2026")


async def test_the_selection_goes_from_its_frame_to_its_protocol_on_one_page_without_script(
    edge: Edge,
) -> None:
    """`page.selection.`, `page.file.`"""
    async with entered(edge, "karin") as karin:
        page = await frozen(karin)
        with edge.database.transaction() as tx:
            frame_hash = tx.connection.execute(select(selection_cycle.c.frame_hash)).scalar_one()
        assert frame_hash in page.words
        nothing = await karin.post("/urval/2026/dra", {**page.hidden, "public_value": ""})
        assert (nothing.status, 'role="alert"' in nothing.text) == (422, True)
        drawn = await followed(
            karin, await karin.post("/urval/2026/dra", {**page.hidden, "public_value": VALUE})
        )
        assert SAY("page.selection.draw") in drawn.words
        assert SAY("page.selection.rows", n=rows(drawn)) in drawn.words
        # Each ticket is what anybody works out of what the page says.
        tickets = re.findall(r"\(([A-Z0-9-]+)\)</th><td[^>]*class=\"hash\"[^>]*>([0-9a-f]{64})<", drawn.text)
        seeds = [f"{frame_hash}|{VALUE}|{name}" for name in ("general", "risk")]
        assert len(tickets) > 1
        for key, ticket in tickets:
            assert ticket in {sha256(f"{seed}|{key}|1".encode()).hexdigest() for seed in seeds}
        await _adjusts(karin, drawn)
        await _locks(edge, karin)
        await _fetches(edge, karin)
    async with entered(edge, "maria") as maria:
        statuses = [(await maria.get(path)).status for path in ("/urval", "/urval/2026")]
        hidden = {**(await maria.get()).hidden, "nr": "1", "adjusted": "0"}
        statuses += [
            (await maria.post(f"/urval/2026/{one}", hidden)).status for one in ("las", "hamta", "dra")
        ]
        assert statuses == [404] * 5


async def _adjusts(karin: Tab, drawn: Seen) -> None:
    number, outside = rows(drawn), re.findall(r'<option value="(HEM-\d)"', drawn.text)
    without = await karin.post(
        "/urval/2026/justera", {**drawn.hidden, "hur": "add", "unit": outside[0], "reason": ""}
    )
    assert (without.status, f'value="{outside[0]}" selected' in without.text) == (422, True)
    why = {"reason": "Många frågor från vårdnadshavare."}
    added = await karin.post("/urval/2026/justera", {**drawn.hidden, "hur": "add", "unit": outside[0], **why})
    told = await followed(karin, added)
    assert (rows(told), why["reason"] in told.words) == (number + 1, True)
    opened = await karin.get(f"/urval/2026?nr=1&ta-ut={outside[0]}")
    assert SAY("selection.remove.about") in opened.words
    gone = {**opened.hidden, "nonce": "c" * 16, "hur": "remove", "unit": outside[0], "reason": "Stängd."}
    assert rows(await followed(karin, await karin.post("/urval/2026/justera", gone))) == number


async def _locks(edge: Edge, karin: Tab) -> None:
    page = await karin.get("/urval/2026")
    late = await karin.post("/urval/2026/las", {**page.hidden, "adjusted": "0"})
    assert (late.status, SAY("page.selection.changed") in late.words) == (422, True)
    locked = await followed(karin, await karin.post("/urval/2026/las", {**page.hidden, "adjusted": "2"}))
    assert SAY("page.selection.lock", opened=rows(locked), joined=0) in locked.words
    with edge.database.transaction() as tx:
        opened = tx.connection.execute(select(func.count()).select_from(follow_up)).scalar_one()
    assert opened == rows(locked)
    assert 'action="/arbete/urval/2026/las"' not in locked.text
    owners = await karin.post("/kort", locked.form("press", "selection_owners_form"))
    assert (owners.status, owners.text.count('name="owner_')) == (200, opened)
    # From a tab where the forms stand open still: nothing is done, why is said, and what was typed is there.
    for path, typed in (
        ("justera", {"hur": "add", "reason": "Tre nya klagomål."}),
        ("dra", {"public_value": "17 4"}),
    ):
        late = await karin.post(f"/urval/2026/{path}", {**page.hidden, "nonce": f"{path:e<16}", **typed})
        assert (late.status, late.text.count('class="errors"')) == (422, 1)
        assert f">{[*typed.values()][-1]}</textarea>" in late.text


async def _fetches(edge: Edge, karin: Tab) -> None:
    page = await karin.get("/urval/2026")
    offered = await karin.post("/urval/2026/hamta", {**page.hidden, "fil": "frame"})
    assert SAY("page.file.once") in offered.words
    [link] = re.findall(r'href="(/links/[^"]+)"', offered.text)
    first, again = await edge.get(link), await edge.get(link)
    assert (first.status, b"HEM-1" in first.body, again.status) == (200, True, 410)
