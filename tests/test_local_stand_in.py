import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from bot.listening import bound, port_of
from bot.local.page import add_page
from bot.local.stand_in import LocalPerson, Notice, StandIn
from bot.local.terminal_chat import PageClient, chat
from bot.settings import LOOPBACK

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
MONDAY = datetime(2026, 11, 2, 7, tzinfo=UTC)
CHANNEL = "19:quality@thread.tacv2"
PEOPLE = (
    LocalPerson("anna", "Anna Ek", "Socialsekreterare", "29:anna", "aad-anna"),
    LocalPerson("kim", "Kim Sand", "Kvalitetsteamet", "29:kim", "aad-kim"),
    LocalPerson("channel", "Kvalitetskanalen", "Kanal", CHANNEL, "", channel=True, acts_as="kim"),
)
Client = TestClient[web.Request, web.Application]


def a_card(words: str) -> dict[str, Any]:
    toggle = {"type": "Input.Toggle", "id": "normal", "title": "Som vanligt"}
    send = {"type": "Action.Execute", "title": "Skicka", "verb": "send", "data": {"round": 7}}
    heading = {"type": "TextBlock", "text": words}
    return {"type": "AdaptiveCard", "version": "1.5", "body": [heading, toggle], "actions": [send]}


def with_card(words: str) -> dict[str, Any]:
    attached = [{"contentType": CARD_TYPE, "content": a_card(words)}]
    return {"type": "message", "attachments": attached, "summary": words}


def replacing(card: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": 200, "type": CARD_TYPE, "value": card}


@dataclass
class FakeBot:
    """Notes what it hears, and answers as it is told."""

    heard: list[dict[str, Any]] = field(default_factory=list)
    answer: dict[str, Any] | None = None
    status: int = 200

    async def listen(self, request: web.Request) -> web.Response:
        self.heard.append(await request.json())
        return web.json_response(self.answer or {}, status=self.status)


@dataclass
class FakeClock:
    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at

    async def move(self, to: str) -> datetime:
        self.at += timedelta(days=1 if to == "next_working_day" else 30)
        return self.at


@dataclass
class Place:
    """A local server with the stand-in, its page and a fake bot."""

    bot: FakeBot
    stand_in: StandIn
    client: Client

    async def connector(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        answer = await self.client.request(method, f"/local/connector/v3/conversations{path}", json=body)
        return answer.status, await answer.json()

    async def bot_sends(self, key: str, activity: dict[str, Any]) -> str:
        """As the bot does it: the conversation first, and then the message."""
        person = next(one for one in PEOPLE if one.key == key)
        _, created = await self.connector("POST", "", {"members": [{"aadObjectId": person.aad_object_id}]})
        _, sent = await self.connector("POST", f"/{created['id']}/activities", activity)
        return str(sent["id"])


def a_stand_in(session: ClientSession, port: int, transcript: Path | None = None) -> StandIn:
    base = f"http://127.0.0.1:{port}"
    return StandIn(
        PEOPLE,
        bot_url=f"{base}/api/messages",
        service_url=f"{base}/local/connector",
        clock=lambda: MONDAY,
        transcript=transcript,
        session=session,
        tenant_id="tenant",
        bot_id="28:bot",
    )


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def place(session: ClientSession, tmp_path: Path) -> AsyncIterator[Place]:
    app, bot, server = web.Application(), FakeBot(), bound(LOOPBACK)
    stand_in = a_stand_in(session, port_of(server), tmp_path / "chat.jsonl")
    app.router.add_post("/api/messages", bot.listen)
    app.add_subapp("/local/connector", stand_in.connector_app())
    add_page(app, stand_in, FakeClock(), renderer=tmp_path / "missing.js")
    async with TestClient(TestServer(app, socket_factory=lambda *_: server)) as client:
        yield Place(bot, stand_in, client)


async def test_what_a_person_types_reaches_the_bot_as_teams_sends_it(place: Place) -> None:
    assert await place.stand_in.say("anna", "mina") is None
    [heard] = place.bot.heard
    assert (heard["type"], heard["text"], heard["channelId"], heard["locale"]) == (
        "message",
        "mina",
        "msteams",
        "sv-SE",
    )
    assert heard["from"] == {"id": "29:anna", "name": "Anna Ek", "aadObjectId": "aad-anna"}
    assert heard["conversation"] == {
        "id": "a:anna",
        "conversationType": "personal",
        "tenantId": "tenant",
    }
    assert heard["timestamp"] == "2026-11-02T07:00:00.000Z"
    assert heard["localTimestamp"] == "2026-11-02T08:00:00.000+01:00"


async def test_in_a_channel_the_bot_is_mentioned_by_the_one_who_acts_there(place: Place) -> None:
    await place.stand_in.say("channel", "läge")
    [heard] = place.bot.heard
    assert heard["text"] == "<at>Uppföljaren</at> läge"
    assert {"id": "28:bot", "name": "Uppföljaren"} in [one.get("mentioned") for one in heard["entities"]]
    assert heard["from"]["id"] == "29:kim"
    assert heard["conversation"]["id"] == f"{CHANNEL};messageid={heard['id']}"
    assert heard["channelData"]["channel"] == {"id": CHANNEL}


async def test_installing_tells_the_bot_of_the_conversation(place: Place) -> None:
    await place.stand_in.install("anna")
    update, installed = place.bot.heard
    assert (update["type"], update["membersAdded"]) == ("conversationUpdate", [{"id": "28:bot"}])
    assert (installed["type"], installed["action"]) == ("installationUpdate", "add")


async def test_creating_a_persons_conversation_twice_gives_the_same(place: Place) -> None:
    by_aad = await place.connector("POST", "", {"members": [{"aadObjectId": "aad-anna"}]})
    by_id = await place.connector("POST", "", {"members": [{"id": "29:anna"}], "tenantId": "tenant"})
    assert by_aad == by_id
    assert (by_id[0], by_id[1]["id"]) == (201, "a:anna")


async def test_a_sent_card_lands_in_that_persons_chat_only(place: Place) -> None:
    sent = await place.bot_sends("anna", with_card("Oktober"))
    [said] = place.stand_in.messages("anna")
    assert (said.id, said.author, said.summary, said.card) == (sent, "bot", "Oktober", a_card("Oktober"))
    assert place.stand_in.messages("kim") == []


async def test_a_channel_post_starts_a_thread_that_can_be_updated(place: Place) -> None:
    wanted = {"channelData": {"channel": {"id": CHANNEL}}, "isGroup": True, "activity": with_card("Röd")}
    _, created = await place.connector("POST", "", wanted)
    assert created["id"] == f"{CHANNEL};messageid={created['activityId']}"
    path = f"/{created['id']}/activities/{created['activityId']}"
    assert (await place.connector("PUT", path, with_card("Tagen")))[0] == 200
    assert [said.summary for said in place.stand_in.messages("channel")] == ["Tagen"]


async def test_typing_is_taken_and_not_shown(place: Place) -> None:
    status, _ = await place.connector("POST", "/a:anna/activities", {"type": "typing"})
    assert (status, place.stand_in.messages("anna")) == (201, [])


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/a:nobody/activities", 404, "ConversationNotFound"),
        ("PUT", "/a:nobody/activities/1", 404, "ConversationNotFound"),
        ("PUT", "/a:anna/activities/1", 404, "ActivityNotFoundInConversation"),
        ("POST", "", 403, "ForbiddenOperationException"),
    ],
)
async def test_the_connector_refuses_as_teams_does(
    place: Place, method: str, path: str, status: int, code: str
) -> None:
    answered, body = await place.connector(method, path, {"type": "message", "text": "hej"})
    assert (answered, body["error"]["code"]) == (status, code)


async def test_a_message_larger_than_teams_takes_is_refused(place: Place) -> None:
    status, _ = await place.connector("POST", "/a:anna/activities", with_card("x" * 60_000))
    assert (status, place.stand_in.messages("anna")) == (413, [])


async def test_the_next_call_fails_as_told_and_the_one_after_does_not(place: Place) -> None:
    place.stand_in.fail_next(429, {"Retry-After": "2"})
    body = json.dumps(with_card("Oktober"))
    path = "/local/connector/v3/conversations/a:anna/activities"
    refused = await place.client.post(path, data=body)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "2")
    assert (await place.client.post(path, data=body)).status == 201
    assert len(place.stand_in.messages("anna")) == 1


async def test_a_pressed_button_sends_what_is_filled_in_and_takes_the_new_card(place: Place) -> None:
    sent = await place.bot_sends("anna", with_card("Oktober"))
    before = place.stand_in.messages("anna")[0].revision
    place.bot.answer = replacing(a_card("Kvitto"))
    filled = {"normal": True, "goals": ["a", "b"], "count": 3, "text": ""}
    pressed = a_card("Oktober")["actions"][0]
    assert await place.stand_in.press("anna", sent, pressed, filled) is None
    heard = place.bot.heard[-1]
    assert (heard["type"], heard["name"], heard["replyToId"]) == ("invoke", "adaptiveCard/action", sent)
    assert heard["value"]["action"] == {
        "type": "Action.Execute",
        "verb": "send",
        "data": {"round": 7, "normal": "true", "goals": "a,b", "count": "3"},
    }
    [said] = place.stand_in.messages("anna")
    assert (said.card, said.revision > before) == (a_card("Kvitto"), True)


async def test_a_submit_is_a_message_with_a_value_and_no_text(place: Place) -> None:
    sent = await place.bot_sends("anna", with_card("Oktober"))
    await place.stand_in.press("anna", sent, {"type": "Action.Submit", "data": {"round": 7}})
    heard = place.bot.heard[-1]
    assert (heard["type"], heard["value"], heard["replyToId"]) == ("message", {"round": 7}, sent)
    assert "text" not in heard


@pytest.mark.parametrize(
    ("status", "answer", "notice"),
    [
        (
            200,
            {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Tack!"},
            Notice("Tack!", error=False),
        ),
        (
            200,
            {
                "statusCode": 400,
                "type": "application/vnd.microsoft.error",
                "value": {"code": "BadRequest", "message": "Fel kort."},
            },
            Notice("Det gick inte: Fel kort."),
        ),
        (501, {}, Notice("Boten svarade med fel 501.")),
    ],
)
async def test_other_answers_to_a_button_are_told_in_words(
    place: Place, status: int, answer: dict[str, Any], notice: Notice
) -> None:
    sent = await place.bot_sends("anna", with_card("Oktober"))
    place.bot.status, place.bot.answer = status, answer
    pressed = a_card("Oktober")["actions"][0]
    assert await place.stand_in.press("anna", sent, pressed) == notice
    assert place.stand_in.messages("anna")[0].card == a_card("Oktober")


async def test_a_bot_that_is_not_there_is_told_in_words(session: ClientSession, silent_port: int) -> None:
    alone = a_stand_in(session, silent_port)
    assert await alone.say("anna", "hej") == Notice("Boten svarar inte.")


async def test_a_restart_keeps_the_chats_even_after_a_line_cut_short(
    place: Place, session: ClientSession, tmp_path: Path, silent_port: int
) -> None:
    transcript = tmp_path / "chat.jsonl"
    sent = await place.bot_sends("anna", with_card("Oktober"))
    await place.connector("PUT", f"/a:anna/activities/{sent}", with_card("Kvitto\u2028"))
    await place.stand_in.say("anna", "hjälp")
    with transcript.open("a", encoding="utf-8") as file:
        file.write('{"chat": "an')
    again = a_stand_in(session, silent_port, transcript)
    assert again.messages("anna") == place.stand_in.messages("anna")
    assert again.revision == place.stand_in.revision


async def test_the_page_reads_only_what_has_changed(place: Place) -> None:
    await place.bot_sends("anna", with_card("Oktober"))
    first = await (await place.client.get("/local/chat/anna")).json()
    await place.bot_sends("anna", with_card("November"))
    then = await (await place.client.get(f"/local/chat/anna?since={first['revision']}")).json()
    assert [said["summary"] for said in then["messages"]] == ["November"]
    assert then["messages"][0]["at_text"] == "måndag 2 november 2026 08:00"


async def test_the_page_says_and_presses_for_the_person(place: Place) -> None:
    sent = await place.bot_sends("anna", with_card("Oktober"))
    place.bot.answer = replacing(a_card("Kvitto"))
    said = await place.client.post("/local/chat/anna/say", json={"text": " mina "})
    body = {"message": sent, "action": a_card("")["actions"][0], "inputs": {"normal": "true"}}
    pressed = await place.client.post("/local/chat/anna/press", json=body)
    assert [await said.json(), await pressed.json()] == [{"notice": None}] * 2
    assert place.bot.heard[0]["text"] == "mina"
    assert place.stand_in.messages("anna")[0].card == a_card("Kvitto")


async def test_the_page_lists_the_people_and_what_each_has_been_sent(place: Place) -> None:
    await place.bot_sends("anna", with_card("Oktober"))
    people = await (await place.client.get("/local/people")).json()
    assert [(one["key"], one["received"]) for one in people] == [("anna", 1), ("kim", 0), ("channel", 0)]


async def test_the_page_moves_the_clock(place: Place) -> None:
    moved = await place.client.post("/local/clock", json={"to": "next_working_day"})
    assert (await moved.json())["text"] == "tisdag 3 november 2026 08:00"
    assert (await (await place.client.get("/local/clock")).json())["now"] == "2026-11-03T07:00:00+00:00"
    assert (await place.client.post("/local/clock", json={"to": "yesterday"})).status == 400


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/local/chat/nobody/say", '{"text": "hej"}', 404),
        ("/local/chat/anna/say", "[]", 400),
        ("/local/chat/anna/say", "{", 400),
        ("/local/chat/anna/say", '{"text": " "}', 400),
        ("/local/chat/anna/press", '{"message": "1", "action": {}}', 404),
        ("/local/chat/anna/press", '{"message": "1", "action": 1}', 400),
        ("/local/chat/anna/say", '{"text": "' + "x" * 300_000 + '"}', 413),
        # The guard lets it by, and this server has no workspace.
        ("/arbete/import", "x" * 300_000, 404),
        ("/arbeten", "x" * 300_000, 413),
    ],
)
async def test_the_page_refuses_what_it_cannot_read(place: Place, path: str, body: str, status: int) -> None:
    assert (await place.client.post(path, data=body)).status == status


@pytest.mark.parametrize("path", ["/", "/local/people", "/local/chat/anna", "/local/static/chat.js"])
async def test_a_host_that_is_not_loopback_is_refused(place: Place, path: str) -> None:
    assert (await place.client.get(path, headers={"Host": "evil.example:3978"})).status == 403
    assert (await place.client.get(path, headers={"Host": "localhost:3978"})).status == 200


async def test_another_sites_page_cannot_speak_for_a_person(place: Place) -> None:
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        headers = {"Origin": origin}
        refused = await place.client.post("/local/chat/anna/say", json={"text": "x"}, headers=headers)
        assert refused.status == 403
    own = {"Origin": str(place.client.make_url("/")).rstrip("/")}
    assert (await place.client.post("/local/chat/anna/say", json={"text": "x"}, headers=own)).status == 200


async def test_the_page_is_told_to_load_nothing_from_elsewhere(place: Place) -> None:
    page = await place.client.get("/")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "http" not in (await page.text())


async def test_without_node_the_renderer_is_missing_in_words(place: Place) -> None:
    missing = await place.client.get("/local/static/adaptivecards.min.js")
    assert (missing.status, "Node saknas" in await missing.text()) == (404, True)


@dataclass
class Terminal:
    """Types the lines in turn, and keeps what is written."""

    lines: list[str]
    written: list[str] = field(default_factory=list)

    async def read(self, prompt: str) -> str | None:
        self.written.append(prompt)
        return self.lines.pop(0) if self.lines else None


async def test_a_card_is_answered_in_the_terminal(place: Place, session: ClientSession) -> None:
    await place.bot_sends("anna", with_card("Oktober"))
    place.bot.answer = replacing(a_card("Kvitto"))
    terminal = Terminal(["/9", "/1", "kanske", "j", "hej", "/slut", "aldrig"])
    page = PageClient(session, str(place.client.make_url("/")))
    await chat(page, "anna", read=terminal.read, write=terminal.written.append)
    assert terminal.written == [
        "\nUppföljaren, måndag 2 november 2026 08:00",
        "Oktober\n(1) [ ] Som vanligt\n\n[1] Skicka",
        "> ",
        "Skriv /1 till /1.",
        "> ",
        "(1) Som vanligt (j/n) [n]: ",
        "Svara j eller n.",
        "(1) Som vanligt (j/n) [n]: ",
        "\nUppföljaren, måndag 2 november 2026 08:00",
        "Kvitto\n(1) [ ] Som vanligt\n\n[1] Skicka",
        "> ",
        "> ",
    ]
    assert place.bot.heard[0]["value"]["action"]["data"] == {"round": 7, "normal": "true"}
    assert place.bot.heard[1]["text"] == "hej"
