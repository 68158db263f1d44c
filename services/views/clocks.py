"""The clocks as they may be seen and as it is logged: a worker's own, and a manager's teams as counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followup import PlacementId
from followup.access.access import DataKind, Reach
from followup.clocks.clock import CONTRACT_REMIND_DAYS, REMIND_DAYS, LawClock
from followup.clocks.done import ClockDone
from followup.clocks.due import ClockDue, due_between
from followup.log.subject import What
from followup.month.contacts import overdue_contacts
from followup.people import Conversation, Role
from followup.placement import Placement
from followup.provider import EndingContract
from followup.times.month import Month
from services.acting import Acting, Refused
from services.clocks.own_clocks import RunningClock, may_see_own, own_placements, running, times_by_placement
from services.own_people import OwnPeople
from storage.clocks import done
from storage.clocks.contracts import crowded_homes, ending
from storage.clocks.own import clocks
from storage.month import care

# What lies further ahead is only counted, and what was recorded longer ago is not shown.
AHEAD, RECENT = timedelta(days=90), timedelta(days=60)
YEAR = timedelta(days=365)
MOST_IN_A_HOME = 3


@dataclass(frozen=True)
class MyClocks:
    """`near` are overdue or within the next days, the next last day first; `later` is how many more there are.

    `contacts` are those overdue by the municipality's routine, by placement; `contracts` those that she answers for.
    """

    placements: int
    near: Sequence[RunningClock]
    later: int
    contacts: Sequence[tuple[Placement, Sequence[str]]]
    contracts: Sequence[EndingContract]
    recorded: Sequence[tuple[ClockDone, LawClock]]


def my_clocks(acting: Acting, *, ahead: timedelta = AHEAD) -> MyClocks | Refused:
    if not may_see_own(acting):
        return acting.refuse(What.CLOCKS.of())
    own, today = own_placements(acting), acting.today
    found = running(acting, own)
    near = [one for one in found if one.due.due <= today + ahead]
    contacts = _contacts(acting, [one for one in own if one.starts <= today <= (one.ends or today)])
    recorded = _recorded(acting, own)
    shown = {one.placement.id for one in near} | {one.id for one, _ in contacts}
    shown |= {one.placement_id for one, _ in recorded}
    acting.log("read", What.CLOCKS.of(len(near)), seen=What.PLACEMENT.each(sorted(shown)))
    return MyClocks(len(own), near, len(found) - len(near), contacts, _own_contracts(acting), recorded)


def _contacts(acting: Acting, own: Sequence[Placement]) -> list[tuple[Placement, Sequence[str]]]:
    limits = acting.municipality.contact_days
    first = Month.of(acting.today - timedelta(days=limits.longest))
    known = care.known_last(acting.tx, [one.id for one in own], first, acting.now)
    late = {one.placement_id: overdue_contacts(one, limits, acting.today) for one in known}
    return [(one, late[one.id]) for one in own if late[one.id]]


def _own_contracts(acting: Acting) -> list[EndingContract]:
    until = acting.today + timedelta(days=max(CONTRACT_REMIND_DAYS))
    return ending(acting.tx, acting.today, until, acting.person.id)


def _recorded(acting: Acting, own: Sequence[Placement]) -> list[tuple[ClockDone, LawClock]]:
    """What she recorded lately, newest first, which she may take back."""
    by_code = {one.code: one for one in clocks(acting.tx)}
    since = acting.now - RECENT
    found = done.of_cases(acting.tx, sorted({one.case_reference for one in own}))
    mine = [one for one in found if one.author_id == acting.person.id and one.recorded_at >= since]
    return [(one, by_code[one.clock]) for one in reversed(mine) if one.clock in by_code]


@dataclass(frozen=True)
class TeamClocks:
    """Counts of one team's placements: no child, no home. `team` is empty for those of people without one.

    `late_before` is how many were overdue at the end of the month before, `due_in_year` those whose last day fell in
    the last twelve months, and `in_time` how many of them were done by it; `untold` are those of which it is not known.
    """

    team: str
    placements: int
    late: Mapping[str, int]
    late_before: int
    soon: int
    in_time: int
    due_in_year: int
    untold: int

    @property
    def late_now(self) -> int:
        return sum(self.late.values())


@dataclass(frozen=True)
class ManagersClocks:
    """`nobodys` placements nobody answers for; `unseen` is what her people recorded, by name, without the child.

    `contracts` are those that she answers for, or that nobody who is told of clocks does; `crowded` are homes with more
    children than three. What is counted of a year is counted from `year_from` to `year_to`, yesterday, and `target` is
    how many percent of it are to be done in time, 0 where none is set.
    """

    day: date
    before: date
    year_from: date
    year_to: date
    teams: Sequence[TeamClocks]
    clocks: Mapping[str, LawClock]
    nobodys: int
    unseen: Sequence["Recorded"]
    contracts: Sequence[EndingContract]
    crowded: Sequence["CrowdedHome"]
    target: int


@dataclass(frozen=True)
class Recorded:
    """`by` is the name of whoever did."""

    done: ClockDone
    by: str


@dataclass(frozen=True)
class CrowdedHome:
    unit_name: str
    children: int


@dataclass(frozen=True)
class DoneInTime:
    """Of the `due` clocks whose last day fell within the days, how many were done by it; `untold` are not known of."""

    first: date
    last: date
    in_time: int
    due: int
    untold: int


def done_in_time(acting: Acting) -> DoneInTime | None:
    """The one figure alone, of all her people's placements; none for those who have no people's clocks."""
    if not _has_teams(acting):
        return None
    acting.log("read", What.CLOCKS.of(), records=0)
    times = times_by_placement(acting.tx, acting.led_placements, acting.now, acting.answers_lately)
    return _of_the_year((one for of in times.values() for one in of), acting.today)


def _of_the_year(times: Iterable[ClockDue], today: date) -> DoneInTime:
    first, last = _year_to_yesterday(today)
    fell = due_between(times, first, last)
    due = [one for one in fell if one.known]
    return DoneInTime(first, last, sum(one.in_time for one in due), len(due), len(fell) - len(due))


def _has_teams(acting: Acting) -> bool:
    return acting.may(Conversation.CLOCKS) and acting.reach(DataKind.CLOCK) == Reach.OWN_PEOPLE


def managers_clocks(acting: Acting) -> ManagersClocks | Refused:
    """Of the manager's own people's placements, and of what nobody answers for."""
    if not _has_teams(acting):
        return acting.refuse(What.CLOCKS.of())
    acting.log("read", What.CLOCKS.of(), records=0)
    own, today = OwnPeople(acting, DataKind.CLOCK), acting.today
    hers = acting.led_placements
    times = times_by_placement(acting.tx, hers, acting.now)
    by_team: defaultdict[str, list[Placement]] = defaultdict(list)
    for one in hers:
        by_team[own.team_of(one.owner_id)].append(one)
    before = Month.of(today).previous.last
    until = today + timedelta(days=max(CONTRACT_REMIND_DAYS))
    return ManagersClocks(
        today,
        before,
        *_year_to_yesterday(today),
        [_counted(team, by_team[team], times, today, before) for team in sorted(by_team)],
        {one.code: one for one in clocks(acting.tx)},
        _nobodys(own, hers, today),
        _unseen(acting, own, hers),
        ending(acting.tx, today, until, acting.person.id, not_of=_told_of_clocks(acting)),
        [CrowdedHome(*one) for one in crowded_homes(acting.tx, today, MOST_IN_A_HOME)],
        acting.municipality.targets.clocks,
    )


def _told_of_clocks(acting: Acting) -> list[Role]:
    """Who has one of these roles is told of the contracts that she answers for, and no other manager for her."""
    return [role for role in Role if acting.municipality.access.allows(role, Conversation.CLOCKS)]


def _nobodys(own: OwnPeople, placements: Sequence[Placement], today: date) -> int:
    """How many that have not ended are owned by nobody, or by somebody who has left."""
    who = own.named(one.owner_id for one in placements if one.owner_id is not None)
    here = {one.id for one in who.values() if one.active}
    return sum(one.owner_id not in here and (one.ends is None or one.ends >= today) for one in placements)


def _year_to_yesterday(today: date) -> tuple[date, date]:
    return today - YEAR, today - timedelta(days=1)


def _counted(
    team: str,
    placements: Sequence[Placement],
    times: Mapping[PlacementId, Sequence[ClockDue]],
    today: date,
    before: date,
) -> TeamClocks:
    all_ = [one for placement in placements for one in times[placement.id]]
    year = _of_the_year(all_, today)
    soon = today + timedelta(days=max(REMIND_DAYS))
    return TeamClocks(
        team,
        sum(1 for one in placements if one.starts <= today <= (one.ends or today)),
        Counter(one.clock.code for one in all_ if one.overdue(today)),
        sum(one.overdue_then(before) for one in all_),
        sum(one.open_on(today) and today <= one.due <= soon for one in all_),
        year.in_time,
        year.due,
        year.untold,
    )


def _unseen(acting: Acting, own: OwnPeople, placements: Iterable[Placement]) -> list[Recorded]:
    found = done.of_cases(acting.tx, sorted({one.case_reference for one in placements}))
    waiting = [one for one in found if one.seen_at is None and own.has(one.author_id)]
    return [Recorded(one, own.led[one.author_id].name) for one in waiting]
