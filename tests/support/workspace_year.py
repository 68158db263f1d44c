"""A year as four people have it, in the chat page and in the workspace beside it: each in a browser of her own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from playwright.async_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect
from sqlalchemy import select

from followup.messages.operation import LogReviewDue
from followup.month.report import STATEMENT
from storage.engine.tables import delivery
from storage.messages import queueing, settling
from storage.register import people
from tests.support.builders import at
from tests.support.keys import Keys
from tests.support.stage import SAY, Stage
from tests.support.workspace_town import PEOPLE

# A busy machine is slow, and that is nothing wrong with a page.
expect.set_options(timeout=60_000)
BEGINS = at("2026-10-30 08:00")
WIDTH, HEIGHT = 1000, 800
SIGNAL = "A-24"
STATED, CONCERNED = ("AKT-25-0001", "AKT-25-0003"), "AKT-25-0005"
ANSWERS: Mapping[str, str] = {
    **STATEMENT,
    "feels_safe": "partly",
    "spoken_alone": "no",
    "provider_report": "not_arrived",
    "signals": "some",
    "s1.kind": "deviation",
    "s1.event_on": "2026-10-28",
    "s1.consequence": "4",
    "s1.occurred": "happened",
    "s1.cause": "provider",
    "s1.source": "child",
    "s1.text": "Den unge berättar om ett slag.",
}
# The administrator, the manager and one of the quality team have their script off all year.
WITHOUT_SCRIPT = frozenset({"alva", "kim", "maria"})


class Camera(Protocol):
    async def take(self, page: Page, name: str) -> None:
        """Keeps what is seen, under the name that docs show it by."""
        ...


@dataclass
class Year:
    stage: Stage
    browser: Browser
    camera: Camera
    files: Sequence[Path]
    rooms: dict[str, BrowserContext] = field(default_factory=dict)
    # Where the newest receipt of what Karin pressed is.
    receipt: str = ""

    async def room(self, key: str) -> BrowserContext:
        """Her own browser."""
        if key not in self.rooms:
            size = ViewportSize(width=WIDTH, height=HEIGHT)
            scripted = key not in WITHOUT_SCRIPT
            self.rooms[key] = await self.browser.new_context(
                locale="sv-SE", viewport=size, java_script_enabled=scripted
            )
        return self.rooms[key]

    async def chat(self, key: str, whose: str) -> Page:
        """The chat page in her browser, where the chat is opened."""
        page = await (await self.room(key)).new_page()
        await page.goto(self.stage.address)
        await page.locator(f'[data-person="{whose}"]').click()
        return page

    async def at_work(self, key: str, path: str = "") -> Page:
        """The workspace in her browser, where she says who she is the first time."""
        page = await (await self.room(key)).new_page()
        await page.goto(f"{self.stage.address}/arbete{path}")
        if await page.title() == f"{SAY('page.who')} – Uppföljaren":
            await page.get_by_role("button", name=PEOPLE[key][1]).click()
            await page.goto(f"{self.stage.address}/arbete{path}")
        return page


async def the_administrator_brings_the_register_in(year: Year) -> None:
    """Three files: read, told of, confirmed, and brought in; script is off, so she looks again by a link."""
    page = await year.at_work("alva")
    await _hands_in(page, year.files)
    await year.camera.take(page, "inlasning")
    await page.get_by_role("link", name=SAY("page.import.to_confirm")).click()
    await year.camera.take(page, "")
    await page.get_by_role("button", name=SAY("page.import.bring_in"), exact=True).click()
    await _looks_until_it_is_done(page)
    await expect(page.get_by_text(SAY("page.import.done"))).to_be_visible()
    await year.stage.wake_at(at("2026-11-02 08:00"))


async def _hands_in(page: Page, files: Sequence[Path]) -> None:
    await page.get_by_role("link", name=SAY("page.tab.import"), exact=True).click()
    await page.get_by_label(SAY("page.import.files")).set_input_files(files)
    await page.get_by_role("button", name=SAY("page.import.send")).click()
    await _looks_until_it_is_done(page)
    await expect(page.get_by_text(SAY("page.import.right"))).to_be_visible()


async def _looks_until_it_is_done(page: Page) -> None:
    again = page.get_by_role("link", name=SAY("page.import.look_again"))
    while await again.count():
        await again.click()


async def the_worker_answers_her_month_by_keys_alone(year: Year) -> None:
    """From the chat's own card to the list and its form, with an event that is serious."""
    chat = await year.chat("anna", "anna")
    card = chat.locator('[data-chat="anna"] .message.bot').last
    opens = card.get_by_role("link", name=SAY("page.open"))
    await opens.scroll_into_view_if_needed()
    await year.camera.take(chat, "chatt")
    async with chat.expect_popup() as opened:
        await opens.click()
    page = await opened.value
    await page.wait_for_load_state()
    keys = Keys(page)
    await keys.to(PEOPLE["anna"][1])
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await _states_two_normal_months(year, keys)
    await _fills_in_the_form(year, keys)


async def _states_two_normal_months(year: Year, keys: Keys) -> None:
    """Past the navigation by the link that a keyboard meets first."""
    first = await keys.press("Tab")
    assert first.title == SAY("page.skip"), first
    assert (await keys.press("Enter")).tag == "main"
    for case in STATED:
        await keys.to(f"{case}, ")
        await keys.press("Space")
    await year.camera.take(keys.page, "mina")
    await keys.enter(SAY("list.send"))
    await expect(keys.page.get_by_text(", ".join(STATED))).to_be_visible()


async def _fills_in_the_form(year: Year, keys: Keys) -> None:
    page = keys.page
    await keys.to(f"{CONCERNED}, ")
    await keys.enter(CONCERNED)
    # Handed in with nothing new answered: all that is missing is said, and the first of it is reached from there.
    await keys.enter(SAY("report.hand_in"), ".errors")
    await keys.press("Tab")
    assert (await keys.press("Enter")).field == "feels_safe"
    # She is at the signal that came, and fills in the whole form from its top.
    await keys.enter(SAY("report.add_signal"), "h2")
    await keys.to(SAY("page.skip"), "Shift+Tab")
    await keys.press("Enter")
    await keys.fill(ANSWERS, SAY("report.hand_in"))
    await expect(page.locator("#saved")).to_contain_text("Utkast")
    await year.camera.take(page, "manadsformular")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(f"Rapporten för {CONCERNED}, oktober 2026, är inlämnad.")).to_be_visible()
    assert (await keys.here()).tag == "h1"


async def the_team_takes_the_alert(year: Year) -> None:
    """In the channel, by a mouse; and what came with it is given and opened on the page, by keys alone."""
    chat = await year.chat("karin", "kanalen")
    await chat.get_by_role("button", name=SAY("alert.take")).last.click()
    await expect(chat.get_by_role("button", name=SAY("alert.take"))).to_have_count(0)
    page = await year.at_work("karin")
    keys = Keys(page)
    await keys.to(SIGNAL, "j")
    await keys.press("x")
    await keys.press("a")
    await page.keyboard.type("Kim")
    await expect(page.locator("#till option:checked")).to_have_text("Kim Ek")
    await year.camera.take(page, "att-gora")
    await keys.enter(SAY("page.give.send"))
    await expect(page.get_by_text(f"Kim Ek ansvarar nu för {SIGNAL}.")).to_be_visible()
    await keys.to(SIGNAL, "j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text(f"Signal {SIGNAL}")
    await keys.enter(SAY("reading.read"))
    await keys.fill({"why_read": "assess_signal"}, SAY("reading.send"))
    await year.camera.take(page, "")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(ANSWERS["s1.text"])).to_be_visible()
    await page.goto(f"{year.stage.address}/arbete/enhet/1")
    await year.camera.take(page, "enhet")


async def the_manager_reminds(year: Year) -> None:
    await year.stage.wake_at(at("2026-11-12 08:00"))
    page = await year.at_work("maria")
    await year.camera.take(page, "lage")
    await page.get_by_role("link", name=SAY("page.tab.obesvarade"), exact=True).click()
    await year.camera.take(page, "obesvarade")
    await page.get_by_role("button", name=SAY("unanswered.remind")).first.click()
    await expect(page.get_by_text(SAY("unanswered.reminded"))).to_be_visible()


async def the_selection_is_drawn_and_locked(year: Year) -> None:
    """Frozen before its value is known, drawn with it, one home added with a reason, and locked."""
    await year.stage.wake_at(at("2027-02-15 08:00"))
    page = await year.at_work("kim", "/urval")
    await page.get_by_role("button", name=SAY("selection.freeze"), exact=True).click()
    await page.locator('[name="public_value_name"]').fill("Lottos första rad 27 februari 2027")
    await year.camera.take(page, "")
    await page.get_by_role("button", name=SAY("selection.freeze.send"), exact=True).click()
    await year.stage.wake_at(at("2027-03-01 08:00"))
    page = await year.at_work("kim", "/urval")
    await page.locator('[name="public_value"]').fill("3 8 14 22 27 31 35")
    await year.camera.take(page, "")
    await page.get_by_role("button", name=SAY("selection.draw.send"), exact=True).click()
    await page.locator('select[name="unit"]').select_option(index=1)
    await page.locator("#reason-in").fill("Har inte följts upp sedan starten.")
    await page.get_by_role("button", name=SAY("selection.add.send"), exact=True).click()
    await year.camera.take(page, "")
    await page.get_by_role("button", name=SAY("selection.lock"), exact=True).click()
    await expect(page.get_by_text(SAY("selection.protocol")).first).to_be_visible()
    await year.camera.take(page, "urval")


async def two_begin_a_follow_up_at_once(year: Year) -> None:
    """The second is told, and what each of them wrote stands in the end."""
    await year.stage.wake_at(at("2027-04-12 08:00"))
    hers = await year.at_work("karin", "/uppfoljning/1")
    his = await year.at_work("kim", "/uppfoljning/1")
    for page, text in ((his, "Kim: två klagomål på maten."), (hers, "Karin: lugnt sedan nyår.")):
        for name, written in (("deviations", text), ("inspectorate", "Inget tillsynsärende.")):
            await page.locator(f'[name="{name}"]').fill(written)
        await page.get_by_role("button", name=SAY("follow_up.save"), exact=True).click()
    await expect(hers.get_by_text("Kim: två klagomål på maten.")).to_be_visible()
    await year.camera.take(hers, "tva-skriver")
    await hers.get_by_role("button", name=SAY("page.follow_up.both")).click()
    both = "Kim: två klagomål på maten.\n\nKarin: lugnt sedan nyår."
    await expect(hers.locator('[name="deviations"]')).to_have_value(both)
    await _goes_on(hers, {})
    await _goes_on(hers, {"method": "visit", "planned_on": "2027-04-20"})


async def the_follow_up_goes_through_its_last_steps(year: Year) -> None:
    await year.stage.wake_at(at("2027-04-21 08:00"))
    hers = await year.at_work("karin", "/uppfoljning/1")
    areas = dict.fromkeys(("values", "outcomes", "requirements"), "Granskat på plats.")
    for name, written in areas.items():
        await hers.locator(f'[name="{name}"]').fill(written)
    await expect(hers.locator("#saved")).to_contain_text("Utkast")
    await hers.evaluate("scrollTo(0, 0)")
    await year.camera.take(hers, "uppfoljning")
    found = {"held_on": "2027-04-20", "improvement": "Egenkontroll finns.", "participants": "director"}
    await _goes_on(hers, found)
    await _goes_on(
        hers, {"strengths": "Trygg personal.", "improvements": "Kvällsmaten.", "verdict": "partly"}
    )
    await hers.get_by_role("button", name=SAY("action.add")).click()
    await hers.locator('[name="what"]').fill("Visa kvällsmaten i veckans matsedel.")
    await hers.locator('[name="owner"]').first.select_option(label="Kim Ek")
    await hers.locator('[name="due_on"]').fill("2027-06-01")
    await _presses_as_a_hand_does(hers, hers.get_by_role("button", name=SAY("follow_up.save"), exact=True))
    await expect(hers.get_by_text("Visa kvällsmaten i veckans matsedel.")).to_be_visible()


async def _presses_as_a_hand_does(page: Page, button: Locator) -> None:
    """The press leaves the field, and how its day was read is answered before the press has come to its end."""
    await button.hover()
    async with page.expect_response("**/dag"):
        await page.mouse.down()
    await page.wait_for_timeout(100)
    await page.mouse.up()


async def the_action_is_verified_and_the_follow_up_closed(year: Year) -> None:
    """He reports it done, she verifies it, and the unit remembers what was found."""
    await year.stage.wake_at(at("2027-05-25 08:00"))
    his = await year.at_work("kim", "/atgard/1")
    await his.get_by_role("button", name=SAY("action.to.done")).click()
    await his.locator('[name="evidence"]').fill("Matsedeln för veckan är läst.")
    await his.get_by_role("button", name=SAY("action.to.done")).click()
    await expect(his.get_by_text(SAY("action.state.done"))).to_be_visible()
    hers = await year.at_work("karin", "/atgard/1")
    await hers.get_by_role("button", name=SAY("action.to.verified"), exact=True).click()
    await expect(hers.get_by_text(SAY("action.state.verified"), exact=True)).to_be_visible()
    await hers.goto(f"{year.stage.address}/arbete/uppfoljning/1")
    await hers.get_by_role("button", name=SAY("follow_up.close"), exact=True).click()
    await expect(hers.get_by_text(SAY("follow_up.closed"))).to_be_visible()
    await expect(hers.locator('[aria-current="step"]')).to_have_count(0)


async def _goes_on(page: Page, answers: Mapping[str, str]) -> None:
    step = page.locator('[aria-current="step"]')
    before = await step.inner_text()
    for name, answer in answers.items():
        chosen = page.locator(f'.choice input[name="{name}"][value="{answer}"]')
        if await chosen.count():
            await chosen.check()
        else:
            await page.locator(f'[name="{name}"]').fill(answer)
    # What is asked beside, such as what each area builds on, is answered by the first that may be chosen.
    while await (unanswered := page.locator("form fieldset:has(.choice):not(:has(:checked))")).count():
        await unanswered.first.locator("input").first.check()
    await page.get_by_role("button", name=SAY("follow_up.next"), exact=True).click()
    await expect(step).not_to_have_text(before)


async def the_year_is_reported(year: Year) -> None:
    """In October it is said what is recommended, and the report is fetched by a link that works once.

    The home is followed up anew; and the manager sees how the year stands.
    """
    await year.stage.wake_at(at("2027-10-04 08:00"))
    page = await year.at_work("kim", "/rapport-ar/2027")
    await year.camera.take(page, "arets-rapport")
    await page.get_by_role("link", name=SAY("recommendations.title", year="2027")).click()
    await page.locator('[name="text"]').fill("- Egenkontroll varje kvartal.")
    await page.get_by_role("button", name=SAY("recommendations.save")).click()
    await expect(page.get_by_text(SAY("recommendations.stored"))).to_be_visible()
    page = await year.at_work("kim", "/rapport-ar/2027")
    await page.get_by_role("button", name=SAY("order.fetch")).last.click()
    async with page.expect_download() as fetched:
        await page.locator("main a.button").click()
    assert (await (await fetched.value).path()).stat().st_size > 1000
    hers = await year.at_work("karin", "/enhet/1")
    await hers.get_by_role("button", name=SAY("follow_up.new"), exact=True).click()
    await hers.get_by_role("button", name=SAY("follow_up.open"), exact=True).click()
    await hers.wait_for_url("**/kort?kvitto=*")
    year.receipt = hers.url.partition("/arbete")[2]
    page = await year.at_work("maria")
    await year.camera.take(page, "")


async def the_administrator_looks_after_it(year: Year) -> None:
    """A message in doubt is sent once more, the log is looked through and signed, and new files are looked at."""
    with year.stage.database.transaction() as tx:
        maria = people.by_key(tx, "maria")
        assert maria
        queueing.queue(tx, "in doubt", LogReviewDue(2027, 3), year.stage.clock.now(), person_id=maria.id)
        [number] = tx.connection.scalars(select(delivery.c.id).where(delivery.c.key == "in doubt"))
        settling.settle(tx, number, "uncertain", reason="")
    page = await year.at_work("alva", "/leveranser")
    await year.camera.take(page, "")
    await page.get_by_role("button", name=SAY("page.sending.say_again")).click()
    await expect(page.get_by_text(SAY("page.sending.again", number=number))).to_be_visible()
    await page.get_by_role("link", name=SAY("page.tab.logg"), exact=True).click()
    await page.locator("#note").fill("Inget ovanligt.")
    await year.camera.take(page, "logg")
    await page.locator('form[action$="/granskad"] button').click()
    await expect(page.get_by_text(SAY("page.log.reviewed_now"))).to_be_visible()
    await page.get_by_role("button", name=SAY("page.log.sign")).click()
    await expect(page.get_by_text(SAY("page.log.signed_now"))).to_be_visible()
    await _hands_in(page, year.files[:1])


SCENES = (
    the_administrator_brings_the_register_in,
    the_worker_answers_her_month_by_keys_alone,
    the_team_takes_the_alert,
    the_manager_reminds,
    the_selection_is_drawn_and_locked,
    two_begin_a_follow_up_at_once,
    the_follow_up_goes_through_its_last_steps,
    the_action_is_verified_and_the_follow_up_closed,
    the_year_is_reported,
    the_administrator_looks_after_it,
)
