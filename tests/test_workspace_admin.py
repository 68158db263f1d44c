"""The administrator's pages: what waits, what was not delivered, whom nobody reaches, the log, and the settings."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.settings import Settings
from bot.workspace.installed import SECRET, SHOWN, installed
from followup.clocks.retention import RetentionPlan
from followup.log.log_review import Finding
from followup.messages.operation import LogReviewDue
from followup.terms import BUILT_IN
from services.retention.due import due_after, due_from
from services.retention.proposing import LOOKED_AT, DueCounts
from storage.engine.database import Database
from storage.engine.tables import delivery, log_checkpoint, log_review, person
from storage.engine.vault import new_key
from storage.messages import queueing, settling
from storage.messages.delivery import DeliveryState
from storage.register import people
from tests.support.builders import Register, at
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.tab import ADDRESS, Tab, entered
from tests.support.whole_child import CASE, OTHER_CASE
from tests.test_case_export import database_of, town
from tests.test_commands import Shell, shell
from tests.test_retention import planned
from texts.catalogue import Texts
from workspace.frame.answer import Shown, ShownAgain
from workspace.frame.drawing import Surroundings, draw
from workspace.frame.listing import ListPage
from workspace.frame.visit import PageRequest, Visit
from workspace.register.log import find_unusual, look_through

__all__ = ["planned", "shell", "town"]
SAY = Texts("sv")


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    with municipality.transaction() as tx:
        Register(tx).person("alva", "admin")
    async with at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as opened:
        yield opened


@pytest.fixture
async def alva(edge: Edge) -> AsyncIterator[Tab]:
    async with entered(edge, "alva") as tab:
        yield tab


def queued(edge: Edge, key: str, to: str, state: DeliveryState) -> int:
    with edge.database.transaction() as tx:
        recipient = people.by_key(tx, to)
        assert recipient is not None
        queueing.queue(tx, key, LogReviewDue(2026, 3), edge.clock(), person_id=recipient.id)
        number: int = tx.connection.scalars(select(delivery.c.id).where(delivery.c.key == key)).one()
        settling.settle(tx, number, state, reason="403 BotDisabledByAdmin")
        return number


async def test_what_was_never_taken_goes_again_and_what_may_have_been_is_said_once_more_and_labelled(
    edge: Edge, alva: Tab
) -> None:
    """`page.sending.caption`: one of each; `page.sending.none` when both are settled; `page.admin.` counts the same."""
    assert SAY("page.sending.none") in (await alva.get("/leveranser")).words
    failed, doubtful = queued(edge, "a", "anna", "failed"), queued(edge, "b", "bilal", "uncertain")
    arrived = queued(edge, "c", "alva", "sent")
    home = await alva.get()
    assert (SAY("page.admin.failed", n=1) in home.words, SAY("page.admin.uncertain", n=1) in home.words) == (
        True,
        True,
    )
    page = await alva.get("/leveranser")
    assert SAY("page.sending.caption", uncertain=1, failed=1) in page.words
    assert ("Anna Test" in page.words, "BotDisabledByAdmin" in page.words) == (True, True)
    with edge.database.transaction() as tx:
        read = update(delivery).where(delivery.c.id == arrived).values(read_at=edge.clock())
        tx.connection.execute(read)
    since = edge.clock() - timedelta(days=7)
    counts = SAY("trouble.in_doubt.counts", since=since, sent=1, in_doubt=1, not_taken=1)
    assert counts in page.words
    assert SAY("trouble.in_doubt.read", n=1) not in page.words
    assert SAY("trouble.in_doubt.read", n=1) in (await alva.get("/leveranser")).words
    for number in (failed, doubtful):
        done = await alva.post(f"/leveranser/{number}/igen", page.hidden)
        told = await alva.get(done.headers["Location"].removeprefix("/arbete"))
        assert SAY("page.sending.again", number=number) in told.words
        page = told
    with edge.database.transaction() as tx:
        rows = {row.key: row for row in tx.connection.execute(select(delivery))}
        assert {key: row.state for key, row in rows.items()} == {
            "a": "ready",
            "b": "uncertain",
            "b:again": "ready",
            "c": "sent",
        }
        assert rows["b:again"].person_id == rows["b"].person_id
    assert SAY("page.sending.otherwise") in page.words
    twice = await alva.post(f"/leveranser/{doubtful}/igen", page.hidden)
    assert (twice.status, SAY("cli.outbox.not_retried", number=doubtful) in twice.words) == (409, True)
    assert (await alva.post("/leveranser/999/igen", page.hidden)).status == 404


async def test_those_whom_the_register_gives_no_account_are_listed_until_it_does(
    edge: Edge, alva: Tab
) -> None:
    """`page.people.caption`, `page.people.none`, `page.admin.without_account`: of the active ones alone."""
    assert SAY("page.people.none") in (await alva.get("/personer")).words
    with edge.database.transaction() as tx:
        two = person.c.key.in_(("anna", "bilal"))
        tx.connection.execute(update(person).where(two).values(teams_id=None))
    listed = await alva.get("/personer")
    assert (SAY("page.people.caption", n=2) in listed.words, listed.text.count('scope="row"')) == (True, 2)
    assert SAY("page.admin.without_account", n=2) in (await alva.get()).words
    with edge.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "bilal").values(active=False))
    assert SAY("page.people.caption", n=1) in (await alva.get("/personer")).words


async def test_a_quarter_of_the_log_is_looked_through_with_a_note_and_its_end_is_signed(
    edge: Edge, alva: Tab
) -> None:
    """`page.log.none`, `page.log.caption`: three refusals on a day are one thing to look at; `page.admin.quarter`."""
    page = await alva.get("/logg")
    assert SAY("page.log.none", quarter="2026-Q3") in page.words
    async with entered(edge, "anna") as anna:
        for _ in range(3):
            await anna.get("/logg")
    now = await alva.get("/logg?kvartal=2026-Q4")
    assert (SAY("page.log.caption", n=1, quarter="2026-Q4") in now.words, "anna" in now.words) == (True, True)
    assert SAY("page.log.not_over") in now.words
    early = await alva.post("/logg/granskad", {**page.hidden, "kvartal": "2026-Q4", "note": "Inget."})
    assert (early.status, (await alva.get("/logg?kvartal=0000-Q1")).status) == (422, 200)
    edge.clock.move_to(edge.clock() + timedelta(days=70))
    async with entered(edge, "alva") as later:
        assert SAY("page.admin.quarter", quarter="2026-Q4") in (await later.get()).words
        over = await later.get("/logg")
        for note in ("", "Barnet 20120229-2387."):
            wrong = await later.post("/logg/granskad", {**over.hidden, "note": note})
            assert (wrong.status, 'aria-invalid="true"' in wrong.text) == (422, True)
        done = await later.post("/logg/granskad", {**over.hidden, "note": "Ett misstag, talat med Anna."})
        told = await later.get(done.headers["Location"].removeprefix("/arbete"))
        assert (SAY("page.log.reviewed_now") in told.words, SAY("cli.log.done") in told.words) == (True, True)
        assert SAY("page.admin.quarter", quarter="2026-Q4") not in (await later.get()).words
        # Another who has the form open still: what is wrong is said all the same, and her note is not lost.
        again = await later.post(
            "/logg/granskad", {**over.hidden, "nonce": "e" * 16, "note": "Om 20120229-2387."}
        )
        assert (again.status, "Om 20120229-2387." in again.text) == (422, True)
        signed = await later.post("/logg/kontrollpunkt", told.hidden)
        assert signed.status == 303
        with edge.database.transaction() as tx:
            [review] = tx.connection.execute(select(log_review)).all()
            assert (review.quarter, review.findings) == ("2026-Q4", 1)
            signatures = tx.connection.scalars(
                select(log_checkpoint.c.signature).order_by(log_checkpoint.c.id)
            )
            newest: str = signatures.all()[-1]
        assert newest in (await later.get("/logg")).words


async def test_each_term_of_the_files_is_shown_and_no_plan_means_no_proposal(edge: Edge, alva: Tab) -> None:
    """`page.terms.caption`; `page.proposing.` of a plan is shown by the rules' own tests and the one beneath."""
    terms = await alva.get("/begrepp")
    for kind, built_in in BUILT_IN.items():
        assert SAY(f"page.terms.kind.{kind}") in terms.words
        assert SAY("page.terms.caption", n=len(built_in)) in terms.words
        assert all(one.word in terms.words for one in built_in.values())
    without = await alva.get("/gallring/forslag")
    assert SAY("page.proposing.no_plan") in without.words
    assert (await alva.post("/gallring/forslag", without.hidden)).status == 404


def test_every_setting_is_said_to_be_secret_or_shown() -> None:
    assert set(Settings.model_fields) == SECRET | SHOWN
    assert not SECRET & SHOWN


def test_no_secret_of_the_settings_is_shown(tmp_path: Path) -> None:
    key = new_key()
    settings = Settings(
        app_id="11111111-2222-3333-4444-555555555555",
        app_password="mycket hemligt",
        tenant_id="tenant",
        keys=key,
        database_url="postgresql+psycopg://bot:losenord@db.kommunen.se/upp",
        var=tmp_path,
    )
    told = "\n".join(f"{name} {value}" for name, value in installed(settings).settings)
    assert [one for one in ("mycket hemligt", key, "losenord") if one in told] == []
    assert ("UPPFOLJAREN_KEYS angiven" in told, "db.kommunen.se" in told) == (True, True)


@pytest.mark.parametrize(("all_", "said"), [(LOOKED_AT, "nothing"), (LOOKED_AT + 1, "nothing_here")])
def test_that_nothing_can_be_deleted_is_said_of_all_only_where_all_have_been_looked_at(
    all_: int, said: str
) -> None:
    counts = DueCounts(0, LOOKED_AT, 0, all_)
    here = ListPage("/gallring/forslag", 1, all_, size=LOOKED_AT)
    plan = RetentionPlan("Planen", "0999")
    values = {"plan": plan, "counts": counts, "here": here, "told": [], "nothing": False}
    page = draw("proposing.html", "", values, Surroundings(SAY, {"workspace.css": ""}))
    known = ("nothing", "nothing_here")
    assert [one for one in known if SAY(f"page.proposing.{one}") in page] == [said]
    part = SAY("page.proposing.part", first=1, last=LOOKED_AT, all=all_)
    assert (part in page) == (all_ > LOOKED_AT)


def test_a_wrong_note_is_shown_with_what_was_found_beside_the_writer(municipality: Database) -> None:
    one = Finding("refused", date(2026, 7, 2), "anna", 3, 3, (), ())
    with municipality.transaction() as tx:
        Register(tx).person("alva", "admin")
        alva = people.by_key(tx, "alva")
        assert alva
        asked = PageRequest(form={"kvartal": ("2026-Q3",), "note": ("",)})
        visit = Visit(tx, alva, at("2026-11-23 10:00"), SAY, asked, read_before=[one])
        answer = look_through(visit)
        assert find_unusual(visit) == []
    assert isinstance(answer, ShownAgain)
    with municipality.reading() as tx:
        shown = answer.show(replace(visit, tx=tx))
    assert isinstance(shown, Shown)
    assert shown.values["findings"] == [one]


async def test_a_proposal_to_delete_is_laid_before_two_people_and_names_no_child(planned: Shell) -> None:
    """`page.proposing.`: of two whose placements ended long ago one may go, once, and the other is held."""
    plan = planned.directory / "plan.toml"
    with database_of(planned) as database:
        _are_found_each_on_one_page(database)
        async with (
            at_the_edge(
                database,
                "2026-11-23 12:00",
                sends=False,
                public_address=ADDRESS,
                retention_plan=plan,
                retention_journal=planned.directory / "gallringar.jsonl",
            ) as edge,
            entered(edge, "alva") as alva,
        ):
            page = await alva.get("/gallring/forslag")
            counted = [SAY(f"page.proposing.{name}") for name in ("may_go", "proposed", "held")]
            assert f"{counted[0]} 1 {counted[1]} 0 {counted[2]} 1" in page.words
            done = await alva.post("/gallring/forslag", page.hidden)
            told = await alva.get(done.headers["Location"].removeprefix("/arbete"))
            assert SAY("cli.retention.proposed", number=1, n=1) in told.words
            assert f"{counted[0]} 0 {counted[1]} 1 {counted[2]} 1" in told.words
            again = await alva.post("/gallring/forslag", told.hidden)
            assert (again.status, SAY("page.proposing.nothing") in again.words) == (409, True)
            assert SAY("page.admin.to_decide", n=1) in (await alva.get()).words
            assert not any(case in page.text + told.text for case in (CASE, OTHER_CASE))
            beyond = await alva.get("/gallring/forslag?sida=2")
            assert f"{counted[0]} 0 {counted[1]} 1 {counted[2]} 1" in beyond.words


def _are_found_each_on_one_page(database: Database) -> None:
    """Whatever is on them: nobody stands beyond the last page, and a page that there is not is the first."""
    plan, now = RetentionPlan("Planen", "0182"), at("2026-11-23 12:00")
    with database.reading() as tx:
        all_, place = due_after(tx, plan, now, "")
        pages = [due_from(tx, plan, now, start, 1) for start in range(len(all_) + 1)]
    whose = [(number, *(one.reference for one in found)) for found, number in pages]
    every = [(len(all_), one.reference) for one in all_]
    assert (place, {one.reference for one in all_} >= {CASE, OTHER_CASE}) == (None, True)
    assert whose == [*every, every[0]]
