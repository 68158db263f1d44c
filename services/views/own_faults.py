"""What the authority itself did wrong, as the manager of those who told of it sees it: no day and no child."""

from dataclasses import dataclass

from followup import SignalId
from followup.access.small_unit import Audience, Matter
from followup.log.subject import What
from followup.people import Conversation
from followup.signals.progress import Receiver, SignalProgress, State
from followup.signals.signal import Signal
from followup.terms import SignalCode
from services.acting import Acting, Reader, Refused, Why
from services.signals.own_faults import can_end_own, can_take_own, held_own, of_her_people
from services.unit_sight import sight_of
from storage.register import people, units
from storage.signals import progress, signals


@dataclass(frozen=True)
class OwnFaultSeen:
    """Of a small unit no kind, no letter of the number and no receiver.

    `state` is None of what was so before there were any.
    """

    id: SignalId
    number: str | None
    kind: SignalCode | None
    unit: str
    state: State | None
    owner: str | None
    takes: bool
    ends: bool
    receiver: Receiver | None = None


def own_faults(acting: Acting) -> list[OwnFaultSeen] | Refused:
    """Those of the manager's own people, the undecided ones first and then the newest."""
    if not acting.may(Conversation.OWN_FAULTS):
        return acting.refuse(What.OWN_FAULTS.of())
    acting.log("read", What.OWN_FAULTS.of())
    found = of_her_people(acting, signals.caused_by_authority(acting.tx))
    here = progress.of_signals(acting.tx, [one.id for one in found])
    everyone = people.PeopleById(acting.tx)
    undecided = {one.signal_id for one in here.values() if one.is_open}
    ordered = sorted(found, key=lambda one: one.id not in undecided)
    return [_seen(acting, one, here.get(one.id), everyone) for one in ordered]


def own_fault(reader: Reader, signal_id: SignalId) -> OwnFaultSeen | None:
    """As it is told unasked; None once the cause was found elsewhere, it was dismissed, or it is another manager's."""
    found = signals.get(reader.tx, signal_id)
    if found.cause != "authority" or found.dismissed or not of_her_people(reader, [found]):
        return None
    return _seen(reader, found, progress.of_signal(reader.tx, found.id), people.PeopleById(reader.tx))


def own_fault_to_end(acting: Acting, signal_id: SignalId) -> OwnFaultSeen | Refused:
    """What the form about it says; what has ended is done."""
    found = held_own(acting, signal_id)
    if isinstance(found, Refused):
        return found
    seen = _seen(acting, found, progress.of_signal(acting.tx, found.id), people.PeopleById(acting.tx))
    acting.log("read", What.SIGNAL.of(found.id))
    return seen if seen.ends else Refused(Why.DONE)


def _seen(
    reader: Reader,
    found: Signal,
    here: SignalProgress | None,
    everyone: people.PeopleById,
) -> OwnFaultSeen:
    sight = sight_of(reader.tx, found.unit_id, Audience.MANAGER, reader.now, found.event_on)
    whole = sight.whole(Matter.EVIDENCE)
    owner = everyone.get(here.owner_id) if here is not None and here.owner_id is not None else None
    return OwnFaultSeen(
        id=found.id,
        number=found.number if whole else None,
        kind=found.kind if whole else None,
        unit=units.get(reader.tx, found.unit_id).name,
        state=here.state if here else None,
        owner=owner.name if owner else None,
        takes=here is not None and can_take_own(here, reader.person),
        ends=here is not None and can_end_own(here),
        receiver=here.receiver if here and whole else None,
    )
