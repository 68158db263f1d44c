"""The yearly base levels: what is proposed, who would change band by it, and adopting it until the next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from followup import UnitId
from followup.log.subject import What
from followup.people import Conversation
from followup.provider import Unit
from followup.risk.base_levels import AdoptedLevels, next_base_levels, proposal_day
from followup.risk.inputs import Inputs
from followup.risk.risk_config import BaseLevels
from followup.times.calendar import end_of_day, municipal_day
from followup.times.month import Month
from followup.wording.form import Question, read
from followup.wording.wording import Problem, Wording, wording
from services.acting import Acting, Refused, Why
from services.risk.evidence import inputs_of_each
from services.risk.shifts import Shifts, compare
from services.risk.threshold import AT_ONCE, score_under_new
from storage.engine.database import Transaction
from storage.engine.locks import hold
from storage.month import rounds
from storage.register import units
from storage.risk import base_levels, coverage, scores

WHY = Question("why", "text", "base_levels")


@dataclass(frozen=True)
class BaseLevelProposal(Shifts):
    """`day` is the one on which what was known of the year before is what counts."""

    day: date
    old: AdoptedLevels
    new: BaseLevels


def in_force(tx: Transaction) -> AdoptedLevels:
    return base_levels.adopted(tx)[-1]


def of_year(tx: Transaction, year: int) -> AdoptedLevels | None:
    """Those that were adopted in the year."""
    return next((one for one in base_levels.adopted(tx) if one.levels.valid_from.year == year), None)


def not_to_decide(tx: Transaction, now: datetime) -> Wording | None:
    """Why there is nothing to decide: this year's stand, it is too early, or nothing was measured the year before."""
    newest, year = in_force(tx), municipal_day(now).year
    if newest.levels.valid_from.year >= year:
        return wording("base_levels.stand", version=newest.levels.id, year=year)
    begins = coverage.begins(tx)
    if begins is None or begins > Month(year - 1, 12):
        return wording("base_levels.nothing_measured", year=year - 1)
    due = _due(tx, year)
    if municipal_day(now) < due.day or not due.is_over(now):
        return wording("base_levels.too_early", day=due.day)
    return None


@dataclass(frozen=True)
class _Due:
    day: date
    deadline: datetime | None

    def is_over(self, now: datetime) -> bool:
        return self.deadline is None or self.deadline < now


def _due(tx: Transaction, year: int) -> _Due:
    december = rounds.by_month(tx, Month(year - 1, 12))
    deadline = december.deadline if december else None
    return _Due(proposal_day(year, deadline), deadline)


def propose(tx: Transaction, now: datetime) -> BaseLevelProposal | Wording:
    """The proposal of the year, and what it would do; or why there is nothing to decide."""
    if standing := not_to_decide(tx, now):
        return standing
    day, new = _proposed(tx, now)

    def both(some: Sequence[Unit], on: date) -> Iterator[tuple[Unit, Sequence[Inputs]]]:
        for unit, [old] in inputs_of_each(tx, some, on, end_of_day(on)):
            yield unit, [old, replace(old, base_levels=new.with_own(old.segment, unit.care.level))]

    return BaseLevelProposal(**vars(compare(tx, both, now)), day=day, old=in_force(tx), new=new)


def _proposed(tx: Transaction, now: datetime) -> tuple[date, BaseLevels]:
    """Frozen on its day: what is registered later of the year before moves it no more."""
    year = municipal_day(now).year
    day, last = _due(tx, year).day, date(year - 1, 12, 31)
    config, old = scores.method_on(tx, day)
    known = inputs_of_each(tx, units.followed_units(tx), last, end_of_day(day), config)
    of_year = (inputs for _, [inputs] in known)
    return day, next_base_levels(year, municipal_day(now), old, config, of_year)


def numbers(levels: BaseLevels) -> dict[str, str]:
    """By segment, and `q` per answered report, as they are carried and logged."""
    return {**{segment: str(level) for segment, level in levels.levels.items()}, "q": str(levels.per_report)}


def adopt(
    acting: Acting, typed: Mapping[str, str], shown: Mapping[str, str], new: BaseLevels | None
) -> AdoptedLevels | Refused:
    """Stores the year's levels; what is scored from today on is scored with them.

    `shown` are the numbers that she saw, and `new` those that were worked out beside the writer just before: refused
    where the register has moved them between.
    """
    tx, now = acting.tx, acting.now
    if not acting.may(Conversation.THRESHOLD):
        return acting.refuse(What.BASE_LEVELS.of())
    hold(tx, "method")
    if standing := not_to_decide(tx, now):
        return Refused(Why.DONE, (Problem("why", standing),))
    if new is None or numbers(new) != shown:
        return Refused(Why.CHANGED, (Problem("why", wording("base_levels.moved")),))
    answers, problems = read([WHY], typed, acting.today)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    adopted = AdoptedLevels(new, acting.person.name)
    base_levels.adopt(tx, adopted, answers["why"], now)
    detail = ", ".join(f"{name} {level}" for name, level in numbers(new).items())
    acting.log("write", What.BASE_LEVELS.of(new.id), detail=detail[:300])
    score_under_new(tx, now, UnitId(0), AT_ONCE)
    return adopted
