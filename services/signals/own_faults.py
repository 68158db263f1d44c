"""What the authority itself did wrong goes to the manager of the one who told of it, who takes it and ends it."""

from collections.abc import Mapping, Sequence

from followup import SignalId
from followup.access.access import DataKind, Reach
from followup.log.subject import What
from followup.messages.alerts import OwnFault
from followup.people import Conversation, Person
from followup.signals.progress import SignalProgress
from followup.signals.signal import Signal
from followup.times.calendar import working_moment
from followup.wording.form import read
from services.acting import Acting, Reader, Refused, Why, which
from services.signals.led_to import tell_of_signal
from services.signals.progress import END_QUESTIONS, ENDED, move, receiver_in
from storage.engine.locks import hold_signal
from storage.messages import queueing
from storage.register import people
from storage.signals import progress, signal_versions, signals


def tell_managers(acting: Acting, signal: Signal) -> None:
    """Each of them once a signal."""
    raiser = signal_versions.raised_by(acting.tx, [signal.id]).get(signal.id)
    told = OwnFault(signal.id)
    for manager in people.managers(acting.tx).of(people.by_id(acting.tx, raiser) if raiser else None):
        queueing.queue(
            acting.tx,
            told.key(manager.key),
            told,
            acting.now,
            person_id=manager.id,
            not_before=working_moment(acting.now),
        )


def of_her_people(reader: Reader, found: Sequence[Signal]) -> list[Signal]:
    """Those raised by the manager's own people."""
    raisers = signal_versions.raised_by(reader.tx, [one.id for one in found])
    leading, who = people.managers(reader.tx), people.some(reader.tx, set(raisers.values()))

    def is_hers(one: Signal) -> bool:
        raiser = who.get(raisers[one.id]) if one.id in raisers else None
        return reader.person in leading.of(raiser)

    return [one for one in found if is_hers(one)]


def held_own(acting: Acting, signal_id: SignalId) -> Signal | Refused:
    """One that is her people's, and whose cause still lies with the authority."""
    named = which(What.SIGNAL, signal_id)
    reaches = acting.reach(DataKind.EVIDENCE) in (Reach.OWN_PEOPLE, Reach.ALL)
    if acting.channel or not acting.may(Conversation.OWN_FAULTS) or not reaches:
        return acting.refuse(named)
    hold_signal(acting.tx, signal_id)
    found = signals.find(acting.tx, signal_id)
    if found is None or found.cause != "authority" or found.dismissed or not of_her_people(acting, [found]):
        return acting.refuse(named, Why.UNKNOWN)
    return found


def can_take_own(here: SignalProgress, person: Person | None) -> bool:
    hers = person is not None and here.owner_id == person.id
    return here.desk == "managers" and not (hers and here.state == "investigating")


def can_end_own(here: SignalProgress) -> bool:
    return here.desk == "managers" and here.is_open


def take_own(acting: Acting, signal_id: SignalId) -> Signal | Refused:
    """She has it and looks into it; one that was ended is looked into again."""
    found = held_own(acting, signal_id)
    if isinstance(found, Refused):
        return found
    here = progress.of_signal(acting.tx, found.id)
    if here is None or not can_take_own(here, acting.person):
        return Refused(Why.DONE)
    move(acting, found, "investigating", owner_id=acting.person.id)
    return found


def end_own(acting: Acting, signal_id: SignalId, typed: Mapping[str, str]) -> Signal | Refused:
    """Ended with a reason, and told to the one who told of it."""
    found = held_own(acting, signal_id)
    if isinstance(found, Refused):
        return found
    here = progress.of_signal(acting.tx, found.id)
    if here is None or not can_end_own(here):
        return Refused(Why.DONE)
    answers, problems = read(END_QUESTIONS, typed, acting.today)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    how = next(one for one in ENDED if one == answers["how"])
    move(acting, found, how, reason=answers["end_reason"], receiver=receiver_in(answers))
    tell_of_signal(acting, how, found, [found])
    return found
