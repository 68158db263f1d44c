"""A unit's page for the quality team: every item in a table that sums to the score, judged where it stands."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from followup.risk.risk_parameters import PARAMETERS, STEPS
from services.selection.year import DOCUMENTS, PLANS
from storage.engine.database import Database
from storage.overview import editions
from storage.register import people, units
from tests.support.builders import at
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.tab import ADDRESS, Seen, Tab, entered
from tests.test_workspace_lists import raised
from texts.catalogue import Texts
from workspace.frame.answer import PageAnswer, Shown, ShownAgain
from workspace.frame.pressed import PressedButton
from workspace.frame.visit import PageRequest, Visit
from workspace.overview.desk import give_ticked, go_to
from workspace.overview.threshold import adopt_tried
from workspace.overview.unanswered import send_reminders
from workspace.overview.unit import judge

SAY = Texts("sv")


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    async with at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as opened:
        await opened.bot.wake()
        yield opened


def column(page: Seen, name: str) -> list[str]:
    """The cells of one column, as they are read."""
    label = SAY(f"page.unit.column.{name}")
    cells = re.findall(rf'data-label="{label}">(.*?)</td>', page.text, re.DOTALL)
    return [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", one))).strip() for one in cells]


def numbers(page: Seen) -> list[str]:
    return re.findall(r'<th scope="row" role="rowheader"><a href="[^"]*">([A-Z]-\d+)</a>', page.text)


def in_row(page: Seen, number: str, name: str) -> str:
    return column(page, name)[numbers(page).index(number)]


def read(figure: str) -> float:
    return float(figure.replace(",", "."))


async def test_every_item_stands_in_the_table_and_is_regraded_linked_and_dismissed_where_it_stands(
    edge: Edge,
) -> None:
    """`page.unit.`, `page.method.`: the rows and the starting value sum to the ratio, before and after."""
    async with entered(edge, "karin") as karin:
        for _ in range(3):
            await raised(karin, "Ett slag.")
        page = await karin.get("/enhet/1")
        first, second, third = sorted(numbers(page))
        assert SAY("page.unit.counting", n=3, counting=3) in page.words
        assert " i allt, " not in page.words
        *rows, prior, ratio = map(read, column(page, "raises"))
        assert sum(rows) + prior == pytest.approx(ratio, abs=0.02)
        # Regraded in place: what is missing is said in the form, and nothing of the page is gone.
        opened = await karin.get(f"/enhet/1?andra={first}&hur=regrade")
        assert (len(numbers(opened)), 'id="andra"' in opened.text) == (3, True)
        form = opened.form("press", "change_signal")
        wrong = await karin.post("/enhet/1/bedom", {**form, "nummer": first, "consequence": "2"})
        assert (wrong.status, "<title>Fel:" in wrong.text, len(numbers(wrong))) == (422, True, 3)
        form = wrong.form("press", "change_signal")
        typed = {"nummer": first, "consequence": "2", "why": "Lindrigare än vi trodde."}
        done = await karin.post("/enhet/1/bedom", {**form, **typed})
        told = await karin.get(done.headers["Location"].removeprefix("/arbete"))
        assert SAY("page.unit.judged", number=first) in told.words
        assert in_row(told, first, "consequence") == SAY("risk.consequence.2")
        assert in_row(told, first, "version") == "2"
        # What was seen has changed: a form drawn before says so.
        late = await karin.post("/enhet/1/bedom", {**form, "nonce": "b" * 16, **typed, "consequence": "3"})
        assert late.status == 422
        other = second.split("-")[1]
        await _judged(karin, first, "link", {"same_as": other, "why": "Samma händelse."})
        await _judged(karin, third, "dismiss", {"why": "Inget hände."})
        after = await karin.get("/enhet/1")
        assert (in_row(after, first, "linked_to"), in_row(after, second, "linked_to")) == (second, first)
        assert SAY("page.unit.counting", n=3, counting=1) in after.words
        linked = "1 har länkats till en annan rapport om samma händelse"
        assert after.words.count(f"3 avvikelser i allt, 1 räknas: 1 har avskrivits, {linked}.") == 1
        *rows, prior, ratio = map(read, column(after, "raises"))
        assert sum(rows) + prior == pytest.approx(ratio, abs=0.02)
        for kind, shown in (("lankade", 2), ("avskrivna", 1), ("deviation", 3), ("complaint", 0)):
            assert len(numbers(await karin.get(f"/enhet/1?slag={kind}"))) == shown
        with edge.database.transaction() as tx:
            raised_alerts = tx.connection.execute(text("select count(*) from alert where unit_id = 1"))
        assert after.words.count(SAY("page.unit.what.alert_raised")) == raised_alerts.scalar_one() > 0
        await _adds_up(karin)
    async with entered(edge, "maria") as maria:
        assert (await maria.get("/metod/1")).status == 404
        hers = await maria.get(f"/enhet/1?andra={first}&hur=regrade")
        assert " i allt, " not in hers.words
        assert [one in hers.text for one in ("A-1", "andra", SAY("page.unit.happened"))] == [False] * 3
        assert (await maria.post("/enhet/1/bedom", {**hers.hidden, **typed})).status == 404
        assert "AKT-" not in hers.text + after.text


async def _judged(tab: Tab, number: str, act: str, typed: dict[str, str]) -> None:
    opened = await tab.get(f"/enhet/1?andra={number}&hur={act}")
    form = {**opened.form("press", "change_signal"), "nummer": number, **typed}
    assert (await tab.post("/enhet/1/bedom", form)).status == 303


async def _adds_up(tab: Tab) -> None:
    """The months' weighed points are E, and the ratio is worked out of it and O as the page says."""
    page = await tab.get("/metod/1")
    label = SAY("page.method.column.weighed")
    *months, e = map(read, re.findall(rf'data-label="{label}">([0-9,]+)<', page.text))
    assert sum(months) == pytest.approx(e, abs=0.07)
    o, r = (read(one) for one in re.findall(r"<strong>(?:O = )?([0-9,]+)</strong>", page.text))
    assert (3 + o) / (3 + e) == pytest.approx(r, abs=0.01)


async def test_a_threshold_is_tried_by_an_address_and_adopted_by_a_form_and_the_report_is_fetched_once(
    edge: Edge,
) -> None:
    """`page.threshold.`, `page.report_year.`"""
    async with entered(edge, "karin") as karin:
        await raised(karin, "Ett slag.")
        page = await karin.get("/troskel")
        held = dict(
            re.findall(r' name="([a-z_]+\.steg)" min="0" max="4" step="1" value="([0-4])"', page.text)
        )
        assert set(held.values()) == {"2"}
        assert [one for one in PARAMETERS if SAY(f"threshold.effect.{one}") not in page.words] == []
        assert (len(held), "/troskel/faststall" in page.text) == (len(PARAMETERS), False)
        same = await karin.get(f"/troskel?{urlencode(held)}")
        assert (same.status, "/troskel/faststall" in same.text) == (200, False)
        wrong = await karin.get("/troskel?red_p=1,7&yellow_p=x")
        assert (wrong.status, "/troskel/faststall" in wrong.text) == (422, False)
        await _by_word(karin, held)
        tried = await karin.get(f"/troskel?{urlencode({**held, 'yellow_pt': '0,35'})}")
        with edge.database.transaction() as tx:
            number = len(units.followed_units(tx))
        # The event holds the unit red, so that no band is shown otherwise.
        assert SAY("threshold.none_today", n=number) in tried.words
        assert SAY("threshold.counts_today", red_before=1, red=1, yellow_before=0, yellow=0) in tried.words
        assert SAY("threshold.parameter.yellow_pt") in tried.words.partition(SAY("threshold.today"))[0]
        form = {**tried.hidden, "valid_from": "2026-11-02", "why": ""}
        missing = await karin.post("/troskel/faststall", form)
        assert (missing.status, 'href="#why"' in missing.text) == (422, True)
        done = await karin.post("/troskel/faststall", {**form, "why": "Fler ska följas upp."})
        told = await karin.get(done.headers["Location"].removeprefix("/arbete"))
        assert SAY("page.threshold.adopted", version="risk-3") in told.words
        late = await karin.post("/troskel/faststall", {**form, "nonce": "d" * 16, "why": "En gång till."})
        assert late.status == 422
        report = await karin.get("/rapport-ar/2026")
        assert SAY("order.divisions") not in report.words
        assert report.text.count('name="fil"') == len(DOCUMENTS) + len(PLANS)
        offered = await karin.post("/rapport-ar/2026/hamta", {**report.hidden, "fil": DOCUMENTS[0]})
        [link] = re.findall(r'href="(/links/[^"]+)"', offered.text)
        assert SAY("page.file.once") in offered.words
        assert link
        assert (await karin.get("/rapport-ar/1999")).status == 404
        await _publishes(edge, karin, report)
        await _recommends(karin)
    async with entered(edge, "maria") as maria:
        statuses = [(await maria.get(one)).status for one in ("/troskel", "/rapport-ar", "/rapport-ar/2026")]
        hidden = (await maria.get()).hidden
        statuses += [
            (await maria.post(f"/{one}", hidden)).status
            for one in ("troskel/faststall", "rapport-ar/2026/hamta", "rapport-ar/2026/publicera")
        ]
        there = "/rapport-ar/2026/rekommendationer"
        statuses += [(await maria.get(there)).status, (await maria.post(there, hidden)).status]
        assert statuses == [404] * 8


async def test_the_report_of_each_part_is_fetched_from_the_page_where_the_municipality_is_divided(
    municipality: Database, tmp_path: Path
) -> None:
    """In one file, with which parts have none; and what is wrong in the file of parts is said in its place."""
    path = tmp_path / "omraden.csv"
    for parts, inside in (
        ({"NORR": "Norr", "SYD": "Norr"}, {"rapport-omrade-norr-2026.docx"}),
        ({"NORR": "Norr"}, {"utan-egen-rapport.txt"}),
        ({"FINNS-INTE": "Norr"}, None),
    ):
        lines = "".join(f"{unit};{name}\n" for unit, name in parts.items())
        path.write_text(f"Enhetskod;Verksamhetsområde\n{lines}", encoding="utf-8")
        async with (
            at_the_edge(
                municipality, NOVEMBER, sends=False, public_address=ADDRESS, divisions=path
            ) as divided,
            entered(divided, "karin") as karin,
        ):
            page = await karin.get("/rapport-ar/2026")
            assert SAY("order.divisions") in page.words
            offered = await karin.post("/rapport-ar/2026/hamta", {**page.hidden, "fil": "divisions"})
            [link] = re.findall(r'href="(/links/[^"]+)"', offered.text)
            fetched = await divided.get(link)
        if inside is None:
            assert "FINNS-INTE finns inte i registret" in fetched.body.decode()
        else:
            assert set(ZipFile(BytesIO(fetched.body)).namelist()) == inside


async def _recommends(karin: Tab) -> None:
    """From a tab of before hers stays in the form, beside what stands, and nothing is written over."""
    where = "/rapport-ar/2026/rekommendationer"
    assert f'href="/arbete{where}"' in (await karin.get("/rapport-ar/2026")).text
    page = await karin.get(where)
    sent = await karin.post(where, {**page.hidden, "text": "- Nya planer.\n- En till."})
    told = await karin.get(sent.headers["Location"].removeprefix("/arbete"))
    assert SAY("recommendations.stored") in told.words
    assert "- Nya planer." in told.text
    other = await karin.post(where, {**page.hidden, "nonce": "e" * 16, "text": "Annat."})
    assert (other.status, SAY("recommendations.changed", name="Karin Test") in other.words) == (409, True)
    assert ("Annat.</textarea>" in other.text, "- Nya planer." in other.text) == (True, True)
    both = {**other.hidden, "nonce": "b" * 16, "text": "Annat, och nya planer."}
    assert (await karin.post(where, both)).status == 303
    wrong = await karin.post(where, {**both, "nonce": "a" * 16, "text": "20120131-2384"})
    assert (wrong.status, 'href="#text"' in wrong.text) == (422, True)
    assert (await karin.get("/rapport-ar/1999/rekommendationer")).status == 404


async def _by_word(karin: Tab, held: dict[str, str]) -> None:
    """A slider's word is tried as the number that stands under it, and a number that is typed goes before it."""
    moved = await karin.get(f"/troskel?{urlencode({**held, 'yellow_pt.steg': '3', 'yellow_pt': ''})}")
    ticks = moved.text.partition('id="yellow_pt-ticks"')[2].partition("</ol>")[0]
    words = [one.split("<br>") for one in re.findall(r"<li>(.*?)</li>", ticks)]
    assert [word for word, _ in words] == [SAY(f"page.threshold.step.{one}") for one in STEPS]
    lower, higher = read(words[2][1]), read(words[3][1])
    assert higher == pytest.approx(1.25 * lower, abs=0.006)
    assert moved.hidden["yellow_pt"] == str(higher)
    assert 'name="yellow_pt.steg" min="0" max="4" step="1" value="3"' in moved.text
    typed = await karin.get(f"/troskel?{urlencode({**held, 'yellow_pt.steg': '3', 'yellow_pt': '0,36'})}")
    assert typed.hidden["yellow_pt"] == "0.36"
    assert 'name="yellow_pt" value="0,36"' in typed.text
    for nonsense in ("9", "-1", "x"):
        assert "/troskel/faststall" not in (await karin.get(f"/troskel?yellow_pt.steg={nonsense}")).text


async def _publishes(edge: Edge, karin: Tab, page: Seen) -> None:
    """With the review that the chat asks for, and never over an edition that she has not seen."""
    assert SAY("publish.draft") in page.words
    form = {**page.hidden, "edition": "0", "reviewed_by": "Eva Jurist"}
    missing = await karin.post("/rapport-ar/2026/publicera", form)
    assert (missing.status, 'href="#reviewed_on"' in missing.text, "Eva Jurist" in missing.text) == (
        422,
        True,
        True,
    )
    early = await karin.post("/rapport-ar/2026/publicera", {**form, "reviewed_on": "2026-08-31"})
    assert (early.status, SAY("publish.reviewed_early", day=date(2026, 8, 31)) in early.words) == (422, True)
    reviewed = {**form, "reviewed_on": "2026-10-20"}
    done = await karin.post("/rapport-ar/2026/publicera", reviewed)
    told = await karin.get(done.headers["Location"].removeprefix("/arbete"))
    assert SAY("publish.done", number=1) in told.words
    again = await karin.post("/rapport-ar/2026/publicera", reviewed)
    assert again.headers["Location"] == done.headers["Location"]
    stale = await karin.post("/rapport-ar/2026/publicera", {**reviewed, "nonce": "f" * 16})
    assert (stale.status, SAY("publish.other") in stale.words) == (422, True)
    over = await karin.post("/rapport-ar/2027/publicera", reviewed)
    with edge.database.transaction() as tx:
        found = editions.newest(tx, 2026)
    assert found
    assert (over.status, found.number, found.reviewed_by) == (404, 1, "Eva Jurist")


def test_what_is_wrong_is_shown_again_where_nothing_can_be_written_and_nobody_waits(
    municipality: Database,
) -> None:
    """Each deed whose page reads much: of a form that is not taken nothing is read in the writer's transaction."""
    wrong: tuple[tuple[str, Callable[[Visit], PageAnswer], dict[str, str], int], ...] = (
        ("karin", give_ticked, {}, 422),
        ("karin", go_to, {"nummer": "AKT-1"}, 422),
        ("karin", judge, {"press": PressedButton("change_signal", {"signal": 1}).sent()}, 422),
        ("karin", adopt_tried, {"yellow_pt": "0,35", "base": "1"}, 422),
        ("maria", send_reminders, {}, 200),
    )
    for who, do, form, status in wrong:
        asked = PageRequest({"unit": "1"}, form={name: (value,) for name, value in form.items()})
        with municipality.transaction() as tx:
            person = people.by_key(tx, who)
            assert person
            answer = do(Visit(tx, person, at("2026-11-23 10:00"), SAY, asked))
        assert isinstance(answer, ShownAgain), do
        with municipality.reading() as tx:
            shown = answer.show(Visit(tx, person, at("2026-11-23 10:00"), SAY, asked))
        assert isinstance(shown, Shown)
        assert (do, shown.status) == (do, status)
