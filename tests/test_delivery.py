"""The delivery of what was decided, against the stand-in's connector over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import get_args

import aiohttp
import pytest
from sqlalchemy import update

from bot.connector import Connector, TokenSource
from bot.delivery import Deliverer
from bot.local.chats import ChatMessage
from bot.posting import Sender
from bot.token import no_token
from followup.messages.every import EveryMessage
from followup.messages.follow_ups import DateNear
from storage.engine.database import Database, StorageError
from storage.engine.tables import delivery, person
from storage.messages import claiming, conversations, counting, doubts, ledger, queueing
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL, Delivery, DeliveryState
from storage.register import people
from tests.conftest import open_url
from tests.support.builders import Register, at, claim_one, without_digests
from tests.support.stage import SAY, Stage, on_stage

# A Wednesday when nothing is due by itself.
NOW = at("2026-10-28 12:00")
ROUND_OPENS = at("2026-11-02 08:00")
IMPATIENT = aiohttp.ClientTimeout(total=0.2)
NOTICE = DateNear("proposal", NOW.date())


@dataclass
class Office:
    """The running bot, and notices decided for people; Karin is asked about nothing else on the day."""

    stage: Stage
    database: Database
    years: Iterator[int] = field(default_factory=lambda: count(NOW.year))

    def decide(
        self,
        key: str = "notice",
        *,
        to: str = "karin",
        message: EveryMessage | None = None,
        not_before: datetime | None = None,
        urgent: bool = False,
    ) -> int:
        """Queues a notice of a selection, each of another year so that none stands for another; gives its number."""
        said = message or replace(NOTICE, due=NOW.date().replace(year=next(self.years)))
        with self.database.transaction() as tx:
            person, channel = people.by_key(tx, to), QUALITY_CHANNEL if to == "kanalen" else None
            where = {"person_id": person.id} if person else {}
            assert queueing.queue(
                tx,
                key,
                said,
                NOW,
                channel=channel,
                not_before=not_before,
                urgent=urgent,
                **where,
            )
            return max(one.id for one in ledger.listed(tx, ("ready",)) if one.key == key)

    async def deliver(self, key: str = "notice", *, to: str = "karin") -> Delivery:
        """Decides a notice, sends what is due, and gives how it went."""
        number = self.decide(key, to=to)
        await self.stage.settle()
        return self.row(number)

    async def later(self, seconds: float) -> None:
        clock = self.stage.clock.clock
        clock.move_to(clock() + timedelta(seconds=seconds))
        await self.stage.settle()

    def row(self, number: int) -> Delivery:
        with self.database.transaction() as tx:
            found = ledger.get(tx, number)
        assert found is not None
        return found

    def prompt(self, key: str) -> Delivery:
        """The person's first question of the month."""
        with self.database.transaction() as tx:
            person = people.by_key(tx, key)
            assert person is not None
            [found] = [
                one
                for one in ledger.listed(tx, get_args(DeliveryState))
                if one.kind == "prompt" and one.person_id == person.id
            ]
        return found

    def notices(self, key: str = "karin") -> list[ChatMessage]:
        said = self.stage.stand_in.messages(key)
        return [one for one in said if SAY("selection.summary") in one.summary.split(" · ")]

    def address(self, key: str = "karin") -> Address | None:
        with self.database.transaction() as tx:
            person = people.by_key(tx, key)
            if person is None:
                return conversations.address_of(tx, channel=QUALITY_CHANNEL)
            return conversations.address_of(tx, person_id=person.id)

    def move(self, address: Address | None) -> None:
        """Karin is to be found there, or nobody knows where."""
        with self.database.transaction() as tx:
            karin = people.by_key(tx, "karin")
            assert karin is not None
            conversations.forget(tx, karin.id)
            if address is not None:
                conversations.remember(tx, address, NOW, person_id=karin.id)

    def all_of_the_team(self) -> None:
        """A notice of the selection is for the quality team only."""
        with self.database.transaction() as tx:
            tx.connection.execute(update(person).values(role="quality"))

    async def without_the_bots_own_deliverer(self) -> None:
        """Stopped, and done with what it was at, so that it cannot take what is decided from now on."""
        self.stage.clock.bot.deliverer.stop()
        await self.stage.settle()

    @asynccontextmanager
    async def another_deliverer(
        self, database: Database | None = None, token: TokenSource = no_token
    ) -> AsyncIterator[Deliverer]:
        """As another process would have it, and not as patient."""
        async with aiohttp.ClientSession() as session:
            connector = Connector(session, token, IMPATIENT)
            sender = Sender("28:bot", "lokalt", f"{self.stage.address}/local/connector")
            yield Deliverer(
                database or self.database,
                connector,
                self.stage.clock.now,
                sender,
                "another",
                pace_clock=self.stage.clock.clock.pace,
            )


@pytest.fixture
async def office(municipality: Database, tmp_path: Path) -> AsyncIterator[Office]:
    with municipality.transaction() as tx:
        without_digests(tx)
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl", clock_reminders=False) as stage:
        yield Office(stage, municipality)


@pytest.fixture
async def one_by_one(municipality: Database, tmp_path: Path) -> AsyncIterator[Office]:
    """With one message on its way at a time: of those that go together any may arrive first."""
    with municipality.transaction() as tx:
        without_digests(tx)
    async with on_stage(
        municipality, NOW, tmp_path / "chat.jsonl", in_flight=1, clock_reminders=False
    ) as stage:
        yield Office(stage, municipality)


@pytest.fixture
async def silent_server() -> AsyncIterator[str]:
    """Takes everything in and never answers."""

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_message_is_sent_once_and_its_activity_id_is_kept(office: Office) -> None:
    sent = await office.deliver()
    await office.later(3600)
    [notice] = office.notices()
    assert (sent.state, sent.activity_id, sent.sent_at, sent.reason) == ("sent", notice.id, NOW, None)


async def test_a_message_to_the_channel_starts_a_thread_of_its_own(office: Office) -> None:
    first, second = await office.deliver("one", to="kanalen"), await office.deliver("two", to="kanalen")
    threads = office.notices("kanalen")
    assert [first.activity_id, second.activity_id] == [message.id for message in threads]
    assert len({message.conversation for message in threads}) == 2


async def test_a_decision_made_twice_is_said_once(office: Office) -> None:
    await office.deliver()
    with pytest.raises(AssertionError):
        office.decide()
    await office.stage.settle()
    assert len(office.notices()) == 1


@pytest.mark.parametrize("status", [412, 429])
async def test_what_was_not_taken_in_is_tried_again_after_a_while(office: Office, status: int) -> None:
    office.stage.stand_in.fail_next(status)
    put_back = await office.deliver()
    assert (put_back.state, put_back.attempts, put_back.reason) == ("ready", 1, f"{status} ServiceError")
    assert NOW < put_back.not_before <= NOW + timedelta(seconds=1)
    assert office.notices() == []
    await office.later(1)
    assert office.row(put_back.id).state == "sent"
    assert len(office.notices()) == 1


async def test_the_wait_doubles_and_never_passes_ten_minutes(office: Office) -> None:
    number, waits = office.decide(), []
    for _ in range(12):
        office.stage.stand_in.fail_next(429)
        await office.stage.settle()
        waits.append((office.row(number).not_before - office.stage.clock.now()).total_seconds())
        await office.later(0)
        office.stage.clock.clock.move_to(office.row(number).not_before)
    assert all(2.0**n / 2 <= wait <= 2.0**n for n, wait in enumerate(waits[:9]))
    assert all(300 <= wait <= 600 for wait in waits[10:])
    await office.stage.settle()
    assert office.row(number).state == "sent"


async def test_teams_own_word_on_when_to_come_back_is_followed(office: Office) -> None:
    office.stage.stand_in.fail_next(429, {"Retry-After": "37"})
    put_back = await office.deliver()
    assert put_back.not_before == NOW + timedelta(seconds=37)
    await office.later(36)
    assert office.notices() == []
    await office.later(1)
    assert len(office.notices()) == 1


async def test_a_word_that_cannot_be_meant_is_passed_over(office: Office) -> None:
    for word in ("nan", "inf", "-5", "1e300", "Wed, 28 Oct 2026 12:00:10 GMT", ""):
        office.stage.stand_in.fail_next(429, {"Retry-After": word})
        put_back = await office.deliver(f"notice:{word}")
        assert NOW < put_back.not_before <= NOW + timedelta(seconds=1)


async def test_a_refused_connection_is_tried_again(office: Office, silent_port: int) -> None:
    home = office.address()
    office.move(Address("a:karin", f"http://127.0.0.1:{silent_port}"))
    put_back = await office.deliver()
    assert (put_back.state, put_back.reason) == ("ready", "no connection")
    office.move(home)
    await office.later(1)
    assert office.row(put_back.id).state == "sent"


async def test_without_an_access_token_nothing_is_lost(office: Office) -> None:
    async def no_login(refused: str | None = None) -> str:
        raise aiohttp.ClientError("the login host says no")

    await office.without_the_bots_own_deliverer()
    number = office.decide()
    async with office.another_deliverer(token=no_login) as deliverer:
        await deliverer.drain()
    assert (office.row(number).state, office.row(number).reason) == ("ready", "no connection NoToken")


@pytest.mark.parametrize("status", [408, 500, 502, 504])
@pytest.mark.parametrize("to", ["karin", "kanalen"])
async def test_what_may_have_arrived_is_never_sent_again_by_itself(
    office: Office, status: int, to: str
) -> None:
    office.stage.stand_in.fail_next(status)
    uncertain = await office.deliver(to=to)
    await office.later(24 * 3600)
    assert (office.row(uncertain.id).state, uncertain.reason) == ("uncertain", f"{status} ServiceError")
    assert office.notices(to) == []


@pytest.mark.parametrize("status", [412, 429, 503])
async def test_what_teams_lets_be_tried_again_is_sent_once_in_the_end(office: Office, status: int) -> None:
    office.stage.stand_in.fail_next(status)
    put_back = await office.deliver()
    assert (put_back.state, put_back.reason) == ("ready", f"{status} ServiceError")
    await office.later(60)
    assert office.row(put_back.id).state == "sent"
    assert len(office.notices()) == 1


async def test_what_the_channel_does_not_take_goes_to_each_of_the_team(office: Office) -> None:
    office.stage.stand_in.fail_next(403, code="BotNotInConversationRoster")
    with office.database.transaction() as tx:
        queueing.queue(tx, "alert:9:channel", NOTICE, NOW, channel=QUALITY_CHANNEL)
    await office.stage.settle()
    await office.stage.settle()
    assert len(office.notices("karin")) == 1


async def test_a_database_that_fails_for_a_moment_leaves_nothing_half_sent(office: Office) -> None:
    whom = ("karin", "maria", "kanalen")
    numbers = [office.decide(f"notice:{key}", to=key) for key in whom]
    with office.database.transaction() as tx:
        tx.connection.exec_driver_sql("alter table pace rename to elsewhere")
    deliverer = office.stage.clock.bot.deliverer
    with pytest.raises(StorageError):
        await deliverer.drain()
    with office.database.transaction() as tx:
        tx.connection.exec_driver_sql("alter table elsewhere rename to pace")
    await deliverer.drain()
    assert {office.row(number).state for number in numbers} == {"sent"}
    assert [len(office.notices(key)) for key in whom] == [1, 1, 1]


async def test_a_connection_that_closes_before_the_answer_leaves_it_uncertain(office: Office) -> None:
    office.stage.stand_in.lose_next()
    uncertain = await office.deliver()
    await office.later(24 * 3600)
    assert (office.row(uncertain.id).state, uncertain.reason) == ("uncertain", "no answer")
    assert len(office.notices()) == 1


async def test_so_does_an_answer_that_never_comes(office: Office, silent_server: str) -> None:
    await office.without_the_bots_own_deliverer()
    office.move(Address("a:karin", silent_server))
    number = office.decide()
    async with office.another_deliverer() as deliverer:
        assert await deliverer.drain() == 0
        assert await deliverer.drain() == 0
    assert (office.row(number).state, office.row(number).reason) == ("uncertain", "no answer")


async def test_a_press_on_a_card_proves_that_it_arrived(office: Office) -> None:
    for _ in range(2):
        office.stage.stand_in.lose_next()
    await office.stage.wake_at(ROUND_OPENS)
    assert [office.prompt(key).state for key in ("anna", "bilal")] == ["uncertain", "uncertain"]
    await office.stage.player("anna").press(SAY("list.snooze"))
    assert [office.prompt(key).state for key in ("anna", "bilal")] == ["sent", "uncertain"]


async def test_a_card_in_the_channel_is_proved_to_have_arrived_by_a_press_there_alone(
    office: Office,
) -> None:
    office.stage.stand_in.lose_next()
    number = (await office.deliver(to="kanalen")).id
    assert office.row(number).state == "uncertain"
    forged = {"card": {"verb": "help", "nonce": f"d{number}"}}
    anna = office.stage.player("anna")
    await anna.say("hjälp")
    action = {"type": "Action.Execute", "verb": "help", "data": forged}
    await office.stage.stand_in.press("anna", anna.newest().id, action)
    assert office.row(number).state == "uncertain"
    channel = office.stage.player("kanalen")
    await office.stage.stand_in.press("kanalen", channel.newest().id, action)
    assert office.row(number).state == "sent"


async def test_a_refusal_is_final_and_says_why(office: Office) -> None:
    for code in (
        "BotDisabledByAdmin",
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ForbiddenOperationException",
        "MessageWritesBlocked",
    ):
        office.stage.stand_in.fail_next(403, code=code)
        refused = await office.deliver(code)
        await office.later(24 * 3600)
        assert (office.row(refused.id).state, refused.reason) == ("failed", f"403 {code}")
    assert office.notices() == []


async def test_so_is_what_can_never_succeed(office: Office) -> None:
    for status, code in ((413, "MessageSizeTooBig"), (400, "BadSyntax"), (405, "MethodNotAllowed")):
        office.stage.stand_in.fail_next(status, code=code)
        failed = await office.deliver(code)
        assert (failed.state, failed.reason) == ("failed", f"{status} {code}")


async def test_of_an_answer_that_cannot_be_stored_the_status_counts_and_it_holds_nobody_up(
    office: Office,
) -> None:
    office.stage.stand_in.fail_next(403, code="half a sign: \ud800")
    failed = await office.deliver()
    assert (failed.state, failed.reason) == ("failed", "403")
    assert (await office.deliver("next")).state == "sent"


async def test_a_person_met_for_the_first_time_gets_a_conversation_that_is_remembered(office: Office) -> None:
    home = office.address()
    office.move(None)
    assert (await office.deliver()).state == "sent"
    assert office.address() == home


async def test_a_conversation_that_is_gone_is_forgotten_and_a_new_one_made(office: Office) -> None:
    home = office.address()
    assert home is not None
    office.move(Address("a:gone", home.service_url))
    assert (await office.deliver()).state == "sent"
    assert office.address() == home
    assert len(office.notices()) == 1


async def test_a_new_one_is_made_only_once(office: Office) -> None:
    for _ in range(2):
        office.stage.stand_in.fail_next(404, code="ConversationNotFound")
    failed = await office.deliver()
    assert (failed.state, failed.attempts, failed.reason) == ("failed", 2, "404 ConversationNotFound")
    assert office.address() is None


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_a_conversation_that_cannot_be_made_now_is_asked_for_later(office: Office, status: int) -> None:
    office.move(None)
    office.stage.stand_in.fail_next(status)
    put_back = await office.deliver()
    assert (put_back.state, put_back.reason) == ("ready", f"{status} ServiceError")
    await office.later(1)
    assert office.row(put_back.id).state == "sent"


async def test_a_person_without_the_app_is_not_reached_and_it_says_why(office: Office) -> None:
    office.move(None)
    office.stage.stand_in.fail_next(403, code="ForbiddenOperationException")
    assert (await office.deliver()).reason == "403 ForbiddenOperationException"


async def test_what_a_killed_process_was_sending_is_uncertain_at_the_next_start(
    municipality: Database, tmp_path: Path
) -> None:
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        queueing.queue(tx, "notice", NOTICE, NOW, person_id=karin.id)
        claimed = claim_one(tx, "the process that was killed", NOW)
    assert claimed is not None
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl", clock_reminders=False) as stage:
        office = Office(stage, municipality)
        await office.later(3600)
        assert (office.row(claimed.id).state, office.row(claimed.id).reason) == ("uncertain", "interrupted")
        assert office.notices() == []


async def test_what_a_killed_process_had_kept_for_its_slot_was_never_said_and_goes_once(
    municipality: Database, tmp_path: Path
) -> None:
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        queueing.queue(tx, "notice", NOTICE, NOW, person_id=karin.id)
        [waiting] = claiming.due(tx, NOW, 10)
        claiming.reserve(tx, waiting, "the process that was killed", NOW, NOW)
        assert claiming.due(tx, NOW, 10) == []
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl", clock_reminders=False) as stage:
        office = Office(stage, municipality)
        assert office.notices() == []
        await office.later(180)
        assert (office.row(waiting.id).state, len(office.notices())) == ("sent", 1)


async def test_while_a_conversation_is_being_opened_nothing_is_in_doubt(office: Office) -> None:
    """A bot that stops then has said nothing: the message is ready, and the next bot says it."""
    office.move(None)
    states = []

    async def token(refused: str | None = None) -> str | None:
        states.append(office.row(number).state)
        if len(states) == 1:
            other.stop()
        return None

    await office.without_the_bots_own_deliverer()
    number = office.decide()
    async with office.another_deliverer(token=token) as other:
        await other.drain()
    assert (states, office.row(number).state, office.notices()) == (["ready"], "ready", [])
    async with office.another_deliverer() as next_one:
        await next_one.drain()
    assert (office.row(number).state, len(office.notices())) == ("sent", 1)


async def test_what_is_on_its_way_when_the_bot_stops_is_answered_for(
    municipality: Database, tmp_path: Path
) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl", clock_reminders=False) as stage:
        office = Office(stage, municipality)
        numbers = [office.decide(f"notice:{number}", to="kanalen") for number in range(20)]
        stage.clock.bot.deliverer.wake()
        while not office.notices("kanalen"):
            await asyncio.sleep(0.001)
    states = [office.row(number).state for number in numbers]
    assert set(states) <= {"ready", "sent"}
    assert states.count("sent") == len(office.notices("kanalen"))


async def test_a_reminder_with_nothing_left_is_cancelled(office: Office) -> None:
    for _ in range(2):
        office.stage.stand_in.fail_next(429, {"Retry-After": "600"})
    await office.stage.wake_at(ROUND_OPENS)
    anna = office.stage.player("anna")
    await anna.say("mina")
    await anna.press(SAY("list.send"), dict.fromkeys(_toggles(anna.card()), "true"))
    await office.later(600)
    assert office.prompt("anna").state == "cancelled"
    assert office.prompt("bilal").state == "sent"


def _toggles(part: object) -> list[str]:
    if isinstance(part, list):
        return [found for one in part for found in _toggles(one)]
    if not isinstance(part, dict):
        return []
    own = [str(part["id"])] if part.get("type") == "Input.Toggle" else []
    return own + [found for inner in part.values() for found in _toggles(inner)]


async def test_a_message_waits_for_its_time(office: Office) -> None:
    number = office.decide(not_before=NOW + timedelta(hours=1))
    await office.later(3599)
    assert office.row(number).state == "ready"
    await office.stage.wake_at(NOW + timedelta(hours=1))
    assert office.row(number).state == "sent"


async def test_the_urgent_goes_first_and_then_what_has_waited_longest(one_by_one: Office) -> None:
    one_by_one.all_of_the_team()
    one_by_one.decide("late", to="maria", not_before=NOW)
    one_by_one.decide("early", to="anna", not_before=NOW - timedelta(hours=1))
    one_by_one.decide("urgent", to="karin", urgent=True)
    await one_by_one.stage.settle()
    order = {key: one_by_one.notices(key)[0].revision for key in ("karin", "anna", "maria")}
    assert sorted(order, key=order.__getitem__) == ["karin", "anna", "maria"]


async def test_what_never_was_taken_goes_once_more_at_a_persons_word(office: Office) -> None:
    office.stage.stand_in.fail_next(403)
    given_up = await office.deliver()
    with office.database.transaction() as tx:
        assert doubts.try_again(tx, given_up, NOW)
    await office.stage.settle()
    sent = office.row(given_up.id)
    assert (sent.state, sent.attempts) == ("sent", 1)
    with office.database.transaction() as tx:
        assert not doubts.try_again(tx, sent, NOW)


async def test_what_may_have_been_taken_is_said_once_more_as_a_message_of_its_own(office: Office) -> None:
    office.stage.stand_in.fail_next(500)
    doubtful = await office.deliver()
    with office.database.transaction() as tx:
        assert doubts.try_again(tx, doubtful, NOW)
        assert not doubts.try_again(tx, doubtful, NOW)
    # What may have been taken may have been the day's message.
    await office.stage.wake_at(at("2026-10-29 08:00"))
    assert office.row(doubtful.id).state == "uncertain"
    with office.database.transaction() as tx:
        [again] = [one for one in ledger.listed(tx, ("sent",)) if one.is_again]
        assert (again.kind, again.person_id) == (doubtful.kind, doubtful.person_id)
        assert not doubts.can_be_tried_again(tx, again)


async def test_two_that_deliver_at_once_say_nothing_twice(office: Office) -> None:
    numbers = [office.decide(f"notice:{number}", to="kanalen") for number in range(20)]
    second = open_url(office.database.url)
    async with office.another_deliverer(second) as deliverer:
        mine = office.stage.clock.bot.deliverer
        await asyncio.gather(mine.drain(), deliverer.drain(), deliverer.drain())
        # No more than seven in a second go to one conversation, so the rest wait for their windows.
        assert len(office.notices("kanalen")) == 7
        for _ in range(12):
            await office.later(2)
    second.close()
    assert len(office.notices("kanalen")) == 20
    assert {office.row(number).state for number in numbers} == {"sent"}


async def test_a_card_that_teams_would_refuse_for_its_size_is_never_sent(office: Office) -> None:
    with office.database.transaction() as tx:
        anna = people.by_key(tx, "anna")
        assert anna is not None
        register = Register(tx, numbers=count(90))
        register.placement(anna.id, register.unit("LÅNG", name="Långnamn " * 5000), case="AKT-9")
    await office.stage.wake_at(ROUND_OPENS)
    assert office.prompt("anna").state == "failed"
    assert (office.prompt("anna").reason or "").startswith("too large: ")
    assert office.prompt("bilal").state == "sent"


async def test_one_that_cannot_be_written_does_not_hold_up_the_others(office: Office) -> None:
    broken = office.decide("broken")
    with office.database.transaction() as tx:
        unknown = {"occasion": 99, "days": 0, "due": NOW.date().toordinal()}
        tx.connection.execute(update(delivery).where(delivery.c.id == broken).values(payload=unknown))
    whole = office.decide("whole")
    await office.stage.settle()
    assert [office.row(number).state for number in (broken, whole)] == ["failed", "sent"]
    assert office.row(broken).reason == "could not be written, see the log"


async def test_on_a_quiet_day_a_message_waits_and_is_not_late_and_goes_when_the_day_is_over(
    office: Office,
) -> None:
    with office.database.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        people.keep_choice(tx, karin.id, "sv", {3}, NOW)
    waiting = await office.deliver()
    thursday = at("2026-10-29 08:00")
    assert (waiting.state, waiting.not_before, waiting.attempts) == ("ready", thursday, 0)
    with office.database.transaction() as tx:
        assert counting.oldest_due(tx, NOW + timedelta(hours=8)) is None
    await office.stage.wake_at(thursday)
    assert office.row(waiting.id).state == "sent"
