"""Takes the pictures of a year in the workspace, for docs: `python -m tests.support.screenshots_workspace [FOLDER]`."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page, async_playwright

from bot.opening import open_database
from bot.settings import Settings
from tests.support import workspace_town
from tests.support.screenshots import DOCS, HEIGHT, shrink
from tests.support.stage import on_stage
from tests.support.workspace_year import BEGINS, SCENES, Year
from tests.test_browser import CHROMIUM, QUIET


@dataclass
class Pictures:
    folder: Path

    async def take(self, page: Page, name: str) -> None:
        if not name:
            return
        path = self.folder / f"{name}.png"
        await page.screenshot(path=path)
        shrink(path, HEIGHT)


async def take_all(directory: Path, folder: Path) -> None:
    database = open_database(Settings(local=True, var=directory), BEGINS, new=True)
    workspace_town.settle(database)
    files = workspace_town.write_files(directory)
    async with (
        on_stage(database, BEGINS, directory / "chat.jsonl", official="karin") as stage,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, "--disable-sync"])
        year = Year(stage, browser, Pictures(folder), files)
        for scene in SCENES:
            await scene(year)
        await browser.close()
    database.close()


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        asyncio.run(take_all(Path(scratch), Path(dict(enumerate(sys.argv)).get(1, DOCS / "arbetsytan"))))
