"""How far it is to the municipality's targets: reports in time, plans on file, and clocks done by their last day."""

from collections.abc import Iterator
from datetime import date

from followup.access.access import DataKind, Reach
from followup.access.targets import AgainstTarget, Measure
from followup.month.plans import PLANS
from followup.month.rounds import Round
from followup.times.month import Month
from services.acting import Acting
from services.own_people import OwnPeople
from services.views.clocks import done_in_time
from services.views.response_rates import MONTHS_SHOWN, rates_of
from storage.month import plans, rounds
from storage.overview import response_rates


def against_targets(acting: Acting) -> list[AgainstTarget]:
    """Of all for the quality team, which has no clocks; of her own people's for a manager; none where none is set."""
    return [*_in_time(acting), *_plans(acting), *_clocks(acting)]


def in_time(acting: Acting) -> AgainstTarget | None:
    """Of the newest month that can be answered no more."""
    return next(_in_time(acting), None)


def _measured(
    acting: Acting,
    measure: Measure,
    part: int,
    whole: int,
    about: Month | tuple[date, date] | None = None,
    untold: int = 0,
) -> Iterator[AgainstTarget]:
    target = acting.municipality.targets.of(measure)
    if target and whole:
        yield AgainstTarget(measure, part, whole, target, about, untold)


def _in_time(acting: Acting) -> Iterator[AgainstTarget]:
    closed = [
        one for one in rounds.newest(acting.tx, MONTHS_SHOWN) if one.asks and one.closes_at <= acting.now
    ]
    if not closed or acting.reach(DataKind.RESPONSES) == Reach.NOTHING:
        return
    for rate in rates_of(acting, closed[:1]):
        in_time = rate.answered - _late(acting, closed[0])
        yield from _measured(acting, "in_time", in_time, rate.asked, rate.month)


def _late(acting: Acting, round_: Round) -> int:
    own = OwnPeople(acting, DataKind.RESPONSES)
    day = response_rates.last_day(round_, acting.now)
    late = response_rates.late_in(acting.tx, round_, day)
    return sum(one.answered for one in late if own.has(one.person_id))


def _plans(acting: Acting) -> Iterator[AgainstTarget]:
    """Of today's placements, what is last known; what nobody has said, or need not be, is not counted."""
    if acting.reach(DataKind.MISSING) != Reach.OWN_PEOPLE:
        return
    open_ = OwnPeople(acting, DataKind.MISSING).open_placements
    month = Month.of(acting.today)
    known = plans.states(acting.tx, [one.id for one in open_], month, acting.now, acting.answers_lately)
    states = [one[plan] for one in known.values() for plan in PLANS]
    there, missing = states.count("on_file"), states.count("missing")
    yield from _measured(acting, "plans", there, there + missing)


def _clocks(acting: Acting) -> Iterator[AgainstTarget]:
    """Of those whose last day fell in the last twelve months, and of which it is known."""
    found = done_in_time(acting)
    if found is not None:
        about = (found.first, found.last)
        yield from _measured(acting, "clocks", found.in_time, found.due, about, found.untold)
