"""What is on its way while its person gets another account, another conversation, or leaves."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import update

from bot.connector import Connector
from bot.delivery import Deliverer
from bot.listening import bound, listening, port_of
from bot.posting import Sender
from bot.settings import LOOPBACK
from bot.token import no_token
from followup import PersonId
from storage.engine.database import Database, Transaction
from storage.engine.tables import person
from storage.messages import conversations
from storage.messages.conversations import Address
from storage.register import people
from tests.support.builders import without_digests
from tests.support.stage import on_stage
from tests.test_delivery import NOW, Office

OTHER = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
Meanwhile = Callable[[Transaction, PersonId], None]


@dataclass
class Teams:
    """Answers the first request so, after something has happened in the register; opens and takes all the others."""

    database: Database
    meanwhile: Meanwhile
    first: tuple[int, str]
    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        self.asked.append(request.path.removeprefix("/v3/conversations"))
        members = wanted.get("members")
        said = {"id": f"a:{members[0]['id']}" if members else "1"}
        if len(self.asked) > 1:
            return web.json_response(said, status=201)
        with self.database.transaction() as tx:
            karin = people.by_key(tx, "karin")
            assert karin is not None
            self.meanwhile(tx, karin.id)
        status, code = self.first
        return web.json_response({**said, "error": {"code": code}}, status=status)


@pytest.fixture
async def office(municipality: Database, tmp_path: Path) -> AsyncIterator[Office]:
    with municipality.transaction() as tx:
        # Else the letter would be Karin's one unasked message of the day.
        without_digests(tx)
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl", clock_reminders=False) as stage:
        office = Office(stage, municipality)
        await office.without_the_bots_own_deliverer()
        yield office


@asynccontextmanager
async def delivering(
    office: Office, meanwhile: Meanwhile, status: int, code: str = ""
) -> AsyncIterator[tuple[Teams, Deliverer]]:
    teams = Teams(office.database, meanwhile, (status, code))
    app, place = web.Application(), bound(LOOPBACK)
    app.router.add_post("/{way:.*}", teams.answer)
    teams.url = f"http://{LOOPBACK}:{port_of(place)}"
    clock = office.stage.clock
    async with listening(app, place), aiohttp.ClientSession() as session:
        yield (
            teams,
            Deliverer(
                office.database,
                Connector(session, no_token),
                clock.now,
                Sender("28:bot", "lokalt", teams.url),
                "another",
                pace_clock=clock.clock.pace,
            ),
        )


def other_account(tx: Transaction, person_id: PersonId) -> None:
    """As an import does it."""
    tx.connection.execute(update(person).where(person.c.id == person_id).values(teams_id=OTHER))
    conversations.forget(tx, person_id)


def other_tenant(tx: Transaction, person_id: PersonId) -> None:
    tx.connection.execute(update(person).where(person.c.id == person_id).values(tenant=OTHER))
    conversations.forget(tx, person_id)


def no_longer_there(tx: Transaction, person_id: int) -> None:
    tx.connection.execute(update(person).where(person.c.id == person_id).values(active=False))


@pytest.mark.parametrize("change", [other_account, other_tenant])
async def test_a_conversation_opened_for_the_account_before_is_not_hers(
    office: Office, change: Meanwhile
) -> None:
    async with delivering(office, change, 201) as (teams, deliverer):
        office.move(None)
        number = office.decide()
        await deliverer.drain()
    # What was said there did not reach her: a conversation is opened with the account that she has now.
    opened, _, again, said = teams.asked
    assert (opened, again) == ("", "")
    hers = office.address()
    assert hers is not None
    assert said == f"/{hers.conversation_id}/activities"
    if change is other_account:
        assert hers.conversation_id == f"a:{OTHER}"
    assert office.row(number).state == "sent"


@pytest.mark.parametrize(
    ("status", "code"),
    [(201, ""), (403, "ConversationBlockedByUser"), (404, "ConversationNotFound"), (503, "")],
)
@pytest.mark.parametrize("change", [other_account, other_tenant])
async def test_what_was_said_to_the_account_before_is_said_to_the_one_that_she_has(
    office: Office, change: Meanwhile, status: int, code: str
) -> None:
    async with delivering(office, change, status, code) as (teams, deliverer):
        office.move(Address("a:old", teams.url))
        number = office.decide()
        await deliverer.drain()
        office.stage.clock.clock.move_to(office.stage.clock.now().replace(minute=30))
        await deliverer.drain()
    assert teams.asked[0] == "/a:old/activities"
    assert teams.asked[1] == ""
    assert office.row(number).state == "sent"


@pytest.mark.parametrize(
    ("status", "code"), [(403, "ConversationBlockedByUser"), (404, "ConversationNotFound")]
)
async def test_the_refusal_of_a_conversation_that_she_has_left_does_not_forget_the_new_one(
    office: Office, status: int, code: str
) -> None:
    new: list[Address] = []

    def moves(tx: Transaction, person_id: PersonId) -> None:
        conversations.remember(tx, new[0], NOW, person_id=person_id)

    async with delivering(office, moves, status, code) as (teams, deliverer):
        new.append(Address("a:new", teams.url))
        office.move(Address("a:old", teams.url))
        number = office.decide()
        await deliverer.drain()
    assert teams.asked == ["/a:old/activities", "/a:new/activities"]
    assert (office.row(number).state, office.address()) == ("sent", new[0])


async def test_one_who_has_left_meanwhile_is_sent_nothing_more(office: Office) -> None:
    async with delivering(office, no_longer_there, 503) as (teams, deliverer):
        office.move(Address("a:old", teams.url))
        number = office.decide()
        await deliverer.drain()
        office.stage.clock.clock.move_to(office.stage.clock.now().replace(minute=30))
        await deliverer.drain()
    assert len(teams.asked) == 1
    assert office.row(number).state == "cancelled"
