"""Takes the pictures in docs/ from the demo municipality: `python -m tests.screenshots`."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page

from bot.app import open_database
from bot.registering import load_demo_when_empty
from bot.settings import Settings
from followup.rounds import RoundDays
from tests.builders import at
from tests.readme_blocks import README
from tests.stage import on_stage
from tests.test_browser import browser_page, chat_of

DOCS = README.parent / "docs"
START = at("2026-11-02 08:00")


async def take(directory: Path) -> None:
    database = open_database(Settings(local=True, var=directory), START)
    load_demo_when_empty(database, directory / "demo", START, RoundDays())
    async with (
        on_stage(database, START, directory / "chat.jsonl") as stage,
        browser_page(stage.address) as page,
    ):
        await page.set_viewport_size({"width": 1180, "height": 1180})
        await picture(page, "anna", "month-card")
        await picture(page, "kanalen", "alert")
    database.close()


async def picture(page: Page, key: str, name: str) -> None:
    chat = await chat_of(page, key)
    await chat.locator(".card").last.wait_for()
    await page.wait_for_timeout(500)
    await page.screenshot(path=DOCS / f"{name}.png")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        asyncio.run(take(Path(folder)))
