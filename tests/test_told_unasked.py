"""What is sent unasked obeys the same table and the same settings as what is answered, whatever kind it is of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.cards import draw
from dialogs.messages.message_replies import say_now
from dialogs.switchboard import welcome
from dialogs.turn import Said
from followup import CycleId, RoundId
from followup.access.access import ABOUT, ACCESS, Access, DataKind
from followup.access.municipality import USUAL_MUNICIPALITY, Municipality
from followup.messages.alerts import (
    AlertAgain,
    AlertRaised,
    DecisionDue,
    DutyToReport,
    EvidenceAsked,
    HandedOver,
    HistoryAgain,
    HistoryRead,
    LedTo,
    OwnAlert,
    OwnFault,
    SignalAsked,
    SignalGiven,
    SignalsOfDay,
)
from followup.messages.clocks import ClocksLate, ClocksNear, ContractAsked, YearlyList
from followup.messages.every import KINDS, EveryMessage
from followup.messages.follow_ups import (
    ActionDue,
    ActionGiven,
    ActionLate,
    DateNear,
    FollowUpGiven,
    SelectionFrozen,
)
from followup.messages.month import (
    Escalation,
    InDoubt,
    LeaveTold,
    Nudge,
    Ownerless,
    Prompt,
    Reminder,
    Snoozed,
)
from followup.messages.operation import (
    BaseLevelsDue,
    CardChanged,
    ChannelChosen,
    ChannelRefused,
    CheckpointDue,
    LogReviewDue,
    PurgeProposed,
    TokenRefused,
    Trouble,
    WeeklyDigest,
)
from followup.people import Conversation, Leave, Person, Role
from followup.signals.progress import SignalProgress
from services.selection.selecting import Plan, freeze
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.engine.tables import (
    alert,
    base_levels,
    contract,
    leave,
    ownership,
    person,
    register_import,
    report_task,
    round_,
    signal,
)
from storage.engine.year_tables import action, follow_up
from storage.messages import conversations, ledger, queueing, settling
from storage.messages.delivery import QUALITY_CHANNEL, Delivery
from storage.messages.written import written
from storage.register import people
from storage.retention import purges
from storage.retention.purges import ProposedCase
from storage.signals import progress
from tests.conftest import Another, connect_to
from tests.support.access_town import BEFORE, NOW, TODAY, Town, make_town
from tests.support.access_watch import Watch, narrowed
from tests.support.builders import Register, aad
from tests.support.desk import unit_id
from tests.support.turns import SAY, SERVICE, SLAP, october, readable_card
from tests.test_dialog_without_free_text import text_fields

# Of these nobody asks: they are about the bot itself, or each thing in them asks for itself.
ASKED_BY_NOBODY = {
    "duty_to_report",
    "yearly_list",
    "log_review",
    "log_checkpoint",
    "channel_chosen",
    "channel_refused",
    "token_refused",
    "trouble",
    "update",
}
# Those at the wire that may say it: everybody, and the quality team's channel.
ENOUGH = 3
NEXT_WEEK = TODAY + timedelta(days=7)
IN_CHANNEL = (AlertRaised.kind, CardChanged.kind)


@dataclass(frozen=True)
class Saying:
    """A message that says something to somebody of the town; nobody in particular is the channel."""

    message: EveryMessage
    person: Person | None


@dataclass
class World:
    town: Town
    said: dict[str, list[Saying]]

    def card(self, tx: Transaction, saying: Saying, settings: Municipality) -> dict[str, Any] | None:
        """As it would be drawn for a row of the outbox."""
        reader, message = saying.person, saying.message
        channel, person_id = (None, reader.id) if reader else (QUALITY_CHANNEL, None)
        row = Delivery(
            *(1, "test", message.kind, person_id, channel, written(message)),
            state="ready",
            created_at=NOW,
            not_before=NOW,
            attempts=0,
            sent_at=None,
            activity_id=None,
            reason=None,
        )
        card = say_now(tx, row, NOW, settings)
        return None if card is None else draw(card, "n", reader.language if reader else "sv")

    def look_for(self, tx: Transaction, message: EveryMessage) -> None:
        """Whom it says something to; a few of each role are enough."""
        channel = [None] if message.kind in IN_CHANNEL else []
        found = self.said[message.kind]
        for reader in (*people.everyone(tx).values(), *channel):
            alike = [one for one in found if (one.person and one.person.role) == (reader and reader.role)]
            saying = Saying(message, reader)
            if len(alike) < ENOUGH and self.card(tx, saying, USUAL_MUNICIPALITY) is not None:
                found.append(saying)


def candidates(tx: Transaction) -> Iterator[EveryMessage]:
    """Each kind about each thing of the town that it can be about."""
    ids = {
        table.name: tx.connection.execute(select(table.c.id)).scalars().all()
        for table in (round_, report_task, alert, signal, contract, follow_up, action, leave)
    }
    for one in ids["round"]:
        yield from (Prompt(one), Reminder(one), Snoozed(one), Escalation(one), Ownerless(one))
    yield from (ClocksNear(NOW.date()), ClocksLate(NOW.date()))
    yield from (LeaveTold(one, "asked") for one in ids["leave"])
    for manager in people.with_role(tx, Role.MANAGER):
        yield Nudge(manager.id)
    yield from (InDoubt(ids["round"][-1], one.id) for one in people.with_role(tx, Role.WORKER))
    for one in ids["alert"]:
        yield from (AlertRaised(one), AlertAgain(one), OwnAlert(one), EvidenceAsked(one), DecisionDue(one))
        yield CardChanged("alert", {"alert": one})
        for number, giver in product(ids["signal"], people.with_role(tx, Role.QUALITY)):
            yield from (
                SignalAsked(number, one),
                HandedOver(one, giver.id),
                SignalGiven(number, giver.id),
            )
    for one in ids["signal"]:
        yield from (OwnFault(one), LedTo("clear", (one,)), CardChanged("signal", {"signal": one}))
    for one, owner in product(ids["contract"], people.with_role(tx, Role.WORKER)):
        yield ContractAsked(one, owner.id, people.with_role(tx, Role.MANAGER)[0].id)
    yield from map(FollowUpGiven, ids["follow_up"])
    for one, owner in product(ids["action"], people.with_role(tx, Role.QUALITY)):
        yield from (
            ActionGiven(one, owner.id),
            ActionDue(one, owner.id, TODAY),
            ActionLate(one, owner.id, TODAY),
        )
    yield from (
        DateNear("draft", TODAY),
        SelectionFrozen(CycleId(1)),
        WeeklyDigest(BEFORE),
        LogReviewDue(2026, 3),
    )
    for one in ids["report_task"]:
        yield CardChanged("reports", {"tasks": [one]})
        yield CardChanged("report", {"task": one, "version": 1, "signals": {}})
    yield from (
        HistoryRead(1),
        HistoryAgain(1),
        SignalsOfDay(BEFORE, NOW),
        DutyToReport(NOW.year),
        YearlyList(NOW.year),
    )
    yield from (
        BaseLevelsDue(NOW.year),
        PurgeProposed(1),
        CheckpointDue(),
        ChannelRefused(NOW),
        ChannelChosen(min(people.everyone(tx)), NOW, moved=True),
        TokenRefused(NOW),
        Trouble("backup", NOW, NOW),
    )


def in_trouble(tx: Transaction, town: Town) -> None:
    """What the town lacks for each kind to have something to say."""
    [karin, *_] = people.with_role(tx, Role.QUALITY)
    purges.propose(tx, 1, {"source": "Plan"}, [ProposedCase("AKT-1", BEFORE.date(), ())], "prov", BEFORE)
    tx.connection.execute(
        insert(register_import).values(id=1, state="valid", started_at=NOW, marks={}, valid_at=NOW)
    )
    for one in alerts.open_alerts(tx)[1:2]:
        tx.connection.execute(update(alert).where(alert.c.id == one.id).values(import_id=1))
    for one in alerts.open_alerts(tx)[:1]:
        alerts.hand_over(tx, one.id, karin.id, NOW)
    freeze(tx, Plan(2026, "Lotto"), karin, NOW)
    for one in tx.connection.execute(select(signal.c.id)).scalars().all():
        progress.begin(tx, SignalProgress(one, "quality", "received", karin.id, BEFORE), None, BEFORE)
    conversations.refused(tx, QUALITY_CHANNEL, "403", NOW)
    gone = next(one.id for one in people.everyone(tx).values() if not one.active)
    Register(tx).measured(f"{NOW.year - 1}-06")
    tx.connection.execute(update(base_levels).values(valid_from=date(NOW.year - 1, 1, 1)))
    first, second, *_ = people.with_role(tx, Role.WORKER)
    for worker in people.with_role(tx, Role.WORKER):
        queueing.queue(tx, f"asked:{worker.id}", Prompt(RoundId(1)), NOW, person_id=worker.id)
    for row in ledger.listed(tx, ("ready",)):
        if row.key.startswith("asked:"):
            settling.settle(tx, row.id, "uncertain")
    tx.connection.execute(
        insert(contract).values(
            **{"key": "C-1", "unit_id": 1, "form": "ramavtal", "law": "lou"},
            starts=BEFORE.date(),
            ends=NEXT_WEEK,
            owner_id=first.id,
        )
    )
    people.record_leave(tx, Leave(first.id, NEXT_WEEK, NEXT_WEEK, second.id), NOW)
    held_by_nobody = update(ownership).where(ownership.c.placement_id == min(town.placed))
    tx.connection.execute(held_by_nobody.values(owner_id=gone, substitute_id=None))


@pytest.fixture(scope="module")
def world(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with another(tmp_path_factory.mktemp("told") / "town.db") as database:
        made = World(make_town(database, 3), {kind: [] for kind in KINDS})
        with database.transaction() as tx:
            in_trouble(tx, made.town)
            for message in candidates(tx):
                made.look_for(tx, message)
        connect_to(database)
        yield made


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_something_in_the_town(world: World, kind: str) -> None:
    """Without this the others would pass where nothing is ever said."""
    assert world.said[kind]


def role_of(saying: Saying) -> Role:
    """The channel is the quality team's."""
    return saying.person.role if saying.person else Role.QUALITY


def without(role: Role, conversation: Conversation) -> Municipality:
    allowed = {**ACCESS.conversations, role: ACCESS.conversations[role] - {conversation}}
    return Municipality(Access(allowed, ACCESS.sight))


def still_said(world: World, kind: str, table_for: Any) -> list[EveryMessage]:
    with world.town.database.transaction() as tx:
        return [
            saying.message
            for saying in world.said[kind]
            if world.card(tx, saying, table_for(role_of(saying))) is not None
        ]


@pytest.mark.parametrize("role", Role)
def test_each_kind_is_told_to_those_who_may_ask_for_the_same(role: Role) -> None:
    for kind, message in KINDS.items():
        asked = message.answered_in
        assert (asked is None) == (kind in ASKED_BY_NOBODY), kind
        assert asked is None or role not in message.told or ACCESS.allows(role, asked), kind


@pytest.mark.parametrize("role", Role)
def test_whoever_may_start_a_conversation_is_shown_something_of_all_that_it_is_about(role: Role) -> None:
    assert set(ABOUT) == set(Conversation)
    assert {one for one in Conversation if ACCESS.allows(role, one)} == ACCESS.conversations[role]


@pytest.mark.parametrize("kind", sorted(set(KINDS) - ASKED_BY_NOBODY))
def test_nothing_is_sent_that_would_not_be_answered(world: World, kind: str) -> None:
    asked = KINDS[kind].answered_in
    assert asked is not None
    assert still_said(world, kind, lambda role: without(role, asked)) == []
    for about in ABOUT[asked]:
        assert (
            still_said(world, kind, lambda role, about=about: Municipality(narrowed(ACCESS, role, about)))
            == []
        ), about


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_shows_nothing_of_what_the_table_in_force_hides(world: World, kind: str) -> None:
    """Whatever a table hides, no word of it stands in the card, its buttons' data or its summary."""
    watch = Watch(world.town)
    with world.town.database.transaction() as tx:
        for saying, hidden in product(world.said[kind], DataKind):
            settings = Municipality(narrowed(ACCESS, role_of(saying), hidden))
            card = world.card(tx, saying, settings)
            found = set(watch.pattern.findall(json.dumps(card, ensure_ascii=False)))
            secrets = [watch._secret(tx, word) for word in found]
            assert hidden not in {one.kind for one in secrets if one}, (saying, hidden, card)


@pytest.mark.parametrize("kind", KINDS)
def test_where_no_free_text_is_taken_no_message_asks_for_any(world: World, kind: str) -> None:
    with world.town.database.transaction() as tx:
        for saying in world.said[kind]:
            assert text_fields(world.card(tx, saying, Municipality(free_text=False))) == []


def test_a_manager_who_is_no_longer_the_raisers_is_told_of_no_own_fault(municipality: Database) -> None:
    """It waits for a working hour, and by then the worker may have another manager."""
    chat = october(municipality)
    with municipality.transaction() as tx:
        Register(tx).person("olof", "manager", team="Unga")
    anna = chat.client("anna")
    anna.say("avvikelse")
    about = {"unit": str(unit_id(chat)), "cause": "authority", "consequence": "2", "marks": ""}
    anna.press(SAY("signal.hand_in"), {**SLAP, **about})
    with municipality.transaction() as tx:
        olof = people.by_key(tx, "olof")
        assert olof is not None
        tx.connection.execute(update(person).where(person.c.key == "anna").values(manager_id=olof.id))
    chat.wake("2026-11-03 09:00")
    assert OwnFault.kind not in [one.kind for one in chat.client("maria").shown]


def test_help_and_welcome_offer_what_the_table_in_force_allows(municipality: Database) -> None:
    chat, named = october(municipality), SAY("command.alerts.does")
    for settings, offered in (
        (USUAL_MUNICIPALITY, True),
        (without(Role.QUALITY, Conversation.ALERTS), False),
    ):
        chat.municipality = settings
        karin = chat.client("karin")
        karin.say("hjälp")
        assert (named in karin.words) == offered
        with municipality.transaction() as tx:
            one = people.by_key(tx, "karin")
            assert one is not None
            said = Said(aad("karin"), "a:karin", "1", SERVICE)
            greeting = welcome(tx, one, said, chat.now, settings).card
        assert greeting is not None
        assert (named in readable_card(greeting)) == offered
