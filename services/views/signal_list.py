"""The quality team's signals as a list, and what a day's message says of them: no child, and no text."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

from followup import PersonId, SignalId, UnitId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import Audience
from followup.log.subject import What
from followup.messages.alerts import SignalsOfDay
from followup.people import Conversation, Person
from followup.provider import Unit
from followup.signals.filters import SignalFilter
from followup.signals.progress import Receiver, SignalProgress, State
from followup.signals.signal import Signal, is_serious
from followup.terms import SignalCode
from followup.times.calendar import municipal_day, next_working_day
from services.acting import Acting, Reader, Refused
from storage.register import people, units
from storage.signals import progress


@dataclass(frozen=True)
class SignalRow:
    """One signal in the list; `last_day` while it is undecided."""

    id: SignalId
    number: str
    kind: SignalCode
    unit_id: UnitId
    unit: str
    state: State
    owner: str | None
    owner_id: PersonId | None
    hers: bool
    last_day: date | None
    overdue: bool
    receiver: Receiver | None


@dataclass(frozen=True)
class SignalList:
    """A page of what was asked for, and how many there are."""

    rows: tuple[SignalRow, ...]
    total: int


def signal_list(acting: Acting, wanted: SignalFilter, start: int, size: int) -> SignalList | Refused:
    """For one of the quality team, in her own chat or page; hers come first."""
    if not _may_see(acting):
        return acting.refuse(What.SIGNALS.of())
    found, total = progress.listed(acting.tx, wanted, acting.person.id, acting.today, start, size)
    return SignalList(_rows(acting, found), total)


def _may_see(acting: Acting) -> bool:
    return (
        acting.audience == Audience.QUALITY
        and acting.may(Conversation.SIGNAL_DESK)
        and acting.reach(DataKind.EVIDENCE) == Reach.ALL
    )


@dataclass(frozen=True)
class UndecidedSignals:
    """How far each has come, with nothing of what it is, and how many there are."""

    heads: Sequence[SignalProgress]
    total: int


def undecided_signals(acting: Acting, most: int) -> UndecidedSignals | Refused:
    """So many of those that `signal_list` has where nothing is chosen, in its order; nothing of a child is read."""
    if not _may_see(acting):
        return acting.refuse(What.SIGNALS.of())
    return UndecidedSignals(*progress.undecided_heads(acting.tx, acting.person.id, most))


def signal_rows(acting: Acting, heads: Sequence[SignalProgress]) -> tuple[SignalRow, ...]:
    """Of those of them that are shown what they are, logged as read."""
    found = progress.of_these(acting.tx, [one.signal_id for one in heads]) if heads else {}
    return _rows(acting, [found[one.signal_id] for one in heads])


def _rows(acting: Acting, found: Sequence[tuple[Signal, SignalProgress]]) -> tuple[SignalRow, ...]:
    acting.log("read", What.SIGNALS.of(), seen=What.SIGNAL.each(one.id for one, _ in found))
    everyone = people.PeopleById(acting.tx)
    at = units.some(acting.tx, {signal.unit_id for signal, _ in found})
    rows = []
    for signal, here in found:
        owner = None if here.owner_id is None else everyone.get(here.owner_id)
        rows.append(
            SignalRow(
                id=signal.id,
                number=signal.number,
                kind=signal.kind,
                unit_id=signal.unit_id,
                unit=at[signal.unit_id].name,
                state=here.state,
                owner=owner.name if owner else None,
                owner_id=here.owner_id,
                hers=owner == acting.person,
                last_day=here.last_day if here.is_open else None,
                overdue=here.is_overdue(acting.today),
                receiver=here.receiver,
            )
        )
    return tuple(rows)


def units_named(acting: Acting, words: Set[str]) -> Sequence[Unit]:
    """Those that a filter may name, whose code or name, or whose provider's, begins with one of the words."""
    found = units.followed_units(acting.tx)
    return [one for one in found if {said.casefold().split()[0] for said in _names(one)} & words]


def _names(unit: Unit) -> tuple[str, str, str]:
    return unit.key, unit.name, unit.provider_name


def handlers(acting: Acting) -> Sequence[Person]:
    """Those who may have a signal."""
    return people.who_may(acting.tx, Conversation.SIGNAL_DESK)


@dataclass(frozen=True)
class DayOfSignals:
    """How many ordinary ones came in the time, and of hers how many; what she has undecided, and overdue.

    `since` is the day that they are counted from, where that is before the last working day.
    """

    since: date | None
    came: int
    hers: int
    undecided: int
    overdue: int


def day_of_signals(reader: Reader, message: SignalsOfDay) -> DayOfSignals | None:
    """None where nothing came and nothing of hers is overdue by now."""
    if reader.person is None or reader.audience != Audience.QUALITY:
        return None
    came = [
        one.id
        for one in progress.came_between(reader.tx, message.since, message.until)
        if not is_serious(one) and not one.dismissed
    ]
    owned = progress.of_signals(reader.tx, came)
    undecided, overdue = progress.undecided_of(reader.tx, reader.person.id, reader.today)
    if not came and not overdue:
        return None
    reader.log("read", What.SIGNALS.of())
    hers = sum(owned[one].owner_id == reader.person.id for one in came)
    first = municipal_day(message.since)
    since = first if next_working_day(first) < reader.today else None
    return DayOfSignals(since, len(came), hers, undecided, overdue)
