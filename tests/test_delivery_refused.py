"""What Teams refuses: nothing is lost, no channel is forgotten, and the administrator is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from storage.engine.database import Database
from storage.engine.tables import person
from storage.messages import conversations, ledger
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL, Delivery, DeliveryState
from storage.register import people
from tests.support.builders import at, without_digests
from tests.support.edge import NOVEMBER, Edge, at_the_edge
from tests.support.stage import SAY, on_stage, words
from tests.test_delivery import NOTICE, NOW, ROUND_OPENS, Office

MORNING = at("2026-10-29 08:00")
FIRST_REMINDER = at("2026-11-04 08:00")
ALL: tuple[DeliveryState, ...] = ("ready", "sending", "sent", "uncertain", "failed", "cancelled")


@pytest.fixture
async def office(municipality: Database, tmp_path: Path) -> AsyncIterator[Office]:
    async with at_work(municipality, tmp_path) as opened:
        yield opened


@pytest.fixture
async def one_by_one(municipality: Database, tmp_path: Path) -> AsyncIterator[Office]:
    """With one message on its way at a time: of those that go together any may arrive first."""
    async with at_work(municipality, tmp_path, in_flight=1) as opened:
        yield opened


@asynccontextmanager
async def at_work(municipality: Database, directory: Path, **given: int) -> AsyncIterator[Office]:
    """Maria looks after the bot."""
    with municipality.transaction() as tx:
        without_digests(tx)
        tx.connection.execute(update(person).where(person.c.key == "maria").values(role="admin"))
    async with on_stage(municipality, NOW, directory / "chat.jsonl", **given) as stage:
        yield Office(stage, municipality)


def of_kind(office: Office, kind: str, to: str | None = None) -> list[Delivery]:
    with office.database.transaction() as tx:
        someone = people.by_key(tx, to) if to else None
        return [
            one
            for one in ledger.listed(tx, ALL)
            if one.kind == kind and (someone is None or one.person_id == someone.id)
        ]


def summaries(office: Office, key: str) -> list[str]:
    return [message.summary for message in office.stage.stand_in.messages(key)]


async def test_a_token_that_is_refused_once_costs_nothing(office: Office) -> None:
    office.stage.stand_in.fail_next(401)
    assert (await office.deliver()).state == "sent"


@pytest.mark.parametrize("to", ["karin", "kanalen"])
async def test_a_token_that_is_refused_loses_nothing_and_the_administrator_is_told(
    office: Office, to: str
) -> None:
    for _ in range(2):
        office.stage.stand_in.fail_next(401, code="Unauthorized")
    home = office.address(to)
    put_back = await office.deliver(to=to)
    assert (put_back.state, put_back.reason) == ("ready", "401 Unauthorized")
    await office.later(2)
    assert (office.row(put_back.id).state, office.address(to)) == ("sent", home)
    assert summaries(office, "maria").count(SAY("token_refused.title")) == 1


async def test_a_token_that_is_refused_for_days_gives_nothing_up(office: Office) -> None:
    number = office.decide()
    with office.database.transaction() as tx:
        tx.connection.exec_driver_sql(f"update delivery set attempts = 5000 where id = {number}")
    for _ in range(2):
        office.stage.stand_in.fail_next(401)
    await office.stage.settle()
    assert office.row(number).state == "ready"


async def test_a_refused_token_is_dropped_and_a_new_one_tried_once(municipality: Database) -> None:
    async with at_the_edge(municipality, NOVEMBER, sends=False) as edge:
        await edge.post(edge.text("Hjälp"))
        edge.server.refuses = 401
        await edge.post(edge.text("Hjälp"))
        assert tokens(edge) == ["token-1", "token-1", "token-2"]
        await edge.post(edge.text("Hjälp"))
        # Another at once would be no better, and the login host is not asked over and over.
        assert tokens(edge)[3:] == ["token-2", "token-2"]
        edge.clock.move_to(edge.clock() + timedelta(seconds=31))
        edge.server.refuses = 0
        await edge.post(edge.text("Hjälp"))
        assert tokens(edge)[5:] == ["token-2"]


def tokens(edge: Edge) -> list[str]:
    return [sent.headers["Authorization"].removeprefix("Bearer ") for sent in edge.server.sent]


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "BotNotInConversationRoster"), (404, "ConversationNotFound"), (403, ""), (404, "")],
)
async def test_a_channel_that_takes_nothing_is_marked_and_told_of_once_and_never_forgotten(
    office: Office, status: int, code: str
) -> None:
    home = office.address("kanalen")
    office.stage.stand_in.fail_next(status, code=code)
    first = await office.deliver("one", to="kanalen")
    await office.later(60)
    office.stage.stand_in.fail_next(status, code=code)
    await office.deliver("two", to="kanalen")
    await office.stage.settle()
    assert (first.state, office.address("kanalen")) == ("failed", home)
    assert len(office.notices("karin")) == 1
    await office.stage.wake_at(MORNING)
    assert len(office.notices("karin")) == 2
    assert summaries(office, "maria").count(SAY("channel_refused.title")) == 1
    with office.database.transaction() as tx:
        refusal = conversations.refusal_of(tx, QUALITY_CHANNEL)
    assert refusal is not None
    assert (refusal.since, refusal.why) == (NOW, f"{status} {code}".strip())
    told = [words(one) for one in office.stage.stand_in.messages("maria")]
    assert any(f"{status} {code}".strip() in one for one in told)


async def test_a_later_success_clears_the_mark_and_the_next_refusal_is_told_of_anew(office: Office) -> None:
    for number, refused in enumerate((True, False, True)):
        if refused:
            office.stage.stand_in.fail_next(403, code="BotNotInConversationRoster")
        await office.deliver(f"notice:{number}", to="kanalen")
        with office.database.transaction() as tx:
            assert (conversations.refusal_of(tx, QUALITY_CHANNEL) is not None) == refused
        await office.later(60)
    # She has had the day's message.
    await office.stage.wake_at(MORNING)
    assert summaries(office, "maria").count(SAY("channel_refused.title")) == 2


async def test_the_app_installed_in_the_channel_again_clears_the_mark(office: Office) -> None:
    office.stage.stand_in.fail_next(403, code="BotNotInConversationRoster")
    await office.deliver(to="kanalen")
    await office.stage.stand_in.install("kanalen")
    with office.database.transaction() as tx:
        assert conversations.refusal_of(tx, QUALITY_CHANNEL) is None


@pytest.mark.parametrize("status", [401, 408, 412, 429, 500, 502, 503, 504])
async def test_what_passes_leaves_the_channel_unmarked(office: Office, status: int) -> None:
    for _ in range(2):
        office.stage.stand_in.fail_next(status)
    await office.deliver(to="kanalen")
    with office.database.transaction() as tx:
        assert conversations.refusal_of(tx, QUALITY_CHANNEL) is None
    assert office.notices("karin") == []


@pytest.mark.parametrize(
    ("status", "code", "forgotten"),
    [(403, "ConversationBlockedByUser", True), (403, "", False), (404, "", False), (400, "BadSyntax", False)],
)
async def test_only_a_refusal_of_the_conversation_itself_forgets_it(
    office: Office, status: int, code: str, forgotten: bool
) -> None:
    home = office.address()
    office.stage.stand_in.fail_next(status, code=code)
    assert (await office.deliver()).state == "failed"
    assert office.address() == (None if forgotten else home)


async def not_asked(office: Office) -> None:
    """Anna and Bilal have blocked the app when the round opens."""
    for _ in range(2):
        office.stage.stand_in.fail_next(403, code="ConversationBlockedByUser")
    await office.stage.wake_at(ROUND_OPENS)
    assert [office.prompt(key).state for key in ("anna", "bilal")] == ["failed", "failed"]


async def test_a_prompt_that_failed_is_due_again_at_the_next_reminder(one_by_one: Office) -> None:
    await not_asked(one_by_one)
    await one_by_one.stage.wake_at(FIRST_REMINDER - timedelta(minutes=1))
    assert len(of_kind(one_by_one, "prompt", "anna")) == 1
    await one_by_one.stage.wake_at(FIRST_REMINDER)
    await one_by_one.stage.wake_at(FIRST_REMINDER + timedelta(minutes=1))
    assert [one.state for one in of_kind(one_by_one, "prompt", "anna")] == ["sent", "failed"]
    assert of_kind(one_by_one, "reminder", "anna") == []
    await one_by_one.stage.wake_at(at("2026-11-10 08:00"))
    assert [one.state for one in of_kind(one_by_one, "reminder", "anna")] == ["sent"]


async def test_a_prompt_that_failed_is_said_at_once_when_the_app_is_installed_again(
    one_by_one: Office,
) -> None:
    await not_asked(one_by_one)
    await one_by_one.stage.stand_in.install("anna")
    await one_by_one.stage.settle()
    assert [one_by_one.prompt(key).state for key in ("anna", "bilal")] == ["sent", "failed"]
    await one_by_one.stage.wake_at(FIRST_REMINDER)
    assert [one.kind for one in of_kind(one_by_one, "reminder", "anna")] == ["reminder"]


async def test_so_it_is_when_she_writes_to_the_bot(one_by_one: Office) -> None:
    await not_asked(one_by_one)
    await one_by_one.stage.player("anna").say("hjälp")
    await one_by_one.stage.settle()
    assert one_by_one.prompt("anna").state == "sent"


async def test_what_was_missed_follows_the_next_message_that_gets_through(office: Office) -> None:
    office.stage.stand_in.fail_next(403, code="ConversationBlockedByUser")
    missed = await office.deliver("missed")
    office.decide("next", message=replace(NOTICE, occasion="follow_ups_done"))
    await office.stage.settle()
    await office.stage.wake_at(MORNING)
    assert office.row(missed.id).state == "sent"
    assert len(office.notices()) == 2


async def test_a_manager_who_missed_what_was_lacking_is_told_when_she_can_be_reached(office: Office) -> None:
    with office.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "maria").values(role="manager"))
    await office.stage.wake_at(ROUND_OPENS)
    office.stage.stand_in.fail_next(403, code="ConversationBlockedByUser")
    await office.stage.wake_at(at("2026-11-16 08:00"))
    [missed] = of_kind(office, "escalation")
    await office.stage.player("maria").say("hjälp")
    await office.stage.settle()
    assert (missed.state, office.row(missed.id).state) == ("failed", "sent")


async def test_what_is_wrong_with_the_message_itself_is_not_said_again(office: Office) -> None:
    office.stage.stand_in.fail_next(413, code="MessageSizeTooBig")
    failed = await office.deliver("too large")
    await office.deliver("next")
    await office.stage.stand_in.install("karin")
    await office.stage.settle()
    assert office.row(failed.id).state == "failed"


async def test_what_was_missed_long_ago_is_not_said(office: Office) -> None:
    office.stage.stand_in.fail_next(403, code="ConversationBlockedByUser")
    missed = await office.deliver()
    await office.later(36 * 24 * 3600)
    await office.stage.stand_in.install("karin")
    await office.stage.settle()
    assert office.row(missed.id).state == "failed"


def test_a_channel_that_moves_is_no_longer_marked(municipality: Database) -> None:
    with municipality.transaction() as tx:
        for address, marked in (
            (Address("19:a", "https://x/"), True),
            (Address("19:b", "https://x/"), False),
        ):
            conversations.remember(tx, address, NOW, channel=QUALITY_CHANNEL)
            if marked:
                assert conversations.refused(tx, QUALITY_CHANNEL, "403", NOW)
                assert not conversations.refused(tx, QUALITY_CHANNEL, "404", NOW + timedelta(days=1))
            assert (conversations.refusal_of(tx, QUALITY_CHANNEL) is not None) == marked
