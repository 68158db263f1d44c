"""The same card pressed again: with the same content it is one deed, with other content it is what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import turns
from dialogs.turn import Press, Said
from followup.times.calendar import municipal_day
from storage.alerts import alerts
from storage.engine.database import Database
from storage.messages import handled
from storage.month import rounds
from storage.register import people
from storage.signals import signals
from tests.support.builders import Register, aad, at
from tests.support.desk import NOT_NOTIFIED, alerted, in_channel, newest, open_alert, unit_id
from tests.support.logged_acts import acts
from tests.support.turns import ANEW, SAY, SERVICE, SLAP, Chat, Client, october

COMPLAINT = {**SLAP, "kind": "complaint", "consequence": "1", "marks": "", "text": "Maten är kall."}


@dataclass(frozen=True)
class OldCard:
    """A card that a phone still shows, whatever has been pressed since."""

    client: Client
    card: dict[str, Any]

    def press(
        self, title: str, typed: Mapping[str, str], *, row: str = "", activity: str = ""
    ) -> turns.Answer:
        self.client.card = self.card
        return self.client.press(title, typed, row=row, activity=activity)


def kept_by(client: Client) -> OldCard:
    return OldCard(client, client.card)


def stored_signals(chat: Chat) -> list[tuple[str, int | None]]:
    south = unit_id(chat)
    with chat.database.transaction() as tx:
        found = signals.of_unit(tx, south, signals.ALL_KNOWN)
    return [(one.kind, one.consequence) for one in sorted(found, key=lambda one: one.id)]


def open_alerts(chat: Chat) -> int:
    with chat.database.transaction() as tx:
        return len(alerts.open_alerts(tx))


def signal_form(chat: Chat, key: str = "anna") -> OldCard:
    client = chat.client(key)
    client.say("avvikelse")
    return kept_by(client)


def test_another_signal_from_the_same_card_is_another_signal_with_its_own_alert(
    municipality: Database,
) -> None:
    chat = october(municipality)
    form, south = signal_form(chat), str(unit_id(chat))
    form.press(SAY("signal.hand_in"), {**COMPLAINT, "unit": south})
    assert "K-1" in form.client.words
    form.press(SAY("signal.hand_in"), {**SLAP, "unit": south})
    assert "A-2" in form.client.words
    assert "K-1" not in form.client.words
    assert stored_signals(chat) == [("complaint", 1), ("deviation", 4)]
    assert open_alerts(chat) == 1


def test_the_same_signal_pressed_twice_is_one_and_from_two_cards_two(municipality: Database) -> None:
    chat = october(municipality)
    form, typed = signal_form(chat), {**COMPLAINT, "unit": str(unit_id(chat))}
    first = form.press(SAY("signal.hand_in"), typed, activity="telephone")
    said = form.client.words
    second = form.press(SAY("signal.hand_in"), typed, activity="computer")
    assert (first.again, second.again, form.client.words) == (False, True, said)
    assert len(stored_signals(chat)) == 1
    signal_form(chat).press(SAY("signal.hand_in"), typed)
    assert len(stored_signals(chat)) == 2


def test_a_signals_receipt_says_its_number_and_that_the_quality_team_has_it(municipality: Database) -> None:
    chat = october(municipality)
    form = signal_form(chat)
    form.press(SAY("signal.hand_in"), {**COMPLAINT, "unit": str(unit_id(chat))})
    assert "K-1" in form.client.words
    assert SAY("signal.quality_has") in form.client.words
    assert SAY("signal.quality_told") not in form.client.words
    form.press(SAY("signal.hand_in"), {**SLAP, "unit": str(unit_id(chat))})
    assert SAY("signal.quality_told") in form.client.words


def report_form(chat: Chat, key: str = "anna", case: str = "AKT-3") -> OldCard:
    client = chat.client(key)
    client.say("mina")
    client.press(SAY("list.open_form"), row=case)
    return kept_by(client)


def test_another_report_from_the_same_card_corrects_the_first(municipality: Database) -> None:
    chat = october(municipality)
    form = report_form(chat)
    form.press(SAY("report.hand_in"), ANEW)
    form.press(SAY("report.hand_in"), {**ANEW, "feels_safe": "no"})
    assert [one.answers["feels_safe"] for one in chat.versions("AKT-3")] == ["yes", "no"]
    assert "version 2" in form.client.words
    # The network says the first once more: that is what was stored, and what holds by now.
    form.press(SAY("report.hand_in"), ANEW)
    assert len(chat.versions("AKT-3")) == 2
    assert SAY("receipt.newer_report", version=2) in form.client.words


def test_a_report_from_another_card_shows_what_differs_and_one_press_replaces_it(
    municipality: Database,
) -> None:
    chat = october(municipality)
    telephone, computer = report_form(chat), report_form(chat)
    computer.press(SAY("report.hand_in"), {**ANEW, "feels_safe": "no", "free_text": "Orolig på kvällarna."})
    answer = telephone.press(SAY("report.hand_in"), {**ANEW, "free_text": "Allt är bra."})
    assert len(chat.versions("AKT-3")) == 1
    differing = SAY("differs.both", stored=SAY("choice.safe.no"), typed=SAY("choice.safe.yes"))
    assert differing in telephone.client.words
    assert SAY("differs.both", stored="Orolig på kvällarna.", typed="Allt är bra.") in telephone.client.words
    assert telephone.client.inputs["free_text"] == "Allt är bra."
    assert not answer.again
    telephone.client.press(SAY("report.hand_in"))
    assert [one.answers["free_text"] for one in chat.versions("AKT-3")] == [
        "Orolig på kvällarna.",
        "Allt är bra.",
    ]


def test_what_is_wrong_in_a_report_from_another_card_does_not_hide_what_differs(
    municipality: Database,
) -> None:
    chat = october(municipality)
    telephone, computer = report_form(chat), report_form(chat)
    computer.press(SAY("report.hand_in"), {**ANEW, "feels_safe": "no"})
    telephone.press(SAY("report.hand_in"), {**ANEW, "provider_report_on": "2027-01-01"})
    assert SAY("form.future_date") in telephone.client.words
    assert SAY("differs.about") in telephone.client.words
    assert len(chat.versions("AKT-3")) == 1


def test_the_same_report_from_two_cards_is_one_version(municipality: Database) -> None:
    chat = october(municipality)
    telephone, computer = report_form(chat), report_form(chat)
    computer.press(SAY("report.hand_in"), ANEW)
    telephone.press(SAY("report.hand_in"), ANEW)
    assert len(chat.versions("AKT-3")) == 1
    month = chat.task("AKT-3").month
    assert SAY("report.stands", case="AKT-3", month=month, version=1) in telephone.client.words


def test_a_signal_in_the_report_is_told_by_its_number_and_never_twice_by_one_card(
    municipality: Database,
) -> None:
    chat = october(municipality)
    report_form(chat).press(SAY("report.add_signal"), ANEW)
    form = kept_by(chat.client("anna"))
    block = {f"s1.{name}": value for name, value in SLAP.items()}
    typed = {**ANEW, "signals": "some", **block}
    form.press(SAY("report.hand_in"), typed)
    assert SAY("report.signal_saved", number="A-1") in form.client.words
    form.press(SAY("report.hand_in"), {**typed, "feels_safe": "partly"})
    assert (len(chat.versions("AKT-3")), stored_signals(chat)) == (2, [("deviation", 4)])
    form.press(SAY("report.hand_in"), {**typed, "s1.text": "Två slag."})
    assert stored_signals(chat) == [("deviation", 4)] * 2
    assert SAY("report.signal_saved", number="A-2") in form.client.words


def test_a_tick_over_a_form_is_not_saved_until_what_differs_has_been_shown(municipality: Database) -> None:
    chat = october(municipality)
    telephone = kept_by(chat.client("anna").look())
    report_form(chat, case="AKT-1").press(SAY("report.hand_in"), {**ANEW, "feels_safe": "no"})
    ticked = {f"normal{chat.task(case).id}": "true" for case in ("AKT-1", "AKT-2")}
    telephone.press(SAY("list.send"), ticked)
    assert SAY("list.received", n=1, cases="AKT-2") in telephone.client.words
    assert SAY("list.otherwise", version=1) in telephone.client.words
    telephone.client.press(SAY("correct.open"), row="AKT-1")
    assert (
        SAY("differs.both", stored=SAY("choice.safe.no"), typed=SAY("choice.safe.yes"))
        in telephone.client.words
    )
    telephone.client.press(SAY("report.hand_in"), ANEW)
    assert [one.answers["feels_safe"] for one in chat.versions("AKT-1")] == ["no", "yes"]


def test_other_ticks_in_the_same_list_hand_in_the_others(municipality: Database) -> None:
    chat = october(municipality)
    old = kept_by(chat.client("anna").look())
    first, second = (f"normal{chat.task(case).id}" for case in ("AKT-1", "AKT-2"))
    old.press(SAY("list.send"), {first: "true"})
    old.press(SAY("list.send"), {first: "true", second: "true"})
    assert [len(chat.versions(case)) for case in ("AKT-1", "AKT-2")] == [1, 1]
    assert SAY("list.received", n=1, cases="AKT-2") in old.client.words
    assert SAY("list.already", n=1, cases="AKT-1") in old.client.words


def leave_form(chat: Chat) -> OldCard:
    client = chat.client("anna")
    client.say("ledig")
    return kept_by(client)


def leave(chat: Chat, starts: str, ends: str) -> dict[str, str]:
    with chat.database.transaction() as tx:
        bilal = people.by_key(tx, "bilal")
    assert bilal is not None
    return {"starts": starts, "ends": ends, "substitute": str(bilal.id)}


def standing_leaves(chat: Chat) -> list[str]:
    with chat.database.transaction() as tx:
        return [f"{one.starts}–{one.ends}" for one in people.leaves(tx, chat.now.date())]


def test_another_leave_from_the_same_card_corrects_the_first(municipality: Database) -> None:
    chat = october(municipality)
    form = leave_form(chat)
    form.press(SAY("leave.send"), leave(chat, "2026-12-01", "2026-12-04"))
    form.press(SAY("leave.send"), leave(chat, "2026-12-07", "2026-12-11"))
    assert standing_leaves(chat) == ["2026-12-07–2026-12-11"]


def test_a_leave_over_one_that_the_card_does_not_know_is_shown_beside_it_first(
    municipality: Database,
) -> None:
    chat = october(municipality)
    telephone, computer = leave_form(chat), leave_form(chat)
    computer.press(SAY("leave.send"), leave(chat, "2026-12-01", "2026-12-04"))
    telephone.press(SAY("leave.send"), leave(chat, "2026-12-03", "2026-12-11"))
    assert standing_leaves(chat) == ["2026-12-01–2026-12-04"]
    assert "1 december" in telephone.client.words
    telephone.client.press(SAY("leave.send"))
    assert standing_leaves(chat) == ["2026-12-03–2026-12-11"]


def test_a_leave_on_other_days_is_one_more(municipality: Database) -> None:
    chat = october(municipality)
    telephone, computer = leave_form(chat), leave_form(chat)
    computer.press(SAY("leave.send"), leave(chat, "2026-12-01", "2026-12-04"))
    telephone.press(SAY("leave.send"), leave(chat, "2026-12-14", "2026-12-18"))
    assert standing_leaves(chat) == ["2026-12-01–2026-12-04", "2026-12-14–2026-12-18"]


def test_what_ends_a_leave_ends_no_other_that_came_after(municipality: Database) -> None:
    chat = october(municipality)
    leave_form(chat).press(SAY("leave.send"), leave(chat, "2026-12-01", "2026-12-04"))
    old = leave_form(chat)
    leave_form(chat).press(SAY("leave.send"), leave(chat, "2026-12-14", "2026-12-18"))
    old.press(SAY("leave.cancel"), {})
    assert len(standing_leaves(chat)) == 2
    old.client.press(SAY("leave.cancel"))
    assert standing_leaves(chat) == []


def snooze_form(chat: Chat) -> OldCard:
    client = chat.client("anna")
    client.say("påminn")
    return kept_by(client)


def snoozed_until(chat: Chat) -> str:
    round_id = chat.task("AKT-1").round_id
    with chat.database.transaction() as tx:
        [(_, until)] = rounds.snoozes(tx, round_id).values()
    return municipal_day(until).isoformat()


def test_another_day_from_the_same_card_is_the_day_and_from_another_card_it_is_asked_first(
    municipality: Database,
) -> None:
    chat = october(municipality)
    telephone, computer = snooze_form(chat), snooze_form(chat)
    computer.press(SAY("snooze.send"), {"day": "2026-11-04"})
    computer.press(SAY("snooze.send"), {"day": "2026-11-05"})
    assert snoozed_until(chat) == "2026-11-05"
    telephone.press(SAY("snooze.send"), {"day": "2026-11-09"})
    assert snoozed_until(chat) == "2026-11-05"
    assert SAY.weekday(at("2026-11-05").date()) in telephone.client.words
    telephone.client.press(SAY("snooze.send"))
    assert snoozed_until(chat) == "2026-11-09"
    computer.press(SAY("snooze.send"), {"day": "2026-11-05"})
    assert SAY("receipt.changed") in computer.client.words
    assert snoozed_until(chat) == "2026-11-09"


def moved(chat: Chat, case: str, to: str = "bilal") -> None:
    placement_id = chat.task(case).placement.id
    with chat.database.transaction() as tx:
        owner = people.by_key(tx, to)
        assert owner is not None
        Register(tx).owner(placement_id, owner.id, since="2026-11-01")


@pytest.mark.parametrize("by_form", [True, False])
def test_after_the_placement_has_moved_the_receipt_names_no_child(
    municipality: Database, by_form: bool
) -> None:
    chat = october(municipality)
    if by_form:
        card, title, typed = report_form(chat), SAY("report.hand_in"), ANEW
    else:
        card, title = kept_by(chat.client("anna").look()), SAY("list.send")
        typed = {f"normal{chat.task('AKT-3').id}": "true"}
    card.press(title, typed)
    assert "AKT-3" in card.client.words
    moved(chat, "AKT-3")
    card.press(title, typed)
    assert "AKT-3" not in card.client.words
    assert SAY("receipt.elsewhere", n=1) in card.client.words
    assert len(chat.versions("AKT-3")) == 1


def test_a_receipt_that_shows_a_list_is_logged_as_a_read(municipality: Database) -> None:
    chat = october(municipality)
    form = report_form(chat)
    form.press(SAY("report.hand_in"), ANEW)
    before = reads(chat)
    form.press(SAY("report.hand_in"), ANEW)
    assert reads(chat)[len(before) :] == [
        "answer:hand_in_report",
        f"report:{chat.task('AKT-3').id}",
        "tasks:2",
    ]


def reads(chat: Chat) -> list[str]:
    with chat.database.transaction() as tx:
        return [subject for _, _, subject in acts(tx, "read")]


def test_a_personal_card_pressed_in_a_channel_shows_nothing_there(municipality: Database) -> None:
    chat = october(municipality)
    form = report_form(chat)
    form.press(SAY("report.hand_in"), ANEW)
    looking_on = Client(chat, "anna", channel=True, card=form.card)
    answer = looking_on.press(SAY("report.hand_in"), ANEW)
    assert (answer.card, answer.notice) == (None, SAY("refused.channel"))


def test_an_alerts_kept_answer_pressed_in_the_channel_is_the_channels_card(municipality: Database) -> None:
    chat = alerted(municipality)
    own = open_alert(chat)
    old = kept_by(own)
    own.press(SAY("alert.take"))
    own.press(SAY("desk.add_note"))
    own.press(SAY("desk.note_send"), {"note": "Ringde föreståndaren."})
    looking_on = Client(chat, "karin", channel=True, card=old.card)
    assert looking_on.press(SAY("alert.take")).again
    assert "Ringde" not in looking_on.words
    assert "Anna" not in looking_on.words


def test_a_follow_up_opened_from_an_alert_in_ones_own_chat_is_not_told_of_in_the_channel(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    own = open_alert(chat)
    old = kept_by(own)
    own.press(SAY("follow_up.open"))
    looking_on = Client(chat, "karin", channel=True, card=old.card)
    answer = looking_on.press(SAY("follow_up.open"))
    assert (answer.card, answer.notice) == (None, SAY("refused.channel"))
    assert chat.refusals()[-1] == "follow_ups"


def test_what_was_stored_on_another_day_is_told_with_its_day_and_claims_nothing_of_today(
    municipality: Database,
) -> None:
    chat = october(municipality)
    maria = chat.client("maria")
    maria.say("obesvarade")
    old = kept_by(maria)
    old.press(SAY("unanswered.remind"), {}, row="Anna Test")
    assert old.press(SAY("unanswered.remind"), {}, row="Anna Test").again
    note = SAY("receipt.that_day", day=chat.now.date())
    assert note not in maria.words
    chat.now = at("2026-11-04 09:00")
    old.press(SAY("unanswered.remind"), {}, row="Anna Test")
    assert note in maria.words
    # The card that answers can be pressed today.
    maria.press(SAY("unanswered.remind"), row="Anna Test")
    assert note not in maria.words


def test_a_leave_that_was_ended_is_told_of_with_the_one_that_stands_by_now(municipality: Database) -> None:
    chat = october(municipality)
    leave_form(chat).press(SAY("leave.send"), leave(chat, "2026-12-01", "2026-12-04"))
    old = leave_form(chat)
    old.press(SAY("leave.cancel"), {})
    leave_form(chat).press(SAY("leave.send"), leave(chat, "2026-12-14", "2026-12-18"))
    old.press(SAY("leave.cancel"), {})
    assert "14 december" in old.client.words
    assert len(standing_leaves(chat)) == 1


def test_a_press_kept_before_contents_told_presses_apart_stores_nothing_and_says_so(
    municipality: Database,
) -> None:
    chat = october(municipality)
    form, typed = signal_form(chat), {**SLAP, "unit": str(unit_id(chat))}
    nonce = form.client.button(SAY("signal.hand_in")).action["data"]["card"]["nonce"]
    with municipality.transaction() as tx:
        handled.record(tx, f"press:{aad('anna')}:{nonce}:hand_in_signal:0", '{"card": {}}', chat.now)
    answer = form.press(SAY("signal.hand_in"), typed)
    assert (answer.card, answer.notice) == (None, SAY("press.taken_before"))
    assert stored_signals(chat) == []
    signal_form(chat).press(SAY("signal.hand_in"), typed)
    assert len(stored_signals(chat)) == 1


def test_the_alert_names_whom_to_talk_to_in_the_teams_own_chats_alone(municipality: Database) -> None:
    chat = alerted(municipality)
    assert "Anna" not in in_channel(chat).words
    karin = open_alert(chat)
    assert SAY("alert.raised_by", name="Anna Test") in karin.words
    moved(chat, "AKT-3")
    assert SAY("alert.answered_by", name="Bilal Test") in open_alert(chat).words


def test_an_old_answer_kept_as_a_card_is_never_shown(municipality: Database) -> None:
    chat = october(municipality)
    old = kept_by(chat.client("anna").look())
    ticked = {f"normal{chat.task('AKT-1').id}": "true"}
    found = old.client.button(SAY("list.send"))
    said = old.client._said(press=Press(found.action["verb"], found.action["data"]["card"], ticked))
    with municipality.transaction() as tx:
        kept = '{"card": {"body": "AKT-9"}, "summary": "", "text": "", "notice": "", "again": false}'
        handled.record(tx, turns._key(said), kept, chat.now)
    answer = old.client.send(found, ticked)
    assert (answer.card, answer.notice) == (None, SAY("press.taken"))


@dataclass(frozen=True)
class Meanwhile:
    """What a colleague does between the drawing of a form and the press on it, and what the one who pressed is told."""

    open: str
    send: str
    typed: Mapping[str, str]
    does: tuple[str, str]
    does_typed: Mapping[str, str]


DECIDED = (SAY("desk.decide"), SAY("desk.decision_send"))
CLOSED = (SAY("desk.close"), SAY("desk.close_send"))


@pytest.mark.parametrize(
    "case",
    [
        Meanwhile(*DECIDED, {**NOT_NOTIFIED, "notified": "yes"}, DECIDED, NOT_NOTIFIED),
        Meanwhile(*CLOSED, {**NOT_NOTIFIED, "reason": "Nej."}, CLOSED, {**NOT_NOTIFIED, "reason": "Ja."}),
        Meanwhile(*DECIDED, NOT_NOTIFIED, CLOSED, {**NOT_NOTIFIED, "reason": "Ja."}),
    ],
)
def test_what_a_colleague_did_meanwhile_is_told_and_nothing_typed_is_taken_away(
    municipality: Database, case: Meanwhile
) -> None:
    chat = alerted(municipality)
    karin = open_alert(chat)
    karin.press(case.open, row="") if case.open in karin.buttons else karin.press(case.open)
    form = kept_by(karin)
    kim = open_alert(chat, "kim")
    kim.press(case.does[0])
    kim.press(case.does[1], case.does_typed)
    answer = form.press(case.send, case.typed)
    assert answer.card is None
    assert "Kim" in answer.notice
    assert "Siv" not in answer.notice


def test_handing_over_what_a_colleague_has_taken_meanwhile_is_asked_first(municipality: Database) -> None:
    chat = alerted(municipality)
    with municipality.transaction() as tx:
        Register(tx).person("lova", "quality")
        lova = people.by_key(tx, "lova")
        kim = people.by_key(tx, "kim")
    assert lova is not None
    assert kim is not None
    karin = open_alert(chat)
    karin.press(SAY("alert.take"))
    karin.press(SAY("desk.hand_over"))
    telephone, computer = kept_by(karin), kept_by(karin)
    computer.press(SAY("desk.hand_over_send"), {"colleague": str(kim.id)})
    assert newest(chat).owner_id == kim.id
    # The same card once more is a correction.
    telephone.press(SAY("desk.hand_over_send"), {"colleague": str(lova.id)})
    assert newest(chat).owner_id == lova.id
    other = open_alert(chat, "kim")
    other.press(SAY("desk.hand_over"))
    form = kept_by(other)
    open_alert(chat).press(SAY("desk.hand_over"))
    chat.client("karin").press(SAY("desk.hand_over_send"), {"colleague": str(kim.id)})
    form.press(SAY("desk.hand_over_send"), {"colleague": str(lova.id)})
    assert newest(chat).owner_id == kim.id


TEXT = st.text(alphabet="aå1 ", max_size=3)
CONTENT = st.fixed_dictionaries(
    {
        "verb": st.sampled_from(["hand_in_signal", "snooze", "leave"]),
        "data": st.dictionaries(
            st.sampled_from(["task", "version", "leaves"]), st.integers(0, 3) | TEXT, max_size=2
        ),
        "inputs": st.dictionaries(st.sampled_from(["day", "text", "s1.text"]), TEXT, max_size=2),
        "nonce": st.sampled_from(["d1", "a" * 32]),
        "who": st.sampled_from(["anna", "bilal"]),
    }
)


def key_of(content: Mapping[str, Any]) -> str:
    press = Press(content["verb"], {"nonce": content["nonce"], **content["data"]}, content["inputs"])
    return turns._key(Said(content["who"], "a:x", "1", SERVICE, press=press))


@given(CONTENT, CONTENT)
def test_different_contents_never_share_a_receipt(first: dict[str, Any], second: dict[str, Any]) -> None:
    same = _typed(first) == _typed(second)
    assert (key_of(first) == key_of(second)) == same


def _typed(content: dict[str, Any]) -> dict[str, Any]:
    """An input that is left empty is left out by some clients, and is the same as none."""
    return {**content, "inputs": {name: value for name, value in content["inputs"].items() if value}}


@given(CONTENT)
def test_the_order_of_what_is_sent_and_the_kind_of_button_make_no_other_content(
    content: dict[str, Any],
) -> None:
    turned = {
        **content,
        "data": {**dict(reversed(content["data"].items())), "verb": content["verb"]},
        "inputs": dict(reversed(content["inputs"].items())),
    }
    assert key_of(turned) == key_of(content)


def test_what_is_nested_without_end_is_known_by_its_activity() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    press = Press("snooze", {"nonce": "d1", "leaves": deep})
    assert turns._key(Said("anna", "a:x", "1", SERVICE, press=press)) == "activity:a:x:1"
