"""What a press stored, told again: drawn from what the person may see now, where it is asked, and never kept."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from dialogs.alerts import alert_desk
from dialogs.card import Part, Text
from dialogs.clocks import clock_forms, closing_form, my_clocks
from dialogs.follow_ups import unit_event_form
from dialogs.follow_ups.action_card import action_card
from dialogs.follow_ups.follow_up_record import card_of, shown
from dialogs.month import leave, leave_messages, my_tasks, report_receipt, snooze
from dialogs.overview import (
    base_levels,
    hand_over,
    report_order,
    retention,
    settings,
    team_channel,
    threshold,
    unanswered,
)
from dialogs.selection import selection_desk
from dialogs.signals import own_faults, report_row, signal_desk, signal_report
from dialogs.turn import Reply, Stored, Turn
from followup.follow_ups.follow_up import CLOSED
from followup.overview.digest import DigestChoice
from followup.people import Conversation
from followup.times.calendar import municipal_day
from services.follow_ups import planned_actions, steps
from services.views.signals import stored_signal

Numbers = Mapping[str, Any]


def tell(turn: Turn, kept: Stored) -> Reply:
    """Whether the person may be told at all is for the caller to ask, by the conversation that it belongs to."""
    _, again = RECEIPTS[kept.what]
    return again(turn, kept.numbers)


def told_later(turn: Turn, kept: Stored, reply: Reply) -> Reply:
    """With the day on which it was stored, where that has passed: today nothing has been done."""
    card, at = reply.card, kept.at
    if card is None or at is None or municipal_day(at) == municipal_day(turn.now):
        return reply
    note = Text(turn.say("receipt.that_day", day=municipal_day(at)), "warning")
    return replace(reply, card=replace(card, parts=(note, *card.parts)))


def _signal(turn: Turn, numbers: Numbers) -> Reply:
    found = stored_signal(turn.acting, numbers["signal"])
    if found is None:
        return Reply(notice=turn.say("signals.unknown"))
    return Reply(card=signal_report.receipt(turn, found))


def _report(turn: Turn, numbers: Numbers) -> Reply:
    return report_receipt.told_again(
        turn, numbers["task"], numbers["version"], [*numbers["signals"].values()]
    )


def _follow_up(turn: Turn, numbers: Numbers) -> Reply:
    found = steps.stored_follow_up(turn.acting, numbers["follow_up"])
    if found is None:
        return Reply(notice=turn.say("follow_up.unknown"))
    closed = [Text(turn.say("follow_up.closed"), "good")] if found.step == CLOSED else []
    return shown(turn, found, *(closed or _saved(turn, found.version > numbers["version"])))


def _action(turn: Turn, numbers: Numbers) -> Reply:
    found = planned_actions.stored_action(turn.acting, numbers["action"])
    if found is None:
        return Reply(notice=turn.say("action.unknown"))
    said = _saved(turn, found.version > numbers["version"])
    follow_up = planned_actions.follow_up_of(turn.acting, found) if numbers["version"] == 1 else None
    # One that was added stands among the others, from where the next is added.
    return Reply(card=card_of(turn, follow_up, *said) if follow_up else action_card(turn, found, *said))


def _saved(turn: Turn, changed_since: bool) -> list[Part]:
    since = [Text(turn.say("receipt.changed"), "subtle")] if changed_since else []
    return [Text(turn.say("receipt.saved"), "good"), *since]


Again = Callable[[Turn, Numbers], Reply]

# Of each kind of deed the conversation that it belongs to, and how it is told.
RECEIPTS: Mapping[str, tuple[Conversation, Again]] = {
    "reports": (Conversation.REPORT, lambda turn, of: my_tasks.told_again(turn, of["tasks"])),
    "report": (Conversation.REPORT, _report),
    "signal": (Conversation.SIGNAL, _signal),
    "snooze": (Conversation.MY_TASKS, lambda turn, of: snooze.told_again(turn, of["day"], of["last"])),
    "snooze_cancelled": (Conversation.MY_TASKS, lambda turn, of: snooze.cancelled(turn)),
    "leave": (Conversation.LEAVE, lambda turn, of: leave.told_again(turn, of["leave"])),
    "leave_cancelled": (Conversation.LEAVE, lambda turn, of: leave.cancelled(turn)),
    "stand_in": (Conversation.LEAVE, lambda turn, of: leave_messages.told_again(turn, of["leave"])),
    "reminded": (Conversation.UNANSWERED, lambda turn, of: unanswered.told_again(turn, of["workers"])),
    "reassigned": (Conversation.UNANSWERED, lambda turn, of: hand_over.told_again(turn, of["n"], of["to"])),
    "clock_done": (Conversation.CLOCKS, lambda turn, of: clock_forms.done_told_again(turn, of["done"])),
    "clock_withdrawn": (
        Conversation.CLOCKS,
        lambda turn, of: my_clocks.told_again(turn, "clock.withdrawn", day=date.fromisoformat(of["day"])),
    ),
    "clocks_seen": (
        Conversation.CLOCKS,
        lambda turn, of: my_clocks.told_again(turn, "clocks.seen_now", n=of["n"]),
    ),
    "plan_check": (
        Conversation.CLOCKS,
        lambda turn, of: clock_forms.check_told_again(turn, of["plan"], of["missing"]),
    ),
    "closing": (Conversation.CLOCKS, lambda turn, of: closing_form.told_again(turn)),
    "settings": (Conversation.SETTINGS, settings.told_again),
    "digest": (Conversation.DIGEST, lambda turn, of: settings.digest_told_again(turn, DigestChoice(**of))),
    "alert": (Conversation.ALERT_DESK, lambda turn, of: alert_desk.fresh(turn, of["alert"])),
    "signal_change": (
        Conversation.SIGNAL_DESK,
        lambda turn, of: signal_desk.told_again(turn, of["signal"], of["version"], of["alert"]),
    ),
    "own_fault": (Conversation.OWN_FAULTS, lambda turn, of: own_faults.told_again(turn)),
    "report_row": (
        Conversation.SIGNAL_DESK,
        lambda turn, of: report_row.told_again(turn, of["item"], of["version"]),
    ),
    "team_channel": (Conversation.TEAM_CHANNEL, lambda turn, of: team_channel.told_again(turn)),
    "selection": (Conversation.SELECTION, lambda turn, of: selection_desk.told_again(turn, of["cycle"])),
    "threshold": (Conversation.THRESHOLD, lambda turn, of: threshold.told_again(turn, of["number"])),
    "base_levels": (Conversation.THRESHOLD, lambda turn, of: base_levels.told_again(turn, of["year"])),
    "edition": (
        Conversation.YEAR_REPORT,
        lambda turn, of: report_order.told_again(turn, of["year"], of["number"]),
    ),
    "unit_event": (
        Conversation.UNIT_EVENT,
        lambda turn, of: unit_event_form.told_again(turn, of["unit"], of["kind"]),
    ),
    "follow_up": (Conversation.FOLLOW_UPS, _follow_up),
    "action": (Conversation.FOLLOW_UPS, _action),
    "purge": (Conversation.RETENTION, lambda turn, of: retention.told_again(turn, of["purge"])),
}
