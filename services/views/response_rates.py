"""How many of the reports are in, month by month: all of them for the quality team, a manager's own teams' for her."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from followup.access.access import DataKind
from followup.month.rounds import Round
from followup.times.calendar import municipal_day
from followup.times.month import Month, Months
from followup.wording.share import percent_of
from services.acting import Acting
from services.own_people import OwnPeople
from storage.month import rounds
from storage.overview import response_rates

MONTHS_SHOWN = 6


@dataclass(frozen=True)
class ResponseRate:
    """Of one month; `last_day` is when its answers are due while it can still be answered, None once it is closed."""

    month: Month
    answered: int
    asked: int
    last_day: date | None = None

    @property
    def percent(self) -> int:
        return percent_of(Fraction(self.answered, self.asked))


@dataclass(frozen=True)
class Returned:
    answered: int
    asked: int


@dataclass(frozen=True)
class TeamRate:
    """A manager's team beside an earlier time; `team` is empty for those of her people without one."""

    team: str
    answered: int
    asked: int
    before: Returned | None

    @property
    def missing(self) -> int:
        return self.asked - self.answered


@dataclass(frozen=True)
class TeamRates:
    """`months` are those of the time that reports were asked for, None where none were; `before` the same earlier.

    `answerable` is until when the newest of them can still be answered. Nothing is hidden of a sum over months that
    each of the months would not tell: she sees of each of her people how many are left.
    """

    rows: Sequence[TeamRate]
    months: Months | None
    before: Months | None
    answerable: date | None


def rates_of_teams(acting: Acting, now: Months, back: int) -> TeamRates | None:
    """By the teams of her own people, where she is told of theirs alone; None for who is not told by team.

    Beside as many months that lie so many months `back`.
    """
    own = OwnPeople(acting, DataKind.RESPONSES)
    if own.all:
        return None
    asked = _asked_in(acting, now)
    if not asked:
        return TeamRates((), None, None, None)
    months = Months(asked[0].month, asked[-1].month)
    before = Months(months.first.plus(-back), months.last.plus(-back))
    then = _by_team(acting, own, _asked_in(acting, before))
    rows = [
        TeamRate(team, one.answered, one.asked, then.get(team))
        for team, one in sorted(_by_team(acting, own, asked).items())
    ]
    return TeamRates(rows, months, before, _answerable(acting, asked[-1]))


def _asked_in(acting: Acting, months: Months) -> list[Round]:
    return [one for one in rounds.every(acting.tx) if months.first <= one.month <= months.last]


def _by_team(acting: Acting, own: OwnPeople, asked_in: Sequence[Round]) -> dict[str, Returned]:
    asked, answered = Counter[str](), Counter[str]()
    for round_ in asked_in:
        day = response_rates.last_day(round_, acting.now)
        for one in response_rates.of_round(acting.tx, round_, day, own.led):
            if own.has(one.person_id):
                asked[own.team_of(one.person_id)] += one.asked
                answered[own.team_of(one.person_id)] += one.answered
    return {team: Returned(answered[team], number) for team, number in asked.items() if number}


def rates_of(acting: Acting, asked: Sequence[Round]) -> list[ResponseRate]:
    """Of the rounds with something to answer; counts alone, so that nothing of a child is read."""
    own = OwnPeople(acting, DataKind.RESPONSES)
    if own.all:
        counted = response_rates.totals(acting.tx, [one.id for one in asked])
        found = [_rate(acting, one, *counted.get(one.id, (0, 0))) for one in asked]
    else:
        found = [_rate(acting, one, *_of_own(acting, own, one)) for one in asked]
    return [one for one in found if one.asked]


def _of_own(acting: Acting, own: OwnPeople, round_: Round) -> tuple[int, int]:
    day = response_rates.last_day(round_, acting.now)
    seen = [one for one in response_rates.of_round(acting.tx, round_, day, own.led) if own.has(one.person_id)]
    return sum(one.asked for one in seen), sum(one.answered for one in seen)


def _rate(acting: Acting, round_: Round, asked: int, answered: int) -> ResponseRate:
    return ResponseRate(round_.month, answered, asked, _answerable(acting, round_))


def _answerable(acting: Acting, round_: Round) -> date | None:
    return None if round_.closes_at <= acting.now else municipal_day(round_.deadline)


def newest_rates(acting: Acting, number: int = MONTHS_SHOWN) -> list[ResponseRate]:
    """Of the newest months, newest first."""
    return rates_of(acting, rounds.newest(acting.tx, number))
