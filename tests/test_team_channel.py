"""Which channel is the quality team's: chosen there by its own, told and logged, never over the settings."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from followup.messages.of_day import next_letter
from services.acting import Refused
from services.signals.raising import raise_signal
from storage.engine.database import Database
from storage.messages import conversations
from storage.messages.delivery import QUALITY_CHANNEL
from tests.support.builders import Register, aad
from tests.support.deeds import acting
from tests.support.edge import Edge, at_the_edge
from tests.support.logged_acts import acts
from tests.support.stage import SAY
from tests.support.turns import SLAP

FIRST, SECOND = "19:first@thread.tacv2", "19:second@thread.tacv2"
ASKED, HERE = SAY("team_channel.title"), SAY("team_channel.is_here")


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    with municipality.transaction() as tx:
        Register(tx).person("adam", "admin")
    async with at_the_edge(municipality) as edge:
        yield edge


def place(key: str, conversation: str = FIRST, kind: str = "channel") -> dict[str, Any]:
    return {
        "from": {"id": f"29:{key}", "aadObjectId": aad(key)},
        "conversation": {"id": conversation, "conversationType": kind},
    }


async def post(edge: Edge, changes: dict[str, Any], text: str = "") -> bytes:
    answer = await edge.post(
        {**edge.text(text), **changes} if text else {**edge.text("x"), "text": None, **changes}
    )
    await edge.bot.deliverer.drain()
    return answer.body


async def install(edge: Edge, key: str, conversation: str = FIRST) -> None:
    await post(edge, {**place(key, conversation), "type": "installationUpdate", "action": "add"})


async def confirm(
    edge: Edge, key: str, conversation: str = FIRST, kind: str = "channel", card: str = "n1"
) -> str:
    action = {"type": "Action.Execute", "verb": "take_channel", "data": {"card": {"nonce": card}}}
    invoke = {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": action}}
    return (await post(edge, {**place(key, conversation, kind), **invoke})).decode()


def channel(edge: Edge) -> str | None:
    with edge.database.transaction() as tx:
        address = conversations.address_of(tx, channel=QUALITY_CHANNEL)
    return address.conversation_id if address else None


def logged(edge: Edge) -> list[str]:
    with edge.database.transaction() as tx:
        return [subject for _, _, subject in acts(tx, "write") if subject.startswith("team_channel")]


def told(edge: Edge) -> list[str]:
    """Where it was said that the channel is chosen: a channel by its id, and "chat" for an administrator's own."""
    places = []
    for call in edge.server.sent:
        said = call.body.get("activity", call.body)
        if said.get("summary") == SAY("channel_chosen.title"):
            places.append(call.body["channelData"]["channel"]["id"] if "activity" in call.body else "chat")
    return places


@pytest.mark.parametrize(
    ("key", "becomes"), [("karin", FIRST), ("adam", FIRST), ("anna", None), ("maria", None)]
)
async def test_the_first_channel_is_theirs_where_one_of_the_team_or_an_administrator_installs(
    edge: Edge, key: str, becomes: str | None
) -> None:
    await install(edge, key)
    assert channel(edge) == becomes
    assert logged(edge) == ([f"team_channel:{FIRST}"] if becomes else [])
    assert len(told(edge)) == (1 if becomes else 0)


async def test_a_person_who_is_no_longer_active_chooses_nothing(edge: Edge) -> None:
    with edge.database.transaction() as tx:
        Register(tx).person("slutat", "quality", active=False)
    await install(edge, "slutat")
    assert channel(edge) is None


async def test_another_channel_is_only_asked_about_until_somebody_confirms_there(edge: Edge) -> None:
    await install(edge, "karin", FIRST)
    await install(edge, "karin", SECOND)
    assert channel(edge) == FIRST
    assert edge.server.sent[-1].body["summary"] == ASKED
    assert HERE in await confirm(edge, "adam", f"{SECOND};messageid=7")
    assert channel(edge) == SECOND
    assert logged(edge) == [f"team_channel:{FIRST}", f"team_channel:{SECOND}"]


async def test_the_channel_that_was_is_told_and_each_of_them_its_own(edge: Edge) -> None:
    for number, one in enumerate((FIRST, SECOND, "19:third@thread.tacv2")):
        await confirm(edge, "karin", one, card=f"n{number}")
        edge.clock.move_to(edge.clock() + timedelta(minutes=1))
    assert sorted(told(edge)) == [FIRST, SECOND, "chat"]
    # The two later choices came after the administrator's message of the day, and are told of in the next.
    edge.clock.move_to(next_letter(edge.clock()))
    await edge.bot.wake()
    await edge.bot.deliverer.drain()
    assert sorted(told(edge)) == [FIRST, SECOND, "chat", "chat"]


async def test_what_is_open_is_said_once_in_each_channel_that_becomes_the_teams(edge: Edge) -> None:
    for unit in ("1", "1", "2"):
        with acting(edge.database, "anna", edge.clock()) as anna:
            assert not isinstance(raise_signal(anna, {**SLAP, "unit": unit}), Refused)
    for number, one in enumerate((FIRST, SECOND, FIRST, SECOND)):
        await confirm(edge, "karin", one, card=f"n{number}")
        edge.clock.move_to(edge.clock() + timedelta(minutes=1))
    alerts = [
        call.body["channelData"]["channel"]["id"]
        for call in edge.server.sent
        if call.body.get("activity", {}).get("summary") == SAY("alert.summary")
    ]
    assert alerts == [FIRST, FIRST, SECOND, SECOND]


async def test_saying_the_word_there_asks_and_changes_nothing(edge: Edge) -> None:
    await post(edge, place("karin"), "kanal")
    assert edge.server.sent[-1].body["summary"] == ASKED
    assert channel(edge) is None
    await confirm(edge, "karin")
    await post(edge, place("karin"), "kanal")
    assert edge.server.sent[-1].body["summary"] == HERE


@pytest.mark.parametrize(("key", "kind"), [("anna", "channel"), ("maria", "channel"), ("karin", "groupChat")])
async def test_neither_others_nor_another_kind_of_place_becomes_the_teams(
    edge: Edge, key: str, kind: str
) -> None:
    answer = await confirm(edge, key, kind=kind)
    assert HERE not in answer
    assert channel(edge) is None
    assert told(edge) == logged(edge) == []


async def test_in_ones_own_chat_one_is_told_where_to_say_it(edge: Edge) -> None:
    await post(edge, place("karin", "a:karin", "personal"), "kanal")
    assert edge.server.sent[-1].body["text"] == SAY("team_channel.where")
    assert SAY("team_channel.where") in await confirm(edge, "karin", "a:karin", "personal")
    assert channel(edge) is None


async def test_the_same_press_again_changes_nothing_and_tells_nobody(edge: Edge) -> None:
    first = await confirm(edge, "karin")
    assert HERE in first
    assert HERE in await confirm(edge, "karin")
    assert len(told(edge)) == len(logged(edge)) == 1
    await confirm(edge, "karin", SECOND, card="n2")
    assert SAY("receipt.changed") in await confirm(edge, "karin")
    assert channel(edge) == SECOND


async def test_a_configured_channel_is_never_changed_from_the_chat(municipality: Database) -> None:
    async with at_the_edge(municipality, quality_channel=FIRST) as edge:
        await install(edge, "karin", SECOND)
        await post(edge, place("karin", SECOND), "kanal")
        assert edge.server.sent[-1].body["text"] == SAY("team_channel.fixed")
        assert SAY("team_channel.fixed") in await confirm(edge, "karin", SECOND)
        assert channel(edge) == FIRST
        assert told(edge) == logged(edge) == []
