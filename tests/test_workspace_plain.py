"""Every deed done by its page's own form as a browser without script sends it: so a new one must have such a form."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count

import pytest
from sqlalchemy import func, insert, select

from followup import UnitId
from storage.engine.database import Database
from storage.engine.tables import contract, metadata
from storage.follow_ups import follow_ups
from storage.register import people
from tests.support.builders import Register
from tests.support.builders_register import example
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.plain_forms import FILE, PlainForm, form_of
from tests.support.tab import ADDRESS, Seen, Tab
from tests.test_workspace_admin import queued
from tests.test_workspace_door import QUIET, READS_A_DAY
from tests.test_workspace_lists import raised
from workspace.frame.entry import DeedOf
from workspace.registered import ENTRIES

DAY = "2026-10-20"


@dataclass(frozen=True)
class Done:
    """A deed as `who` does it by the form of the page; `own` as `PlainForm.filled` has it.

    `row` is the table that it adds to or takes from, and `to` where it leads, where the page after it tells nothing.
    """

    path: str
    who: str
    page: str
    own: Mapping[str, str] = field(default_factory=dict)
    row: str = ""
    to: str = ""


WHY = {"reason": "Många frågor från vårdnadshavare."}
DEEDS = (
    Done("/mina/lamna", "anna", "/mina"),
    Done("/rapport/{task}", "anna", "/rapport/8", {"signals": "none"}),
    Done("/kort", "karin", "/urval", {"year": "2026", "n_risk": "1"}),
    Done("/urval/{year}/dra", "karin", "/urval/2026"),
    Done("/urval/{year}/justera", "karin", "/urval/2026", WHY),
    Done("/urval/{year}/las", "karin", "/urval/2026"),
    Done("/urval/{year}/hamta", "karin", "/urval/2026"),
    Done("/ga", "karin", "/desk", {"nummer": "A-1"}, to="/signal/"),
    Done("/desk/ge", "karin", "/desk"),
    Done("/tangenter", "karin", "/desk"),
    Done("/enhet/{unit}/bedom", "karin", "/enhet/1?andra=A-1&hur=regrade"),
    Done("/troskel/faststall", "karin", "/troskel?yellow_p=0,15", {"valid_from": "2026-11-02"}),
    Done("/rapport-ar/{year}/rekommendationer", "karin", "/rapport-ar/2026/rekommendationer"),
    Done("/rapport-ar/{year}/hamta", "karin", "/rapport-ar/2026"),
    Done("/rapport-ar/{year}/publicera", "karin", "/rapport-ar/2026"),
    Done("/uppfoljning/{follow_up}", "karin", "/uppfoljning/1"),
    Done("/uppfoljning/{follow_up}/krock", "karin", "/uppfoljning/1"),
    Done("/lage/hamta", "maria", "/lage"),
    Done("/obesvarade/paminn", "maria", "/obesvarade"),
    Done("/avtal/ansvar", "maria", "/avtal"),
    Done("/import", "alva", "/import", to="/import/1"),
    Done("/import", "alva", "/import", to="/import/2"),
    Done("/import/{number}/bekrafta", "alva", "/import/1/bekrafta", row="placement"),
    Done("/import/{number}/avvisade", "alva", "/import/1"),
    Done("/import/{number}/lat-bli", "alva", "/import/2", row="upload"),
    Done("/leveranser/{number}/igen", "alva", "/leveranser"),
    Done("/logg/granskad", "alva", "/logg"),
    Done("/logg/kontrollpunkt", "alva", "/logg"),
)
# The script's alone: the form itself keeps what is written, and reads its days.
BY_SCRIPT = {*QUIET, READS_A_DAY}
# Offered only where a child's time has come: `test_a_proposal_to_delete_is_laid_before_two_people_and_names_no_child`.
ELSEWHERE = {"/gallring/forslag"}


def _placed(case: str, **changed: str) -> bytes:
    cells = {"Aktreferens": case, "Enhetskod": "NORR", "Ansvarig": "anna", **changed}
    row = example("placeringar", {**cells, "Hem": "", "Alias": ""})
    return f"{';'.join(row)}\n{';'.join(row.values())}\n".encode("utf-8-sig")


@dataclass
class House:
    edge: Edge
    tabs: Mapping[str, Tab]

    async def form(self, deed: Done) -> tuple[Seen, PlainForm | None]:
        """And the page that it stands on."""
        tab = self.tabs[deed.who]
        if deed.path.endswith("/krock"):
            seen = await self._met()
        else:
            seen = await tab.get(deed.page)
        found = form_of(seen.text, f"/arbete{deed.path}")
        if deed.path == "/kort" and found:
            # The button of one form opens another.
            seen = await tab.post("/kort", found.filled(DAY, {}))
            found = form_of(seen.text, "/arbete/kort")
        return seen, found

    async def _met(self) -> Seen:
        """What a colleague's form is answered with, who had it before it was saved."""
        address, (hers, his) = "/uppfoljning/1", (self.tabs["karin"], self.tabs["kim"])
        forms = [form_of((await one.get(address)).text, f"/arbete{address}") for one in (his, hers)]
        sent = [
            {**one.filled(DAY, {}), "deviations": [text]}
            for one, text in zip(forms, ("Kim: två.", "Karin: en."), strict=True)
            if one
        ]
        assert (await his.post(address, sent[0])).status == 303
        return await hers.post(address, sent[1])

    async def sends(self, deed: Done, form: PlainForm) -> Seen:
        files = {}
        if any(kind == FILE for kind in form.asked.values()):
            files = {"placeringar.csv": _placed("AKT-9"), "fel.csv": _placed("AKT-8", Från="i går")}
        tab, sent = self.tabs[deed.who], form.filled(DAY, deed.own)
        seen = await tab.post(form.action.removeprefix("/arbete"), sent, files=files)
        assert self.edge.bot.uploads
        await self.edge.bot.uploads.read_waiting()
        return seen

    def rows(self, table: str) -> int:
        with self.edge.database.transaction() as tx:
            counted = select(func.count()).select_from(metadata.tables[table])
            found: int = tx.connection.execute(counted).scalar_one()
            return found


@pytest.fixture
async def house(municipality: Database) -> AsyncIterator[House]:
    """With something of each kind that a page has a deed for."""
    with municipality.transaction() as tx:
        register = Register(tx, count(100))
        register.person("alva", "admin")
        register.person("kim", "quality")
        for number in range(6):
            home = register.unit(f"HEM-{number}", name=f"Hem {number}")
            register.placement(None, home, case=f"AKT-9{number}")
        row = {"key": "C-1", "unit_id": 1, "form": "framework", "law": "lou"}
        days = {"starts": date(2025, 1, 1), "ends": date(2026, 11, 30)}
        tx.connection.execute(insert(contract).values(**row, **days))
    async with at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as edge:
        await edge.bot.wake()
        with municipality.transaction() as tx:
            karin = people.by_key(tx, "karin")
            assert karin
            follow_ups.open_new(tx, UnitId(1), karin.id, edge.clock(), by_risk=True)
        queued(edge, "a", "anna", "failed")
        tabs = {who: Tab(edge) for who in ("anna", "karin", "kim", "maria", "alva")}
        for who, tab in tabs.items():
            assert (await tab.enter(who)).status == 200
        await raised(tabs["karin"], "Ett slag.")
        yield House(edge, tabs)


async def test_every_deed_is_done_by_the_form_of_its_page_as_it_is_sent_without_script(house: House) -> None:
    """And is told of by the page that it leads to, or by a link to what is fetched."""
    assert [wrong for deed in DEEDS if (wrong := await _not_done(house, deed))] == []


async def _not_done(house: House, deed: Done) -> tuple[str, ...]:
    """What is wrong with it; empty where it is done."""
    page, form = await house.form(deed)
    if form is None:
        return deed.path, "no form leads to it from", deed.page
    before = house.rows(deed.row) if deed.row else 0
    seen = await house.sends(deed, form)
    if "/links/" in seen.text:
        return ()
    if seen.status != 303:
        return deed.path, "was answered with", str(seen.status), seen.words
    tab, address = house.tabs[deed.who], seen.headers["Location"].removeprefix("/arbete")
    told = await tab.get(address)
    if deed.row:
        done = house.rows(deed.row) != before
    elif deed.to:
        done = address.startswith(deed.to)
    else:
        untold = page if "kvitto=" not in address else await tab.get(address.partition("kvitto=")[0][:-1])
        done = told.words != untold.words
    return () if done and told.status == 200 else (deed.path, "is not told of", address, told.words)


def test_no_deed_is_left_out() -> None:
    registered = {re.sub(r"\{\w+\}", "{}", one.path) for one in ENTRIES if isinstance(one, DeedOf)}
    done = {re.sub(r"\{\w+\}", "{}", one.path) for one in DEEDS}
    assert registered - done == BY_SCRIPT | ELSEWHERE
