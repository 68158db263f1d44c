"""What can be typed and pressed: each dialog module's own commands and verbs, collected."""

from collections.abc import Mapping

from dialogs.alerts import (
    alert_closing,
    alert_desk,
    alert_evidence,
    alert_list,
    alert_notes,
    alert_texts,
    case_reference,
)
from dialogs.clocks import clock_forms, closing_form, contracts_ending, my_clocks
from dialogs.commands import help as helping
from dialogs.follow_ups import (
    action_desk,
    action_plan,
    board_decisions,
    diary_numbers,
    follow_up_cancelling,
    follow_up_desk,
    follow_up_opening,
    unit_event_form,
    unit_follow_ups,
)
from dialogs.forms.verbs import Command, Verb
from dialogs.month import leave, leave_messages, monthly_report, my_tasks, own_answers, snooze, stand_ins
from dialogs.overview import (
    base_levels,
    desk,
    figures,
    hand_over,
    overdue,
    provider_status,
    report_order,
    retention,
    settings,
    status,
    team_channel,
    threshold,
    unanswered,
    worker_stand_ins,
)
from dialogs.selection import selection_desk
from dialogs.signals import (
    own_faults,
    report_row,
    signal_desk,
    signal_ending,
    signal_list,
    signal_report,
    signal_text,
)

# In the order that help lists the commands; of namesakes the most particular one first.
_OFFERED: tuple[Command | Verb, ...] = (
    *my_tasks.OFFERED,
    *desk.OFFERED,
    *monthly_report.OFFERED,
    *own_answers.OFFERED,
    *signal_desk.OFFERED,
    *signal_ending.OFFERED,
    *signal_list.OFFERED,
    *report_row.OFFERED,
    *signal_text.OFFERED,
    *signal_report.OFFERED,
    *snooze.OFFERED,
    *leave.OFFERED,
    *leave_messages.OFFERED,
    *stand_ins.OFFERED,
    *status.OFFERED,
    *figures.OFFERED,
    *provider_status.OFFERED,
    *unit_follow_ups.OFFERED,
    *unanswered.OFFERED,
    *worker_stand_ins.OFFERED,
    *hand_over.OFFERED,
    *my_clocks.OFFERED,
    *contracts_ending.OFFERED,
    *overdue.OFFERED,
    *clock_forms.OFFERED,
    *closing_form.OFFERED,
    *alert_desk.OFFERED,
    *alert_list.OFFERED,
    *alert_evidence.OFFERED,
    *alert_texts.OFFERED,
    *alert_notes.OFFERED,
    *alert_closing.OFFERED,
    *selection_desk.OFFERED,
    *own_faults.OFFERED,
    *threshold.OFFERED,
    *base_levels.OFFERED,
    *case_reference.OFFERED,
    *follow_up_desk.OFFERED,
    *follow_up_opening.OFFERED,
    *follow_up_cancelling.OFFERED,
    *board_decisions.OFFERED,
    *diary_numbers.OFFERED,
    *action_desk.OFFERED,
    *action_plan.OFFERED,
    *unit_event_form.OFFERED,
    *report_order.OFFERED,
    *retention.OFFERED,
    *team_channel.OFFERED,
    *settings.OFFERED,
)
# Help lists what all the others offer.
OFFERED = (*_OFFERED, *helping.offered([one for one in _OFFERED if isinstance(one, Command)]))
COMMANDS = tuple(one for one in OFFERED if isinstance(one, Command))
VERBS: Mapping[str, Verb] = {one.name: one for one in OFFERED if isinstance(one, Verb)}


def commands_in(text: str) -> list[Command]:
    """The commands that the text begins with a word of, in any case; the most particular one first."""
    words = text.casefold().split()
    first = words[0].rstrip("!?.,:") or words[0] if words else ""
    return [command for command in COMMANDS if first in command.words and command.fits(words[1:])]
