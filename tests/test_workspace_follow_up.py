"""A follow-up on one page: two who write at once lose nothing, and the five steps are done without any script."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from followup import FollowUpId, UnitId
from followup.follow_ups.checklist import CHECKS, evidence_of
from followup.follow_ups.follow_up import PREFILLED, answers_of
from followup.follow_ups.meeting import Choice, fields_of, meet
from services.follow_ups import following_up
from storage.engine.database import Database
from storage.engine.tables import person
from storage.engine.year_tables import follow_up_draft
from storage.follow_ups import follow_ups
from storage.follow_ups.drafts import DRAFTS
from storage.register import people
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.tab import ADDRESS, Seen, Tab, entered
from tests.test_workspace_lists import raised
from texts.catalogue import Texts

SAY = Texts("sv")
FIELDS = fields_of("plan") | fields_of("collect")
BEFORE = {"values": "A", "method": "visit", "participants": "staff"}


@pytest.mark.parametrize(
    ("mine", "saved", "mine_stays", "saved_stays", "both"),
    [
        # Nobody has changed it, one has, the other has, both alike: no clash, and the same by any choice.
        ({}, {}, "A", "A", "A"),
        ({"values": "B"}, {}, "B", "B", "B"),
        ({}, {"values": "C"}, "C", "C", "C"),
        ({"values": "B"}, {"values": "B"}, "B", "B", "B"),
        ({"values": "A\r\n"}, {"values": "C"}, "C", "C", "C"),
        # Both, each to something else.
        ({"values": "B"}, {"values": "C"}, "B", "C", "C\n\nB"),
        ({"values": "C and B"}, {"values": "C"}, "C and B", "C", "C and B"),
        ({"values": ""}, {"values": "C"}, "", "C", "C"),
    ],
)
def test_what_two_have_written_stands_by_the_choice_and_no_text_of_either_is_lost_by_both(
    mine: dict[str, str], saved: dict[str, str], mine_stays: str, saved_stays: str, both: str
) -> None:
    met = meet(FIELDS, BEFORE, {**BEFORE, **mine}, {**BEFORE, **saved})
    by: dict[Choice, str] = {"mine": mine_stays, "saved": saved_stays, "both": both}
    assert {choice: met.settled(choice).get("values", "") for choice in by} == by
    assert met.changes_anything == (mine not in ({}, {"values": "A\r\n"}) and mine != saved)


def test_of_what_can_be_only_one_the_saved_stands_and_ticks_are_put_together() -> None:
    mine = {"method": "digital", "participants": "young,staff"}
    saved = {"method": "unannounced", "participants": "staff,director"}
    both = meet(FIELDS, BEFORE, mine, saved).settled("both")
    assert (both["method"], both["participants"]) == ("unannounced", "staff,director,young")


@dataclass
class Two:
    """Karin and Kim, with a follow-up that Karin has opened."""

    edge: Edge
    karin: Tab
    kim: Tab
    path: str

    def stored(self) -> dict[str, str]:
        with self.edge.database.transaction() as tx:
            found = follow_ups.get(tx, FollowUpId(int(self.path.rpartition("/")[2])))
        assert found
        return answers_of(found)

    def drafts(self) -> int:
        with self.edge.database.transaction() as tx:
            return len(tx.connection.execute(select(follow_up_draft.c.id)).all())


@pytest.fixture
async def two(municipality: Database) -> AsyncIterator[Two]:
    async with at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as edge:
        with edge.database.transaction() as tx:
            quality = {"role": "quality", "name": "Kim Ek"}
            tx.connection.execute(update(person).where(person.c.key == "bilal").values(**quality))
            karin = people.by_key(tx, "karin")
            assert karin
            opened = follow_ups.open_new(tx, UnitId(1), karin.id, edge.clock(), by_risk=True)
            assert opened
        async with entered(edge, "karin") as hers, entered(edge, "bilal") as his:
            yield Two(edge, hers, his, f"/uppfoljning/{opened.id}")


def text_in(page: Seen, field: str) -> str:
    found = re.search(rf'<textarea id="{field}"[^>]*>([^<]*)</textarea>', page.text)
    assert found, page.words
    return unescape(found[1])


ANALYSED = {
    "indicators": "Nivån är normal.",
    "deviations": "Två avvikelser.",
    "inspectorate": "Inget tillsynsärende.",
    **dict.fromkeys(("indicators_evidence", "deviations_evidence", "inspectorate_evidence"), "reported"),
}


async def test_two_edit_the_same_follow_up_and_the_second_is_told_and_loses_nothing(two: Two) -> None:
    """`page.follow_up.`: as the issue's third thing to show has it, without any script."""
    hers, his = await two.karin.get(two.path), await two.kim.get(two.path)
    # What the evidence says is filled in, and both have it before them.
    assert text_in(hers, "indicators") == text_in(his, "indicators") != ""
    first = {**ANALYSED, "deviations": "Karins text."}
    saved = await two.karin.post(two.path, {**hers.hidden, **first, "gor": "spara"})
    assert (saved.status, two.stored()["deviations"]) == (303, "Karins text.")
    second = {**ANALYSED, "deviations": "Kims text.", "inspectorate": "Kim ringde 20120229-2387."}
    met = await two.kim.post(two.path, {**his.hidden, **second, "gor": "spara"})
    assert met.status == 409
    assert two.stored()["deviations"] == "Karins text."
    for text in ("Karins text.", "Kims text.", "20120229-2387", SAY("page.follow_up.nothing_stored")):
        assert text in met.words
    # His text is kept, but for the number that is kept nowhere, and met again wherever he opens it.
    again = await two.kim.get(two.path)
    assert ("Kims text." in again.words, "20120229-2387" in again.text) == (True, False)
    assert "Kims text." not in (await two.karin.get(two.path)).text
    form = {**again.hidden, "deviations": "Kims text.", "indicators": ANALYSED["indicators"]}
    settled = await two.kim.post(f"{two.path}/krock", {**form, "inspectorate": "Kim ringde.", "val": "both"})
    assert settled.status == 303
    filled = await two.kim.get(two.path)
    assert text_in(filled, "deviations") == "Karins text.\n\nKims text."
    assert two.stored()["deviations"] == "Karins text."
    whole = {**ANALYSED, "deviations": text_in(filled, "deviations"), "inspectorate": "Kim ringde."}
    done = await two.kim.post(two.path, {**filled.hidden, **whole, "gor": "vidare"})
    told = await two.kim.get(done.headers["Location"].removeprefix("/arbete"))
    assert SAY("follow_up.gone_on") in told.words
    assert (two.stored()["deviations"], two.drafts()) == ("Karins text.\n\nKims text.", 0)
    # Each version is there with who wrote it.
    assert told.text.count("<details><summary>Version") == 3


async def test_new_evidence_is_fetched_after_what_she_has_written_and_saved_by_her_alone(two: Two) -> None:
    """`page.follow_up.evidence`: as a follow-up that is opened now is filled in; twice makes nothing more."""
    hers, stale = await two.karin.get(two.path), await two.kim.get(two.path)
    before = text_in(hers, "deviations")
    saved = await two.karin.post(two.path, {**hers.hidden, **ANALYSED, "gor": "spara"})
    assert saved.status == 303
    await raised(two.karin, "Ett slag.")
    with two.edge.database.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin
        new = follow_ups.open_new(tx, UnitId(1), karin.id, two.edge.clock())
    assert new
    opened = await two.karin.get(f"/uppfoljning/{new.id}")
    now = {area: text_in(opened, area) for area in PREFILLED}
    assert now["deviations"] != before
    page = await two.karin.get(two.path)
    for nonce in ("a" * 16, "b" * 16):
        typed = {**page.hidden, **ANALYSED, "nonce": nonce, "indicators": "", "gor": "underlag"}
        typed["deviations"] = text_in(page, "deviations")
        fetched = await two.karin.post(two.path, typed)
        page = await two.karin.get(fetched.headers["Location"].removeprefix("/arbete"))
        assert SAY("page.follow_up.evidence_fetched") in page.words
        assert text_in(page, "indicators") == now["indicators"]
        assert text_in(page, "deviations") == f"Två avvikelser.\n\n{now['deviations']}"
        assert (two.stored()["deviations"], two.drafts()) == ("Två avvikelser.", 1)
    met = await two.kim.post(two.path, {**stale.hidden, **ANALYSED, "deviations": "Kims.", "gor": "underlag"})
    assert (met.status, "Kims." in met.words) == (409, True)
    await two.karin.post(two.path, {**page.hidden, **ANALYSED, "gor": "vidare"})
    planned = await two.karin.get(two.path)
    assert SAY("page.follow_up.fetch_evidence") not in planned.words


async def test_a_draft_is_kept_by_itself_and_says_that_another_has_saved(two: Two) -> None:
    hers, his = await two.karin.get(two.path), await two.kim.get(two.path)
    kept = await two.karin.post(f"{two.path}/utkast", {**hers.hidden, **ANALYSED, "values": "fel steg"})
    assert (kept.status, SAY("page.draft.kept", at="08:00") in kept.words) == (200, True)
    assert two.stored() == {"owner": two.stored()["owner"]}
    await two.kim.post(two.path, {**his.hidden, **ANALYSED, "gor": "vidare"})
    with two.edge.database.transaction() as tx:
        soon, later = (two.edge.clock() + timedelta(days=days) for days in (399, 401))
        assert [DRAFTS.forget_old(tx, when, 9) for when in (soon, later)] == [0, 1]
    late = await two.karin.post(f"{two.path}/utkast", {**hers.hidden, **ANALYSED, "deviations": "Min."})
    assert (late.status, "Kim Ek har sparat" in late.words) == (409, True)
    # The step has moved on, where she wrote: her text is shown, and has its place again one step back.
    moved = await two.karin.get(two.path)
    assert SAY("page.follow_up.step_moved", step=SAY("follow_up.step.analyse")) in moved.words
    refused = await two.karin.post(f"{two.path}/krock", {**moved.hidden, "deviations": "Min.", "val": "mine"})
    assert (refused.status, two.stored()["deviations"]) == (409, "Två avvikelser.")
    back = await two.karin.post(two.path, {**moved.hidden, "version": "2", "gor": "backa"})
    assert back.status == 303
    there = await two.karin.get(two.path)
    assert ("Min." in there.words, SAY("page.follow_up.keep_mine") in there.words) == (True, True)
    dropped = await two.karin.post(f"{two.path}/krock", {**there.hidden, "val": "saved"})
    assert (dropped.status, two.drafts()) == (303, 0)
    assert text_in(await two.karin.get(two.path), "deviations") == "Två avvikelser."


async def test_a_text_that_is_made_shorter_while_another_saves_is_kept_as_a_draft(two: Two) -> None:
    """It is where the saved text begins, and yet not what was saved."""
    hers = await two.karin.get(two.path)
    long = {**ANALYSED, "deviations": "Två avvikelser. Den ena är en dubblett."}
    assert (await two.karin.post(two.path, {**hers.hidden, **long, "gor": "spara"})).status == 303
    hers, his = await two.karin.get(two.path), await two.kim.get(two.path)
    more = {**long, "inspectorate": f"{ANALYSED['inspectorate']} Kim har frågat."}
    assert (await two.kim.post(two.path, {**his.hidden, **more, "gor": "spara"})).status == 303
    await two.karin.post(f"{two.path}/utkast", {**hers.hidden, **ANALYSED})
    assert two.drafts() == 1


async def test_one_who_has_it_in_two_tabs_is_told_in_the_second_and_loses_what_she_wrote_in_neither(
    two: Two,
) -> None:
    first, second = await two.karin.get(two.path), await two.karin.get(two.path)
    for text in ("Flik ett", "Flik ett."):
        typed = {**first.hidden, **ANALYSED, "deviations": text}
        assert (await two.karin.post(f"{two.path}/utkast", typed)).status == 200
    there = {**second.hidden, **ANALYSED, "deviations": "Flik två."}
    late = await two.karin.post(f"{two.path}/utkast", there)
    assert (late.status, SAY("page.draft.elsewhere", at="08:00") in late.words) == (409, True)
    for way in ("spara", "vidare"):
        met = await two.karin.post(two.path, {**there, "gor": way})
        assert (met.status, text_in(met, "deviations"), two.stored().get("deviations")) == (
            409,
            "Flik två.",
            None,
        )
        assert ("Flik ett." in met.words, SAY("page.elsewhere") in met.words) == (True, True)
    # What a tab has been shown it goes on with, and then it is the other that is told.
    assert (await two.karin.post(f"{two.path}/utkast", {**there, **met.hidden})).status == 200
    assert text_in(await two.karin.get(two.path), "deviations") == "Flik två."
    assert (await two.karin.post(f"{two.path}/utkast", typed)).status == 409
    # One that comes late, after the same has been saved, is no draft and stands in nobody's way.
    now = await two.karin.get(two.path)
    saved = {**now.hidden, **ANALYSED, "deviations": "Flik tre."}
    assert (await two.karin.post(two.path, {**saved, "gor": "spara"})).status == 303
    assert ((await two.karin.post(f"{two.path}/utkast", saved)).status, two.drafts()) == (409, 0)
    first, second = await two.karin.get(two.path), await two.karin.get(two.path)
    typed, there = ({**page.hidden, **ANALYSED, "deviations": "Flik två."} for page in (first, second))
    assert (await two.karin.post(f"{two.path}/utkast", there)).status == 200
    # The same text clashes with nothing, and is dropped where it is saved.
    done = await two.karin.post(
        two.path, {**first.hidden, **ANALYSED, "deviations": "Flik två.", "gor": "spara"}
    )
    assert (done.status, two.stored()["deviations"], two.drafts()) == (303, "Flik två.", 0)
    assert "har sparat i uppföljningen" in (await two.karin.post(f"{two.path}/utkast", typed)).words


async def test_what_was_written_in_one_that_a_colleague_ended_is_shown_until_she_lets_it_go(two: Two) -> None:
    hers = await two.karin.get(two.path)
    await two.karin.post(f"{two.path}/utkast", {**hers.hidden, **ANALYSED, "deviations": "Karins text."})
    with two.edge.database.transaction() as tx:
        kim, found = people.by_key(tx, "bilal"), follow_ups.get(tx, FollowUpId(1))
        assert kim
        assert found
        following_up.cancel(tx, found, "Enheten är stängd.", kim.id, two.edge.clock())
    sent = await two.karin.post(two.path, {**hers.hidden, **ANALYSED, "deviations": "Karins text."})
    assert sent.status == 409
    for page in (sent, await two.karin.get(two.path)):
        assert ("Karins text." in page.words, SAY("page.follow_up.gone") in page.words) == (True, True)
        # There is no step to go back to, and nothing to fill in.
        assert ('value="backa"' in page.text, SAY("page.follow_up.nothing_stored") in page.words) == (
            False,
            False,
        )
    typed = {**page.hidden, "deviations": "Karins text."}
    kept = await two.karin.post(f"{two.path}/utkast", {**typed, "version": page.hidden["sedd"]})
    assert (kept.status, SAY("page.follow_up.gone") in kept.words) == (409, True)
    dropped = await two.karin.post(f"{two.path}/krock", {**typed, "val": "saved"})
    assert (dropped.status, two.drafts()) == (303, 0)
    assert "Karins text." not in (await two.karin.get(two.path)).text


async def test_the_five_steps_are_gone_through_on_one_page_and_all_that_is_wrong_is_said(two: Two) -> None:
    """`page.actions.`: with an action that another verifies, in the list by whose it is."""
    page = await two.karin.get(two.path)
    wrong = await two.karin.post(two.path, {**page.hidden, "indicators": "x 20120229-2387", "gor": "vidare"})
    assert (wrong.status, wrong.text.count('<li><a href="#'), "<title>Fel:" in wrong.text) == (422, 11, True)
    assert "x 20120229-2387" in wrong.text
    with two.edge.database.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin
    areas = dict.fromkeys(("values", "outcomes", "requirements", "improvement"), "Bra.")
    rests = {evidence_of(area): ["talk", "document"] for area in areas}
    points = dict.fromkeys((point for points in CHECKS.values() for point in points), "fulfilled")
    for typed in (
        ANALYSED,
        {"owner": str(karin.id), "method": "visit", "planned_on": "2026-11-20"},
        {"held_on": "2026-11-02", "participants": ["staff", "young"], **areas, **rests},
        {"strengths": "Lugnt.", "improvements": "Rutiner.", "verdict": "partly", **points},
    ):
        page = await two.karin.get(two.path)
        # Of several each is a box, since a list that several are chosen in is hard to use without a mouse.
        assert (" multiple" in page.text, page.text.count('type="checkbox" name="participants"')) == (
            False,
            7 if "participants" in typed else 0,
        )
        done = await two.karin.post(two.path, {**page.hidden, **typed, "gor": "vidare"})
        assert done.status == 303, done.words
    acting = await two.karin.get(two.path)
    assert acting.text.count(SAY("page.follow_up.done")) == 4
    assert SAY("choice.participant.young") in acting.words
    # The kinds of evidence and the checklist stand with what was written, and in the version that they came with.
    for point in points:
        assert acting.words.count(SAY(f"follow_up.{point}")) == 2
    assert "Samtal, Dokument" in acting.words
    unfinished = await two.karin.post(two.path, {**acting.hidden, "gor": "avsluta"})
    assert (unfinished.status, SAY("follow_up.action_needed") in unfinished.words) == (422, True)
    asking = await two.karin.post("/kort", acting.form("press", "action_form"))
    plan = {"what": "Ny rutin.", "owner": str(karin.id), "due_on": "2026-12-01"}
    await two.karin.post("/kort", {**asking.form("press", "save_action"), **plan})
    listed = await two.karin.get("/atgarder")
    assert "Ny rutin." in listed.words
    assert SAY("page.actions.caption", n=1) in listed.words
    for name, number in (("alla", 1), ("mina", 1), ("sena", 0), ("verifiera", 0)):
        assert SAY(f"page.actions.{name}", number=number) in listed.words
    assert SAY("page.actions.none") in (await two.karin.get("/atgarder?vilka=sena")).words
    async with entered(two.edge, "maria") as maria:
        assert [(await maria.get(one)).status for one in (two.path, "/atgarder")] == [404, 404]
        assert (await maria.post(two.path, {**listed.hidden, "gor": "spara"})).status == 403
