"""The tab in a real browser, framed by a Teams of our own: in by the token, the month's work, and what goes wrong."""

import json
from asyncio import Event
from pathlib import Path

import pytest
from playwright.async_api import Browser, FrameLocator, Page, Route, expect
from sqlalchemy import func, select

from bot.workspace.files import FROM_NPM, HTMX
from followup import UnitId
from storage.engine.database import Database
from storage.engine.tables import report, report_draft
from storage.follow_ups import follow_ups
from storage.register import people
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.fake_teams import PAGE, TeamsAround, in_teams
from tests.support.seen_pages import AXE, broken_on
from tests.support.tab import ADDRESS
from tests.test_browser import CHROMIUM
from texts.catalogue import Texts

SAY = Texts("sv")
BACK, LAST = "Trivs bra i skolan och hemma.", "Trivs bra överallt."
needs_browser = pytest.mark.skipif(
    CHROMIUM is None or not (FROM_NPM / HTMX).exists() or not AXE.exists(),
    reason="needs Debian's chromium, and the workspace's files from npm",
)


async def opened(browser: Browser) -> tuple[Page, FrameLocator]:
    context = await browser.new_context(ignore_https_errors=True, locale="sv-SE", bypass_csp=False)
    page = await context.new_page()
    await page.goto(PAGE)
    return page, page.frame_locator("iframe")


@pytest.mark.long
@pytest.mark.browser
@needs_browser
async def test_a_worker_does_her_month_in_the_tab(municipality: Database, tmp_path: Path) -> None:
    assert CHROMIUM is not None
    async with (
        at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as edge,
        in_teams(edge, tmp_path, CHROMIUM) as teams,
    ):
        await edge.bot.wake()
        page, tab = await opened(teams.browser)
        await expect(tab.get_by_role("heading", level=1)).to_have_text("Uppföljning för oktober 2026")
        await _hands_in_two(tab)
        await _keeps_what_she_writes(page, tab)
        await _comes_to_the_signal_that_she_adds_and_stays_where_it_was_taken_away(tab)
        await _loses_no_text_with_the_line(page, tab)
        assert _draft(edge) == BACK
        await _takes_along_what_was_typed_last(tab)
        assert _draft(edge) == LAST
        await _comes_where_she_went_last(page, tab)
        await _follows_the_theme(page, tab)
        assert _handed_in(edge) == 2
        await _is_let_in_without_any_cookie(teams)
        await _is_told_what_to_do_where_she_is_not_let_in(teams)


async def _hands_in_two(tab: FrameLocator) -> None:
    await tab.get_by_role("checkbox").nth(0).check()
    await tab.get_by_role("checkbox").nth(1).check()
    await tab.get_by_role("button", name=SAY("list.send"), exact=True).click()
    await expect(tab.get_by_text("2 rapporter är inlämnade: AKT-1, AKT-2.")).to_be_visible()


async def _keeps_what_she_writes(page: Page, tab: FrameLocator) -> None:
    await tab.get_by_role("link", name="AKT-3").first.click()
    text = tab.get_by_label(SAY("report.free_text"))
    await text.fill("Trivs bra i skolan.")
    await expect(tab.get_by_role("status")).to_have_text(SAY("page.draft.kept", at="08:00"))
    await page.reload()
    await tab.get_by_role("link", name="AKT-3").first.click()
    await expect(text).to_have_value("Trivs bra i skolan.")
    await _hears_which_day_was_read(tab)


async def _hears_which_day_was_read(tab: FrameLocator) -> None:
    """As soon as the field is left, or a day is chosen in the calendar; the focus stays where it went."""
    await tab.locator("summary").first.click()
    day = tab.get_by_label(SAY("report.visit_on"), exact=True)
    said = tab.locator("#f-visit_on .day-read")
    await day.fill("i fredags")
    await day.press("Tab")
    await expect(said).to_have_text(SAY("page.day.read", day="fredag 30 oktober 2026"))
    await expect(tab.locator("h1:focus, [data-focus]:focus")).to_have_count(0)
    await day.fill("31/2")
    await day.blur()
    await expect(said).to_have_text(SAY("form.not_a_date"))
    await expect(tab.locator("#lost")).to_be_hidden()
    await tab.locator("#f-visit_on .picker").fill("2026-10-12")
    await expect(day).to_have_value("2026-10-12")
    await expect(said).to_have_text(SAY("page.day.read", day="måndag 12 oktober 2026"))


async def _comes_to_the_signal_that_she_adds_and_stays_where_it_was_taken_away(tab: FrameLocator) -> None:
    """And not to the page's top: the heading is what a screen reader says next."""
    kind = SAY("choice.signal_kind.complaint")
    await tab.get_by_role("button", name=f"{SAY('report.add_signal')}: {kind}", exact=True).click()
    heading = tab.get_by_role("heading", name=SAY("report.signal_block", number=1), exact=True)
    await expect(heading).to_be_focused()
    await expect(heading).to_be_in_viewport()
    await expect(tab.get_by_role("heading", level=1)).not_to_be_in_viewport()
    await tab.get_by_role("button", name=SAY("report.drop_signal", number=1), exact=True).click()
    await expect(heading).to_have_count(0)
    await expect(tab.get_by_role("heading", name=SAY("section.signals"), exact=True)).to_be_focused()
    await expect(tab.get_by_role("heading", level=1)).not_to_be_in_viewport()


async def _loses_no_text_with_the_line(page: Page, tab: FrameLocator) -> None:
    text = tab.get_by_label(SAY("report.free_text"))
    await page.context.set_offline(True)
    await text.fill(BACK)
    await expect(tab.locator("#lost")).to_have_text(SAY("page.not_sent"))
    await expect(tab.locator("#saved")).to_have_text("")
    pressed = [
        tab.get_by_role("button", name=SAY(one), exact=True) for one in ("report.hand_in", "page.draft.later")
    ]
    for one in (*pressed, tab.get_by_role("link", name=SAY("page.back_to_mine"), exact=True)):
        await tab.locator("#lost").evaluate("told => { told.hidden = true; }")
        await one.click()
        await expect(tab.locator("#lost")).to_be_visible()
        await expect(text).to_have_value(BACK)
    # Nothing is typed after it: what stands on the page is kept by itself when the line is back.
    await page.context.set_offline(False)
    await expect(tab.locator("#saved")).to_have_text(SAY("page.draft.kept", at="08:00"))
    await expect(tab.locator("#lost")).to_be_hidden()


async def _takes_along_what_was_typed_last(tab: FrameLocator) -> None:
    """In the second that a draft waits for more."""
    text = tab.get_by_label(SAY("report.free_text"))
    await text.fill(LAST)
    await tab.get_by_role("link", name=SAY("page.back_to_mine"), exact=True).click()
    await tab.get_by_role("link", name="AKT-3").first.click()
    await expect(text).to_have_value(LAST)


async def _comes_where_she_went_last(page: Page, tab: FrameLocator) -> None:
    """What was pressed before the press before it was answered is not lost, though all of the page is another."""
    pressed, shown = Event(), Event()
    await page.route("**/rapport/*", lambda route: _after(pressed, route))
    await page.route("**/barn/*", lambda route: _after(shown, route))
    await tab.get_by_role("button", name=SAY("page.draft.later"), exact=True).click()
    await tab.get_by_role("link", name=SAY("page.mine.earlier"), exact=True).click()
    pressed.set()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Uppföljning för oktober 2026")
    shown.set()
    await expect(tab.get_by_role("heading", level=1)).to_have_text(SAY("page.mine.earlier"))
    await page.unroute_all()


async def _after(event: Event, route: Route) -> None:
    await event.wait()
    await route.continue_()


async def _follows_the_theme(page: Page, tab: FrameLocator) -> None:
    for name in ("dark", "glass", "contrast", "default"):
        await page.evaluate("name => window.theme(name)", name)
        worn = {"glass": "dark"}.get(name, name)
        await expect(tab.locator("html")).to_have_attribute("data-theme", worn)


def _draft(edge: Edge) -> str:
    """What is kept of the text in the one form that is being written."""
    with edge.database.transaction() as tx:
        [typed] = tx.connection.scalars(select(report_draft.c.typed))
        kept: dict[str, str] = json.loads(tx.vault.open(typed))
        return kept["free_text"]


def _handed_in(edge: Edge) -> int:
    with edge.database.transaction() as tx:
        new = select(func.count()).select_from(report).where(report.c.known_at >= edge.clock())
        found: int = tx.connection.execute(new).scalar_one()
        return found


async def _is_let_in_without_any_cookie(teams: TeamsAround) -> None:
    """Where cookies are refused the secret goes in a header: lists, forms and what they answer."""
    teams.loses_cookies[0] = True
    _, tab = await opened(teams.browser)
    await tab.get_by_role("link", name="AKT-3").first.click()
    handing_in = tab.get_by_role("button", name=SAY("report.hand_in"), exact=True)
    await expect(handing_in).to_be_visible()
    await handing_in.click()
    await expect(tab.get_by_role("heading", name=SAY("page.errors"))).to_be_visible()


async def _is_told_what_to_do_where_she_is_not_let_in(teams: TeamsAround) -> None:
    """Each of the things that the page may say then, as axe sees them, in Teams or outside it."""
    page = await (await teams.browser.new_context(ignore_https_errors=True)).new_page()
    await page.goto(f"{ADDRESS}/arbete")
    await page.evaluate(AXE.read_text("utf-8"))
    for one in await page.locator("#entering [data-when]").all():
        await one.evaluate("one => { one.hidden = false; }")
    assert await broken_on(page) == []


@pytest.mark.long
@pytest.mark.browser
@needs_browser
async def test_a_link_from_the_chat_opens_the_very_thing_and_the_list_is_gone_through_by_keys(
    municipality: Database, tmp_path: Path
) -> None:
    assert CHROMIUM is not None
    async with (
        at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as edge,
        in_teams(edge, tmp_path, CHROMIUM, who="karin", sub="enhet/1") as teams,
    ):
        await edge.bot.wake()
        with edge.database.transaction() as tx:
            karin = people.by_key(tx, "karin")
            assert karin
            follow_ups.open_new(tx, UnitId(1), karin.id, edge.clock())
        page, tab = await opened(teams.browser)
        await expect(tab.get_by_role("heading", level=1)).to_have_text("Norrgården")
        await page.reload()
        await expect(tab.get_by_role("heading", level=1)).to_have_text(SAY("page.desk"))
        await _goes_through_the_list_by_keys(page, tab)


async def _goes_through_the_list_by_keys(page: Page, tab: FrameLocator) -> None:
    """Off in a field, where they are letters."""
    search, row = tab.get_by_label(SAY("page.desk.go_to")), tab.locator("tbody tr a").first
    await tab.get_by_role("heading", level=1).focus()
    await page.keyboard.press("j")
    await expect(row).to_be_focused()
    # In a row with a box too it is the link, since Enter opens what it is at.
    await page.keyboard.press("j")
    ticked = tab.locator("tbody tr", has=tab.locator("input")).first
    await expect(ticked.locator("th a")).to_be_focused()
    await page.keyboard.press("a")
    await expect(tab.get_by_label(SAY("page.give.to"))).to_be_focused()
    await row.focus()
    await page.keyboard.press("/")
    await expect(search).to_be_focused()
    await page.keyboard.type("j?")
    await expect(search).to_have_value("j?")
    await row.focus()
    await page.keyboard.press("?")
    await expect(tab.get_by_text(SAY("page.keys.about"))).to_be_visible()
