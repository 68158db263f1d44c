"""Every page there is, as each role sees it in a browser: by axe, at two widths, in three themes, and by a keyboard.

All of axe's rules are run on a phone's width in the default theme. In the dark theme on a wide screen, and in the
contrast theme on the phone's, those are run that depend on colours and on room, since no other can come out otherwise.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Page, ViewportSize

from bot.workspace.files import FROM_NPM
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.people import Role
from tests.support.stage import SAY
from tests.support.workspace_town import PEOPLE
from workspace.frame.entry import ROOT, DeedOf, PageOf
from workspace.registered import ENTRIES

AXE = FROM_NPM / "axe-core/axe.min.js"
NARROW, WIDE = ViewportSize(width=400, height=900), ViewportSize(width=1280, height=900)
ROLES: Mapping[str, Role] = {
    "anna": Role.WORKER,
    "karin": Role.QUALITY,
    "maria": Role.MANAGER,
    "alva": Role.ADMIN,
}
# Seen by nobody here: a receipt has none without a press before it, a row of a report is drawn as a signal is, and
# what confirms files has only what their preview has.
NOT_SEEN = ("/kort", "/rad/{number}", "/import/{number}/bekrafta")
# Forms that stand on a page only when they are asked for.
OPENED = {"karin": ("/enhet/1?andra=A-24&hur=regrade", "/troskel?yellow_p=0,15")}
# What differs with who reads it.
SEEN_BY_EACH = ("/enhet/{unit}", "/lage")
LOOK = """async ([theme, only]) => {
  document.documentElement.dataset.theme = theme;
  const rules = { "target-size": { enabled: true } };
  const found = await axe.run(only.length ? { runOnly: only } : { rules });
  const root = document.documentElement;
  return {
    broken: found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 160)]),
    sideways: root.scrollWidth - root.clientWidth,
  };
}"""
OF_COLOUR_AND_ROOM = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
LOOKS: Sequence[tuple[ViewportSize, str, Sequence[str]]] = (
    (NARROW, "default", []),
    (NARROW, "contrast", OF_COLOUR_AND_ROOM[:2]),
    (WIDE, "dark", OF_COLOUR_AND_ROOM),
)
SWAP = """async path => {
  await htmx.ajax("GET", path, { target: "#page", select: "#page", swap: "outerHTML", source: "#page" });
  return document.activeElement.matches("h1, [data-focus]");
}"""
# Of the forms that do without script: sent by a button, with what lets them in.
FORMS = """() => [...document.querySelectorAll('form[method="post"]')].filter(
  one => one.querySelector('[name="token"]') && one.querySelector('[type="submit"]:not([hidden])')
).map(one => new URL(one.action).pathname)"""


async def forms_of(page: Page) -> set[str]:
    """The deeds that the page offers, as the table names them."""
    addresses: list[str] = await page.evaluate(FORMS)
    deeds = [one.path for one in ENTRIES if isinstance(one, DeedOf)]
    return {deed for deed in deeds if any(_is_at(deed, one) for one in addresses)}


def _is_at(path: str, address: str) -> bool:
    return re.fullmatch(ROOT + re.sub(r"\{[a-z_]+\}", "[^/]+", path), address) is not None


@dataclass
class SeenPages:
    """`numbers` are what each page with a number in its address is about, so that a new one has to be named."""

    browser: Browser
    address: str
    numbers: Mapping[str, str]
    wrong: list[tuple[object, ...]] = field(default_factory=list)
    deeds: set[str] = field(default_factory=set)

    async def by_everybody(self) -> None:
        seen: set[str] = set()
        for key, role in ROLES.items():
            paths = [path for path in _paths(role) if path not in seen or path in SEEN_BY_EACH]
            seen.update(paths)
            await self._by(key, [*paths, *OPENED.get(key, ())])

    async def _by(self, key: str, paths: list[str]) -> None:
        context = await self.browser.new_context(locale="sv-SE", viewport=NARROW)
        page = await context.new_page()
        await page.goto(f"{self.address}{ROOT}")
        await page.get_by_role("button", name=PEOPLE[key][1]).click()
        await page.wait_for_load_state()
        await page.evaluate(AXE.read_text("utf-8"))
        for path in paths:
            shown = ROOT + (self.numbers[path] if "{" in path else path)
            if not await page.evaluate(SWAP, shown):
                self.wrong.append((path, key, "the keyboard is lost"))
            await self._look(page, path, key)
        await context.close()

    async def _look(self, page: Page, path: str, key: str) -> None:
        if await page.title() == f"{SAY('page.missing')} – Uppföljaren":
            self.wrong.append((path, key, "there is no such page"))
        self.deeds |= await forms_of(page)
        for size, theme, only in LOOKS:
            await page.set_viewport_size(size)
            found: dict[str, Any] = await page.evaluate(LOOK, [theme, only])
            if found["broken"] or found["sideways"]:
                self.wrong.append((path, key, theme, size["width"], found["broken"], found["sideways"]))
        await page.set_viewport_size(NARROW)


def _paths(role: Role) -> Iterator[str]:
    may = USUAL_MUNICIPALITY.access.conversations[role]
    return (
        one.path
        for one in ENTRIES
        if isinstance(one, PageOf) and one.conversation in may and one.path not in NOT_SEEN
    )
