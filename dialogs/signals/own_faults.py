"""Signals whose cause lies with the authority itself: told to the manager, and listed for her, never on the unit."""

from dialogs.card import Button, Card, ListRow, Part, Text
from dialogs.forms.lists import page_of
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn
from followup.messages.alerts import OwnFault
from followup.people import Conversation
from services.acting import Reader, Refused
from services.views.signals import OwnFaultSeen, own_fault
from services.views.signals import own_faults as read_own_faults
from texts.catalogue import Texts


def own_fault_card(message: OwnFault, reader: Reader, say: Texts) -> Card | None:
    """None once the cause was found elsewhere, it was dismissed, or it is no longer hers to know of."""
    told = own_fault(reader, message.signal_id)
    if told is None:
        return None
    about = say("own_fault.about", number=_number(told, say), unit=told.unit)
    parts = (Text(say("own_fault.title"), "title"), Text(about), Text(say("own_fault.do")))
    return Card(say("own_fault.title"), parts, (Button(say("own_fault.list"), "own_faults"),))


def own_faults(turn: Turn) -> Reply:
    """The manager's own list, a page at a time, with no day and no child."""
    say, found = turn.say, read_own_faults(turn.acting)
    if isinstance(found, Refused):
        return Reply(notice=say("refused.role"))
    page, more = page_of(turn, found, "own_faults")
    rows: list[Part] = [_row(one, say) for one in page]
    parts = (Text(say("own_faults.title"), "title"), Text(say("own_faults.about")), *rows)
    none = () if rows else (Text(say("own_faults.none"), "good"),)
    return Reply(card=Card(say("own_faults.title"), (*parts, *none), more))


def _row(one: OwnFaultSeen, say: Texts) -> ListRow:
    kind = say(f"risk.kind.{one.kind}") if one.kind else say("small.quality_reads")
    return ListRow(f"{_number(one, say)} · {one.unit}", kind)


def _number(one: OwnFaultSeen, say: Texts) -> str:
    return one.number or say("small.number", number=one.id)


OFFERED = (
    Command("own_faults", Conversation.OWN_FAULTS, ("brister", "faults"), own_faults),
    Verb("own_faults", Conversation.OWN_FAULTS, own_faults),
)
