"""Only Teams, only people of our tenants, and each as the one that her tenant knows: through the endpoint."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from bot.turned_away import MOST_A_DAY
from followup import PersonId
from storage.engine.database import Database
from storage.engine.tables import person
from storage.messages import conversations
from storage.messages.changed_cards import SEVERAL_PRESSES
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.register import people
from tests.support.builders import aad
from tests.support.edge import NOVEMBER, Answer, Edge, at_the_edge, unlogged
from tests.support.key_server import FIRST, TENANT
from tests.support.logged_acts import acts
from tests.test_strangers import statement_from
from texts.catalogue import Texts

SAY = Texts("sv")
SECOND = "22222222-3333-4444-5555-666666666666"
THIRD = "33333333-3333-4444-5555-666666666666"
EVERYWHERE = ["msteams", "webchat", "directline", "emulator", "MSTeams", "msteams2", ""]
BOTH, WEB_CHAT, NOTHING = "both", "web-chat", "nothing"
QUALITY = "19:kvalitet@thread.tacv2"
Changes = Mapping[str, Any]


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    async with at_the_edge(municipality, NOVEMBER, sends=False, more_tenants=(SECOND,)) as opened:
        await opened.bot.wake()
        opened.server.publish(BOTH, endorsements=EVERYWHERE, keeps=True)
        opened.server.publish(WEB_CHAT, endorsements=["webchat"], keeps=True)
        opened.server.publish(NOTHING, endorsements=[], keeps=True)
        yield opened


def said(edge: Edge, changes: Changes, text: str = "Mina uppgifter") -> dict[str, Any]:
    """What Anna's client sends, with parts changed; a part that is None is left out."""
    activity = edge.text(text)
    for name, change in changes.items():
        activity[name] = {**activity.get(name, {}), **change} if isinstance(change, dict) else change
    return {
        name: {key: one for key, one in value.items() if one is not None}
        if isinstance(value, dict)
        else value
        for name, value in activity.items()
        if value is not None
    }


FORBIDDEN: dict[str, Changes] = {
    "Web Chat": {"channelId": "webchat"},
    "Direct Line": {"channelId": "directline"},
    "the emulator": {"channelId": "emulator"},
    "Teams in other letters": {"channelId": "MSTeams"},
    "a channel that begins so": {"channelId": "msteams2"},
    "no channel": {"channelId": None},
    "only the channel's own id": {"from": {"aadObjectId": None, "id": aad("anna")}},
    "an id that is no GUID": {"from": {"aadObjectId": "aad-anna"}},
    "the empty GUID": {"from": {"aadObjectId": "00000000-0000-0000-0000-000000000000"}},
    "an id with more after it": {"from": {"aadObjectId": f"{aad('anna')} "[:-1] + "0"}},
    "another tenant": {"channelData": {"tenant": {"id": THIRD}}},
    "a conversation of another tenant": {"conversation": {"tenantId": THIRD}},
    "a conversation of another tenant of ours": {"conversation": {"tenantId": SECOND}},
    "a conversation of no tenant": {"conversation": {"tenantId": ""}},
    "only the conversation's tenant": {"channelData": {"tenant": None}},
}


@pytest.mark.parametrize("name", FORBIDDEN)
@pytest.mark.parametrize("kind", ["message", "invoke", "installationUpdate"])
async def test_who_is_not_a_person_of_ours_in_teams_is_forbidden(edge: Edge, name: str, kind: str) -> None:
    before = edge.rows()
    changes = {"type": kind, "action": "add", **FORBIDDEN[name]}
    answer = await edge.post(said(edge, changes), token=edge.server.token(key=BOTH))
    assert answer == Answer(403, b"")
    assert (unlogged(edge.rows()), edge.server.sent) == (unlogged(before), [])
    (refusal,) = refusals(edge)
    assert refusal[2] == "door"


async def test_one_who_knocks_all_day_is_logged_once_that_day(edge: Edge) -> None:
    for _ in range(3):
        await edge.post(said(edge, FORBIDDEN["another tenant"]))
    assert refusals(edge) == [(None, aad("anna"), "door")]
    edge.clock.move_to(edge.clock() + timedelta(days=1))
    await edge.post(said(edge, FORBIDDEN["another tenant"]))
    assert len(refusals(edge)) == 2


async def test_many_who_knock_do_not_fill_the_log(edge: Edge) -> None:
    for number in range(MOST_A_DAY + 5):
        stranger = {"from": {"aadObjectId": str(UUID(int=number + 1))}}
        await edge.post(said(edge, {**FORBIDDEN["another tenant"], **stranger}))
    assert len(refusals(edge)) == MOST_A_DAY


async def test_one_without_a_good_token_is_not_logged_as_anybody(edge: Edge) -> None:
    answer = await edge.post(said(edge, {}), token="garbage")
    assert (answer.status, refusals(edge)) == (401, [])


@pytest.mark.parametrize("tid", [THIRD, SECOND, "", 7])
async def test_a_token_of_another_tenant_is_forbidden(edge: Edge, tid: object) -> None:
    answer = await edge.post(said(edge, {}), token=edge.server.token(tid=tid))
    assert (answer, edge.server.sent) == (Answer(403, b""), [])


@pytest.mark.parametrize("key", [WEB_CHAT, NOTHING])
async def test_a_key_that_is_not_endorsed_for_teams_opens_nothing(edge: Edge, key: str) -> None:
    answer = await edge.post(said(edge, {}), token=edge.server.token(key=key))
    assert (answer, edge.server.sent) == (Answer(401, b""), [])


LET_IN: dict[str, Changes] = {
    "as it is": {},
    "an id in capitals": {"from": {"aadObjectId": aad("anna").upper()}},
    "an id in braces": {"from": {"aadObjectId": f"{{{aad('anna')}}}"}},
    "a tenant in capitals": {"channelData": {"tenant": {"id": TENANT.upper()}}},
    "a conversation without a tenant": {"conversation": {"tenantId": None}},
    "another id of the channel's": {"from": {"id": "29:new"}},
}


@pytest.mark.parametrize("name", LET_IN)
async def test_a_person_of_ours_is_let_in_however_her_ids_are_written(edge: Edge, name: str) -> None:
    answer = await edge.post(said(edge, LET_IN[name]), token=edge.server.token(key=FIRST, tid=TENANT))
    assert answer.status == 200
    assert "AKT-1" in str(edge.server.sent[-1].body)


def from_tenant(tenant: str) -> Changes:
    return {"channelData": {"tenant": {"id": tenant}}, "conversation": {"tenantId": tenant}}


@pytest.mark.parametrize(
    ("registered", "writes_from", "known"),
    [
        ("", TENANT, True),
        (TENANT, TENANT, True),
        (SECOND, SECOND, True),
        ("", SECOND, False),
        (TENANT, SECOND, False),
        (SECOND, TENANT, False),
    ],
)
async def test_a_person_is_known_in_her_own_tenant_alone(
    edge: Edge, registered: str, writes_from: str, known: bool
) -> None:
    with edge.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "anna").values(tenant=registered))
    answer = await edge.post(said(edge, from_tenant(writes_from)))
    assert answer.status == 200
    sent = edge.server.sent[-1].body
    assert ("AKT-1" in str(sent), sent.get("text") == SAY("stranger.refused")) == (known, not known)
    assert refusals(edge) == ([] if known else [(None, aad("anna"), "stranger")])


PUBLIC: dict[str, Changes] = {
    "a channel": {"conversationType": "channel"},
    "a group chat": {"conversationType": "groupChat"},
    "teams": {"conversationType": "teams"},
    "Channel": {"conversationType": "Channel"},
    "Personal": {"conversationType": "Personal"},
    "personal with a blank": {"conversationType": "personal "},
    "personal with a control sign": {"conversationType": "personal\x00"},
    "nothing": {"conversationType": None},
    "an empty text": {"conversationType": ""},
    "a number": {"conversationType": 1},
    "a list": {"conversationType": ["personal"]},
    "personal of a group": {"isGroup": True},
}


@pytest.mark.parametrize("name", PUBLIC)
async def test_only_a_conversation_that_says_personal_shows_a_child_or_becomes_an_address(
    edge: Edge, name: str
) -> None:
    place = {"conversation": {"id": "19:others", **PUBLIC[name]}}
    await edge.post(said(edge, place))
    assert edge.server.sent[-1].body["text"] == SAY("refused.channel")
    await edge.post(said(edge, {**place, "type": "installationUpdate", "action": "add"}))
    assert "AKT-1" not in str([sent.body for sent in edge.server.sent])
    assert refusals(edge) == [(person_id(edge, "anna"), None, "conversation:my_tasks")]
    with edge.database.transaction() as tx:
        stored = [conversations.address_of(tx, person_id=one) for one in people.everyone(tx)]
    assert "19:others" not in [address.conversation_id for address in stored if address]


@pytest.mark.parametrize("name", [one for one in PUBLIC if one != "a channel"])
async def test_only_a_channel_can_become_the_quality_teams(edge: Edge, name: str) -> None:
    place = {"conversation": {"id": "19:others", **PUBLIC[name]}, "from": {"aadObjectId": aad("karin")}}
    await edge.post(said(edge, {**place, "type": "installationUpdate", "action": "add"}))
    assert quality_channel(edge) is None


@pytest.mark.parametrize(
    ("settings", "becomes"),
    [
        ({"selectedChannel": {"id": QUALITY}}, QUALITY),
        ({"selectedChannel": {"id": 7}}, "19:general"),
        ({}, "19:general"),
    ],
)
async def test_the_channel_that_the_team_chose_is_the_one_that_is_remembered(
    edge: Edge, settings: Changes, becomes: str
) -> None:
    place = {
        "conversation": {"id": "19:general", "conversationType": "channel"},
        "from": {"aadObjectId": aad("karin")},
        "channelData": {"settings": settings},
    }
    await edge.post(said(edge, {**place, "type": "installationUpdate", "action": "add"}))
    assert quality_channel(edge) == becomes


@pytest.mark.parametrize(
    ("conversation", "kind", "answered"),
    [
        (QUALITY, "channel", True),
        (f"{QUALITY};messageid=17", "channel", True),
        ("19:others@thread.tacv2", "channel", False),
        (f"{QUALITY}2", "channel", False),
        ("19:others@thread.v2", "groupChat", False),
        ("a:karin", "personal", True),
    ],
)
@pytest.mark.parametrize("chosen", [True, False])
async def test_of_channels_only_the_quality_teams_own_hears_of_alerts(
    edge: Edge, conversation: str, kind: str, answered: bool, chosen: bool
) -> None:
    if chosen:
        with edge.database.transaction() as tx:
            address = Address(QUALITY, edge.server.service_url)
            conversations.remember(tx, address, edge.clock(), channel=QUALITY_CHANNEL)
    answered = answered and (chosen or kind == "personal")
    place = {
        "conversation": {"id": conversation, "conversationType": kind},
        "from": {"aadObjectId": aad("karin")},
    }
    await edge.post(said(edge, place, "larm"))
    assert (edge.server.sent[-1].body.get("text") == SAY("refused.other_channel")) is not answered
    await edge.post(said(edge, {**place, **pressed("alerts")}))
    pressing = await edge.post(said(edge, {**place, **pressed("show_alert")}))
    assert (SAY("refused.other_channel").encode() in pressing.body) is not answered
    away = ["conversation:alerts", "conversation:alerts", "conversation:alert_desk"]
    # In its own place an alert that there is none of is refused as that.
    expected = ["alert:1"] if answered else away
    assert [subject for _, _, subject in refusals(edge)] == expected


async def test_help_in_another_channel_offers_no_alerts(edge: Edge) -> None:
    place = {
        "conversation": {"id": "19:others", "conversationType": "channel"},
        "from": {"aadObjectId": aad("karin")},
    }
    await edge.post(said(edge, place, "hjälp"))
    card = str(edge.server.sent[-1].body["attachments"])
    assert SAY("command.alerts.does") not in card


async def test_signs_that_no_document_can_hold_are_gone_before_anything_is_stored(edge: Edge) -> None:
    odd = "Mina\ufffe \x00upp\uffffgifter\ufdd0"
    await edge.post(said(edge, {"from": {"name": odd, "aadObjectId": aad("okand\ufffe")}}, odd))
    await edge.post(said(edge, {}, odd))
    assert "AKT-1" in str(edge.server.sent[-1].body)


def pressed(verb: str) -> Changes:
    action = {"type": "Action.Execute", "verb": verb, "data": {"card": {"alert": 1}}}
    return {"type": "invoke", "name": "adaptiveCard/action", "text": None, "value": {"action": action}}


def refusals(edge: Edge) -> list[tuple[PersonId | None, str | None, str]]:
    with edge.database.transaction() as tx:
        return acts(tx, "refused")


def person_id(edge: Edge, key: str) -> PersonId:
    with edge.database.transaction() as tx:
        found = people.by_key(tx, key)
    assert found
    return found.id


def quality_channel(edge: Edge) -> str | None:
    with edge.database.transaction() as tx:
        address = conversations.address_of(tx, channel=QUALITY_CHANNEL)
    return address.conversation_id if address else None


@pytest.mark.parametrize("changed", [False, True])
async def test_a_card_in_the_conversation_of_another_account_is_not_changed_any_more(
    edge: Edge, changed: bool
) -> None:
    await edge.post(said(edge, {}))
    card = edge.server.sent[-1].body["attachments"][0]["content"]
    await edge.post(statement_from(edge, card))
    anna = person_id(edge, "anna")
    if changed:
        with edge.database.transaction() as tx:
            conversations.forget(tx, person_id=anna)
    edge.clock.move_to(edge.clock() + SEVERAL_PRESSES)
    await edge.bot.deliverer.drain()
    put = [sent.path for sent in edge.server.sent if sent.method == "PUT"]
    assert [path.endswith("/a:anna/activities/m1") for path in put] == ([] if changed else [True])
