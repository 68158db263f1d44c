"""The local chat page in a real browser: the list, the form with its mistakes, the receipt and the alert."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.local.page import RENDERER
from bot.workspace.files import FROM_NPM
from followup.month.report import STATEMENT
from storage.engine.database import Database
from tests.support.builders import at
from tests.support.stage import SAY, on_stage

AXE = FROM_NPM / "axe-core/axe.min.js"
LOOKED_THROUGH = (
    "axe.run().then(found => found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 200)]))"
)
CHROMIUM = shutil.which("chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None or not RENDERER.exists() or not AXE.exists(),
    reason="the browser test needs Debian's chromium, and Node for the page's renderer",
)


@asynccontextmanager
async def browser_page(address: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, "--disable-sync"])
        page = await browser.new_page(viewport={"width": 1280, "height": 1000}, locale="sv-SE")
        await page.goto(address)
        yield page
        await browser.close()


async def chat_of(page: Page, key: str) -> Locator:
    await page.locator(f'[data-person="{key}"]').click()
    return page.locator(f'[data-chat="{key}"]')


@pytest.mark.browser
@needs_browser
async def test_a_worker_answers_in_the_page_and_the_quality_team_sees_the_alert(
    municipality: Database, tmp_path: Path
) -> None:
    async with (
        on_stage(municipality, at("2026-11-02 08:00"), tmp_path / "chat.jsonl") as stage,
        browser_page(stage.address) as page,
    ):
        anna = await chat_of(page, "anna")
        await _states_one_normal_month(anna)
        await _sees_the_mistake_beside_its_field(anna)
        await _holds_for_who_listens_and_on_a_phone(page, anna)
        await _hands_in_with_a_signal_and_gets_a_receipt(anna)
        channel = await chat_of(page, "kanalen")
        await expect(channel.get_by_text("allvarlig händelse vid Södergården")).to_be_visible()
        await expect(channel.get_by_role("button", name=SAY("alert.take"))).to_be_visible()
        assert "AKT-" not in await channel.inner_text()


async def _states_one_normal_month(anna: Locator) -> None:
    await _is_heard_which_child_each_box_is_for(anna)
    await anna.get_by_role("checkbox").first.check()
    await anna.get_by_role("button", name=SAY("list.send")).click()
    await expect(anna.get_by_text("Rapporten för AKT-1 är inlämnad.")).to_be_visible()


async def _sees_the_mistake_beside_its_field(anna: Locator) -> None:
    await anna.get_by_role("button", name=f"{SAY('list.open_form')}: AKT-3").click()
    await anna.get_by_label(SAY("report.free_text")).fill("Ring 20120229-2387.")
    await anna.get_by_role("button", name=SAY("report.hand_in"), exact=True).click()
    await expect(anna.get_by_text(SAY("form.personal_number"))).to_be_visible()
    await expect(anna.get_by_text(SAY("form.missing")).first).to_be_visible()
    await expect(anna.get_by_label(SAY("report.free_text"))).to_have_value("Ring 20120229-2387.")


async def _holds_for_who_listens_and_on_a_phone(page: Page, anna: Locator) -> None:
    """The form with its mistakes, and below it the list."""
    wrong = anna.get_by_label(SAY("report.free_text"))
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    described = str(await wrong.get_attribute("aria-describedby")).split()[-1]
    await expect(page.locator(f"#{described}")).to_contain_text(SAY("form.personal_number"))
    await expect(anna.locator('[aria-invalid="true"]').first).to_be_focused()
    await expect(page.get_by_role("alert")).to_contain_text(SAY("form.missing"))
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in (400, 1280):
        await page.set_viewport_size({"width": width, "height": 900})
        found = await page.evaluate(LOOKED_THROUGH)
        sideways = "[document.documentElement, document.querySelector('.chat:not([hidden])')]"
        scrolled = await page.evaluate(f"{sideways}.map(one => one.scrollWidth - one.clientWidth)")
        assert (width, found, scrolled) == (width, [], [0, 0])


async def _is_heard_which_child_each_box_is_for(anna: Locator) -> None:
    """By the name that the browser itself gives the box, which is what a screen reader says."""
    named = (("AKT-1", "Norrgården"), ("AKT-2", "Norrgården"), ("AKT-3", "Södergården"))
    await expect(anna.get_by_role("checkbox")).to_have_count(len(named))
    for child, home in named:
        await expect(anna.get_by_role("checkbox", name=f"{child}, {home}", exact=True)).to_have_count(1)


async def _hands_in_with_a_signal_and_gets_a_receipt(anna: Locator) -> None:
    add = f"{SAY('report.add_signal')}: {SAY('choice.signal_kind.deviation')}"
    await anna.get_by_role("button", name=add).click()
    answers = {
        **STATEMENT,
        "feels_safe": "partly",
        "spoken_alone": "no",
        "provider_report": "not_arrived",
        "signals": "some",
        "s1.kind": "deviation",
        "s1.consequence": "4",
        "s1.occurred": "happened",
        "s1.cause": "provider",
    }
    for question, answer in answers.items():
        await anna.locator(f'input[name="{question}"][value="{answer}"]').check()
    await anna.get_by_label(SAY("signal.source")).select_option(SAY("choice.source.child"))
    await anna.get_by_label(SAY("signal.event_on")).fill("2026-10-30")
    await anna.get_by_label(SAY("signal.text")).fill("Den unge berättar om ett slag.")
    await anna.get_by_label(SAY("report.free_text")).fill("")
    await anna.get_by_role("button", name=SAY("report.hand_in"), exact=True).click()
    await expect(anna.get_by_text("Rapporten för AKT-3, oktober 2026, är inlämnad.")).to_be_visible()
    assert "slag" not in await anna.inner_text()
