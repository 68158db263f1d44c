"""Takes the pictures in docs/ from the demo municipality: `python -m tests.screenshots`."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page

from bot.app import open_database
from bot.local.terminal import inputs_of
from bot.registering import load_demo_when_empty
from bot.settings import Settings
from followup.rounds import RoundDays
from tests.builders import at
from tests.readme_blocks import README
from tests.stage import SAY, on_stage
from tests.test_browser import browser_page, chat_of

DOCS = README.parent / "docs"
START, LATER = at("2026-11-02 08:00"), at("2026-11-16 08:00")
WIDTH, HEIGHT = 1180, 1180
PICTURES_LOAD = 2500


async def take(directory: Path) -> None:
    database = open_database(Settings(local=True, var=directory), START)
    load_demo_when_empty(database, directory / "demo", START, RoundDays())
    async with (
        on_stage(database, START, directory / "chat.jsonl") as stage,
        browser_page(stage.address) as page,
    ):
        await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        await picture(page, "anna", "month-card")
        await picture(page, "kanalen", "alert")
        await card_picture(page, "maria", "digest", SAY("digest.new"))
        # Two weeks later somebody has answered, and the managers ask.
        anna = stage.player("anna")
        ticked = {one.id: "true" for one in inputs_of(anna.card())}
        await anna.press(SAY("list.send"), ticked)
        await stage.wake_at(LATER)
        for key, typed, name in (
            ("maria", "läge", "status"),
            ("maria", "utförare kvarnhumla", "provider"),
            ("maria", "obesvarade", "unanswered"),
            ("karin", "veckobrev", "digest-choice"),
            ("karin", "larm", "alerts"),
        ):
            await stage.player(key).say(typed)
            await card_picture(page, key, name)
    database.close()


async def picture(page: Page, key: str, name: str) -> None:
    chat = await chat_of(page, key)
    await chat.locator(".card").last.wait_for()
    await page.wait_for_timeout(500)
    await page.screenshot(path=DOCS / f"{name}.png")


async def card_picture(page: Page, key: str, name: str, holds: str = "") -> None:
    """The newest card alone and whole, or the newest that holds the words, with its pictures loaded."""
    await page.set_viewport_size({"width": 1000, "height": 4000})
    chat = await chat_of(page, key)
    card = chat.locator(".message.bot", has_text=holds).last
    await card.wait_for()
    await page.wait_for_timeout(PICTURES_LOAD)
    await card.evaluate("card => { card.style.padding = '14px' }")
    await card.screenshot(path=DOCS / f"{name}.png")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        asyncio.run(take(Path(folder)))
