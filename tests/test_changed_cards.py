"""A card that has changed is put in the place of the old one on every device: by the ledger, and never over a form."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.connector import Outcome
from bot.fate import fate_of_change
from bot.local.chats import ChatMessage
from bot.local.player import inputs_for
from bot.local.terminal import actions_of
from followup import AlertId, PersonId, PlacementId, UnitId
from followup.messages.alerts import AlertRaised
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.engine.tables import delivery, person
from storage.messages import changed_cards, claiming, conversations, leases, ledger, queueing, recipients
from storage.messages.changed_cards import SEVERAL_PRESSES, CardMessage
from storage.messages.delivery import UPDATE, Delivery, DeliveryState
from storage.month import reports
from storage.register import people
from storage.signals import signals
from tests.support.builders import Register, at
from tests.support.desk import NOT_NOTIFIED
from tests.support.stage import SAY, Stage, on_stage, words
from tests.support.turns import ANEW, SLAP

NOW = at("2026-11-02 09:00")
STATES: tuple[DeliveryState, ...] = ("ready", "sending", "sent", "uncertain", "failed", "cancelled")


def updates(database: Database, key: str = "anna") -> list[Delivery]:
    """What is to be shown in the person's messages, oldest first; with another key than a person's the channel's."""
    with database.transaction() as tx:
        person = people.by_key(tx, key)
        found = [one for one in ledger.listed(tx, STATES) if one.kind == UPDATE]
    return [one for one in reversed(found) if one.person_id == (person.id if person else None)]


async def ticked(stage: Stage, *cases: str) -> None:
    """Anna hands in the statements of the cases from the list in view."""
    anna = stage.player("anna")
    card = anna.newest().card
    rows = {case: number for number, case in _rows(card)}
    await anna.press(SAY("list.send"), {f"normal{rows[case]}": "true" for case in cases})


def _rows(card: Any) -> list[tuple[int, str]]:
    """Each toggle's number with the case that its row is about."""
    found = []
    for row in card["body"]:
        columns = [one["columns"][0] for one in row.get("items", []) if one.get("type") == "ColumnSet"]
        inside = [one for column in columns for one in column["items"]]
        for toggle in (one for one in inside if one.get("type") == "Input.Toggle"):
            case = str(toggle["title"]).partition(",")[0]
            found.append((int(toggle["id"].removeprefix("normal")), case))
    return found


async def test_what_is_handed_in_replaces_the_message_for_every_device(
    municipality: Database, tmp_path: Path
) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        prompt = stage.player("anna").newest()
        await ticked(stage, "AKT-1")
        now = stage.player("anna").newest()
        assert (now.id, now.summary) == (prompt.id, SAY("list.summary", n=2))
        assert SAY("list.received", n=1, cases="AKT-1") in words(now)
        [row] = updates(municipality)
        assert (row.key, row.state) == (f"update:a:anna:{prompt.id}", "sent")
        await ticked(stage, "AKT-2")
        assert SAY("list.received", n=1, cases="AKT-2") in words(stage.player("anna").newest())
        assert [one.id for one in updates(municipality)] == [row.id]


@pytest.mark.parametrize("status", [401, 408, 412, 429, 500, 502, 503, 504, "lost"])
async def test_a_changed_card_is_sent_again_until_it_is_taken(
    municipality: Database, tmp_path: Path, status: int | str
) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        for _ in range(2):
            if isinstance(status, int):
                stage.stand_in.fail_next(status)
            else:
                stage.stand_in.lose_next()
        await ticked(stage, "AKT-1")
        [row] = updates(municipality)
        assert row.state == "ready"
        await later(stage, minutes=20)
        await later(stage, minutes=20)
        [row] = updates(municipality)
        assert row.state == "sent"


async def later(stage: Stage, **time: int) -> None:
    stage.clock.clock.move_to(stage.clock.now() + timedelta(**time))
    await stage.settle()


@pytest.mark.parametrize("status", [403, 404, 413])
async def test_what_can_never_be_changed_ends_there_and_costs_no_conversation(
    municipality: Database, tmp_path: Path, status: int
) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        stage.stand_in.fail_next(status, code="ConversationNotFound")
        await ticked(stage, "AKT-1")
        [row] = updates(municipality)
        assert (row.state, row.reason) == ("failed", f"{status} ConversationNotFound")
        with municipality.transaction() as tx:
            anna = people.by_key(tx, "anna")
            assert anna is not None
            assert conversations.address_of(tx, person_id=anna.id) is not None
            assert recipients.not_reached(tx) == {}


async def test_a_form_that_is_opened_is_not_replaced_by_what_was_done_before(
    municipality: Database, tmp_path: Path
) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        anna = stage.player("anna")
        stage.stand_in.fail_next(503)
        await ticked(stage, "AKT-1")
        await anna.press(SAY("list.open_form"), row="AKT-3")
        await later(stage, minutes=5)
        assert SAY("report.feels_safe") in words(anna.newest())
        await anna.press(SAY("report.hand_in"), {"feels_safe": "yes"})
        await later(stage, minutes=20)
        assert SAY("form.missing") in words(anna.newest())
        await anna.press(SAY("report.hand_in"), ANEW)
        [row] = updates(municipality)
        assert (row.state, row.payload["what"]) == ("sent", "report")
        assert SAY("report.feels_safe") not in words(anna.newest())


async def test_a_form_that_is_left_lets_what_waited_through(municipality: Database, tmp_path: Path) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        anna = stage.player("anna")
        stage.stand_in.fail_next(503)
        await ticked(stage, "AKT-1")
        await anna.press(SAY("list.open_form"), row="AKT-3")
        await anna.press(SAY("report.back"))
        [row] = updates(municipality)
        assert row.state == "sent"


async def test_what_waits_is_drawn_from_what_may_be_seen_when_it_goes(
    municipality: Database, tmp_path: Path
) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        stage.stand_in.fail_next(503)
        await ticked(stage, "AKT-1")
        with municipality.transaction() as tx:
            give_all_away(tx)
        await later(stage, minutes=20)
        assert "AKT" not in words(stage.player("anna").newest())
        assert SAY("receipt.elsewhere", n=1) in words(stage.player("anna").newest())


def give_all_away(tx: Transaction) -> None:
    bilal = people.by_key(tx, "bilal")
    assert bilal is not None
    for placement_id in (1, 2, 3):
        Register(tx).owner(PlacementId(placement_id), bilal.id, since="2026-11-01")


async def test_the_channel_sees_what_one_of_the_team_did(municipality: Database, tmp_path: Path) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        anna, channel = stage.player("anna"), stage.player("kanalen")
        await anna.say("avvikelse")
        await anna.press(SAY("signal.hand_in"), {**SLAP, "unit": "2"})
        await channel.press(SAY("alert.take"))
        [row] = updates(municipality, "kanalen")
        assert row.state == "sent"
        await channel.press(SAY("desk.close"))
        await channel.press(SAY("desk.close_send"), {**NOT_NOTIFIED, "reason": "Utredd."})
        assert [one.state for one in updates(municipality, "kanalen")] == ["sent"]
        assert "Anna" not in words(channel.newest())


MESSAGE = CardMessage("a:anna", "m1", person_id=PersonId(1))
CONTENT = {"what": "report", "numbers": {"task": 1, "version": 1, "signals": {}}}


def row_of(tx: Transaction) -> Delivery:
    [found] = [one for one in ledger.listed(tx, STATES) if one.kind == UPDATE]
    return found


def start(tx: Transaction) -> Delivery:
    found = row_of(tx)
    claiming.reserve(tx, found, "test", NOW, NOW)
    assert claiming.start(tx, [found.id], "test", found.not_before)
    return row_of(tx)


def test_what_changes_while_it_is_on_its_way_goes_once_more(municipality: Database) -> None:
    with municipality.transaction() as tx:
        changed_cards.change(tx, MESSAGE, CONTENT, "n1", NOW)
        sending = start(tx)
        changed_cards.change(tx, MESSAGE, {**CONTENT, "what": "reports"}, "n2", NOW)
        assert row_of(tx).state == "sending"
        assert not changed_cards.unchanged(tx, sending)
        changed_cards.put_back(tx, sending, NOW, None)
        assert (row_of(tx).state, row_of(tx).payload["what"]) == ("ready", "reports")


async def test_what_could_not_be_shown_once_can_be_shown_later(
    municipality: Database, tmp_path: Path
) -> None:
    """Anna is no worker for a while: her message says nothing new, and is changed again when she is."""
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        stage.stand_in.fail_next(503)
        await ticked(stage, "AKT-1")
        become(municipality, "admin")
        await later(stage, minutes=20)
        assert [one.state for one in updates(municipality)] == ["cancelled"]
        become(municipality, "worker")
        await ticked(stage, "AKT-2")
        assert [one.state for one in updates(municipality)] == ["sent"]


def become(database: Database, role: str) -> None:
    with database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "anna").values(role=role))


def test_what_was_on_its_way_when_the_process_died_goes_once_more(municipality: Database) -> None:
    with municipality.transaction() as tx:
        changed_cards.change(tx, MESSAGE, CONTENT, "n1", NOW)
        start(tx)
        leases.expire_leases(tx, NOW + timedelta(hours=1))
        assert row_of(tx).state == "ready"


def test_a_deed_on_one_device_waits_for_the_form_that_is_open_on_another(municipality: Database) -> None:
    with municipality.transaction() as tx:
        changed_cards.open_form(tx, MESSAGE, "form", NOW)
        assert due(tx, NOW + timedelta(days=1)) == []
        changed_cards.change(tx, MESSAGE, CONTENT, "list", NOW)
        assert due(tx, NOW + timedelta(minutes=5)) == []
        assert due(tx, NOW + changed_cards.PATIENCE) == ["report"]
        changed_cards.change(tx, MESSAGE, CONTENT, "form", NOW)
        assert due(tx, NOW + SEVERAL_PRESSES) == ["report"]


SECOND = timedelta(seconds=1)


def test_several_presses_of_a_card_change_the_message_once_and_no_press_puts_it_off(
    municipality: Database,
) -> None:
    with municipality.transaction() as tx:
        for number in range(5):
            content = {**CONTENT, "numbers": {"task": number}}
            changed_cards.change(tx, MESSAGE, content, f"n{number}", NOW + number * SECOND)
        assert due(tx, NOW + SEVERAL_PRESSES - SECOND) == []
        [one] = [one for one in claiming.due(tx, NOW + SEVERAL_PRESSES, 100) if one.kind == UPDATE]
        assert one.payload["numbers"] == {"task": 4}


@pytest.mark.parametrize("state", ["sent", "cancelled", "failed", "uncertain"])
def test_what_has_come_to_an_end_begins_anew_with_the_next_press(municipality: Database, state: str) -> None:
    with municipality.transaction() as tx:
        changed_cards.change(tx, MESSAGE, CONTENT, "n1", NOW)
        tx.connection.execute(update(delivery).values(state=state, attempts=3))
        again = {**CONTENT, "what": "reports"}
        changed_cards.change(tx, MESSAGE, again, "n2", NOW + SECOND)
        assert (row_of(tx).state, row_of(tx).attempts) == ("ready", 0)
        assert due(tx, NOW + SEVERAL_PRESSES) == []
        assert due(tx, NOW + SECOND + SEVERAL_PRESSES) == ["reports"]


def test_what_waits_is_another_persons_once_she_has_the_account(municipality: Database) -> None:
    with municipality.transaction() as tx:
        changed_cards.change(tx, MESSAGE, CONTENT, "n1", NOW)
        changed_cards.change(tx, replace(MESSAGE, person_id=PersonId(2)), CONTENT, "n2", NOW + SECOND)
        assert row_of(tx).person_id == 2


def test_what_failed_for_a_while_is_tried_after_the_next_press_and_not_only_when_it_was_to_be(
    municipality: Database,
) -> None:
    with municipality.transaction() as tx:
        changed_cards.change(tx, MESSAGE, CONTENT, "n1", NOW)
        changed_cards.put_back(tx, row_of(tx), NOW + timedelta(minutes=20), "503")
        changed_cards.change(tx, MESSAGE, CONTENT, "n2", NOW)
        assert due(tx, NOW + SEVERAL_PRESSES) == ["report"]


def due(tx: Transaction, now: datetime) -> list[str]:
    return [one.payload["what"] for one in claiming.due(tx, now, 100) if one.kind == UPDATE]


def test_a_changed_card_goes_after_what_is_urgent(municipality: Database) -> None:
    with municipality.transaction() as tx:
        tx.connection.execute(update(delivery).values(state="cancelled"))
        changed_cards.change(tx, MESSAGE, CONTENT, "n1", NOW)
        queueing.queue(tx, "alert", AlertRaised(AlertId(1)), NOW, person_id=PersonId(1), urgent=True)
        assert [one.kind for one in claiming.due(tx, NOW + SEVERAL_PRESSES, 2)] == ["alert", UPDATE]


def test_a_message_with_a_long_name_has_a_key_that_fits() -> None:
    long, other = CardMessage("19:" + "x" * 250, "1", channel="quality"), CardMessage("19:" + "x" * 250, "2")
    assert MESSAGE.key == "update:a:anna:m1"
    assert len(long.key) <= 200
    assert long.key != other.key


def test_only_what_will_never_be_taken_ends_a_changed_card() -> None:
    fates = {status: fate_of_change(Outcome(status, {})) for status in range(200, 600)}
    assert "uncertain" not in fates.values()
    assert {fates[status] for status in (400, 403, 404, 405, 413)} == {"failed"}
    assert {fates[status] for status in (401, 408, 412, 429, 500, 502, 503, 504)} == {"again"}
    assert fate_of_change(None) == "again"


async def test_through_the_endpoint_a_second_signal_from_the_same_card_is_a_second_signal(
    municipality: Database, tmp_path: Path
) -> None:
    """A phone that still shows the form sends other content; the same content once more is the same deed."""
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        anna = stage.player("anna")
        await anna.say("avvikelse")
        form = anna.newest()
        complaint = {**SLAP, "kind": "complaint", "consequence": "1", "marks": "", "unit": "1"}
        for typed in (complaint, {**SLAP, "unit": "2"}, complaint):
            await press_on(stage, form, SAY("signal.hand_in"), typed)
        assert "K-1" in words(anna.newest())
        with municipality.transaction() as tx:
            found = [signals.of_unit(tx, UnitId(unit_id), signals.ALL_KNOWN) for unit_id in (1, 2)]
            assert [[one.number for one in of_unit] for of_unit in found] == [["K-1"], ["A-2"]]
            assert [one.signal_id for one in alerts.open_alerts(tx)] == [2]


async def press_on(stage: Stage, form: ChatMessage, title: str, typed: dict[str, str]) -> None:
    """The card as it was, though the message shows another by now."""
    assert form.card is not None
    [chosen] = [one for one in actions_of(form.card) if one.title == title]
    await stage.stand_in.press("anna", form.id, chosen.action, inputs_for(form.card, chosen, typed))
    await stage.settle()


async def test_through_the_endpoint_another_report_from_the_same_card_corrects_it(
    municipality: Database, tmp_path: Path
) -> None:
    async with on_stage(municipality, NOW, tmp_path / "chat.jsonl") as stage:
        await stage.wake_at(NOW)
        anna = stage.player("anna")
        await anna.press(SAY("list.open_form"), row="AKT-3")
        form = anna.newest()
        await press_on(stage, form, SAY("report.hand_in"), ANEW)
        await press_on(stage, form, SAY("report.hand_in"), {**ANEW, "feels_safe": "no"})
        assert "version 2" in words(anna.newest())
        await press_on(stage, form, SAY("report.hand_in"), ANEW)
        assert SAY("receipt.newer_report", version=2) in words(anna.newest())
    with municipality.transaction() as tx:
        stored = reports.of_placements(tx, [PlacementId(3)])[PlacementId(3)]
    assert (stored[0].version, stored[0].answers["feels_safe"]) == (2, "no")
