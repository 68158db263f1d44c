"""One turn has one effect, however often and in whatever shape it comes; and Action.Submit does what Execute does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import turns
from bot.local.chats import ChatMessage
from bot.local.player import Player, inputs_for
from bot.local.terminal import actions_of, inputs_of
from bot.teams import read_activity, said_in
from dialogs.card import Card, Text
from dialogs.commands.registered import VERBS
from dialogs.turn import Press, Reply, Said
from followup.access.municipality import USUAL_MUNICIPALITY
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.engine.tables import handled
from storage.messages import conversations, ledger, settling
from storage.messages.delivery import QUALITY_CHANNEL
from storage.month import reports, rounds
from storage.register import people
from tests.support.builders import aad, at
from tests.support.desk import NOT_NOTIFIED
from tests.support.stage import Stage, on_stage, words
from tests.support.turns import ANEW, SAY, SERVICE, SLAP, Client, october

VALUES: tuple[object, ...] = (
    None,
    "",
    "1",
    -1,
    0,
    1.5,
    True,
    10**30,
    [],
    ["x"],
    {},
    {"a": 1},
    "x" * 5000,
)


def activity(**more: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "id": "1",
        "serviceUrl": SERVICE,
        "from": {"id": "29:anna", "aadObjectId": aad("anna"), "name": "Anna"},
        "conversation": {"id": "a:anna", "conversationType": "personal"},
        **more,
    }


def pressed(value: object, **more: Any) -> Press | None:
    return said_in(read_activity(activity(value=value, **more))).press


def test_a_text_that_is_sent_again_is_answered_once(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    first, second = anna.say("mina", activity="a1"), anna.say("mina", activity="a1")
    assert first.card is not None
    assert (second.card, second.text, second.again) == (None, "", True)


def test_a_text_whose_answer_did_not_arrive_is_answered_when_it_is_sent_again(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    lost, second = anna.say("mina", activity="a1", arrives=False), anna.say("mina", activity="a1")
    assert (lost.card is None, second.card is None, second.again) == (False, False, False)
    assert anna.say("mina", activity="a1").again


def test_an_answer_larger_than_teams_takes_is_said_in_words(caplog: pytest.LogCaptureFixture) -> None:
    said = Said(aad("anna"), "a:anna", "1", SERVICE)
    large = Reply(card=Card("Mycket", tuple(Text("ord " * 1000) for _ in range(12))), language="sv")
    assert turns._answer(said, large, "n").text == SAY("card.too_large")
    assert "too large" in caplog.text


def test_the_same_words_in_a_new_message_are_answered_again(municipality: Database) -> None:
    anna = october(municipality).client("anna")
    assert anna.say("mina", activity="a1").card is not None
    assert anna.say("mina", activity="a2").card is not None


def test_the_same_activity_in_another_conversation_is_another(municipality: Database) -> None:
    chat = october(municipality)
    assert chat.client("anna").say("mina", activity="a1").card is not None
    assert "AKT-4" in str(chat.client("bilal").say("mina", activity="a1").card)


def test_the_same_card_from_two_devices_has_one_effect_and_one_answer(municipality: Database) -> None:
    anna = october(municipality).client("anna").look()
    found, ticked = anna.button(SAY("list.send")), {f"normal{anna.chat.task('AKT-1').id}": "true"}
    anna.send(found, ticked, activity="telephone")
    said = anna.words
    second = anna.send(found, ticked, activity="computer")
    assert (second.again, anna.words) == (True, said)
    assert len(anna.chat.versions("AKT-1")) == 1


def test_what_was_answered_is_forgotten_in_time_but_not_that_it_was_done(municipality: Database) -> None:
    anna = october(municipality).client("anna").look()
    found, ticked = anna.button(SAY("list.send")), {f"normal{anna.chat.task('AKT-1').id}": "true"}
    anna.send(found, ticked, activity="telephone")
    anna.chat.wake("2026-12-03 09:00")
    again = anna.send(found, ticked, activity="computer")
    assert (again.card, again.notice, again.again) == (None, SAY("press.taken"), True)
    assert len(anna.chat.versions("AKT-1")) == 1
    with municipality.transaction() as tx:
        assert not any("AKT-1" in kept for kept in replies(tx))


def replies(tx: Transaction) -> list[str]:
    return [tx.vault.open(row.reply) for row in tx.connection.execute(select(handled)) if row.reply]


def test_a_press_that_was_refused_can_be_tried_again(municipality: Database) -> None:
    anna = october(municipality).client("anna").look()
    found = anna.button(SAY("list.send"))
    anna.send(found, {})
    anna.send(found, {f"normal{anna.chat.task('AKT-1').id}": "true"})
    assert len(anna.chat.versions("AKT-1")) == 1


def test_two_people_pressing_the_same_card_are_two(municipality: Database) -> None:
    chat = october(municipality)
    anna, bilal = chat.client("anna").look(), Client(chat, "bilal")
    anna.press(SAY("list.send"), {f"normal{chat.task('AKT-1').id}": "true"})
    bilal.forge("hand_in_statements", {"nonce": "d1"}, {f"normal{chat.task('AKT-4').id}": "true"})
    assert len(chat.versions("AKT-4")) == 1


def test_a_kept_answer_is_sealed(municipality: Database) -> None:
    anna = october(municipality).client("anna").look()
    anna.press(SAY("list.send"), {f"normal{anna.chat.task('AKT-1').id}": "true"})
    path = Path(municipality.url.removeprefix("sqlite:///"))
    said = SAY("list.received", n=1, cases="AKT-1").encode()
    assert not any(said in one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("verb", [*VERBS, "", "no such verb", "\ud800", "__class__"])
def test_no_press_raises_whatever_it_carries(municipality: Database, verb: str) -> None:
    chat = october(municipality)
    names = (
        "nonce",
        "task",
        "version",
        "alert",
        "start",
        "blocks",
        "provider",
        "ticked",
        "correct",
        "delivery",
    )
    task = chat.task("AKT-1").id
    for key in ("anna", "karin", "maria"):
        client = chat.client(key)
        for value in VALUES:
            text = value if isinstance(value, str) else "x"
            inputs = {**dict.fromkeys((*ANEW, *SLAP, "day", "starts", "ends", "unit", "reason"), text)}
            client.forge(verb, dict.fromkeys(names, value), inputs)
            client.forge(verb, {"nonce": value, "task": task}, inputs)
    assert [chat.versions(case) for case in ("AKT-1", "AKT-4")] == [[], []]


def test_an_unknown_button_is_told_so(municipality: Database) -> None:
    assert october(municipality).client("anna").forge("dance", {}).notice == SAY("press.unknown")


@pytest.mark.parametrize(
    "value",
    [1, "x", [], None, {}, {"card": 1}, {"card": None}, {"card": []}, {"verb": "my_tasks"}, {"action": {}}],
)
def test_a_value_without_our_card_is_no_press(value: object) -> None:
    assert pressed(value) is None


@pytest.mark.parametrize(
    "value",
    [
        1,
        {"action": 1},
        {"action": {"verb": "x"}},
        {"action": {"verb": "x", "data": 1}},
        {"action": {"verb": "x", "data": {"card": "x"}}},
    ],
)
def test_an_invoke_without_our_card_is_no_press(value: object) -> None:
    assert pressed(value, type="invoke", name="adaptiveCard/action") is None


def test_an_execute_and_a_submit_are_read_as_the_same_press() -> None:
    typed = {"normal7": "true", "marks": "violence,abuse"}
    execute = {"action": {"type": "Action.Execute", "verb": "go", "data": {"card": {"task": 7}, **typed}}}
    first = pressed(execute, type="invoke", name="adaptiveCard/action")
    second = pressed({"card": {"task": 7, "verb": "go"}, **typed})
    assert first is not None
    assert second is not None
    assert (first.verb, first.inputs, first.number("task")) == (second.verb, second.inputs, 7)
    assert (first.in_place, second.in_place) == (True, False)
    assert first.inputs == typed


@pytest.mark.parametrize("value", ["7", 7.0, True, None, -7, 2**31, [7]])
def test_a_number_that_is_none_of_ours_is_no_number(value: object) -> None:
    assert Press("go", {"task": value}).number("task") is None


def test_ticks_and_numbers_are_read_as_typed_and_what_is_neither_is_left_out() -> None:
    press = pressed({"card": {"verb": "go"}, "a": 1, "b": True, "c": None, "d": ["x"], "e": "x", "f": {}})
    assert press is not None
    assert press.inputs == {"a": "1", "b": "true", "e": "x"}


@pytest.mark.parametrize("ticked", [True, "true", "True"])
async def test_a_tick_is_a_tick_however_the_client_sends_it(
    municipality: Database, tmp_path: Path, ticked: object
) -> None:
    async with on_stage(municipality, at("2026-11-02 09:00"), tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(at("2026-11-02 09:00"))
        prompt = stage.player("anna").newest()
        assert prompt.card is not None
        [send] = [one for one in actions_of(prompt.card) if one.title == SAY("list.send")]
        toggles = [one.id for one in inputs_of(prompt.card)]
        await stage.stand_in.press("anna", prompt.id, send.action, {toggles[0]: ticked, toggles[1]: False})
        await stage.settle()
        assert SAY("list.summary", n=2) in stage.player("anna").newest().summary


@pytest.mark.parametrize(
    ("kind", "others_look_on"), [("personal", False), ("channel", True), ("groupChat", True)]
)
def test_where_others_look_on_no_child_is_named(kind: str, others_look_on: bool) -> None:
    said = said_in(read_activity(activity(conversation={"id": "x", "conversationType": kind})))
    assert said.channel == others_look_on


def test_a_press_on_what_may_not_have_arrived_proves_that_it_did(municipality: Database) -> None:
    chat = october(municipality)
    with municipality.transaction() as tx:
        settling.settle(tx, 1, "uncertain")
    chat.client("bilal").forge("my_tasks", {"nonce": "d1"})
    assert state(municipality) == "uncertain"
    chat.client("anna").look().press(SAY("list.send"))
    assert state(municipality) == "sent"


def state(database: Database) -> str | None:
    with database.transaction() as tx:
        delivery = ledger.get(tx, 1)
    return delivery.state if delivery else None


def test_the_persons_chat_is_remembered_and_never_the_channel(municipality: Database) -> None:
    chat = october(municipality)
    chat.client("karin").say("hej")
    chat.client("karin", channel=True).say("hej")
    with municipality.transaction() as tx:
        karin = people.by_key(tx, "karin")
        assert karin is not None
        address = conversations.address_of(tx, person_id=karin.id)
    assert address is not None
    assert address.conversation_id == "a:karin"


def installed(tx: Transaction, key: str, *, channel: bool = False, conversation: str = "a:x") -> turns.Answer:
    said = said_in(read_activity(activity(**{"from": {"id": key, "aadObjectId": aad(key)}})))
    said = replace(said, channel=channel, conversation_id=conversation)
    return turns.install(tx, said, at("2026-11-02"), "n", USUAL_MUNICIPALITY)


def test_a_person_is_welcomed_once_and_a_stranger_never(municipality: Database) -> None:
    with municipality.transaction() as tx:
        assert installed(tx, "anna").card is not None
        assert installed(tx, "anna").card is None
        assert installed(tx, "okand") == turns.Answer()


def test_the_first_team_is_the_quality_team_and_a_later_one_is_not(municipality: Database) -> None:
    with municipality.transaction() as tx:
        installed(tx, "karin", channel=True, conversation="19:first;messageid=1")
        installed(tx, "okand", channel=True, conversation="19:second")
        address = conversations.address_of(tx, channel=QUALITY_CHANNEL)
    assert address is not None
    assert address.conversation_id == "19:first"


async def submit(player: Player, title: str, typed: dict[str, str], *, row: str = "") -> None:
    """As a client without Action.Execute does it: the fallback, as a message with a value."""
    await submit_on(player, player.newest(), title, typed, row=row)


async def submit_on(
    player: Player, message: ChatMessage, title: str, typed: dict[str, str], *, row: str = ""
) -> None:
    """On the card as it was, though the message may show another by now."""
    assert message.card is not None
    wanted = f"{title}: {row}" if row else title
    [chosen] = [one for one in actions_of(message.card) if one.title == wanted]
    await player.stand_in.press(
        player.key, message.id, chosen.action["fallback"], inputs_for(message.card, chosen, typed)
    )
    await player.settle()


async def test_a_submit_on_one_device_is_answered_beside_the_form_that_stands_open_on_another(
    municipality: Database, tmp_path: Path
) -> None:
    """An older client's answer changes the message, which the device with the form in it shows too."""
    async with on_stage(municipality, at("2026-11-02 09:00"), tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(at("2026-11-02 09:00"))
        anna = stage.player("anna")
        old, number = anna.newest(), len(anna.messages())
        await submit(anna, SAY("list.open_form"), {}, row="AKT-3")
        form = anna.newest()
        assert (form.id, len(anna.messages())) == (old.id, number)
        await submit_on(anna, old, SAY("list.send"), dict.fromkeys(_toggles(old), "true"))
        assert len(anna.messages()) == number + 1
        assert SAY("report.feels_safe") not in words(anna.newest())
        [still] = [one for one in anna.messages() if one.id == form.id]
        assert SAY("report.feels_safe") in words(still)
        await submit_on(anna, still, SAY("report.hand_in"), ANEW)
        assert len(anna.messages()) == number + 1
    assert None not in stored(municipality)[:3]


async def test_a_submit_stores_the_same_and_replaces_the_card(municipality: Database, tmp_path: Path) -> None:
    async with on_stage(municipality, at("2026-11-02 09:00"), tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(at("2026-11-02 09:00"))
        anna = stage.player("anna")
        prompt, number = anna.newest(), len(anna.messages())
        await submit(anna, SAY("list.open_form"), {}, row="AKT-3")
        assert SAY("report.feels_safe") in words(anna.newest())
        await submit(anna, SAY("report.hand_in"), {"feels_safe": "yes"})
        assert SAY("form.missing") in words(anna.newest())
        await submit(anna, SAY("report.hand_in"), ANEW)
        assert SAY("report.feels_safe") not in words(anna.newest())
        assert (anna.newest().id, len(anna.messages())) == (prompt.id, number)
        await submit(anna, SAY("list.send"), dict.fromkeys(_toggles(anna.newest()), "true"))
        assert SAY("list.all_done", n=3) in words(anna.newest())
        assert (anna.newest().id, len(anna.messages())) == (prompt.id, number)
    assert stored(municipality) == [True, True, False, None, None]


def _toggles(message: ChatMessage) -> list[str]:
    card = message.card or {}
    return [one.id for action in actions_of(card) for one in action.fields if one.id.startswith("normal")]


def stored(database: Database) -> list[bool | None]:
    """Of each placement whether its report was by statement; None where there is none."""
    with database.transaction() as tx:
        [october_round] = rounds.asking_rounds(tx, at("2026-11-02 09:00"))
        tasks = rounds.tasks(tx, [october_round.id], at("2026-11-02").date())
        newest = [reports.newest(tx, task.id) for task in tasks]
    return [one.by_statement if one else None for one in newest]


async def test_when_the_card_cannot_be_replaced_the_answer_is_a_new_message(
    municipality: Database, tmp_path: Path
) -> None:
    async with on_stage(municipality, at("2026-11-02 09:00"), tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(at("2026-11-02 09:00"))
        anna = stage.player("anna")
        number = len(anna.messages())
        stage.stand_in.fail_next(404, code="ActivityNotFoundInConversation")
        await submit(anna, SAY("list.open_form"), {}, row="AKT-3")
        assert len(anna.messages()) == number + 1
        assert SAY("report.feels_safe") in words(anna.newest())


async def test_taking_an_alert_changes_the_channels_message_for_everyone(
    municipality: Database, tmp_path: Path
) -> None:
    """The answer to an execute is seen by the one who pressed alone, so the message itself is changed as well."""
    async with on_stage(municipality, at("2026-11-02 09:00"), tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(at("2026-11-02 09:00"))
        await _a_slap_is_told(stage)
        channel = stage.player("kanalen")
        before, revision = channel.newest(), stage.stand_in.revision
        stage.stand_in.fail_next(503)
        await channel.press(SAY("alert.take"))
        assert SAY("alert.owned", name="Karin Test") in words(channel.newest())
        await channel.press(SAY("desk.close"))
        assert channel.newest().revision == revision + 2
        await channel.press(SAY("desk.close_send"), {**NOT_NOTIFIED, "reason": "Utredd."})
        # A changed card waits some seconds for one more press of it. Anna, who has had her list of the month today,
        # is told what her signal led to on the next working morning.
        assert channel.newest().revision == stage.stand_in.revision == revision + 4
        assert (channel.newest().id, channel.newest().summary) == (before.id, SAY("alert.summary"))
    with municipality.transaction() as tx:
        assert alerts.open_alerts(tx) == []


async def _a_slap_is_told(stage: Stage) -> None:
    anna = stage.player("anna")
    await anna.say("avvikelse")
    await anna.press(SAY("signal.hand_in"), {**SLAP, "unit": "2"})


async def test_in_a_channel_the_form_of_one_is_not_shown_to_all(
    municipality: Database, tmp_path: Path
) -> None:
    """The form that Karin opened comes back to her alone, in the answer to her press."""
    async with on_stage(municipality, at("2026-11-02 09:00"), tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(at("2026-11-02 09:00"))
        await _a_slap_is_told(stage)
        channel = stage.player("kanalen")
        revision = stage.stand_in.revision
        await channel.press(SAY("desk.close"))
        assert channel.newest().revision == revision + 1
