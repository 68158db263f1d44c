"""A year through the chat page and the workspace as four people; then every page that there is, looked at."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Error, Page, async_playwright
from sqlalchemy import select

from bot.local.page import RENDERER
from storage.engine.database import Database
from storage.engine.import_tables import upload
from storage.engine.tables import report, report_task
from tests.support import workspace_town
from tests.support.readme_blocks import DOCS
from tests.support.seen_pages import AXE, SeenPages, broken_on, forms_of
from tests.support.stage import Stage, on_stage
from tests.support.workspace_year import BEGINS, HEIGHT, SCENES, SIGNAL, WIDTH, Year
from tests.test_browser import CHROMIUM, QUIET
from workspace.frame.drawing import TEMPLATES
from workspace.frame.entry import DeedOf
from workspace.registered import ENTRIES

needs_browser = pytest.mark.skipif(
    CHROMIUM is None or not RENDERER.exists() or not AXE.exists(),
    reason="needs Debian's chromium, and the files from npm",
)
# Asked by the script alone while something is being written: the form's own button keeps it, and reads its days.
QUIETLY = {"/rapport/{task}/utkast", "/uppfoljning/{follow_up}/utkast", "/dag"}
# Forms that stand on a page only when they are asked for, and what has ended.
OPENED = (
    *("/enhet/1?andra=A-24&hur=regrade", "/troskel?yellow_p=0,15", "/uppfoljning/1"),
    # How it stood then, and a year without any selection.
    *("/lage?manad=2027-08", "/urval/2028"),
)
# A page that is there until she has chosen, and never again.
TWO_WRITE = "tva-skriver"
# Where free text is typed on a page of its own; what a card asks for is a form of the card's page.
WRITTEN = {
    "/rapport/{task}",
    "/uppfoljning/{follow_up}",
    "/rapport-ar/{year}/rekommendationer",
    "/kort",
    "/enhet/1?andra=A-24&hur=regrade",
    "/troskel?yellow_p=0,15",
}
# Offered only where a child's time has come, as test_workspace_admin has it, and where rows of a file were left out, as
# test_workspace_import has it.
ELSEWHERE = {"/gallring/forslag", "/import/{number}/avvisade"}


@dataclass
class Kept:
    """What is seen goes to a folder, and what could be done there is noted; what stands for a while is looked at."""

    folder: Path
    names: list[str] = field(default_factory=list)
    deeds: set[str] = field(default_factory=set)
    wrong: list[tuple[object, ...]] = field(default_factory=list)

    async def _picture(self, page: Page, name: str) -> None:
        """Chromium says now and then that it cannot take one, of a page that is whole: it is asked once more."""
        path = self.folder / f"{name}.png"
        try:
            await page.screenshot(path=path)
        except Error:
            await page.bring_to_front()
            await page.screenshot(path=path)

    async def take(self, page: Page, name: str) -> None:
        self.deeds |= await forms_of(page)
        if name:
            self.names.append(name)
            await self._picture(page, name)
        if name == TWO_WRITE:
            await page.evaluate(AXE.read_text("utf-8"))
            self.wrong += await broken_on(page)
            await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


@pytest.mark.long
@pytest.mark.browser
@needs_browser
async def test_a_year_goes_through_chat_and_workspace_and_every_page_is_clean_and_does_without_script(
    database: Database, tmp_path: Path
) -> None:
    workspace_town.settle(database)
    files = workspace_town.write_files(tmp_path)
    async with (
        on_stage(database, BEGINS, tmp_path / "chat.jsonl", official="karin") as stage,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, "--disable-sync"])
        year = Year(stage, browser, kept := Kept(tmp_path), files)
        for scene in SCENES:
            await scene(year)
        pages = SeenPages(browser, stage.address, _numbers(stage), {"karin": (*OPENED, year.receipt)})
        await pages.by_everybody()
        await browser.close()
    assert kept.wrong + pages.wrong == []
    assert {one.partition("?kvitto")[0] for one in pages.written} >= WRITTEN
    deeds = {one.path for one in ENTRIES if isinstance(one, DeedOf)}
    assert deeds - kept.deeds - pages.deeds - ELSEWHERE == QUIETLY
    shown = re.findall(r"\(arbetsytan/([a-z-]+)\.png\)", (DOCS / "arbetsytan.md").read_text("utf-8"))
    assert sorted(shown) == sorted(kept.names)


def test_no_form_goes_past_the_script_that_keeps_what_is_typed_when_the_line_is_lost() -> None:
    """What is sent from no page of the year is sent as those are: by the frame's own script, where it runs."""
    for template in TEMPLATES.glob("*.html"):
        forms = re.findall(r"<form[^>]*>", template.read_text("utf-8"))
        assert not [one for one in forms if "hx-boost" in one or "target=" in one], template.name
        within = template.name.startswith("_") or template.name == "frame.html"
        assert within or not forms or '{% extends "frame.html" %}' in template.read_text("utf-8")


def _numbers(stage: Stage) -> dict[str, str]:
    """What there is of each kind by the end of the year."""
    with stage.database.transaction() as tx:
        newest = select(report_task).order_by(report_task.c.id.desc()).limit(2)
        task = max(tx.connection.execute(newest).all(), key=lambda one: one.placement_id % 2)
        reported = select(report.c.task_id).where(report.c.recorded_at >= BEGINS).order_by(report.c.id)
        # The last one says that the provider's report has not come.
        without_report = tx.connection.scalars(reported).all()[-1]
        [waiting] = tx.connection.scalars(select(upload.c.id).where(upload.c.state == "previewed"))
    return {
        "/rapport/{task}": f"/rapport/{task.id}",
        "/barn/{placement}": f"/barn/{task.placement_id}",
        "/enhet/{unit}": "/enhet/1",
        "/metod/{unit}": "/metod/1",
        "/import/{number}": "/import/1",
        "/import/{number}/bekrafta": f"/import/{waiting}/bekrafta",
        "/uppfoljning/{follow_up}": "/uppfoljning/2",
        "/rad/{number}": f"/rad/U-{without_report}",
        "/urval/{year}": "/urval/2027",
        "/rapport-ar/{year}": "/rapport-ar/2027",
        "/rapport-ar/{year}/rekommendationer": "/rapport-ar/2027/rekommendationer",
        "/larm/{number}": "/larm/1",
        "/underlag/{number}": "/underlag/1",
        "/signal/{number}": f"/signal/{SIGNAL.partition('-')[2]}",
        "/atgard/{number}": "/atgard/1",
    }
