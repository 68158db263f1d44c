"""Takes the pictures in docs/ from the demo municipality: `python -m tests.support.screenshots [FOLDER [WIDTH]]`."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.async_api import Page

from bot.opening import open_database
from bot.registering import load_demo_when_empty
from bot.settings import Settings
from followup.month.rounds import RoundDays
from tests.support.builders import at
from tests.support.readme_blocks import README
from tests.support.screenshot_scenes import SCENES
from tests.support.stage import on_stage
from tests.test_browser import browser_page, chat_of

DOCS = README.parent / "docs"
START = at("2026-11-02 08:00")
WIDTH, HEIGHT = 1000, 4200
LONGEST = 1500
CARD_LOADS = 400
COLOURS = 128
# Chromium writes days as its own language does, which may not be installed; a Swedish one writes them as ISO.
MADE_READY = """async card => {
    card.style.padding = '14px';
    for (const day of card.querySelectorAll('input[type="date"]')) {
        day.type = 'text';
        day.placeholder = 'åååå-mm-dd';
    }
    await Promise.all(Array.from(card.querySelectorAll('img'), chart => chart.decode()));
}"""


@dataclass
class Camera:
    """Photographs cards, each alone."""

    page: Page
    folder: Path

    async def take(self, key: str, name: str, holds: str = "", *, beginning: bool = False) -> None:
        """The newest card of the chat, or the newest that holds the words; whole, or only its beginning."""
        chat = await chat_of(self.page, key)
        card = chat.locator(".message.bot", has_text=holds).last
        await card.wait_for()
        await self.page.wait_for_timeout(CARD_LOADS)
        await card.evaluate(MADE_READY)
        path = self.folder / f"{name}.png"
        await card.screenshot(path=path)
        shrink(path, LONGEST if beginning else HEIGHT)


def shrink(path: Path, longest: int) -> None:
    """Cards have few colours, so that a palette makes a third of the file and no difference to the eye."""
    whole = Image.open(path).convert("RGB")
    kept = whole.crop((0, 0, whole.width, min(whole.height, longest)))
    kept.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


async def take_all(directory: Path, folder: Path, width: int) -> None:
    database = open_database(Settings(local=True, var=directory), START, new=True)
    load_demo_when_empty(database, directory / "demo", START, RoundDays())
    async with (
        on_stage(database, START, directory / "chat.jsonl") as stage,
        browser_page(stage.address) as page,
    ):
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        for scene in SCENES:
            await scene(stage, Camera(page, folder))
    database.close()


if __name__ == "__main__":
    given = dict(enumerate(sys.argv))
    with TemporaryDirectory() as scratch:
        asyncio.run(take_all(Path(scratch), Path(given.get(1, DOCS)), int(given.get(2, WIDTH))))
