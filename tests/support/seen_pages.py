"""Every page there is, as each role sees it in a browser: by axe, at two widths, in three themes, and by a keyboard."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from playwright.async_api import Browser, Page, ViewportSize

from bot.workspace.files import FROM_NPM
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.people import Role
from tests.support.stage import SAY
from tests.support.workspace_town import PEOPLE
from texts.catalogue import Texts
from workspace.frame.entry import ROOT, DeedOf, PageOf
from workspace.registered import ENTRIES

LANGUAGES = (SAY, Texts("en"))
AXE = FROM_NPM / "axe-core/axe.min.js"
NARROW, WIDE = ViewportSize(width=400, height=900), ViewportSize(width=1280, height=900)
ROLES: Mapping[str, Role] = {
    "anna": Role.WORKER,
    "karin": Role.QUALITY,
    "maria": Role.MANAGER,
    "alva": Role.ADMIN,
}
# A receipt is hers who has pressed.
RECEIPTS = "/kort"
# What differs with who reads it.
SEEN_BY_EACH = ("/enhet/{unit}", "/lage")
# What there is no page of, and a form that was not let in, whose texts stand on a page of their own.
NOWHERE, KEPT = "/finns-inte", "/mina/lamna"
# What a page gives by a link that works once has no address of its own: asked for by its first button, by one of them.
GIVES_FILE, FILE, ASKED_BY = "/lage", "/lage/hamta", "karin"
ASK_FOR_FILE = f'form[action$="{FILE}"] [type="submit"]'
# All rules in one theme, and in the others those that a colour can break, since nothing else can come out otherwise:
# there of each place once that is styled as another is, such as the cells of a column.
LOOK = """async ([themes, of_colour]) => {
  const root = document.documentElement, wrong = [], seen = new Set(), again = new Map();
  const styles = ["class", "style", "type", "aria-current"];
  const walk = (one, above) => {
    const given = [...one.attributes].map(({ name, value }) => styles.includes(name) ? `${name}=${value}` : name);
    const written = [...one.childNodes].some(each => each.nodeType === Node.TEXT_NODE && each.data.trim());
    const place = `${above}>${one.tagName} ${given.sort()} ${written}`, met = seen.has(place);
    seen.add(place);
    const inside = [...one.children].map(each => walk(each, place));
    again.set(one, met && inside.every(Boolean));
    return again.get(one);
  };
  walk(document.body, "");
  const exclude = [...again].filter(([one, met]) => met && !again.get(one.parentElement)).map(([one]) => one);
  const few = { resultTypes: ["violations"], selectors: false };
  for (const [at, theme] of themes.entries()) {
    root.dataset.theme = theme;
    const found = at
      ? await axe.run({ include: [document], exclude }, { ...few, runOnly: of_colour })
      : await axe.run({ ...few, rules: { "target-size": { enabled: true } } });
    for (const one of found.violations) wrong.push([theme, one.id, one.nodes[0].html.slice(0, 160)]);
    const sideways = root.scrollWidth - root.clientWidth;
    if (sideways) wrong.push([theme, "sideways", sideways]);
  }
  root.dataset.theme = themes[0];
  return wrong;
}"""
THEMES, OF_COLOUR = ("default", "dark", "contrast"), ("color-contrast", "link-in-text-block")
SWAP = """async ([verb, path]) => {
  const whole = { target: "#page", select: "#page", swap: "outerHTML", source: "#page" };
  await htmx.ajax(verb, path, { ...whole, values: verb === "POST" ? { text: "Skrivet i en annan flik." } : {} });
  return document.activeElement.matches("h1, [data-focus]");
}"""
IS_FOCUSED = """() => document.activeElement.matches("h1, [data-focus]")"""
FREE_TEXT = """() => document.querySelector('form[method="post"] textarea') !== null"""
# Each form is filled and sent by each of its buttons; a text counts as lost also where nobody is told that it was not
# sent, or where what keeps it still says that it has.
SENT_IN_VAIN = """async () => {
  const wrong = [], told = document.getElementById("lost");
  const forms = [...document.querySelectorAll('form[method="post"]')].filter(one => one.querySelector("textarea"));
  for (const form of forms) {
    const texts = [...form.querySelectorAll("textarea")];
    for (const one of texts) one.value = "Skrivet medan ledningen var nere.";
    for (const button of form.querySelectorAll('[type="submit"]:not([hidden])')) {
      told.hidden = true;
      form.requestSubmit(button);
      for (let waits = 0; told.hidden && waits < 200; waits++) await new Promise(done => setTimeout(done, 10));
      const kept = texts.every(one => one.isConnected && one.value.startsWith("Skrivet"));
      if (!kept || told.hidden) wrong.push([form.action, button.textContent.trim(), kept, told.hidden]);
    }
  }
  return wrong;
}"""
# What comes by itself while one writes, put where it comes: nothing that can be pressed may have moved.
COMES_BY_ITSELF = """texts => {
  const wrong = [], folded = [...document.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
  const pressed = [...document.querySelectorAll("a, button, input, select, textarea, summary")];
  const placed = () => pressed.map(one => { const box = one.getBoundingClientRect(); return [box.x, box.y]; });
  const asking = [...document.querySelectorAll("[data-asks], [data-quiet]")];
  const targets = new Set(["#lost", ...asking.map(one => one.getAttribute("hx-target").split(" ").pop())]);
  for (const target of targets) {
    if (!texts[target]) wrong.push([target, "nobody says what may come there"]);
    for (const place of document.querySelectorAll(target)) for (const text of texts[target] || []) {
      const before = [place.hidden, [...place.childNodes]], stood = placed();
      place.hidden = false;
      place.innerHTML = `<span class="said">${text}</span>`;
      const moved = placed().findIndex(([x, y], at) => x !== stood[at][0] || y !== stood[at][1]);
      if (moved >= 0) wrong.push([target, text, pressed[moved].outerHTML.slice(0, 120)]);
      place.hidden = before[0];
      place.replaceChildren(...before[1]);
    }
  }
  for (const one of folded) one.open = false;
  return wrong;
}"""
# By where it comes, as the pages' own script and templates have it.
TEXTS_THAT_COME: Mapping[str, Sequence[str]] = {
    "#lost": [say("page.not_sent") for say in LANGUAGES],
    "#saved": [
        text
        for say in LANGUAGES
        for text in (
            say("page.draft.kept", at="23:59"),
            say("page.draft.left_out", at="23:59"),
            say("page.draft.too_long"),
            say("page.draft.elsewhere", at="23:59"),
            say("page.follow_up.saved_meanwhile", name="Kristina Andersson-Lindqvist", at="23:59"),
        )
    ],
    ".day-read": [
        text
        for say in LANGUAGES
        for text in (
            say("page.day.read", day=say.day_in_full(date(2026, 9, 30))),
            say("form.not_a_date"),
        )
    ],
}
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


async def broken_on(page: Page) -> list[tuple[object, ...]]:
    """What moves while one writes, and what axe finds, by width and theme; afterwards it is as wide as a phone."""
    wrong: list[tuple[object, ...]] = []
    for size in (WIDE, NARROW):
        await page.set_viewport_size(size)
        if moved := await page.evaluate(COMES_BY_ITSELF, TEXTS_THAT_COME):
            wrong.append((size["width"], "moved while one writes", moved))
        if broken := await page.evaluate(LOOK, [THEMES, OF_COLOUR]):
            wrong.append((size["width"], broken))
    return wrong


@dataclass
class SeenPages:
    """`numbers` are where each page is that has a number in its address, so that a new one has to be named.

    `opened` are by person the addresses of what has no page without a press, or another one than that of its number.
    """

    browser: Browser
    address: str
    numbers: Mapping[str, str]
    opened: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wrong: list[tuple[object, ...]] = field(default_factory=list)
    deeds: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)

    async def by_everybody(self) -> None:
        seen: set[str] = set()
        for key, role in ROLES.items():
            paths = [path for path in _paths(role) if path not in seen or path in SEEN_BY_EACH]
            first = [] if seen else [NOWHERE, KEPT]
            seen.update(paths)
            await self._by(key, [*first, *paths, *self.opened.get(key, ())])

    async def _by(self, key: str, paths: list[str]) -> None:
        context = await self.browser.new_context(locale="sv-SE", viewport=NARROW)
        page = await context.new_page()
        await page.goto(f"{self.address}{ROOT}")
        if NOWHERE in paths:
            await page.evaluate(AXE.read_text("utf-8"))
            await self._look(page, "who it is", key)
        await page.get_by_role("button", name=PEOPLE[key][1]).click()
        await page.wait_for_load_state()
        await page.evaluate(AXE.read_text("utf-8"))
        for path in paths:
            shown = ROOT + self.numbers.get(path, path)
            if not await page.evaluate(SWAP, ["POST" if path == KEPT else "GET", shown]):
                self.wrong.append((path, key, "the keyboard is lost"))
            await self._look(page, path, key)
            await self._loses_no_text(page, path, key)
            if (path, key) == (GIVES_FILE, ASKED_BY):
                await self._asks_for_file(page, key)
        await context.close()

    async def _asks_for_file(self, page: Page, key: str) -> None:
        await page.locator(ASK_FOR_FILE).first.click()
        await page.locator("main a[download]").wait_for()
        if not await page.evaluate(IS_FOCUSED):
            self.wrong.append((FILE, key, "the keyboard is lost"))
        await self._look(page, FILE, key)

    async def _loses_no_text(self, page: Page, path: str, key: str) -> None:
        """Of every form that takes free text, sent while the line is down."""
        if not await page.evaluate(FREE_TEXT):
            return
        self.written.add(path)
        await page.context.set_offline(True)
        if lost := await page.evaluate(SENT_IN_VAIN):
            self.wrong.append((path, key, "what was typed is lost", lost))
        await page.context.set_offline(False)

    async def _look(self, page: Page, path: str, key: str) -> None:
        if (await page.title() == f"{SAY('page.missing')} – Uppföljaren") != (path == NOWHERE):
            self.wrong.append((path, key, "there is no such page"))
        self.deeds |= await forms_of(page)
        self.wrong += [(path, key, *one) for one in await broken_on(page)]


def _paths(role: Role) -> Iterator[str]:
    may = USUAL_MUNICIPALITY.access.conversations[role]
    there = (one for one in ENTRIES if isinstance(one, PageOf) and one.path != RECEIPTS)
    return (one.path for one in there if one.conversation in may)
