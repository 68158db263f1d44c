"""A worker's month in the workspace: the list, the form with its draft, and what was answered before."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from followup import UnitId
from followup.month.report import STATEMENT
from followup.times.month import Month
from storage.engine.database import Database
from storage.engine.tables import access_log, handled, leave, report, report_draft, signal, signal_version
from storage.imports import ownership
from storage.log import log_chain
from storage.month import drafts
from storage.register import people
from tests.support.builders import Register, at
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.tab import ADDRESS, Seen, Tab, entered
from texts.catalogue import Texts

SAY = Texts("sv")

ANSWERS = {
    **STATEMENT,
    "spoken_alone": "no",
    "provider_report": "not_arrived",
    "health": "ok",
    "development": "ok",
    "behaviour": "ok",
    "schooling": "ok",
    "relations": "ok",
    "care_plan": "current",
    "treatment_plan": "current",
    "knows_plan": "yes",
    "goal_progress": "partly",
}
SIGNAL = {
    "s1.kind": "deviation",
    "s1.event_on": "2026-10-30",
    "s1.consequence": "3",
    "s1.occurred": "happened",
    "s1.cause": "provider",
    "s1.source": "child",
    "s1.text": "Den unge berättar om ett slag.",
}


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    async with at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as opened:
        await opened.bot.wake()
        yield opened


@pytest.fixture
async def anna(edge: Edge) -> AsyncIterator[Tab]:
    async with entered(edge, "anna") as tab:
        yield tab


def task_of(page: Seen, case: str) -> str:
    """The number of the task that the list's row leads to."""
    before = page.text.partition(f">{case}</a>")[0]
    return before.rpartition("/arbete/rapport/")[2].rstrip('"')


def counted(edge: Edge, table: object) -> int:
    with edge.database.transaction() as tx:
        found: int = tx.connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]
        return found


async def test_what_is_ticked_is_handed_in_once_and_told_of_once(edge: Edge, anna: Tab) -> None:
    page = await anna.get()
    assert [case in page.words for case in ("AKT-1", "AKT-2", "AKT-3", "AKT-4")] == [True, True, True, False]
    assert "AKT-" not in page.text.partition("</title>")[0]
    heard = re.findall(r'<input type="checkbox" name="normal" [^>]*aria-label="([^"]*)"', page.text)
    assert heard == ["AKT-1, Norrgården", "AKT-2, Norrgården", "AKT-3, Södergården"]
    form = {**page.hidden, "normal": page.ticks[:2]}
    before = counted(edge, report)
    done = await anna.post("/mina/lamna", form)
    again = await anna.post("/mina/lamna", form)
    assert (done.status, done.headers["Location"]) == (303, again.headers["Location"])
    assert counted(edge, report) == before + 2
    told = await anna.get(done.headers["Location"].removeprefix("/arbete"))
    assert "2 rapporter är inlämnade: AKT-1, AKT-2." in told.words
    assert "inlämnade" not in (await anna.get()).words


async def test_ticking_nothing_is_said_and_ticking_anothers_stores_nothing(edge: Edge, anna: Tab) -> None:
    page = await anna.get()
    nothing = await anna.post("/mina/lamna", page.hidden)
    assert (nothing.status, "Ingen placering är markerad." in nothing.words) == (422, True)
    async with entered(edge, "bilal") as bilal:
        his = (await bilal.get()).ticks
    before = counted(edge, report)
    refused = await anna.post("/mina/lamna", {**page.hidden, "normal": his})
    assert (refused.status, counted(edge, report)) == (409, before)


async def test_the_form_says_all_that_is_wrong_and_keeps_all_that_was_typed(edge: Edge, anna: Tab) -> None:
    task = task_of(await anna.get(), "AKT-3")
    page = await anna.get(f"/rapport/{task}")
    head = page.text.partition("</title>")[0]
    assert ("AKT-" in head, SAY("page.report", month=Month(2026, 10)) in head) == (False, True)
    # What is as usual is folded in, and its fields are there all the same.
    folded = page.text.partition('<details class="part">')[2].partition("</details>")[0]
    assert ("<summary>" in folded, "<input" in folded) == (True, True)
    typed = {
        "free_text": "Ring 20120229-2387 & <b>fråga</b>.",
        "visit_on": "2027-01-01",
        "carer_talk_on": "3/11 eller 4/11",
        "guardian_talk_on": "nästa fredag",
    }
    wrong = await anna.post(f"/rapport/{task}", {**page.hidden, **typed, "gor": "lamna"})
    assert wrong.status == 422
    assert "<title>Fel:" in wrong.text
    assert 'href="#feels_safe"' in wrong.text
    assert "Ring 20120229-2387 &amp; &lt;b&gt;fråga&lt;/b&gt;." in wrong.text
    assert 'value="2027-01-01"' in wrong.text
    # A day that was read stands as it was read beside what is wrong with it; what is no day stands as it was typed.
    assert _day_field(wrong, "guardian_talk_on") == ("2026-11-13", "Läst som fredag 13 november 2026.")
    assert SAY("form.future_date") in _said_of(wrong, "guardian_talk_on")
    assert _day_field(wrong, "carer_talk_on") == ("3/11 eller 4/11", "")
    assert SAY("form.not_a_date") in _said_of(wrong, "carer_talk_on")


def _day_field(page: Seen, name: str) -> tuple[str, str]:
    """What stands in the field, and which day it says that it was read as."""
    found = re.search(
        rf'name="{name}" value="([^"]*)".*?subtle day-read"[^>]*>(.*?)</p>', page.text, re.DOTALL
    )
    assert found
    return found[1], re.sub("<[^>]*>", "", found[2])


def _said_of(page: Seen, name: str) -> str:
    """What the field's own description says, as a screen reader reads it with the field."""
    field = re.search(rf'<input type="text" id="{name}"[^>]*>', page.text)
    assert field
    assert 'aria-invalid="true"' in field[0]
    described = re.search(r'aria-describedby="([^"]*)"', field[0])
    assert described
    texts = [re.search(rf'id="{one}"[^>]*>([^<]*)<', page.text) for one in described[1].split()]
    return " ".join(one[1] for one in texts if one)


def _come_to(page: Seen) -> list[str]:
    """The headings that a screen reader says next, also where no script runs."""
    return re.findall(r'<h2[^>]* tabindex="-1" autofocus data-focus>([^<]*)<', page.text)


async def test_a_report_with_a_signal_is_handed_in_without_any_script(edge: Edge, anna: Tab) -> None:
    task = task_of(await anna.get(), "AKT-3")
    page = await anna.get(f"/rapport/{task}")
    more = await anna.post(f"/rapport/{task}", {**page.hidden, **ANSWERS, "gor": "lagg.complaint"})
    assert (more.status, 'name="s1.kind"' in more.text, "s1.situation" in more.text) == (200, True, False)
    # What is written in it stays when another is added, is kept, and comes back as it was.
    text = {"s1.kind": "complaint", "s1.text": "Maten är kall."}
    more = await anna.post(f"/rapport/{task}", {**more.hidden, **text, "gor": "lagg.deviation"})
    assert _come_to(more) == [SAY("report.signal_block", number=2)]
    both = {**more.hidden, **text, "s2.kind": "deviation"}
    await anna.post(f"/rapport/{task}/utkast", both)
    more = await anna.get(f"/rapport/{task}")
    found = [one in more.text for one in ("Maten är kall.", "s2.situation", "s1.situation")]
    assert found == [True, True, False]
    more = await anna.post(f"/rapport/{task}", {**both, "gor": "ta_bort.1"})
    found = [one in more.text for one in ("Maten är kall.", "s1.situation", "s2.kind")]
    assert found == [False, True, False]
    # What was after it stands there now; after the last one what more there may be, or the question itself.
    assert _come_to(more) == [SAY("report.signal_block", number=1)]
    last = await anna.post(f"/rapport/{task}", {**both, "gor": "ta_bort.2"})
    none = await anna.post(f"/rapport/{task}", {**more.hidden, "gor": "ta_bort.1"})
    assert [_come_to(one) for one in (last, none)] == [[SAY("report.more_signals")], [SAY("section.signals")]]
    form = {**more.hidden, **ANSWERS, "signals": "some", **SIGNAL, "gor": "lamna"} | {
        "s1.event_on": "I fredags!"
    }
    done = await anna.post(f"/rapport/{task}", form)
    told = await anna.get(done.headers["Location"].removeprefix("/arbete"))
    assert "Rapporten för AKT-3, oktober 2026, är inlämnad." in told.words
    assert "Så lästes det du skrev som dag: fredag 30 oktober 2026." in told.words
    with edge.database.transaction() as tx:
        assert tx.connection.execute(select(signal_version.c.event_on)).scalars().all() == [
            date(2026, 10, 30)
        ]
    # The browser's back, and the same form once more with another answer: a new version, and the same signal.
    changed = {**form, "goal_progress": "largely"}
    assert (await anna.post(f"/rapport/{task}", changed)).status == 303
    assert counted(edge, signal) == 1
    # Opened again and handed in as it stands, it says that nothing was changed.
    fresh = await anna.get(f"/rapport/{task}")
    same = {**fresh.hidden, **ANSWERS, "signals": "some", "goal_progress": "largely", "gor": "lamna"}
    done = await anna.post(f"/rapport/{task}", same)
    stands = await anna.get(done.headers["Location"].removeprefix("/arbete"))
    assert SAY("report.stands", case="AKT-3", month=Month(2026, 10), version=2) in stands.words
    child = await anna.get(
        told.text.partition('href="/arbete/barn/')[2].partition('"')[0].join(("/barn/", ""))
    )
    assert (child.status, SAY("page.child.signals_caption", n=1) in child.words) == (200, True)
    assert SAY("signals.state.received") in child.words


async def test_leave_is_told_of_with_days_in_words_and_what_is_no_day_is_said_at_its_field(
    edge: Edge, anna: Tab
) -> None:
    edge.clock.move_to(at("2026-11-02 23:50"))
    await anna.enter()
    page = await anna.get("/franvaro")
    bilal = re.findall(r'<option value="([0-9]+)">Bilal', page.text)[0]
    form = {**page.form("press", "leave"), "substitute": bilal}
    wrong = await anna.post("/kort", {**form, "starts": "på fredag", "ends": "när jag är frisk"})
    assert (wrong.status, _day_field(wrong, "starts")[1]) == (422, "Läst som fredag 6 november 2026.")
    assert SAY("form.not_a_date") in _said_of(wrong, "ends")
    one = await anna.post("/dag", {**form, "vilken": "ends", "ends": "om två veckor"})
    assert one.words.strip() == "Läst som måndag 16 november 2026."
    none = await anna.post("/dag", {**form, "vilken": "ends", "ends": "30/2"})
    assert none.words.strip() == SAY("form.not_a_date")
    days = {"starts": "i mor\u00adgon", "ends": "den 20/11"}
    done = await anna.post("/kort", {**form, **days})
    told = await anna.get(done.headers["Location"].removeprefix("/arbete"))
    read = SAY("page.day.read_of_form", days="tisdag 3 november 2026, fredag 20 november 2026")
    assert (read in told.words, "3 november 2026–20 november 2026" in told.words) == (True, True)
    # The same drawing sent once more after midnight, when tomorrow is another day, is the same deed.
    edge.clock.move_to(edge.clock() + timedelta(minutes=20))
    again = await anna.post("/kort", {**form, **days})
    assert again.headers["Location"] == done.headers["Location"]
    with edge.database.transaction() as tx:
        assert tx.connection.execute(select(func.count()).select_from(leave)).scalar_one() == 1


async def test_a_draft_is_hers_alone_sealed_and_counts_for_nothing(edge: Edge, anna: Tab) -> None:
    task = task_of(await anna.get(), "AKT-3")
    page = await anna.get(f"/rapport/{task}")
    before = counted(edge, report)
    typed = {**page.hidden, "free_text": "Zebrafinken trivs.", "feels_safe": "partly"}
    said = await anna.post(f"/rapport/{task}/utkast", typed)
    assert (said.status, SAY("page.draft.kept", at="08:00") in said.words) == (200, True)
    assert "Zebrafinken trivs." in (await anna.get(f"/rapport/{task}")).text
    assert "Utkast" in (await anna.get()).words
    assert counted(edge, report) == before
    with edge.database.transaction() as tx:
        [row] = tx.connection.execute(select(report_draft)).all()
        assert b"Zebrafinken" not in row.typed
    async with entered(edge, "bilal") as bilal:
        assert (await bilal.get(f"/rapport/{task}")).status == 404
        assert (await bilal.post(f"/rapport/{task}/utkast", typed)).status == 403
    handed_in = await anna.post(
        f"/rapport/{task}", {**page.hidden, **ANSWERS, "free_text": "", "gor": "lamna"}
    )
    assert (handed_in.status, counted(edge, report_draft)) == (303, 0)
    # Kept at the last moment, it may come after what was handed in; what says something else is yet hers.
    late = {**page.hidden, **ANSWERS, "free_text": ""}
    for free_text, kept in (("", 0), ("Zebrafinken trivs.", 1)):
        said = await anna.post(f"/rapport/{task}/utkast", {**late, "free_text": free_text})
        assert (said.status, counted(edge, report_draft)) == (200, kept)


async def test_a_draft_that_comes_late_with_a_signal_that_was_begun_stands_over_nothing(
    edge: Edge, anna: Tab
) -> None:
    """It was kept before the last words were typed, and came after what was handed in with them."""
    path = f"/rapport/{task_of(await anna.get(), 'AKT-3')}"
    page = await anna.get(path)
    form = {
        **page.hidden,
        "blocks": "1",
        **ANSWERS,
        "signals": "some",
        **SIGNAL,
        "s1.marks": ["injury", "abuse"],
    }
    assert (await anna.post(path, {**form, "free_text": "Trivs bra.", "gor": "lamna"})).status == 303
    for earlier in (
        {},
        {"s1.text": SIGNAL["s1.text"][:-9], "s1.marks": "abuse", "free_text": "Trivs"},
        {"s1.text": "", "s1.consequence": "-", "s1.source": ""},
    ):
        late = await anna.post(f"{path}/utkast", {**form, **earlier})
        assert (late.status, counted(edge, report_draft)) == (200, 0)
    # Another signal than the one that was told of, or another word in it, is yet hers.
    for other in (
        {"s1.text": "Den unge berättar om två slag."},
        {"s2.kind": "complaint"},
        {"s1.cause": "other"},
    ):
        await anna.post(f"{path}/utkast", {**form, **other})
        assert (other, counted(edge, report_draft)) == (other, 1)
        with edge.database.transaction() as tx:
            tx.connection.execute(report_draft.delete())


async def test_a_text_that_is_made_shorter_after_she_handed_in_elsewhere_is_kept_as_a_draft(
    edge: Edge, anna: Tab
) -> None:
    """It is where the text that stands begins, and yet not what stands; one that was written over is its beginning."""
    path = f"/rapport/{task_of(await anna.get(), 'AKT-3')}"
    first = {**(await anna.get(path)).hidden, **ANSWERS, "free_text": "Trivs bra. Vill byta skola."}
    assert (await anna.post(path, {**first, "gor": "lamna"})).status == 303
    here, there = await anna.get(path), await anna.get(path)
    elsewhere = {**first, **there.hidden, "goal_progress": "largely"}
    assert (await anna.post(path, {**elsewhere, "gor": "lamna"})).status == 303
    for free_text, kept in (("Trivs bra. Vill byta skola.", 0), ("Trivs bra.", 1), ("", 1)):
        typed = {**first, **here.hidden, "goal_progress": "largely", "free_text": free_text}
        await anna.post(f"{path}/utkast", typed)
        assert (free_text, counted(edge, report_draft)) == (free_text, kept)
        with edge.database.transaction() as tx:
            tx.connection.execute(report_draft.delete())
    newest = await anna.get(path)
    rewritten = {**first, **newest.hidden, "free_text": "Orolig sedan i går."}
    assert (await anna.post(path, {**rewritten, "gor": "lamna"})).status == 303
    await anna.post(f"{path}/utkast", {**rewritten, "free_text": "Orolig"})
    assert counted(edge, report_draft) == 0


async def test_one_who_has_the_form_in_two_tabs_is_told_in_the_second_and_loses_what_she_wrote_in_neither(
    edge: Edge, anna: Tab
) -> None:
    """`page.elsewhere`: with a signal that has been begun in the one of them."""
    task = task_of(await anna.get(), "AKT-3")
    path, before = f"/rapport/{task}", counted(edge, report)
    first, second = await anna.get(path), await anna.get(path)
    with_signal = await anna.post(path, {**first.hidden, **ANSWERS, "gor": "lagg.deviation"})
    typed = {**with_signal.hidden, **ANSWERS, **SIGNAL, "gor": "spara"}
    assert (await anna.post(path, typed)).status == 303
    there = {**second.hidden, **ANSWERS, "free_text": "Skrivet i flik två."}
    late = await anna.post(f"{path}/utkast", there)
    assert (late.status, SAY("page.draft.elsewhere", at="08:00") in late.words) == (409, True)
    for way in ("spara", "lagg.remark", "lamna"):
        met = await anna.post(path, {**there, "gor": way})
        told = met.words.partition(SAY("page.elsewhere"))[2]
        assert (met.status, there["free_text"] in met.text, SIGNAL["s1.text"] in told) == (409, True, True)
        # In words, as the form has them.
        assert SAY("choice.source.child") in told
    assert (counted(edge, report), counted(edge, report_draft)) == (before, 1)
    assert SIGNAL["s1.text"] in (await anna.get(path)).text
    done = await anna.post(path, {**there, **met.hidden, "gor": "lamna"})
    assert (done.status, counted(edge, report), counted(edge, report_draft)) == (303, before + 1, 0)


async def test_a_draft_keeps_no_personal_number_and_says_so(edge: Edge, anna: Tab) -> None:
    task = task_of(await anna.get(), "AKT-3")
    page = await anna.get(f"/rapport/{task}")
    typed = {**page.hidden, "free_text": "Ring 20120229-2387.", "feels_safe": "no"}
    said = await anna.post(f"/rapport/{task}/utkast", typed)
    assert SAY("page.draft.left_out", at="08:00") in said.words
    kept = (await anna.get(f"/rapport/{task}")).text
    assert ("2387" in kept, 'name="feels_safe" value="no" checked' in kept) == (False, True)
    long = await anna.post(f"/rapport/{task}/utkast", {**typed, "free_text": "x" * 50_000})
    assert (long.status, SAY("page.draft.too_long") in long.words) == (422, True)


async def test_what_another_has_handed_in_meanwhile_is_shown_before_it_is_replaced(
    edge: Edge, anna: Tab
) -> None:
    task = task_of(await anna.get(), "AKT-3")
    first, second = await anna.get(f"/rapport/{task}"), await anna.get(f"/rapport/{task}")
    form = {**ANSWERS, "gor": "lamna"}
    assert (await anna.post(f"/rapport/{task}", {**first.hidden, **form})).status == 303
    other = {**second.hidden, **form, "goal_progress": "largely"}
    unseen = await anna.post(f"/rapport/{task}", other)
    assert (unseen.status, "Delvis" in unseen.words) == (409, True)
    assert (await anna.post(f"/rapport/{task}", {**other, **unseen.hidden})).status == 303


async def test_a_placement_that_has_become_anothers_takes_nothing_and_loses_no_text(
    edge: Edge, anna: Tab
) -> None:
    listed = await anna.get()
    task, page = task_of(listed, "AKT-3"), await anna.get(f"/rapport/{task_of(listed, 'AKT-3')}")
    with edge.database.transaction() as tx:
        [bilal] = [one for one in people.everyone(tx).values() if one.key == "bilal"]
        placement = page.text.partition('href="/arbete/barn/')[2].partition('"')[0]
        ownership.hand_over(tx, [int(placement)], bilal.id, edge.clock().date(), edge.clock())  # type: ignore[list-item]
    text = {"free_text": "Det jag hade skrivit om barnet."}
    lost = await anna.post(f"/rapport/{task}", {**page.hidden, **ANSWERS, **text, "gor": "lamna"})
    assert (lost.status, text["free_text"] in lost.text) == (409, True)
    assert (await anna.get(f"/barn/{placement}")).status == 404


async def test_every_look_at_a_child_is_in_the_log_with_the_placement(edge: Edge, anna: Tab) -> None:
    task = task_of(await anna.get(), "AKT-3")
    page = await anna.get(f"/rapport/{task}")
    placement = page.text.partition('href="/arbete/barn/')[2].partition('"')[0]
    history = await anna.get(f"/barn/{placement}")
    assert ("September 2026" in history.words, "AKT-3" in history.words) == (True, True)
    assert SAY("page.child.none") not in history.words
    with edge.database.transaction() as tx:
        [own] = [one for one in people.everyone(tx).values() if one.key == "anna"]
        new = Register(tx).placement(own.id, UnitId(1), case="AKT-9", starts="2026-10-30")
    empty = await anna.get(f"/barn/{new}")
    for nothing in ("none", "no_signals"):
        assert SAY(f"page.child.{nothing}") in empty.words
    with edge.database.transaction() as tx:
        log_chain.write_waiting(tx)
        subjects = set(tx.connection.scalars(select(access_log.c.subject).where(access_log.c.act == "read")))
    assert {f"report:{task}", f"placement:{placement}", "tasks:3"} <= subjects


async def test_drafts_and_forms_are_forgotten_when_their_time_is_over(edge: Edge, anna: Tab) -> None:
    task = task_of(await anna.get(), "AKT-3")
    page = await anna.get(f"/rapport/{task}")
    await anna.post(f"/rapport/{task}/utkast", {**page.hidden, "feels_safe": "no"})
    with edge.database.transaction() as tx:
        soon, later = edge.clock() + timedelta(days=69), edge.clock() + timedelta(days=71)
        assert [drafts.DRAFTS.forget_old(tx, when, 9) for when in (soon, later)] == [0, 1]
    assert counted(edge, handled) == 0


async def test_where_only_the_page_asks_for_free_text_it_does(municipality: Database) -> None:
    """`UPPFOLJAREN_FREE_TEXT=page`: the same form that has no text field in the chat."""
    given = {"public_address": ADDRESS, "free_text": "page"}
    async with (
        at_the_edge(municipality, NOVEMBER, sends=False, **given) as edge,
        entered(edge, "anna") as anna,
    ):
        await edge.bot.wake()
        task = task_of(await anna.get(), "AKT-3")
        page = await anna.get(f"/rapport/{task}")
        assert ('name="free_text"' in page.text, SAY("on_page.text") in page.words) == (True, False)
        form = {**page.hidden, **ANSWERS, "free_text": "Trivs bättre.", "gor": "lamna"}
        assert (await anna.post(f"/rapport/{task}", form)).status == 303
        assert "Trivs bättre." in (await anna.get(f"/rapport/{task}")).text
        assert not edge.bot.municipality.free_text
