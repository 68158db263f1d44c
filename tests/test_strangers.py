"""Whoever knocks without the right to: the status of each, and that nothing is stored of it."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from yarl import URL

from dialogs.commands.registered import VERBS
from tests.conftest import Another, connect_to
from tests.support import municipality as small
from tests.support.builders import aad
from tests.support.edge import JSON, NOVEMBER, Answer, Edge, at_the_edge, unlogged
from tests.support.key_server import FIRST, base64url
from tests.support.logged_acts import acts
from tests.support.turns import readable
from texts.catalogue import Texts

SAY = Texts("sv")
MINUTE = 60
ELSEWHERE = "elsewhere"
TROUBLE = SAY("trouble", reference="#").partition(".")[0]
TRACES = (b"Traceback", b".py", b"File ", b"Error", b"botbuilder", b"sqlalchemy", b"aiohttp", b"Exception")


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(another: Another, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Edge]:
    """One bot for all who leave nothing behind; the round about October has just opened."""
    with another(tmp_path_factory.mktemp("edge") / "test.db") as database:
        with database.transaction() as tx:
            small.fill(tx)
        async with at_the_edge(database, NOVEMBER, sends=False) as opened:
            await opened.bot.wake()
            opened.server.publish(ELSEWHERE, endorsements=["webchat"])
            opened.server.publish(FIRST, keeps=True)
            connect_to(database)
            yield opened


@pytest.fixture
def edge(shared: Edge) -> Edge:
    shared.server.sent.clear()
    return shared


def now(edge: Edge) -> int:
    return int(edge.clock().timestamp())


def signed_by_another(edge: Edge) -> str:
    return edge.server.token(key="stranger", kid=FIRST)


def tampered(edge: Edge) -> str:
    header, _, signature = edge.server.token().split(".")
    return f"{header}.{base64url(json.dumps(edge.server.claims(aud='x')).encode())}.{signature}"


def nested(edge: Edge) -> str:
    return f"{base64url(b'[' * 4000)}.e30.e30"


BAD_TOKENS: dict[str, tuple[Callable[[Edge], str], int]] = {
    "empty": (lambda edge: "", 401),
    "garbage": (lambda edge: "garbage", 401),
    "garbage in three parts": (lambda edge: "a.b.c", 401),
    "dots": (lambda edge: "..", 401),
    "nested without end": (nested, 401),
    "not ASCII": (lambda edge: "åäö.åäö.åäö", 401),
    "two tokens": (lambda edge: f"{edge.server.token()} {edge.server.token()}", 401),
    "tampered": (tampered, 401),
    "expired": (lambda edge: edge.server.token(exp=now(edge) - 6 * MINUTE), 401),
    "not yet valid": (lambda edge: edge.server.token(nbf=now(edge) + 6 * MINUTE), 401),
    "signed by another key": (signed_by_another, 401),
    "unknown key id": (lambda edge: edge.server.token(kid="made-up"), 401),
    "key id of another kind": (lambda edge: edge.server.token(kid=""), 401),
    "no algorithm": (lambda edge: edge.server.unsigned(), 401),
    "public key as secret": (lambda edge: edge.server.signed_with_public_key(), 401),
    "wrong audience": (lambda edge: edge.server.token(aud="another-app"), 401),
    "wrong issuer": (lambda edge: edge.server.token(iss="https://sts.windows.net/"), 401),
    "no end": (lambda edge: edge.server.token(exp=None), 401),
    "no audience": (lambda edge: edge.server.token(aud=None), 401),
    "no issuer": (lambda edge: edge.server.token(iss=None), 401),
    "an end in words": (lambda edge: edge.server.token(exp="never"), 401),
    "a beginning in words": (lambda edge: edge.server.token(nbf="always"), 401),
    "a key for another channel": (lambda edge: edge.server.token(key=ELSEWHERE), 401),
    "no service URL": (lambda edge: edge.server.token(serviceurl=None), 403),
    "another service URL": (lambda edge: edge.server.token(serviceurl="https://evil.example/"), 403),
    "a service URL that goes on": (lambda edge: edge.server.token(serviceurl=edge.server.url), 403),
}


@pytest.mark.parametrize("name", BAD_TOKENS)
async def test_a_bad_token_is_refused_and_leaves_nothing(edge: Edge, name: str) -> None:
    make, status = BAD_TOKENS[name]
    await refused(edge, status, headers={"Authorization": f"Bearer {make(edge)}"}, json=edge.text())


@pytest.mark.parametrize("authorization", [None, "", "Basic dXNlcjpzZWNyZXQ=", "Bearer", "Bearer "])
async def test_without_a_bearer_token_nobody_comes_in(edge: Edge, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    await refused(edge, 401, headers=headers, json=edge.text())


async def test_a_good_token_without_its_scheme_is_none(edge: Edge) -> None:
    await refused(edge, 401, headers={"Authorization": edge.server.token()}, json=edge.text())


async def test_another_service_url_in_the_activity_than_in_the_token_is_forbidden(edge: Edge) -> None:
    await refused(edge, 403, **good(edge), json={**edge.text(), "serviceUrl": "https://evil.example/"})


@pytest.mark.parametrize(
    "data", [{"tenant": {"id": "another"}}, {"tenant": {}}, {"tenant": "x"}, {}, [], "x", None]
)
async def test_another_tenant_or_none_is_forbidden(edge: Edge, data: object) -> None:
    await refused(edge, 403, **good(edge), json={**edge.text(), "channelData": data})


async def test_a_token_is_not_good_for_a_channel_that_its_key_is_not(edge: Edge) -> None:
    """Also when it has been seen before with the right one."""
    token = edge.server.token()
    assert (await edge.post(edge.text(), token=token)).status == 200
    headers = {"Authorization": f"Bearer {token}"}
    edge.server.sent.clear()
    await refused(edge, 401, headers=headers, json={**edge.text(), "channelId": "webchat"})


ACTIVITY = (
    b'{"type":"message","serviceUrl":"http://x/","from":{"id":"a"},"conversation":{"id":"c"},"text":"%s"}'
)
TEN_MEGABYTES = b'{"text":"' + b"x" * 10_000_000 + b'"}'
DEEP = b"[" * 100_000 + b"]" * 100_000
BAD_BODIES: dict[str, tuple[dict[str, str], bytes, int]] = {
    "wrong type": ({"Content-Type": "text/plain"}, b"{}", 415),
    "a form": ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=b", 415),
    "no type at all": ({"Content-Type": "nonsense"}, b"{}", 415),
    "no body": (JSON, b"", 400),
    "blank": (JSON, b" \n", 400),
    "not JSON": (JSON, b"{'type': 'message'}", 400),
    "cut short": (JSON, b'{"type": "mess', 400),
    "a list": (JSON, b"[]", 400),
    "a list of activities": (JSON, b"[" + ACTIVITY + b"]", 400),
    "a number": (JSON, b"7", 400),
    "a text": (JSON, b'"message"', 400),
    "null": (JSON, b"null", 400),
    "an empty object": (JSON, b"{}", 400),
    "not a number": (JSON, b"NaN", 400),
    "an endless number": (JSON, b'{"type": 1' + b"0" * 6000 + b"}", 400),
    "invalid UTF-8": (JSON, ACTIVITY % b"\xff\xfe\xfa", 400),
    "Latin-1": ({"Content-Type": "application/json; charset=iso-8859-1"}, ACTIVITY % b"\xe5\xe4\xf6", 400),
    "a charset that is none": ({"Content-Type": "application/json; charset=klingon"}, b"[]", 400),
    "half a sign": (JSON, ACTIVITY % b"\\uD83D", 400),
    "ten megabytes": (JSON, TEN_MEGABYTES, 413),
    "nested without end": (JSON, DEEP, 400),
    "a nested value": (JSON, b'{"type":"invoke","value":' + DEEP + b"}", 400),
    "no type": (JSON, ACTIVITY.replace(b'"type"', b'"kind"'), 400),
    "no sender": (JSON, ACTIVITY.replace(b'"from"', b'"to"'), 400),
    "no conversation": (JSON, ACTIVITY.replace(b'"conversation"', b'"talk"'), 400),
    "a conversation with a number": (JSON, ACTIVITY.replace(b'{"id":"c"}', b'{"id":7}'), 400),
    "a sender that is a list": (JSON, ACTIVITY.replace(b'{"id":"a"}', b"[1]"), 400),
    "not gzip": ({**JSON, "Content-Encoding": "gzip"}, b"not gzip", 415),
    "gzip": ({**JSON, "Content-Encoding": "gzip"}, gzip.compress(b"{}"), 415),
    "a bomb": ({**JSON, "Content-Encoding": "gzip"}, gzip.compress(TEN_MEGABYTES), 415),
}


@pytest.mark.parametrize("name", BAD_BODIES)
@pytest.mark.parametrize("known", [True, False], ids=["good token", "no token"])
async def test_a_bad_body_is_refused_and_leaves_nothing(
    edge: Edge, name: str, known: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """The body is looked at first, and only as far as it takes to know who sends it."""
    headers, body, status = BAD_BODIES[name]
    token = good(edge)["headers"] if known else {}
    await refused(edge, status, headers={**headers, **token}, data=BytesIO(body))
    assert "Traceback" not in caplog.text


async def test_no_content_type_is_refused(edge: Edge) -> None:
    body = json.dumps(edge.text()).encode()
    await refused(edge, 415, **good(edge), data=body, skip_auto_headers=["Content-Type"])


BROKEN = {
    "a chunk without a length": b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "a length that is none": b"Content-Type: application/json\r\nContent-Length: many\r\n\r\n{}",
    "two lengths": b"Content-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a header without end": b"Authorization: Bearer " + b"x" * 100_000 + b"\r\n\r\n",
    "a header of no letters": b"Authorization: Bearer \xff\xfe\r\nContent-Type: application/json\r\n"
    b"Content-Length: 2\r\n\r\n{}",
}


@pytest.mark.parametrize("name", BROKEN)
async def test_broken_http_is_refused_and_leaves_nothing(edge: Edge, name: str) -> None:
    before = edge.rows()
    assert await raw(edge, BROKEN[name]) == b"400"
    assert edge.rows() == before


async def test_a_token_of_no_letters_is_refused(edge: Edge) -> None:
    body = json.dumps(edge.text()).encode()
    lengths = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    assert await raw(edge, b"Authorization: Bearer \xff\xfe.a.b\r\n" + lengths + body) == b"401"


async def raw(edge: Edge, rest: bytes) -> bytes:
    """The status of a request that no client would let us make."""
    url = URL(edge.address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"POST /api/messages HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n" + rest)
    answered = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert b"Traceback" not in answered
    return answered.split()[1]


async def test_who_hangs_up_in_the_middle_leaves_nothing(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    before = edge.rows()
    url = URL(edge.address)
    _, writer = await asyncio.open_connection(url.host, url.port)
    head = b"POST /api/messages HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    writer.write(head)
    await writer.drain()
    assert (await edge.get("/health")).status == 200
    writer.close()
    await writer.wait_closed()
    assert (await edge.get("/health")).status == 200
    assert edge.rows() == before
    assert "Traceback" not in caplog.text


async def test_ten_megabytes_of_unknown_length_are_refused(edge: Edge) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(TEN_MEGABYTES), 65_536):
            yield TEN_MEGABYTES[start : start + 65_536]

    headers = {**JSON, "Connection": "close", **good(edge)["headers"]}
    await refused(edge, 413, headers=headers, data=pieces())


async def test_a_value_nested_as_deep_as_can_be_read_is_taken_or_refused(edge: Edge) -> None:
    for depth in (100, 300, 500, 900, 990):
        body = json.dumps({**edge.text(), "value": 0}).replace('"value": 0', f'"value": {deep(depth)}')
        answer = await edge.send(headers={**JSON, **good(edge)["headers"]}, data=body.encode())
        assert answer.status in (200, 400)
        assert_no_trace(answer)


def deep(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_only_post_is_allowed(edge: Edge, method: str) -> None:
    before = edge.rows()
    async with edge.session.request(method, f"{edge.address}/api/messages") as answer:
        assert answer.status == 405
        assert_no_trace(Answer(answer.status, await answer.read()))
    assert edge.rows() == before


@pytest.mark.parametrize(
    "value", [7, 1.5, True, [], [1], "text", "", None, {}, {"action": 7}, {"action": []}]
)
async def test_an_invoke_with_something_else_as_its_value_is_refused(edge: Edge, value: object) -> None:
    invoke = {**pressing(edge, "anna", "help", {}), "value": value}
    await refused(edge, 400, **good(edge), json=invoke)


@pytest.mark.parametrize("data", [None, 7, [], "x", {}, {"card": 7}, {"card": []}, {"card": None}])
async def test_an_invoke_with_something_else_as_its_data_is_refused(edge: Edge, data: object) -> None:
    invoke = pressing(edge, "anna", "help", {})
    invoke["value"]["action"]["data"] = data
    await refused(edge, 400, **good(edge), json=invoke)


@pytest.mark.parametrize("name", ["composeExtension/query", "signin/verifyState", "", 7, None])
async def test_an_invoke_that_is_not_ours_is_not_implemented(edge: Edge, name: object) -> None:
    await refused(edge, 501, **good(edge), json={**pressing(edge, "anna", "help", {}), "name": name})


async def test_an_unknown_button_gets_a_notice(edge: Edge) -> None:
    answer = await edge.post(pressing(edge, "anna", "drop_tables", {"card": {}}))
    assert answer.status == 200
    assert json.loads(answer.body)["value"] == SAY("press.unknown")


@pytest.mark.parametrize(
    "activity",
    [
        {"entities": [{"type": "mention"}], "text": "<at>Uppföljaren</at> hjälp"},
        {"entities": [7, None], "text": "<at>Uppföljaren</at> hjälp", "recipient": None},
        {"type": "conversationUpdate", "membersAdded": [7, None, {"id": 7}]},
        {"type": "conversationUpdate", "membersAdded": 7},
        {"type": "event", "name": "application/vnd.microsoft.readReceipt", "value": {"lastReadMessageId": 7}},
        {"type": "typing"},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "made-up"},
        {"type": "message", "value": 7, "text": None},
        {"replyToId": {"a": 1}, "value": {"card": {"verb": "help"}}},
        {"from": {"id": 7, "name": ["x"], "aadObjectId": aad("anna")}},
    ],
)
async def test_odd_activities_from_teams_break_nothing(
    edge: Edge, activity: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    answer = await edge.post({**edge.text(), **activity})
    assert answer.status in (200, 400)
    assert_no_trace(answer)
    assert "turn failed" not in caplog.text


async def test_who_is_not_in_the_register_is_politely_turned_away_and_logged(edge: Edge) -> None:
    before = edge.rows()
    answer = await edge.post(edge.text("Vilka barn har ni?", key="stranger"))
    assert answer == Answer(200, b"")
    assert [sent.body["text"] for sent in edge.server.sent] == [SAY("stranger.refused")]
    # That it has been answered is remembered, so that a replay is not answered again.
    after = edge.rows()
    assert after["access_log"] == before["access_log"] + 1
    assert unlogged(after) == {**unlogged(before), "handled": before["handled"] + 1}
    with edge.database.transaction() as tx:
        assert acts(tx, "refused")[-1:] == [(None, aad("stranger"), "stranger")]


async def test_a_message_whose_reply_got_lost_is_answered_when_teams_sends_it_again(edge: Edge) -> None:
    message = edge.text("Hjälp")
    edge.server.refuses = 502
    await edge.post(message)
    edge.server.refuses = 0
    before = len(edge.server.sent)
    await edge.post(message)
    await edge.post(message)
    assert len(edge.server.sent) == before + 1


async def test_a_replayed_message_has_one_effect_and_one_reply(edge: Edge) -> None:
    message = edge.text("Mina uppgifter")
    first = await edge.post(message)
    after = edge.rows()
    # Teams may sign anew and put another time on it.
    again = {**message, "timestamp": "2026-10-20T09:00:00Z"}
    second = await edge.post(again, token=edge.server.token(nbf=now(edge) - 1))
    assert first == second == Answer(200, b"")
    assert edge.rows() == after
    assert len(edge.server.sent) == 1


async def test_the_same_press_twice_has_one_effect_and_one_answer(edge: Edge) -> None:
    before = edge.rows()
    card = await open_list(edge)
    press = statement_from(edge, card)
    first = await edge.post(press)
    after = edge.rows()
    assert json.loads(first.body)["statusCode"] == 200
    assert said(await edge.post(press)) == said(first)
    assert unlogged(edge.rows()) == unlogged(after)
    assert after["report"] == before["report"] + 1


async def test_the_same_press_from_two_devices_has_one_effect_and_one_answer(edge: Edge) -> None:
    """Each device sends an activity of its own; the card's nonce is the same."""
    card = await open_list(edge)
    first = await edge.post(statement_from(edge, card))
    after = edge.rows()
    second = statement_from(edge, card)
    assert second["id"] != statement_from(edge, card)["id"]
    assert said(await edge.post(second)) == said(first)
    assert unlogged(edge.rows()) == unlogged(after)


def said(answer: Answer) -> str:
    """What the answer's card says: it is drawn anew each time, and its buttons carry another nonce."""
    return readable(json.loads(answer.body)["value"])


async def open_list(edge: Edge) -> dict[str, Any]:
    await edge.post(edge.text("Mina uppgifter"))
    card: dict[str, Any] = edge.server.sent[-1].body["attachments"][0]["content"]
    return card


def statement_from(edge: Edge, card: dict[str, Any]) -> dict[str, Any]:
    """Hands in the statement for the first placement in the list."""
    (send,) = [one for one in card["actions"] if one["verb"] == "hand_in_statements"]
    toggles = [name for name in names_in(card) if name.startswith("normal")]
    return pressing(edge, "anna", send["verb"], {**send["data"], toggles[0]: "true"})


def names_in(part: object) -> list[str]:
    if isinstance(part, list):
        return [name for one in part for name in names_in(one)]
    if not isinstance(part, dict):
        return []
    own = [part["id"]] if str(part.get("type", "")).startswith("Input.") else []
    return own + [name for one in part.values() for name in names_in(one)]


def pressing(edge: Edge, key: str, verb: str, data: dict[str, Any]) -> dict[str, Any]:
    return edge.client(key).execute(edge.clock(), f"a:{key}", "m1", verb, data)


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
IDS = st.dictionaries(st.sampled_from(["id", "name", "aadObjectId", "tenantId", "conversationType"]), JSONS)
CARRIED = st.dictionaries(
    st.sampled_from(["task", "alert", "unit", "placement", "delivery", "start", "nonce", "ticked", "verb"]),
    JSONS | st.integers(0, 9) | st.sampled_from(list(VERBS)),
)
DATA = st.fixed_dictionaries({"card": CARRIED | JSONS}, optional={"normal1": st.just("true") | JSONS})
ACTIONS = st.fixed_dictionaries({"verb": st.sampled_from(list(VERBS)) | JSONS, "data": DATA | JSONS})
KINDS = ["message", "invoke", "conversationUpdate", "installationUpdate", "event", "messageReaction"]
FIELDS = {
    "type": st.sampled_from(KINDS) | JSONS,
    "id": st.text(st.characters(), max_size=10) | JSONS,
    "text": st.sampled_from(["hjälp", "status", "Mina uppgifter", "<at>x</at> larm", "utförare x"]) | JSONS,
    "value": st.fixed_dictionaries({"action": ACTIONS | JSONS}) | DATA | JSONS,
    "name": st.just("adaptiveCard/action") | JSONS,
    "action": st.just("add") | JSONS,
    "replyToId": JSONS,
    "entities": st.lists(st.fixed_dictionaries({"type": st.just("mention")}, optional={"mentioned": JSONS})),
    "membersAdded": st.lists(IDS) | JSONS,
    "recipient": IDS | JSONS,
    "from": st.sampled_from([{"aadObjectId": aad("anna")}, {"aadObjectId": aad("karin")}]) | IDS | JSONS,
    "conversation": st.fixed_dictionaries({"id": st.just("a:anna")}) | IDS | JSONS,
    "channelData": JSONS,
    "channelId": JSONS,
    "serviceUrl": JSONS,
    "locale": JSONS,
}
PRESSES = st.fixed_dictionaries(
    {
        "type": st.just("invoke"),
        "name": st.just("adaptiveCard/action"),
        "value": st.fixed_dictionaries({"action": ACTIONS}),
        "from": st.sampled_from([{"aadObjectId": aad(key)} for key in ("anna", "karin", "maria")]),
    }
)
SHAPED = st.sets(st.sampled_from(sorted(FIELDS)), max_size=5).flatmap(
    lambda names: st.fixed_dictionaries({name: FIELDS[name] for name in sorted(names)})
)
ENDLESSLY = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(JSONS, st.booleans())
@ENDLESSLY
async def test_no_json_breaks_the_endpoint(edge: Edge, body: object, known: bool) -> None:
    token = good(edge)["headers"] if known else {}
    answer = await edge.send(headers={**JSON, **token}, data=json.dumps(body).encode())
    assert answer.status in (400, 401, 403)
    assert_no_trace(answer)


@given(SHAPED | PRESSES)
@example({"text": "\ud800"})
@example({"conversation": {"id": "a\ud800"}})
@example({"text": "status \x00"})
@example(
    {
        "type": "invoke",
        "name": "adaptiveCard/action",
        "value": {"action": {"verb": "reference_form", "data": {"card": {}}}},
        "from": {"aadObjectId": aad("karin")},
    }
)
@settings(ENDLESSLY, max_examples=200)
async def test_nothing_in_an_activity_or_a_press_breaks_the_endpoint(
    edge: Edge, fields: dict[str, Any]
) -> None:
    answer = await edge.post({**edge.text(), **fields})
    assert answer.status < 500 or (answer.status == 501 and fields.get("type") == "invoke")
    assert_no_trace(answer)
    for sent in edge.server.sent:
        assert TROUBLE not in str(sent.body.get("text")), sent.body
    assert TROUBLE.encode() not in answer.body
    edge.server.sent.clear()


async def refused(edge: Edge, status: int, **request: Any) -> None:
    before = edge.rows()
    answer = await edge.send(**request)
    assert answer == Answer(status, b"")
    rows = edge.rows()
    logged = rows["access_log"] - before["access_log"]
    assert logged <= (1 if status == 403 else 0)
    assert (unlogged(rows) if logged else rows) == (unlogged(before) if logged else before)
    assert edge.server.sent == []
    assert (await edge.get("/health")).status == 200


def good(edge: Edge) -> dict[str, dict[str, str]]:
    return {"headers": {"Authorization": f"Bearer {edge.server.token()}"}}


def assert_no_trace(answer: Answer) -> None:
    """A card may say anything, but an answer to a stranger names nothing of how we are made."""
    assert not [trace for trace in TRACES if trace in answer.body], answer
