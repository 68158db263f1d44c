"""An alert in the quality team's hands: taking it, its evidence, closing it, and what a channel may see."""

import pytest
from sqlalchemy import select, update

from dialogs.card import ListRow, Text
from dialogs.commands.registered import VERBS
from dialogs.messages.message_replies import say_now
from followup import UnitId
from followup.messages.alerts import AlertAgain
from followup.people import Conversation
from storage.alerts import alerts
from storage.engine.database import Database
from storage.engine.tables import alert, person, score
from storage.messages import claiming, queueing
from storage.messages.delivery import QUALITY_CHANNEL
from storage.register import people
from storage.risk import left_to_score
from storage.signals import signals
from tests.support.builders import at
from tests.support.desk import alerted, closed, floor, in_channel, newest, open_alert, slap
from tests.support.logged_acts import acts
from tests.support.made_one import make_one
from tests.support.municipality import CASES
from tests.support.turns import SAY, Client, not_saved, october

NUMBER = "20120229-2387"
DESK = tuple(verb for verb, one in VERBS.items() if one.conversation == Conversation.ALERT_DESK)
# What would point at the child of AKT-3, or at what happened to it.
SECRETS = (*CASES, "2026-10-30", "30 oktober", "slag", "Anna", "A-1")


def test_the_channel_is_told_without_anything_of_the_child(municipality: Database) -> None:
    chat = alerted(municipality)
    shown = chat.client("karin", channel=True).shown[-1]
    assert "Södergården" in shown.words
    assert SAY("risk.consequence.4") in shown.words
    assert SAY("risk.last") in shown.words
    assert shown.summary == SAY("alert.summary")
    for secret in SECRETS:
        assert secret not in shown.words
        assert secret not in shown.summary


def test_the_first_to_take_it_owns_it_and_the_second_sees_who(municipality: Database) -> None:
    chat = alerted(municipality)
    karin, kim = in_channel(chat), in_channel(chat, "kim")
    karin.press(SAY("alert.take"))
    kim.press(SAY("alert.take"))
    assert "Karin Test ansvarar för larmet" in kim.words
    with municipality.transaction() as tx:
        owner = people.by_key(tx, "karin")
        assert owner is not None
        assert [one.owner_id for one in alerts.open_alerts(tx)] == [owner.id]
    assert SAY("alert.take") not in kim.buttons


def test_a_taken_alert_keeps_its_first_taker_and_time(municipality: Database) -> None:
    chat = alerted(municipality)
    in_channel(chat).press(SAY("alert.take"))
    taken = newest(chat).taken_at
    chat.now = at("2026-11-04 10:00")
    in_channel(chat, "kim").press(SAY("alert.take"))
    assert newest(chat).taken_at == taken


@pytest.mark.parametrize("change", [{"active": False}, {"role": "worker"}])
def test_an_alert_whose_owner_has_left_waits_for_another_and_is_said_again(
    municipality: Database, change: dict[str, object]
) -> None:
    chat = alerted(municipality)
    karin, kim = open_alert(chat), chat.client("kim")
    karin.press(SAY("alert.take"))
    taken_at = newest(chat).taken_at
    with municipality.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == "karin").values(**change))
    karin.press(SAY("desk.close"))
    assert chat.refusals()[-1] in ("alert_desk", "stranger")
    chat.wake("2026-11-06 08:00")
    assert SAY("alert.nobody") in chat.client("karin", channel=True).look().words
    kim.say("larm")
    assert SAY("alert.nobody_short") in kim.words
    open_alert(chat, "kim").press(SAY("alert.take"))
    assert SAY("alert.nobody") not in kim.words
    with municipality.transaction() as tx:
        owner = people.by_key(tx, "kim")
    assert owner is not None
    assert (newest(chat).owner_id, newest(chat).taken_at) == (owner.id, taken_at)


def test_the_evidence_never_comes_in_the_channel(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = in_channel(chat)
    answer = karin.press(SAY("alert.evidence"))
    assert (answer.card, answer.notice) == (None, SAY("alert.evidence_sent"))
    chat.deliver()
    [evidence] = [one for one in chat.client("karin").shown if one.kind == "evidence"]
    assert "A-1" in evidence.words
    assert not any(one.kind == "evidence" for one in chat.client("karin", channel=True).shown)
    assert not any(one.kind == "evidence" for one in chat.client("kim").shown)
    with municipality.transaction() as tx:
        assert "evidence:unit:SYD" in [subject for _, _, subject in acts(tx, "read")]


def test_the_evidence_names_no_child_either(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = chat.client("karin")
    karin.say("larm")
    karin.press(SAY("alerts.open"))
    karin.press(SAY("alert.evidence"))
    assert "A-1" in karin.words
    assert not any(case in karin.words for case in CASES)
    assert "slag" not in karin.words
    karin.press(SAY("alert.back"))
    assert SAY("alert.nobody") in karin.words


def test_asking_for_the_evidence_once_more_is_a_new_message_but_a_repeated_activity_is_not(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    karin = in_channel(chat)
    for activity in ("one", "one", "two"):
        karin.press(SAY("alert.evidence"), activity=activity)
    chat.deliver()
    assert len([one for one in chat.client("karin").shown if one.kind == "evidence"]) == 2


def test_closing_needs_a_reason(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = in_channel(chat)
    karin.press(SAY("desk.close"))
    answer = karin.press(SAY("desk.close_send"), {"reason": "  "})
    assert f"{SAY('desk.reason')}: {SAY('form.missing')}" in answer.notice
    assert newest(chat).closed_at is None


def test_a_personal_number_in_the_reason_is_refused_and_kept_in_ones_own_chat(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = chat.client("karin")
    karin.say("larm")
    karin.press(SAY("alerts.open"))
    closed(karin, f"Gäller {NUMBER}")
    assert SAY("form.personal_number") in karin.words
    assert karin.inputs["reason"] == f"Gäller {NUMBER}"
    assert newest(chat).closed_at is None


def test_a_refused_reason_is_never_shown_to_the_channel(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = in_channel(chat)
    karin.press(SAY("desk.close"))
    answer = karin.press(SAY("desk.close_send"), {"reason": f"Gäller {NUMBER}"})
    assert SAY("form.personal_number") in answer.notice
    assert SAY("press.not_saved") in answer.notice
    assert (answer.card, NUMBER in str(answer)) == (None, False)
    assert newest(chat).closed_at is None


def test_a_closed_alert_says_who_and_keeps_its_reason_out_of_the_card(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = in_channel(chat)
    closed(karin, "Utredd med chefen.")
    assert "Karin Test avslutade larmet" in karin.words
    assert "Utredd" not in karin.words
    assert karin.buttons == [SAY("alert.evidence"), SAY("desk.show_signal")]
    assert newest(chat).close_reason == "Utredd med chefen."


def test_closing_records_a_decision_on_the_event_and_keeps_it_as_evidence(municipality: Database) -> None:
    chat = alerted(municipality)
    closed(in_channel(chat), "Utredd.")
    signal_id = newest(chat).signal_id
    assert signal_id is not None
    with municipality.transaction() as tx:
        signal = signals.get(tx, signal_id)
    assert (signal.version, signal.decided, signal.dismissed) == (2, True, False)


def test_a_decided_event_lifts_its_floor_only_when_it_is_old(municipality: Database) -> None:
    chat = alerted(municipality)
    closed(in_channel(chat), "Utredd.")
    assert floor(chat) == "red"
    chat.wake("2027-01-07 08:00")
    slap(chat, consequence="1", marks="", event_on="2027-01-05")
    assert floor(chat) is None


def test_an_old_event_without_a_decision_keeps_its_floor(municipality: Database) -> None:
    chat = alerted(municipality)
    chat.wake("2027-01-07 08:00")
    slap(chat, consequence="1", marks="", event_on="2027-01-05")
    assert floor(chat) == "red"


def test_a_second_closing_changes_nothing(municipality: Database) -> None:
    chat = alerted(municipality)
    karin, kim = in_channel(chat), in_channel(chat, "kim")
    kim.press(SAY("desk.close"))
    closed(karin, "Utredd.")
    answer = kim.press(SAY("desk.close_send"), {"reason": "Annat skäl."})
    said = SAY("desk.closed_meanwhile", number="L-1", name="Karin Test", day=chat.now.date())
    assert (answer.card, answer.notice) == (None, said)
    assert newest(chat).close_reason == "Utredd."
    kim.forge("take_alert", {"alert": newest(chat).id})
    assert newest(chat).owner_id is None


def test_only_what_nobody_has_taken_is_said_again(municipality: Database) -> None:
    chat = alerted(municipality)
    channel = chat.client("karin", channel=True)
    chat.wake("2026-11-05 08:00")
    assert [one.kind for one in channel.shown].count("alert_again") == 1
    chat.wake("2026-11-09 08:00")
    assert [one.kind for one in channel.shown].count("alert_again") == 1


@pytest.mark.parametrize("how", ["take", "close"])
def test_a_taken_or_closed_alert_is_not_said_again(municipality: Database, how: str) -> None:
    chat = alerted(municipality)
    karin = in_channel(chat)
    karin.press(SAY("alert.take")) if how == "take" else closed(karin, "Utredd.")
    chat.wake("2026-11-05 08:00")
    assert [one.kind for one in chat.client("karin", channel=True).shown].count("alert_again") == 0


@pytest.mark.parametrize("key", ["anna", "maria"])
@pytest.mark.parametrize("channel", [True, False])
def test_a_worker_or_a_manager_who_presses_is_refused_and_logged(
    municipality: Database, key: str, channel: bool
) -> None:
    chat = alerted(municipality)
    client = chat.client(key, channel=channel)
    for verb in DESK:
        answer = client.forge(verb, {"alert": newest(chat).id, "nonce": "d1"}, {"reason": "Nej."})
        assert (answer.card, answer.notice) == (None, not_saved("refused.role"))
    assert chat.refusals() == ["alert_desk"] * len(DESK)
    assert (newest(chat).owner_id, newest(chat).closed_at) == (None, None)


@pytest.mark.parametrize("verb", DESK)
def test_an_alert_that_does_not_exist_is_told_so(municipality: Database, verb: str) -> None:
    karin = october(municipality).client("karin")
    for number in (None, 0, 99, -1, "1", 10**30, True, [1]):
        assert karin.forge(verb, {"alert": number}, {"reason": "x"}).notice == not_saved("alert.unknown")


def test_an_alert_is_opened_by_the_number_on_its_card(municipality: Database) -> None:
    chat = alerted(municipality)
    karin = chat.client("karin")
    for typed in ("larm L-1", "alert l 1"):
        karin.say(typed)
        assert SAY("alert.take") in karin.buttons
    assert karin.say("larm L-99").text == SAY("alert.unknown")
    told = chat.client("karin", channel=True).say("larm L-1")
    assert (told.card, told.text) == (None, SAY("alert.sent"))
    chat.client("maria").say("larm L-1")
    assert SAY("alert.take") not in chat.client("maria").buttons


def test_a_manager_sees_the_open_alerts_without_buttons(municipality: Database) -> None:
    chat = alerted(municipality)
    maria = chat.client("maria")
    maria.say("larm")
    assert "Södergården" in maria.words
    assert maria.buttons == []
    assert not any(secret in maria.words for secret in SECRETS)


LOOKS = ("larm", "läge", "mitt", "sena larm")


def test_what_is_yet_to_be_scored_is_told_of_wherever_alerts_levels_and_what_waits_are_denied_or_counted(
    municipality: Database,
) -> None:
    chat = october(municipality)
    karin = chat.client("karin")
    assert not any(SAY("risk.counting") in looked(karin, typed) for typed in LOOKS)
    for typed in LOOKS:
        with municipality.transaction() as tx:
            left_to_score.leave(tx, UnitId(1), chat.now)
        assert SAY("risk.counting") in looked(karin, typed), typed
    assert SAY("alerts.none") in looked(karin, "larm")


def looked(who: Client, typed: str) -> str:
    who.say(typed)
    return who.words


def test_many_open_alerts_come_a_page_at_a_time(municipality: Database) -> None:
    chat = alerted(municipality)
    for _ in range(24):
        slap(chat)
    karin, seen = chat.client("karin"), 0
    karin.say("larm")
    while True:
        seen += len([one for one in karin.buttons if one.startswith(SAY("alerts.open"))])
        more = [one for one in karin.buttons if one.startswith("Visa")]
        if not more:
            break
        karin.press(more[0])
    with municipality.transaction() as tx:
        opened = alerts.open_alerts(tx)
        assert seen == len(opened) == alerts.number_open(tx) > 20
        assert [alerts.open_from(tx, start, 3) for start in (0, 19)] == [opened[:3], opened[19:22]]


def test_an_alert_of_an_earlier_method_says_so_on_its_card_in_the_list_and_beside_the_evidence(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    with municipality.transaction() as tx:
        raised = select(alert.c.score_id).scalar_subquery()
        tx.connection.execute(update(score).where(score.c.id == raised).values(method="risk-1"))
    karin = chat.client("karin")
    karin.say("larm")
    assert SAY("alerts.earlier_method") in karin.words
    karin.press(SAY("alerts.open"))
    assert SAY("alert.earlier_method", method="risk-1") in karin.words
    karin.press(SAY("alert.evidence"))
    assert SAY("alert.earlier_method", method="risk-1") in karin.words


def test_an_alert_of_the_method_that_holds_says_nothing_of_methods(municipality: Database) -> None:
    karin = alerted(municipality).client("karin")
    karin.say("larm")
    for button in (SAY("alerts.open"), SAY("alert.evidence")):
        karin.press(button)
        assert "tidigare metod" not in karin.words


def test_those_that_nobody_has_taken_are_said_again_on_one_card_and_what_is_taken_meanwhile_is_not(
    municipality: Database,
) -> None:
    chat = alerted(municipality)
    slap(chat, event_on="2026-10-30")
    with municipality.transaction() as tx:
        first, second = alerts.open_alerts(tx)
        for one in (first, second):
            queueing.queue(tx, f"again:{one.id}", AlertAgain(one.id), chat.now, channel=QUALITY_CHANNEL)
        [waits, _] = claiming.due(tx, chat.now, 10)
        make_one(tx, waits, chat.now)
        [again] = claiming.due(tx, chat.now, 10)
        card = say_now(tx, again, chat.now)
        assert card is not None
        assert card.parts[0] == Text(SAY("alerts.again", n=2), "title")
        assert [one.title[:4] for one in card.parts if isinstance(one, ListRow)] == ["Larm", "Larm"]
        assert [one.button.data for one in card.parts if isinstance(one, ListRow) and one.button] == [
            {"alert": first.id},
            {"alert": second.id},
        ]
        karin = people.by_key(tx, "karin")
        assert karin is not None
        alerts.take(tx, first.id, karin.id, chat.now)
        left = say_now(tx, again, chat.now)
        assert left is not None
        assert second.number in str(left.parts[0])
        # What she has taken stands there as what else is open at the unit.
        of_first = [one for one in left.parts if isinstance(one, ListRow) and first.number in one.title]
        assert ["Karin" in one.subtitle for one in of_first] == [True]
        alerts.take(tx, second.id, karin.id, chat.now)
        assert say_now(tx, again, chat.now) is None
