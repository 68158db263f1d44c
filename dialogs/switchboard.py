"""Who said what: the person is known and allowed, or politely turned away, and one conversation answers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from dialogs.alerts import alert_closing, alert_desk, alert_notes, alert_texts, case_reference
from dialogs.commands import help as helping
from dialogs.commands.commands import commands_in
from dialogs.commands.logged_reads import log_read
from dialogs.commands.places import refusal_here
from dialogs.follow_ups import (
    action_desk,
    action_plan,
    board_decisions,
    follow_up_cancelling,
    follow_up_desk,
    follow_up_opening,
)
from dialogs.month import away, monthly_report, my_tasks, time_off
from dialogs.overview import (
    digest_choice,
    hand_over,
    provider_status,
    report_order,
    status,
    threshold,
    unanswered,
)
from dialogs.receipts import receipts
from dialogs.selection import selection_desk
from dialogs.signals import own_faults, signal_desk, signal_report, signal_text
from dialogs.stored import Stored
from dialogs.turn import USUAL_HOUSE, House, Reply, Said, Turn
from followup.log.subject import What
from followup.month.rounds import RoundDays
from followup.people import Conversation, Person
from storage import people
from storage.engine.database import Transaction
from storage.log import access_log
from storage.messages import conversations, missed, outbox
from storage.messages.conversations import Address
from texts.catalogue import Texts

Dialog = Callable[[Turn], Reply]

COMMAND_DIALOGS: Mapping[str, Dialog] = {
    "my_tasks": my_tasks.my_tasks,
    "corrections": monthly_report.corrections,
    "signal_form": signal_report.signal_form,
    "snooze_form": time_off.snooze_form,
    "leave_form": away.leave_form,
    "status": status.status,
    "provider": provider_status.provider_status,
    "unanswered": unanswered.unanswered,
    "compare": provider_status.no_ranking,
    "alerts": alert_desk.open_list,
    "digest": digest_choice.choice_form,
    "selection": selection_desk.open_selection,
    "show_signal": signal_desk.show,
    "own_signal": signal_text.own_signal,
    "own_faults": own_faults.own_faults,
    "threshold": threshold.threshold,
    "reference_form": case_reference.reference_form,
    "follow_ups": follow_up_desk.open_list,
    "actions": action_desk.open_list,
    "year_report": report_order.order,
    "help": helping.help_card,
}

VERBS: Mapping[str, tuple[Conversation, Dialog]] = {
    "help": (Conversation.HELP, helping.help_card),
    "my_tasks": (Conversation.MY_TASKS, my_tasks.my_tasks),
    "show_more": (Conversation.MY_TASKS, my_tasks.show_more),
    "hand_in_statements": (Conversation.REPORT, my_tasks.hand_in_statements),
    "open_form": (Conversation.REPORT, monthly_report.open_form),
    "add_signal": (Conversation.REPORT, monthly_report.add_signal),
    "drop_signal": (Conversation.REPORT, monthly_report.drop_signal),
    "hand_in_report": (Conversation.REPORT, monthly_report.hand_in_report),
    "corrections": (Conversation.REPORT, monthly_report.corrections),
    "signal_form": (Conversation.SIGNAL, signal_report.signal_form),
    "hand_in_signal": (Conversation.SIGNAL, signal_report.hand_in_signal),
    "cancel": (Conversation.SIGNAL, signal_report.cancel),
    "snooze_form": (Conversation.MY_TASKS, time_off.snooze_form),
    "snooze": (Conversation.MY_TASKS, time_off.snooze),
    "leave_form": (Conversation.LEAVE, away.leave_form),
    "leave": (Conversation.LEAVE, away.leave),
    "cancel_leave": (Conversation.LEAVE, away.cancel_leave),
    "status": (Conversation.STATUS, status.status),
    "show_provider": (Conversation.PROVIDER, provider_status.provider_status),
    "show_unit": (Conversation.PROVIDER, provider_status.show_unit),
    "unanswered": (Conversation.UNANSWERED, unanswered.unanswered),
    "remind_worker": (Conversation.UNANSWERED, unanswered.remind_worker),
    "remind_all": (Conversation.UNANSWERED, unanswered.remind_all),
    "reassign_form": (Conversation.UNANSWERED, hand_over.hand_over_form),
    "reassign": (Conversation.UNANSWERED, hand_over.hand_over),
    "digest": (Conversation.DIGEST, digest_choice.choice_form),
    "save_digest": (Conversation.DIGEST, digest_choice.save_choice),
    "digest_now": (Conversation.DIGEST, digest_choice.digest_now),
    "alerts": (Conversation.ALERTS, alert_desk.open_list),
    "show_alert": (Conversation.ALERT_DESK, alert_desk.show),
    "take_alert": (Conversation.ALERT_DESK, alert_desk.take),
    "alert_evidence": (Conversation.ALERT_DESK, alert_desk.open_evidence),
    "selection": (Conversation.SELECTION, selection_desk.open_selection),
    "selection_freeze_form": (Conversation.SELECTION, selection_desk.freeze_form),
    "freeze_selection": (Conversation.SELECTION, selection_desk.freeze),
    "selection_draw_form": (Conversation.SELECTION, selection_desk.draw_form),
    "draw_selection": (Conversation.SELECTION, selection_desk.draw),
    "selection_add_form": (Conversation.SELECTION, selection_desk.add_form),
    "selection_add": (Conversation.SELECTION, selection_desk.add),
    "selection_remove_form": (Conversation.SELECTION, selection_desk.remove_form),
    "selection_remove": (Conversation.SELECTION, selection_desk.remove),
    "selection_lock_form": (Conversation.SELECTION, selection_desk.lock_form),
    "lock_selection": (Conversation.SELECTION, selection_desk.lock),
    "selection_draws": (Conversation.SELECTION, selection_desk.draws),
    "selection_protocol": (Conversation.SELECTION, selection_desk.protocol),
    "selection_changes": (Conversation.SELECTION, selection_desk.changes),
    "open_alert": (Conversation.ALERT_DESK, alert_desk.open_own),
    "alert_history": (Conversation.ALERT_DESK, alert_desk.show_history),
    "notes_form": (Conversation.ALERT_DESK, alert_texts.notes_form),
    "read_notes": (Conversation.ALERT_DESK, alert_texts.read_notes),
    "alert_signal": (Conversation.ALERT_DESK, signal_desk.open_from_alert),
    "hand_over_form": (Conversation.ALERT_DESK, alert_notes.hand_over_form),
    "hand_over": (Conversation.ALERT_DESK, alert_notes.hand_over),
    "note_form": (Conversation.ALERT_DESK, alert_notes.note_form),
    "add_note": (Conversation.ALERT_DESK, alert_notes.add_note),
    "decision_form": (Conversation.ALERT_DESK, alert_closing.decision_form),
    "decide_alert": (Conversation.ALERT_DESK, alert_closing.decide),
    "close_form": (Conversation.ALERT_DESK, alert_closing.close_form),
    "close_alert": (Conversation.ALERT_DESK, alert_closing.close),
    "show_signal": (Conversation.SIGNAL_DESK, signal_desk.show),
    "signal_text_form": (Conversation.SIGNAL_DESK, signal_text.text_form),
    "signal_text": (Conversation.SIGNAL_DESK, signal_text.read_text),
    "change_signal_form": (Conversation.SIGNAL_DESK, signal_desk.change_form),
    "change_signal": (Conversation.SIGNAL_DESK, signal_desk.change),
    "own_faults": (Conversation.OWN_FAULTS, own_faults.own_faults),
    "threshold": (Conversation.THRESHOLD, threshold.threshold),
    "preview_threshold": (Conversation.THRESHOLD, threshold.preview),
    "adopt_threshold": (Conversation.THRESHOLD, threshold.adopt),
    "reference_form": (Conversation.CASE_REFERENCE, case_reference.reference_form),
    "show_reference": (Conversation.CASE_REFERENCE, case_reference.show_reference),
    "follow_up_alert": (Conversation.ALERT_DESK, follow_up_desk.open_from_alert),
    "follow_ups": (Conversation.FOLLOW_UPS, follow_up_desk.open_list),
    "new_follow_up_form": (Conversation.FOLLOW_UPS, follow_up_opening.new_form),
    "open_follow_up": (Conversation.FOLLOW_UPS, follow_up_opening.open_new),
    "show_follow_up": (Conversation.FOLLOW_UPS, follow_up_desk.show),
    "read_follow_up": (Conversation.FOLLOW_UPS, follow_up_desk.read_all),
    "save_step": (Conversation.FOLLOW_UPS, follow_up_desk.save_step),
    "next_step": (Conversation.FOLLOW_UPS, follow_up_desk.next_step),
    "step_back": (Conversation.FOLLOW_UPS, follow_up_desk.step_back),
    "cancel_follow_up_form": (Conversation.FOLLOW_UPS, follow_up_cancelling.cancel_form),
    "cancel_follow_up": (Conversation.FOLLOW_UPS, follow_up_cancelling.cancel),
    "close_follow_up": (Conversation.FOLLOW_UPS, follow_up_desk.close),
    "board_decision_form": (Conversation.FOLLOW_UPS, board_decisions.decision_form),
    "record_board_decision": (Conversation.FOLLOW_UPS, board_decisions.record),
    "publish_report": (Conversation.YEAR_REPORT, report_order.publish_report),
    "actions": (Conversation.FOLLOW_UPS, action_desk.open_list),
    "show_action": (Conversation.FOLLOW_UPS, action_desk.show),
    "action_form": (Conversation.FOLLOW_UPS, action_plan.plan_form),
    "save_action": (Conversation.FOLLOW_UPS, action_plan.save_plan),
    "action_state_form": (Conversation.FOLLOW_UPS, action_desk.state_form),
    "set_action_state": (Conversation.FOLLOW_UPS, action_desk.set_state),
}
# A card that gives back more than this is larger than Teams takes.
MOST_TYPED = 16_000
# What may be a verb's name; anything else would be somebody's text in the log.
NAMED = re.compile(r"[a-z_]{1,40}")
SENT_UNASKED = re.compile(r"d([0-9]{1,9})")


def answer(
    tx: Transaction,
    said: Said,
    now: datetime,
    days: RoundDays,
    nonce: str,
    house: House = USUAL_HOUSE,
    kept: Stored | None = None,
) -> Reply:
    """The reply to what was said; `kept` is what the same press stored before, which is then only told again."""
    person = people.by_teams_id(tx, said.teams_id, said.tenants)
    if person is None or not person.active:
        return _turn_away(tx, said, now)
    if not said.channel:
        address = Address(said.conversation_id, said.service_url)
        if conversations.remember(tx, address, now, person_id=person.id):
            missed.say_again(tx, person.id, now)
    turn = Turn(tx, said, person, now, Texts(person.language), days, nonce, house)
    _confirm_delivery(turn)
    reply = _by_press(turn, kept) if said.press else _by_words(turn)
    return replace(reply, language=turn.say.language)


def _turn_away(tx: Transaction, said: Said, now: datetime) -> Reply:
    access_log.record(tx, "refused", What.STRANGER.of(), now, stranger=said.teams_id)
    return Reply(text=Texts("sv")("stranger.refused"))


def _confirm_delivery(turn: Turn) -> None:
    """A press on a card that was sent unasked proves that it arrived: such a card's nonce names the delivery."""
    nonce = turn.said.press.data.get("nonce") if turn.said.press else None
    named = SENT_UNASKED.fullmatch(nonce) if isinstance(nonce, str) else None
    delivery = outbox.get(turn.tx, int(named[1])) if named else None
    if delivery is not None and (delivery.channel or delivery.person_id == turn.person.id):
        outbox.confirm(turn.tx, delivery.id)


def _by_press(turn: Turn, kept: Stored | None) -> Reply:
    found = VERBS.get(turn.press.verb)
    if found is None:
        named = turn.press.verb if NAMED.fullmatch(turn.press.verb) else "?"
        turn.log("refused", What.VERB.of(named))
        return Reply(notice=turn.say("press.unknown"))
    length = sum(len(typed) for typed in turn.press.inputs.values())
    if length > MOST_TYPED:
        return Reply(notice=turn.say("press.too_much", length=length, longest=MOST_TYPED))
    conversation, dialog = found
    if kept is not None:
        dialog = _told_again(kept)
    elif conversation == Conversation.ALERT_DESK and turn.press.verb not in alert_desk.ALIKE:
        dialog = alert_desk.in_own_chat_if_small(dialog)
    return _if_allowed(turn, conversation, dialog, turn.press.verb)


def _told_again(kept: Stored) -> Dialog:
    """What the same press stored, as it may be seen now; what that shows of a child is logged like any answer."""

    def tell(turn: Turn) -> Reply:
        turn.log("read", What.ANSWER.of(turn.press.verb), records=0)
        return receipts.tell(turn, kept)

    return tell


def _by_words(turn: Turn) -> Reply:
    found = commands_in(turn.said.text)
    if not found:
        return helping.not_understood(turn)
    access = turn.house.access
    command = next((one for one in found if access.may(turn.person, one.conversation)), found[0])
    return _if_allowed(turn, command.conversation, COMMAND_DIALOGS[command.name], command.name)


def _if_allowed(turn: Turn, conversation: Conversation, dialog: Dialog, name: str) -> Reply:
    if not turn.house.access.may(turn.person, conversation):
        turn.log("refused", What.CONVERSATION.of(conversation))
        return _refusal(turn, "refused.role")
    if refused := refusal_here(turn.tx, turn.said, conversation):
        turn.log("refused", What.CONVERSATION.of(conversation))
        return _refusal(turn, refused)
    reply = dialog(turn)
    log_read(turn, name, reply)
    return reply


def _refusal(turn: Turn, text: str) -> Reply:
    said = turn.say(text)
    return Reply(notice=said) if turn.said.press else Reply(text=said)


def welcome(tx: Transaction, person: Person, said: Said, now: datetime, days: RoundDays, nonce: str) -> Reply:
    """The one message at installation."""
    say = Texts(person.language)
    return replace(helping.help_card(Turn(tx, said, person, now, say, days, nonce)), language=say.language)
