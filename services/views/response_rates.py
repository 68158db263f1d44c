"""How many of the reports are in, month by month: all of them for the quality team, a manager's own teams' for her."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from followup.access.access import DataKind
from followup.month.rounds import Round
from followup.times.calendar import municipal_day
from followup.times.month import Month
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
class TeamRate:
    """A manager's team in a month beside the month before; `team` is empty for those of her people without one."""

    team: str
    answered: int
    asked: int
    before: ResponseRate | None

    @property
    def missing(self) -> int:
        return self.asked - self.answered


def rates_of_teams(acting: Acting, month: Month) -> list[TeamRate]:
    """By the teams of her own people, where she is told of theirs alone; of no others."""
    own = OwnPeople(acting, DataKind.RESPONSES)
    if own.all:
        return []
    now, before = (_by_team(acting, own, one) for one in (month, month.previous))
    return [TeamRate(team, one.answered, one.asked, before.get(team)) for team, one in sorted(now.items())]


def _by_team(acting: Acting, own: OwnPeople, month: Month) -> dict[str, ResponseRate]:
    round_ = rounds.by_month(acting.tx, month)
    if round_ is None:
        return {}
    day = response_rates.last_day(round_, acting.now)
    asked, answered = Counter[str](), Counter[str]()
    for one in response_rates.of_round(acting.tx, round_, day, own.led):
        if own.has(one.person_id):
            asked[own.team_of(one.person_id)] += one.asked
            answered[own.team_of(one.person_id)] += one.answered
    return {team: _rate(acting, round_, number, answered[team]) for team, number in asked.items() if number}


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
    last_day = None if round_.closes_at <= acting.now else municipal_day(round_.deadline)
    return ResponseRate(round_.month, answered, asked, last_day)


def newest_rates(acting: Acting, number: int = MONTHS_SHOWN) -> list[ResponseRate]:
    """Of the newest months, newest first."""
    return rates_of(acting, rounds.newest(acting.tx, number))
