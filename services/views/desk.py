"""What waits for a person, of every kind at once and in order of what is due; each kind as its own view shows it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from followup import PersonId
from followup.access.access import DataKind, Reach
from followup.access.targets import AgainstTarget
from followup.log.subject import What
from followup.overview.desk import DeskSort, DeskThing, in_order
from followup.people import Conversation
from followup.provider import EndingContract
from followup.signals.progress import OPEN, SignalProgress
from followup.times.calendar import municipal_day
from services.acting import Acting, Refused, Why
from services.follow_ups.overdue import selection_due
from services.month.missing_reports import left_in
from services.month.own_tasks import own_tasks
from services.retention.deciding import proposals
from services.risk.base_levels import not_to_decide
from services.views.alerts import alerts_waiting, overdue_alerts
from services.views.changes import is_still_counting
from services.views.clocks import managers_clocks, my_clocks
from services.views.desk_things import (
    AlertsLate,
    DeskOf,
    LateContacts,
    LevelsToDecide,
    RecordedUnseen,
    ReportsLeft,
    SelectionToDo,
    Waiting,
    WithoutOwner,
    read_shown,
)
from services.views.ending_contracts import ending_contracts
from services.views.follow_ups import actions_waiting, follow_ups_waiting
from services.views.own_faults import own_faults
from services.views.people import names_of
from services.views.signal_list import UndecidedSignals, undecided_signals
from services.views.targets import in_time
from storage.month import rounds

# What is undecided beyond that is reached by the list of signals.
MOST_SIGNALS = 500


@dataclass(frozen=True)
class Desk:
    """All that she may see of it, her colleagues' too; `own` is what waits for her.

    What is told of each is read of those that are shown (`shown`), as long as its transaction is open.
    `beyond` is how many undecided signals there are besides, which their own list has. `in_time` is how many of the
    newest month's reports came in time, beside the target; None for who is told of no such figure.
    `counting` where an alert may follow of what is stored already, to who has alerts there.
    """

    acting: Acting
    items: Sequence[Waiting]
    beyond: int = 0
    in_time: AgainstTarget | None = None
    counting: bool = False

    @cached_property
    def own(self) -> Sequence[Waiting]:
        return [one for one in self.items if one.own]

    def shown(self, things: Sequence[Waiting]) -> list[DeskOf]:
        return read_shown(self.acting, things)


def desk(acting: Acting, most_signals: int = MOST_SIGNALS) -> Desk | Refused:
    """In her own chat or page alone: of each kind what its own view gives her, and logs."""
    if acting.channel or not acting.may(Conversation.DESK):
        why = Why.CHANNEL if acting.channel else Why.NOT_HERS
        return acting.refuse(What.CONVERSATION.of(Conversation.DESK), why)
    undecided = _undecided(acting, most_signals)
    beyond = undecided.total - len(undecided.heads)
    counting = acting.may(Conversation.ALERT_DESK) and is_still_counting(acting)
    return Desk(acting, in_order(_all(acting, undecided)), beyond, in_time(acting), counting)


def _undecided(acting: Acting, most: int) -> UndecidedSignals:
    none = UndecidedSignals((), 0)
    if not acting.may(Conversation.SIGNAL_DESK):
        return none
    found = undecided_signals(acting, most)
    return none if isinstance(found, Refused) else found


def _all(acting: Acting, undecided: UndecidedSignals) -> Iterator[Waiting]:
    """What a view would refuse her is not asked for: it would be logged as tried."""
    if acting.may(Conversation.ALERT_DESK):
        yield from _alerts(acting)
    elif acting.may(Conversation.ALERTS):
        yield from _alerts_late(acting)
    yield from _signals(acting, undecided.heads)
    if acting.may(Conversation.OWN_FAULTS):
        yield from _own_faults(acting)
    if acting.may(Conversation.FOLLOW_UPS):
        yield from _follow_ups(acting)
    yield from _decisions(acting)
    if acting.may(Conversation.UNANSWERED):
        yield from _missing_reports(acting)
    if acting.may(Conversation.MY_TASKS):
        yield from _own_reports(acting)
    if acting.may(Conversation.CLOCKS):
        yield from _team_clocks(acting) if _has_teams(acting) else _own_clocks(acting)
    elif acting.may(Conversation.SIGNAL_DESK):
        yield from _ending(acting)


def _alerts(acting: Acting) -> Iterator[Waiting]:
    """One that is taken has no last day; one that a decision is still to be recorded on is a decision."""
    found = alerts_waiting(acting)
    for one in [] if isinstance(found, Refused) else found:
        late = one.day is not None and one.day < acting.today
        sort: DeskSort = "decision" if one.undecided else "alert"
        hers = one.alert.owner_id == acting.person.id
        yield DeskThing(sort, one.alert, one.day, late, hers, one.owner)


def _signals(acting: Acting, heads: Sequence[SignalProgress]) -> Iterator[Waiting]:
    names = names_of(acting, {one.owner_id for one in heads if one.owner_id is not None})
    for one in heads:
        hers, late = one.owner_id == acting.person.id, one.is_overdue(acting.today)
        yield DeskThing("signal", one, one.last_day, late, hers, names.get(one.owner_id or PersonId(0)))


def _alerts_late(acting: Acting) -> Iterator[Waiting]:
    late = overdue_alerts(acting)
    if late:
        yield DeskThing("alert", AlertsLate(late), None, late=True, hers=True)


def _own_faults(acting: Acting) -> Iterator[Waiting]:
    """Without a day: it would tell of the event's."""
    found = own_faults(acting)
    for one in [] if isinstance(found, Refused) else found:
        if one.state in OPEN:
            yield DeskThing("signal", one, None, late=False, hers=not one.takes, owner=one.owner)


def _follow_ups(acting: Acting) -> Iterator[Waiting]:
    """An action that is reported done waits for one who may verify it."""
    me = acting.person.id
    found = follow_ups_waiting(acting)
    for row in [] if isinstance(found, Refused) else found:
        yield DeskThing("follow_up", row, row.day, bool(row.late), row.one.owner_id == me, row.owner)
    actions = actions_waiting(acting)
    for view in [] if isinstance(actions, Refused) else actions:
        one, hers = view.one, view.verifiable or view.one.owner_id == me
        yield DeskThing("action", one, one.due_on, one.late(acting.today), hers, view.owner)


def _decisions(acting: Acting) -> Iterator[Waiting]:
    if acting.may(Conversation.SELECTION):
        yield from _selection(acting)
    if acting.may(Conversation.THRESHOLD) and not_to_decide(acting.tx, acting.now) is None:
        yield DeskThing("decision", LevelsToDecide(acting.today.year), None, late=False, hers=True)
    found = proposals(acting) if acting.may(Conversation.RETENTION) else []
    for one in [] if isinstance(found, Refused) else found:
        if one.mine is not None:
            yield DeskThing("decision", one, None, late=False, hers=True)


def _selection(acting: Acting) -> Iterator[Waiting]:
    due = selection_due(acting)
    if (late := due.to_draw) is not None:
        yield DeskThing("decision", SelectionToDo(late.of, drawn=False), late.due, late=True, hers=True)
    elif due.to_lock is not None:
        yield DeskThing("decision", SelectionToDo(due.to_lock, drawn=True), None, late=False, hers=True)


def _missing_reports(acting: Acting) -> Iterator[Waiting]:
    """Of her own people's, and of what nobody answers for."""
    acting.log("read", What.UNANSWERED.of())
    for one in rounds.asking_rounds(acting.tx, acting.now):
        number = left_in(acting, one)
        if number:
            day, late = municipal_day(one.deadline), one.deadline < acting.now
            yield DeskThing("report", ReportsLeft(one.month, number, own=False), day, late, hers=True)


def _own_reports(acting: Acting) -> Iterator[Waiting]:
    left = [one for one in own_tasks(acting) if not one.answered]
    acting.log("read", What.TASKS.of(len(left)), records=0)
    deadlines = {one.month: one.deadline for one in left}
    for month, number in sorted(Counter(one.month for one in left).items()):
        day, late = municipal_day(deadlines[month]), deadlines[month] < acting.now
        yield DeskThing("report", ReportsLeft(month, number, own=True), day, late, hers=True)


def _has_teams(acting: Acting) -> bool:
    return acting.reach(DataKind.CLOCK) == Reach.OWN_PEOPLE


def _own_clocks(acting: Acting) -> Iterator[Waiting]:
    found, today = my_clocks(acting), acting.today
    if isinstance(found, Refused):
        return
    for one in found.near:
        yield DeskThing("clock", one, one.due.due, one.due.due < today, hers=True)
    for placement, contacts in found.contacts:
        yield DeskThing("clock", LateContacts(placement, contacts), None, late=True, hers=True)
    yield from _contracts(acting, found.contracts)


def _team_clocks(acting: Acting) -> Iterator[Waiting]:
    found = managers_clocks(acting)
    if isinstance(found, Refused):
        return
    for team in found.teams:
        if team.late_now or team.soon:
            yield DeskThing("clock", team, None, late=team.late_now > 0, hers=True)
    if found.unseen:
        yield DeskThing("clock", RecordedUnseen(len(found.unseen)), None, late=False, hers=True)
    if found.nobodys:
        yield DeskThing("report", WithoutOwner(found.nobodys), None, late=True, hers=True)
    yield from _contracts(acting, found.contracts)


def _ending(acting: Acting) -> Iterator[Waiting]:
    """All that end soon, which the quality team follows whoever has them."""
    found = ending_contracts(acting, None)
    contracts = [] if isinstance(found, Refused) else found.contracts
    names = names_of(acting, [one.owner_id for one in contracts if one.owner_id is not None])
    for one in contracts:
        hers, owner = one.owner_id == acting.person.id, names.get(one.owner_id or PersonId(0))
        yield DeskThing("clock", one, one.ends, one.ends < acting.today, hers, owner)


def _contracts(acting: Acting, found: Sequence[EndingContract]) -> Iterator[Waiting]:
    for one in found:
        yield DeskThing("clock", one, one.ends, one.ends < acting.today, hers=True)
