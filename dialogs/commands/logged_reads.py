"""Which cards show what is about children, and what the access log is told: a row for each button and command.

docs/access-log.md says the same in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.turn import Reply, Turn
from followup.log.subject import Subject, What


@dataclass(frozen=True)
class Read:
    """The card is logged as read; `named` is what in the button's data says which one it is."""

    what: What
    named: str = ""

    def of(self, turn: Turn) -> Subject:
        number = turn.press.number(self.named) if turn.said.press and self.named else None
        return self.what.of() if number is None else self.what.of(number)


@dataclass(frozen=True)
class ByItself:
    """The view or the dialog logs what it shows, with every record."""


@dataclass(frozen=True)
class NoChild:
    """Nothing of a child is shown; `because` is the reason's name in docs/access-log.md."""

    because: str


_OWN_CHOICE, _METHOD, _WORDS = NoChild("own choice"), NoChild("method"), NoChild("words")
_LINK, _OPERATION = NoChild("link"), NoChild("operation")

READS: Mapping[str, Read | ByItself | NoChild] = {
    # Of one's own.
    "my_tasks": ByItself(),
    "show_more": ByItself(),
    "hand_in_statements": ByItself(),
    "open_form": ByItself(),
    "add_signal": ByItself(),
    "drop_signal": ByItself(),
    "hand_in_report": ByItself(),
    "corrections": ByItself(),
    "signal_form": ByItself(),
    "hand_in_signal": ByItself(),
    "clocks": ByItself(),
    "clocks_seen": ByItself(),
    "clock_done_form": ByItself(),
    "clock_done": ByItself(),
    "clock_withdraw": ByItself(),
    "plan_check_form": ByItself(),
    "plan_check": ByItself(),
    "closing_form": ByItself(),
    "hand_in_closing": ByItself(),
    "snooze_form": _OWN_CHOICE,
    "snooze": _OWN_CHOICE,
    "leave_form": _OWN_CHOICE,
    "leave": _OWN_CHOICE,
    "cancel_leave": _OWN_CHOICE,
    "stand_in": _OWN_CHOICE,
    "stand_ins": ByItself(),
    "stand_ins_of": ByItself(),
    "cancel_snooze": ByItself(),
    "answers": ByItself(),
    "show_answers": ByItself(),
    "cancel": _WORDS,
    "explain": _WORDS,
    "help": _WORDS,
    "thanks": _WORDS,
    # How units and providers are doing: of one with few placements, that is a child's.
    "status": ByItself(),
    "figures": ByItself(),
    "figures_file": _LINK,
    "contracts": ByItself(),
    "missed_visits": ByItself(),
    "provider": ByItself(),
    "show_provider": ByItself(),
    "show_unit": ByItself(),
    "compare": _WORDS,
    "desk": ByItself(),
    "settings": _OWN_CHOICE,
    "language": _OWN_CHOICE,
    "save_settings": _OWN_CHOICE,
    "digest": _OWN_CHOICE,
    "save_digest": _OWN_CHOICE,
    "digest_now": ByItself(),
    # What people have left, and faults of the authority's own.
    "unanswered": ByItself(),
    "remind_worker": ByItself(),
    "remind_all": ByItself(),
    "reassign_form": ByItself(),
    "reassign": ByItself(),
    "own_faults": ByItself(),
    "take_own_fault": ByItself(),
    "end_own_fault_form": ByItself(),
    "end_own_fault": ByItself(),
    # Alerts, their evidence and their signals.
    "alerts": ByItself(),
    "show_alert": ByItself(),
    "take_alert": ByItself(),
    "open_alert": ByItself(),
    "alert_history": ByItself(),
    "hand_over_form": ByItself(),
    "hand_over": ByItself(),
    "note_form": ByItself(),
    "notes_form": ByItself(),
    "read_notes": ByItself(),
    "add_note": ByItself(),
    "decision_form": ByItself(),
    "decide_alert": ByItself(),
    "close_form": ByItself(),
    "close_alert": ByItself(),
    "alert_evidence": ByItself(),
    "unit_evidence": ByItself(),
    "alert_signal": ByItself(),
    "show_signal": ByItself(),
    "signal_text_form": Read(What.SIGNAL, "signal"),
    "signal_text": Read(What.SIGNAL, "signal"),
    "own_signal": ByItself(),
    "change_signal_form": ByItself(),
    "change_signal": ByItself(),
    "signals": ByItself(),
    "take_signal": ByItself(),
    "end_signal_form": ByItself(),
    "end_signal": ByItself(),
    "show_report_row": ByItself(),
    "report_row_form": ByItself(),
    "change_report_row": ByItself(),
    "report_text_form": ByItself(),
    "report_text": ByItself(),
    "reference_form": Read(What.UNIT, "unit"),
    "show_reference": ByItself(),
    # Follow-ups: what is written in them is about the children who live there.
    "follow_up_alert": ByItself(),
    "follow_ups": ByItself(),
    "new_follow_up_form": Read(What.UNIT, "unit"),
    "open_follow_up": ByItself(),
    "unit_follow_up": ByItself(),
    "show_follow_up": ByItself(),
    "read_follow_up": ByItself(),
    "save_step": ByItself(),
    "next_step": ByItself(),
    "step_back": ByItself(),
    "cancel_follow_up_form": ByItself(),
    "cancel_follow_up": ByItself(),
    "close_follow_up": ByItself(),
    "board_decision_form": ByItself(),
    "record_board_decision": ByItself(),
    "diary_number_form": ByItself(),
    "enter_diary_number": ByItself(),
    "unit_event": Read(What.UNIT_EVENT, "unit"),
    "unit_event_form": Read(What.UNIT_EVENT, "unit"),
    "save_unit_event": Read(What.UNIT_EVENT, "unit"),
    "actions": ByItself(),
    "show_action": ByItself(),
    "action_form": ByItself(),
    "save_action": ByItself(),
    "action_state_form": ByItself(),
    "set_action_state": ByItself(),
    # The selection gives each unit's reasons: a home with one child tells its age by them.
    "selection": ByItself(),
    "selection_freeze_form": Read(What.SELECTION),
    "freeze_selection": ByItself(),
    "selection_draw_form": ByItself(),
    "draw_selection": ByItself(),
    "selection_add_form": ByItself(),
    "selection_add": ByItself(),
    "selection_remove_form": ByItself(),
    "selection_remove": ByItself(),
    "selection_lock_form": ByItself(),
    "lock_selection": ByItself(),
    "selection_owners_form": ByItself(),
    "selection_owners": ByItself(),
    "selection_draws": ByItself(),
    "selection_protocol": ByItself(),
    "selection_changes": ByItself(),
    # The method, and files.
    "threshold": _METHOD,
    "choose_threshold": _METHOD,
    "preview_threshold": _METHOD,
    "adopt_threshold": _METHOD,
    "base_levels": _METHOD,
    "adopt_base_levels": _METHOD,
    "year_report": _LINK,
    "publish_report": ByItself(),
    # What is proposed to be deleted names no child, and is logged all the same.
    "retention": ByItself(),
    "decide_purge": ByItself(),
    "refuse_purge": ByItself(),
    "team_channel": _OPERATION,
    "take_channel": _OPERATION,
}

# What is said where there is nothing to show, or not here.
IN_VAIN = (
    "alert.unknown",
    "signals.unknown",
    "follow_up.unknown",
    "action.unknown",
    "selection.unknown",
    "refused.role",
    "refused.channel",
)

# What is sent unasked, in the same way; to a channel nothing of a child is sent.
MESSAGES: Mapping[str, Read | ByItself | NoChild] = {
    **dict.fromkeys(
        (
            "prompt",
            "reminder",
            "snoozed",
            "nudge",
            "leave",
            "clocks_near",
            "clocks_late",
            "evidence",
            "signal",
            "signals_day",
            "decision_due",
            "alert",
            "alert_again",
            "history",
            "history_again",
            "own_alert",
        ),
        ByItself(),
    ),
    **dict.fromkeys(
        (
            "escalation",
            "ownerless",
            "in_doubt",
            "own_fault",
            "digest",
            "selection",
            "selection_frozen",
            "contract_asked",
            "follow_up_given",
            "action_given",
            "action_due",
            "action_late",
            "handed_over",
            "signal_given",
            "led_to",
            "update",
        ),
        Read(What.MESSAGE),
    ),
    **dict.fromkeys(
        (
            *("base_levels", "log_review", "log_checkpoint", "channel_chosen", "channel_refused"),
            *("token_refused", "trouble", "purge_proposed"),
        ),
        _OPERATION,
    ),
    "duty_to_report": NoChild("words"),
    "yearly_list": NoChild("words"),
}


def log_read(turn: Turn, name: str, reply: Reply) -> None:
    """Logs what answers the button or command where the dialog has not done so; what there is none of is refused."""
    read = READS[name]
    if not isinstance(read, Read) or not (reply.card or reply.notice):
        return
    in_vain = reply.card is None and reply.notice in {turn.say(text) for text in IN_VAIN}
    turn.log("refused" if in_vain else "read", read.of(turn))
