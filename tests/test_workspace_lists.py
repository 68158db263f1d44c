"""A long list in pages: which one is shown, of how many (`page.of`), and never an empty one."""

import json
import re
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, insert, select, text, update

from bot.drawing import Drawn, draw_one
from bot.posting import Sender
from bot.workspace.links import LONGEST
from followup import AlertId, UnitId
from followup.messages.alerts import AlertRaised, EvidenceAsked
from followup.messages.every import KINDS, EveryMessage
from followup.messages.operation import TokenRefused
from followup.times.month import Month
from storage.engine.database import Database, Transaction
from storage.engine.tables import alert, contract, delivery, person, signal
from storage.messages import claiming, ledger, queueing
from storage.register import people
from storage.risk import left_to_score, standings
from tests.support.builders import Register
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.key_server import APP_ID, TENANT
from tests.support.made_one import make_one
from tests.support.tab import ADDRESS, Seen, Tab, entered
from tests.support.turns import SLAP
from texts.catalogue import Texts
from workspace.cards.lately import LEADS, NUMBERED
from workspace.frame.entry import PageOf
from workspace.frame.listing import ListPage
from workspace.frame.pressed import PressedButton
from workspace.registered import ENTRIES

SAY = Texts("sv")
SENDER = Sender("28:bot", TENANT, "https://teams.example/", lambda page: f"page:{page}")


@pytest.mark.parametrize(
    ("page", "total", "start", "number"),
    [(1, 0, 0, 0), (1, 50, 0, 1), (1, 51, 0, 2), (2, 51, 50, 2), (3, 51, 0, 2), (2, 50, 0, 1), (9, 0, 0, 0)],
)
def test_a_page_of_a_list_begins_where_it_should(page: int, total: int, start: int, number: int) -> None:
    here = ListPage("/mina", page, total)
    assert (here.start, here.number) == (start, number)


def test_the_other_pages_keep_what_is_filtered_by() -> None:
    assert ListPage("/desk", 1, 99, {"slag": "larm"}).at(2) == "/arbete/desk?slag=larm&sida=2"


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    async with at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as opened:
        await opened.bot.wake()
        yield opened


async def raised(tab: Tab, text: str) -> Seen:
    """A signal about the first unit: the form asks what it needs to know in as many steps as it has."""
    seen = await tab.get("/ny-signal")
    while seen.status == 200:
        seen = await tab.post("/kort", {**seen.form("press"), **SLAP, "unit": "1", "text": text})
    assert seen.status == 303, seen.words
    return seen


async def test_the_quality_teams_list_counts_what_it_shows_and_its_links_say_how_much_they_show(
    edge: Edge,
) -> None:
    """`page.desk.`, `page.unit.`: of three signals two are hers, and each link shows as many rows as it says."""
    async with entered(edge, "karin") as karin:
        # In November the year's selection should have been drawn, which waits from the beginning.
        before = await karin.get()
        assert SAY("page.desk.caption", n=1, order=SAY("page.desk.by.dag")) in before.words
        assert SAY("page.desk.beslut", number=1) in before.words
        for _ in range(3):
            done = await raised(karin, "Ett slag.")
            told = await karin.get(done.headers["Location"].removeprefix("/arbete"))
            assert "A-" in told.words
        desk = await karin.get("/desk")
        with edge.database.transaction() as tx:
            signals = tx.connection.execute(select(func.count()).select_from(signal)).scalar_one()
            alerts = tx.connection.execute(select(func.count()).select_from(alert)).scalar_one()
        in_all = signals + alerts + 1
        for name, number in (("allt", in_all), ("signal", signals), ("larm", alerts), ("beslut", 1)):
            assert SAY(f"page.desk.{name}", number=number) in desk.words
        oldest = SAY("page.desk.by.dag")
        assert SAY("page.desk.caption", n=in_all, order=oldest) in desk.words
        narrowed = await karin.get("/desk?slag=signal")
        shown = narrowed.text.count('scope="row"')
        assert (shown, SAY("page.desk.caption", n=3, order=oldest) in narrowed.words) == (3, True)
        falling = await karin.get("/desk?slag=signal&ordning=-dag")
        assert re.findall(r">(A-\d)<", narrowed.text) == re.findall(r">(A-\d)<", falling.text)[::-1]
        assert (narrowed.text.count('aria-sort="ascending"'), falling.text.count('aria-sort="desc')) == (1, 1)
        await _says_how_each_stands(karin, edge)
        for typed, where in (
            ("l-1", "/larm/1"),
            ("A–2", "/signal/2"),
            ("uf7", "/uppfoljning/7"),
            ("r12", "/rad/R-12"),
            ("Å 3", "/atgard/3"),
        ):
            gone = await karin.post("/ga", {**desk.hidden, "nummer": typed})
            assert (gone.status, gone.headers["Location"]) == (303, f"/arbete{where}")
        nowhere = await karin.post("/ga", {**desk.hidden, "nummer": "AKT-1"})
        assert (nowhere.status, SAY("page.desk.no_number") in nowhere.words) == (422, True)
        nothing = await karin.get("/desk?slag=signal&vems=sena")
        assert (nothing.status, SAY("page.desk.none") in nothing.words) == (200, True)
        unit = await karin.get("/enhet/1")
        assert SAY("page.unit.evidence", n=unit.text.count("/arbete/signal/")) in unit.words
        assert "AKT-" not in desk.text + unit.text


async def _says_how_each_stands(karin: Tab, edge: Edge) -> None:
    """The unit's level as it is kept, and how far each thing has come; and the rows in the order of either."""
    with edge.database.transaction() as tx:
        [band] = set(standings.shown_of(tx, [UnitId(1)]).values())
    page = await karin.get("/desk?ordning=niva")
    cells = {name: _cells(page, name) for name in ("niva", "lage")}
    assert band == "red"
    assert cells["niva"] == [SAY("band.mark.red")] * (len(cells["niva"]) - 1) + ["–"]
    received = SAY("signals.state.received").rstrip(".")
    assert {SAY("page.desk.state.new"), received, "–"} == set(cells["lage"])
    falling = await karin.get("/desk?ordning=-niva")
    assert _cells(falling, "niva") == cells["niva"][::-1]
    assert _cells(await karin.get("/desk?ordning=lage"), "lage") == sorted(
        cells["lage"], key=lambda one: (one == "–", one.casefold())
    )


def _cells(page: Seen, column: str) -> list[str]:
    label = SAY(f"page.desk.column.{column}")
    return [
        unescape(re.sub(r"<[^>]*>", "", one)).strip()
        for one in re.findall(rf'data-label="{label}">(.*?)</td>', page.text)
    ]


async def test_what_is_ticked_is_given_thing_by_thing_and_what_is_not_is_told_with_why(edge: Edge) -> None:
    """`page.give.`, `page.keys.`: one that is as it was, one that is his, one that was given meanwhile."""
    with edge.database.transaction() as tx:
        quality = update(person).where(person.c.key == "bilal").values(role="quality")
        tx.connection.execute(quality)
        bilal = people.by_key(tx, "bilal")
        assert bilal
    async with entered(edge, "karin") as karin:
        for _ in range(3):
            await raised(karin, "Ett slag.")
        desk = await karin.get("/desk?slag=signal")
        assert "data-keys" in desk.text
        ticks = re.findall(r'name="vald" value="(signal:[^"]+)"', desk.text)
        nothing = await karin.post("/desk/ge", {**desk.hidden, "till": str(bilal.id)})
        assert (nothing.status, SAY("page.give.nothing") in nothing.words) == (422, True)
        nobody = await karin.post("/desk/ge", {**desk.hidden, "vald": ticks[:2]})
        assert (nobody.status, SAY("page.give.nobody") in nobody.words) == (422, True)
        assert [one in nobody.text for one in (f'{ticks[0]}" checked', f'{ticks[2]}" checked')] == [
            True,
            False,
        ]
        # Of the three one is Bilal's already, and one of Karin's is given to him before the list is sent.
        his, first, second = sorted(ticks, key=lambda one: not one.endswith(f":{bilal.id}"))
        before = {**desk.hidden, "nonce": "a" * 16, "vald": first, "till": str(bilal.id)}
        assert (await karin.post("/desk/ge", before)).status == 303
        done = await karin.post("/desk/ge", {**desk.hidden, "vald": ticks, "till": str(bilal.id)})
        assert done.headers["Location"].startswith("/arbete/desk?slag=signal&kvitto=")
        told = await karin.get(done.headers["Location"].removeprefix("/arbete"))
        numbers = {one: f"A-{one.split(':')[1]}" for one in ticks}
        for said in (
            SAY("page.give.done", n=1, name=bilal.name, numbers=numbers[second]),
            SAY("page.give.changed", number=numbers[first]),
            SAY("page.give.hers", number=numbers[his], name=bilal.name),
        ):
            assert said in told.words
        assert told.text.count(f">{bilal.name}</td>") == 3
        off = await karin.post("/tangenter", {**told.hidden, "tangenter": "av"})
        assert (off.status, "data-keys" in (await karin.get("/desk")).text) == (303, False)


async def test_a_manager_reminds_each_once_and_is_told_who(edge: Edge) -> None:
    """`page.unanswered.`, `page.status.units`: as many rows as there are workers with something left."""
    async with entered(edge, "maria") as maria:
        page = await maria.get("/obesvarade")
        assert SAY("page.unanswered.caption", n=2) in page.words
        assert page.text.count('scope="row"') == 2
        done = await maria.post("/obesvarade/paminn", {**page.hidden, "alla": "1"})
        told = await maria.get(done.headers["Location"].removeprefix("/arbete"))
        assert SAY("unanswered.reminded_all", n=2) in told.words
        again = await maria.post("/obesvarade/paminn", {**told.hidden, "alla": "1"})
        assert SAY("unanswered.all_reminded") in again.words
        state = await maria.get()
        rows = state.text.count("/arbete/enhet/")
        assert (SAY("page.status.units", shown=rows, all=rows) in state.words) == bool(rows)
        assert "AKT-" not in state.text + page.text
        await _by_team_and_period(edge, maria, state)
        assert SAY("risk.counting") not in state.words
        with edge.database.transaction() as tx:
            left_to_score.leave(tx, UnitId(1), edge.clock())
        assert SAY("risk.counting") in (await maria.get("/lage")).words
    async with entered(edge, "karin") as karin:
        assert SAY("risk.counting") in (await karin.get("/desk")).words


async def _by_team_and_period(edge: Edge, maria: Tab, now: Seen) -> None:
    """`page.status.`: her teams' reports counted in plain SQL, now and at the end of September; and as XLSX."""
    for page, month, other in (
        (now, Month(2026, 10), Month(2026, 9)),
        (await maria.get("/lage?manad=2026-09"), Month(2026, 9), Month(2026, 8)),
    ):
        counted = {one: _handed_in(edge, one) for one in (month, other)}
        answered, all_ = counted[month]
        before = counted[other]
        told = [SAY("page.status.in_of", answered=answered, all=all_), str(all_ - answered)]
        told.append(SAY("page.status.in_of", answered=before[0], all=before[1]) if before[1] else "–")
        table = page.text.partition(SAY("page.status.teams", month=month))[2].partition("</table>")[0]
        cells = re.findall(r'<td role="cell" class="number" data-label="[^"]*">([^<]*)<', table)
        assert (month, cells) == (month, told)
    assert SAY("status.then", day=date(2026, 9, 30)) in page.words
    for said in ("2026-11", "2031-01", "x", "0000-00"):
        assert SAY("status.as_of", day=edge.clock().date()) in (await maria.get(f"/lage?manad={said}")).words
    for file in ("svar", "allt"):
        offered = await maria.post("/lage/hamta", {**page.hidden, "fil": file})
        [link] = re.findall(r'href="(/links/[^"]+)"', offered.text)
        async with edge.session.get(f"{edge.address}{link}") as answer:
            assert (answer.status, (await answer.read())[:2]) == (200, b"PK")
        assert (await edge.get(link)).status == 410


def _handed_in(edge: Edge, month: Month) -> tuple[int, int]:
    """Of all in the little town, who are Maria's."""
    query = text(
        "select count(distinct r.task_id), count(distinct t.id) from report_task t "
        "join round o on o.id = t.round_id left join report r on r.task_id = t.id where o.month = :month"
    )
    with edge.database.transaction() as tx:
        row = tx.connection.execute(query, {"month": str(month)}).one()
    return row[0], row[1]


async def test_a_text_about_a_child_is_read_with_a_reason_here_too(edge: Edge) -> None:
    """By the same press as in the chat, and nothing of it is in the page before."""
    async with entered(edge, "karin") as karin:
        secret = "Den unge har ett blåmärke."
        await raised(karin, secret)
    async with entered(edge, "maria") as maria:
        assert (await maria.get("/signal/1")).status == 404
    with edge.database.transaction() as tx:
        anna = update(person).where(person.c.key == "bilal").values(role="quality")
        tx.connection.execute(anna)
    async with entered(edge, "bilal") as other:
        channel = {"press": PressedButton("take_channel", {}).sent(), "why_read": "assess_alert"}
        page = await other.get("/signal/1")
        assert (await other.post("/kort", {**page.hidden, **channel})).status == 409
        assert (page.status, secret in page.text) == (200, False)
        asking = await other.post("/kort", page.form("press", "signal_text_form"))
        assert secret not in asking.text
        read = await other.post("/kort", {**asking.form("press", "signal_text"), "why_read": "assess_alert"})
        assert secret in read.text


async def test_a_card_in_teams_leads_to_the_very_thing_and_names_it_by_kind_and_number_alone(
    edge: Edge,
) -> None:
    """What was asked for and what is sent unasked; the link holds no child, and the page that it leads to is hers."""
    await edge.post(edge.text("mina"))
    [body] = [one.body for one in edge.server.sent if "attachments" in one.body]
    opened = re.findall(r'https://teams\.microsoft\.com/l/entity/[^"]+', json.dumps(body))
    [address] = opened
    asked = parse_qs(urlsplit(address).query)
    assert json.loads(asked["context"][0]) == {"subEntityId": "mina"}
    assert (asked["tenantId"], f"/{APP_ID}/arbetsyta" in address, len(address) < LONGEST) == (
        [TENANT],
        True,
        True,
    )
    with edge.database.transaction() as tx:
        cards = [
            draw_one(tx, one, (), edge.clock(), edge.bot.municipality, SENDER)
            for one in claiming.due(tx, edge.clock(), 9)
        ]
    drawn = json.dumps([one.ready.activity for one in cards if isinstance(one, Drawn)])
    assert '"title": "\\u00d6ppna i arbetsytan", "url": "page:mina"' in drawn


async def test_each_first_page_leads_to_what_the_chat_has_told_of_last(edge: Edge) -> None:
    """The newest first, five at most, of what was sent to her alone and has a page; and never a child."""
    async with entered(edge, "karin") as karin, entered(edge, "maria") as maria:
        await raised(karin, "Ett slag.")
        with edge.database.transaction() as tx:
            told: list[EveryMessage] = [
                AlertRaised(AlertId(1)),
                *map(EvidenceAsked, map(AlertId, range(2, 7))),
            ]
            for place, message in enumerate([*told, TokenRefused(edge.clock())]):
                sent(tx, "karin", message, edge.clock() + timedelta(minutes=place))
        page = await karin.get()
        nav = page.text.partition('class="lately"')[2].partition("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', nav) == [f"/arbete/larm/{one}" for one in (6, 5, 4, 3)]
        assert SAY("message.kind.evidence") + " L-6" in page.words
        assert SAY("page.lately") not in (await maria.get()).words


def sent(tx: Transaction, to: str, message: EveryMessage, at: datetime) -> None:
    recipient = people.by_key(tx, to)
    assert recipient is not None
    queueing.queue(tx, f"{message.kind}:{at}", message, at, person_id=recipient.id)
    number = tx.connection.scalars(select(delivery.c.id).order_by(delivery.c.id.desc())).first()
    tx.connection.execute(
        update(delivery).where(delivery.c.id == number).values(state="sent", started_at=at, sent_at=at)
    )


def test_each_kind_of_message_leads_to_a_page_that_there_is_or_is_said_to_have_none() -> None:
    paths = {one.path.partition("/{")[0] for one in ENTRIES if isinstance(one, PageOf)}
    assert {*LEADS.values(), *(path for path, _, _ in NUMBERED.values())} <= paths
    without = {"duty_to_report", "led_to", "signal", "yearly_list", "channel_refused", "channel_chosen"}
    # The page of contracts is no worker's, who may be told of one.
    without.add("contract_asked")
    assert all(SAY(f"message.kind.{kind}") for kind in KINDS)
    assert set(LEADS) | set(NUMBERED) | without | {"token_refused", "update"} == set(KINDS)


async def test_contracts_that_end_are_listed_with_whom_the_table_lets_a_manager_know(edge: Edge) -> None:
    """`page.contracts.`: her own worker by name, another's not, and never the page for a worker."""
    ends = ((1, date(2026, 11, 30), "anna"), (2, date(2026, 12, 31), "kim"))
    with edge.database.transaction() as tx:
        register = Register(tx)
        register.person("kim", manager_id=register.person("mona", "manager", team="Unga"))
        for unit_id, day, who in ends:
            owner = people.by_key(tx, who)
            assert owner is not None
            of = {"key": f"C-{unit_id}", "unit_id": unit_id, "form": "ramavtal", "law": "lou"}
            row = {**of, "starts": date(2025, 1, 1), "ends": day, "owner_id": owner.id}
            tx.connection.execute(insert(contract).values(**row))
    async with entered(edge, "maria") as maria, entered(edge, "anna") as anna:
        page = await maria.get("/avtal")
        assert SAY("page.contracts.caption", n=2) in page.words
        assert ("C-1" in page.words, "C-2" in page.words) == (True, True)
        assert ("Anna Test" in page.words, "Kim Test" in page.words) == (True, False)
        assert SAY("page.contracts.other") in page.words
        assert (await anna.get("/avtal")).status == 404
        await _gives_and_reminds(edge, maria, page)
        assert (await anna.post("/avtal/ansvar", page.hidden)).status == 403
    async with entered(edge, "karin") as karin:
        await _gives_away_what_was_anothers(edge, karin)
        desk = await karin.get("/desk?slag=frist")
        assert SAY("page.desk.frist", number=2) in desk.words
        assert re.findall(r"/arbete/enhet/(\d+)\">", desk.text.partition("<tbody")[2]) == ["1", "2"]
        assert ("C-1" in desk.words, "Bilal Test" in desk.words) == (True, True)


def contract_ticks(page: Seen) -> list[str]:
    return re.findall(r'name="vald" value="([^"]+)"', page.text)


async def _does(tab: Tab, page: Seen, **form: str | list[str]) -> Seen:
    done = await tab.post("/avtal/ansvar", {**page.hidden, **form})
    return await tab.get(done.headers["Location"].removeprefix("/arbete")) if done.status == 303 else done


async def _gives_and_reminds(edge: Edge, maria: Tab, page: Seen) -> None:
    """Of her own people alone, once a day each; what has changed since is left, and another's is none."""
    [hers] = contract_ticks(page)
    offered = re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', page.text)
    names = {name: value for value, name in offered}
    assert set(names) == {"Anna Test", "Bilal Test", "Karin Test", "Maria Test"}
    nothing = await _does(maria, page, gor="paminn")
    assert (nothing.status, SAY("page.give.nothing") in nothing.words) == (422, True)
    nobody = await _does(maria, page, gor="ge", vald=hers)
    assert (nobody.status, f'value="{hers}" checked' in nobody.text) == (422, True)
    reminded = await _does(maria, page, gor="paminn", vald=hers)
    assert SAY("page.contracts.reminded", n=1, numbers="C-1") in reminded.words
    again = await _does(maria, reminded, gor="paminn", vald=[hers, "2:0", "99:0"])
    assert SAY("page.contracts.left.today", number="C-1") in again.words
    assert again.words.count(SAY("page.contracts.left.unknown")) == 2
    given = await _does(maria, again, gor="ge", vald=hers, till=names["Bilal Test"])
    done = SAY("page.give.done", n=1, name="Bilal Test", numbers="C-1")
    assert (done in given.words, "Bilal Test" in given.text.partition("<tbody")[2]) == (True, True)
    late = await _does(maria, page, gor="ge", vald=hers, till=names["Maria Test"])
    assert SAY("page.contracts.left.changed", number="C-1") in late.words
    same = await _does(maria, given, gor="ge", vald=contract_ticks(given), till=names["Bilal Test"])
    assert SAY("page.contracts.left.hers", number="C-1") in same.words
    assert _asked_of_contracts(edge) == [("anna", 1), ("bilal", 1)]


async def _gives_away_what_was_anothers(edge: Edge, karin: Tab) -> None:
    """The quality team gives any, and whoever gets two at once is told of both in one message."""
    page = await karin.get("/avtal")
    both = contract_ticks(page)
    assert len(both) == 2
    wrong = await _does(karin, page, gor="ge", vald=both, till="999")
    assert (wrong.status, SAY("page.give.nobody") in wrong.words) == (422, True)
    given = await _does(karin, page, gor="ge", vald=both, till="mona")
    assert SAY("page.give.done", n=2, name="Mona Test", numbers="C-1, C-2") in given.words
    assert _asked_of_contracts(edge)[2:] == [("mona", 1), ("mona", 2)]
    with edge.database.transaction() as tx:
        mona = people.by_key(tx, "mona")
        told = [one for one in ledger.listed(tx, ("ready",)) if one.person_id == (mona and mona.id)]
        make_one(tx, told[0], edge.clock())
        [one] = [one for one in ledger.listed(tx, ("ready",)) if one.person_id == (mona and mona.id)]
        drawn = draw_one(tx, one, (), edge.clock(), edge.bot.municipality, SENDER)
    assert isinstance(drawn, Drawn)
    words = json.dumps(drawn.ready.activity, ensure_ascii=False)
    assert SAY("contract_asked.title", n=2) in words
    assert [words.count(SAY("contract_asked.by", name="Karin Test")), "C-1" in words, "C-2" in words] == [
        2,
        True,
        True,
    ]
    # Some municipalities' keys are numbers, as the bot's own are.
    with edge.database.transaction() as tx:
        bilal = people.by_key(tx, "bilal")
        tx.connection.execute(
            update(person).where(person.c.key == "anna").values(key=str(bilal and bilal.id))
        )
    given = await karin.get("/avtal")
    [chosen] = re.findall(r'<option value="([^"]+)"[^>]*>Bilal Test<', given.text)
    back = await _does(karin, given, gor="ge", vald=contract_ticks(given)[:1], till=chosen)
    assert SAY("page.give.done", n=1, name="Bilal Test", numbers="C-1") in back.words


def _asked_of_contracts(edge: Edge) -> list[tuple[str, int]]:
    """Whom, and of which, in the order that it was decided."""
    with edge.database.transaction() as tx:
        rows = tx.connection.execute(
            select(person.c.key, delivery.c.payload)
            .join(person, person.c.id == delivery.c.person_id)
            .where(delivery.c.kind == "contract_asked")
            .order_by(delivery.c.id)
        ).all()
    return [(row.key, row.payload["fields"]["contract_id"]) for row in rows]
