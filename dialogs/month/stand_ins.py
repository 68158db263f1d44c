"""Who stands in for a worker, as she asks it herself: by leave and by placement."""

from dialogs.card import Button, Card, ListRow, Text
from dialogs.forms.lists import page_of
from dialogs.forms.stand_in_parts import leave_parts, register_parts, state_of
from dialogs.forms.verbs import Command, Verb
from dialogs.month.own_answers import name_of_child
from dialogs.turn import Reply, Turn
from followup.people import Conversation
from services.views.stand_ins import Covered, log_shown, stand_ins_of
from texts.catalogue import Texts


def own(turn: Turn) -> Reply:
    say, found = turn.say, stand_ins_of(turn.acting, turn.person)
    rows, more = page_of(turn, found.covered, "stand_ins")
    log_shown(turn.acting, turn.person, rows)
    parts = (
        Text(say("stand_ins.title"), "title"),
        *leave_parts(found, say),
        *register_parts(found, [_row(one, say) for one in rows], say, say("stand_ins.own_about")),
        *([Text(say("stand_ins.elsewhere"), "subtle")] if found.counted else []),
    )
    return Reply(card=Card(say("stand_ins.title"), parts, (*more, Button(say("leave.title"), "leave_form"))))


def _row(one: Covered, say: Texts) -> ListRow:
    return ListRow(name_of_child(one.placement), one.placement.unit_name, note=_who(one, say))


def _who(one: Covered, say: Texts) -> str:
    """With until when, and whether she can."""
    ends = one.placement.ends
    until = say("stand_ins.until", day=ends) if ends else say("stand_ins.open_ended")
    said = say("stand_ins.who", name=one.by.name, until=until)
    return f"{said} {state_of(one.by, say)}".rstrip()


OFFERED = (
    Command("stand_ins", Conversation.REPORT, ("ersättare", "substitute"), own, listed=False),
    Verb("stand_ins", Conversation.REPORT, own),
)
