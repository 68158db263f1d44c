"""Signals whose cause lies with the authority itself: told to the manager, and listed for her, never on the unit."""

from datetime import datetime

from dialogs.card import Button, Card, Item, Part, Text
from dialogs.forms.lists import page_of
from dialogs.forms.offered import Command, Verb
from dialogs.turn import Reply, Turn
from followup.access.small_unit import Audience, Matter
from followup.messages.alerts import OwnFault
from followup.people import Conversation
from followup.signals.signal import Signal
from services.unit_sight import sight_of
from storage import people, units
from storage.engine.database import Transaction
from storage.signals import signal_versions, signals
from texts.catalogue import Texts


def own_fault_card(tx: Transaction, message: OwnFault, now: datetime, say: Texts) -> Card | None:
    """None once someone has found that the cause lies elsewhere, or dismissed it."""
    signal = signals.get(tx, message.signal_id)
    if signal.cause != "authority" or signal.dismissed:
        return None
    number, _ = _as_told(tx, signal, now, say)
    about = say("own_fault.about", number=number, unit=units.get(tx, signal.unit_id).name)
    parts = (Text(say("own_fault.title"), "title"), Text(about), Text(say("own_fault.do")))
    return Card(say("own_fault.title"), parts, (Button(say("own_fault.list"), "own_faults"),))


def own_faults(turn: Turn) -> Reply:
    """The manager's own list, a page at a time, with no day and no child."""
    say = turn.say
    page, more = page_of(turn, _of_manager(turn), "own_faults")
    rows: list[Part] = [_row(turn, signal) for signal in page]
    parts = (Text(say("own_faults.title"), "title"), Text(say("own_faults.about")), *rows)
    none = () if rows else (Text(say("own_faults.none"), "good"),)
    return Reply(card=Card(say("own_faults.title"), (*parts, *none), more))


def _of_manager(turn: Turn) -> list[Signal]:
    everyone = people.everyone(turn.tx)
    found = signals.caused_by_authority(turn.tx)
    raisers = signal_versions.raised_by(turn.tx, [signal.id for signal in found])

    def is_theirs(signal: Signal) -> bool:
        raiser = everyone.get(raisers[signal.id]) if signal.id in raisers else None
        return turn.person.id in {manager.id for manager in people.managers_of(everyone, raiser)}

    return [signal for signal in found if is_theirs(signal)]


def _row(turn: Turn, signal: Signal) -> Item:
    unit = units.get(turn.tx, signal.unit_id).name
    number, kind = _as_told(turn.tx, signal, turn.now, turn.say)
    return Item(f"{number} · {unit}", kind)


def _as_told(tx: Transaction, signal: Signal, now: datetime, say: Texts) -> tuple[str, str]:
    """Its number and kind, for a manager; of a small unit no kind, and the number without the letter that tells it."""
    sight = sight_of(tx, signal.unit_id, Audience.MANAGER, now, signal.event_on)
    if sight.whole(Matter.EVIDENCE):
        return signal.number, say(f"risk.kind.{signal.kind}")
    return say("small.number", number=signal.id), say("small.quality_reads")


OFFERED = (
    Command("own_faults", Conversation.OWN_FAULTS, ("brister", "faults"), own_faults),
    Verb("own_faults", Conversation.OWN_FAULTS, own_faults),
)
