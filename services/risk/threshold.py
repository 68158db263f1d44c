"""Changing the risk method's numbers: which units would change band, and adopting the change from a day on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from followup.form import Answers, Question, read
from followup.log.subject import What
from followup.people import Conversation
from followup.provider import Unit
from followup.risk.bands import BandState, Judgement, judge, next_state
from followup.risk.inputs import Inputs
from followup.risk.risk import score
from followup.risk.risk_config import RiskConfig
from followup.risk.risk_parameters import WEIGHING, Changes, changed
from followup.times.calendar import end_of_day, municipal_day
from followup.times.month import Month
from followup.wording import Problem, Wording, wording
from services.acting import Acting, Refused, Why
from services.risk.evidence import inputs_of
from services.risk.scoring import rescore
from storage import units
from storage.engine.database import Transaction
from storage.risk import risk_configs, scores

VALID_FROM = Question("valid_from", "date", "threshold", may_be_future=True)
WHY = Question("why", "text", "threshold")
MONTHS_BACK = 24
LONGEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Shift:
    """A unit whose shown band would be another on a day, had the change held all the time.

    `at_once` is what it is on the day that the change is adopted, since a band goes down only at month ends.
    """

    unit: Unit
    day: date
    before: Judgement
    after: Judgement
    at_once: Judgement

    @property
    def waits(self) -> bool:
        return _seen(self.at_once) != _seen(self.after)


@dataclass(frozen=True)
class Preview:
    """`month_ends` and `units` say how much was compared."""

    base: RiskConfig
    changes: Changes
    today: tuple[Shift, ...]
    past: tuple[Shift, ...]
    units: int
    month_ends: int


@dataclass(frozen=True)
class _Step:
    shift: Shift
    month_end: bool

    @property
    def differs(self) -> bool:
        return _seen(self.shift.before) != _seen(self.shift.after)


def _seen(judgement: Judgement) -> tuple[str, bool]:
    """What a reader sees: the band, and for green whether the evidence is enough to call it that."""
    return judgement.band, judgement.enough or judgement.band != "green"


def base_config(tx: Transaction) -> RiskConfig:
    """What a change is made to: the configuration that was adopted last, also when it is yet to hold."""
    return risk_configs.adopted(tx)[-1]


def earliest_start(tx: Transaction, now: datetime) -> date:
    """A change holds from today at the earliest, so that no month's end that is read can get another answer."""
    return max(municipal_day(now), base_config(tx).valid_from + timedelta(days=1))


def wrong_start(tx: Transaction, day: date, now: datetime) -> Wording | None:
    """Why a change cannot hold from the day; a day far ahead would be in the way of every change before it."""
    earliest, latest = earliest_start(tx, now), municipal_day(now) + LONGEST_AHEAD
    if day < earliest:
        return wording("threshold.too_early", earliest=earliest)
    if day > max(earliest, latest):
        return wording("threshold.too_late", latest=max(earliest, latest))
    return None


def preview(tx: Transaction, changes: Changes, now: datetime) -> Preview:
    """Scores the stored evidence anew with both configurations, today and at every month's end of 24 months."""
    base, today = base_config(tx), municipal_day(now)
    followed = units.followed_units(tx)
    steps = [step for unit in followed for step in _walk(tx, unit, base, changes, today)]
    ends = [step for step in steps if step.month_end]
    return Preview(
        base=base,
        changes=changes,
        today=tuple(step.shift for step in steps if step.shift.day == today and step.differs),
        past=tuple(step.shift for step in ends if step.differs),
        units=len(followed),
        month_ends=len({step.shift.day for step in ends}),
    )


def _walk(tx: Transaction, unit: Unit, base: RiskConfig, changes: Changes, today: date) -> Iterator[_Step]:
    """The unit's readings in order with either configuration, from the band that it had before them."""
    first = Month.of(today).plus(-MONTHS_BACK).first
    earlier = scores.latest_month_end(tx, unit.id, first - timedelta(days=1))
    before = after = earlier.state if earlier else BandState()
    for day, month_end in [*_days(tx, unit, first, today), (today, False)]:
        old = inputs_of(tx, unit, day, end_of_day(day), base)
        new = _tried(tx, unit, old, changes)
        at_once = _next(before, new, month_end)
        before, after = _next(before, old, month_end), _next(after, new, month_end)
        bands = judge(old, before.band), judge(new, after.band), judge(new, at_once.band)
        yield _Step(Shift(unit, day, *bands), month_end)


def _days(tx: Transaction, unit: Unit, first: date, today: date) -> list[tuple[date, bool]]:
    """Every month's end that was read, and between them the month's highest reading: a band rises at once."""
    found = risk_configs.reading_days(tx, unit.id, first, today - timedelta(days=1))
    highest: dict[Month, risk_configs.ReadingDay] = {}
    for one in found:
        if not one.month_end:
            month = Month.of(one.as_of)
            highest[month] = max(highest.get(month, one), one, key=lambda each: each.index)
    ends = [(one.as_of, True) for one in found if one.month_end]
    return sorted([*ends, *((one.as_of, False) for one in highest.values())])


def _tried(tx: Transaction, unit: Unit, old: Inputs, changes: Changes) -> Inputs:
    """The same evidence under the changed configuration; gathered anew only where its weights change."""
    config = changed(old.config, changes)
    if WEIGHING & set(changes):
        return inputs_of(tx, unit, old.as_of, end_of_day(old.as_of), config)
    return replace(old, config=config)


def _next(state: BandState, inputs: Inputs, month_end: bool) -> BandState:
    scored = score(inputs)
    return next_state(state, scored.level, month_end, inputs.config)


def preview_for(acting: Acting, changes: Changes) -> Preview | Refused:
    """The same for somebody: counts and bands of units, which the method is about, and no child."""
    if not acting.may(Conversation.THRESHOLD):
        return acting.refuse(What.RISK_CONFIG.of())
    return preview(acting.tx, changes, acting.now)


def read_adoption(tx: Transaction, typed: Mapping[str, str], now: datetime) -> tuple[Answers, list[Problem]]:
    """From when and why, and all that is wrong with that."""
    answers, problems = read([VALID_FROM, WHY], typed, municipal_day(now))
    if "valid_from" not in {problem.field for problem in problems}:
        wrong = wrong_start(tx, date.fromisoformat(answers["valid_from"]), now)
        problems += [Problem("valid_from", wrong)] if wrong else []
    return answers, problems


def adopt(acting: Acting, changes: Changes, typed: Mapping[str, str], base: int) -> RiskConfig | Refused:
    """Stores the next configuration; what is scored from its first day on is scored with it.

    `base` is the number of the one that the change was made to; refused where another has been adopted since.
    """
    if not acting.may(Conversation.THRESHOLD):
        return acting.refuse(What.RISK_CONFIG.of())
    newest = base_config(acting.tx)
    if number_of(newest) != base:
        stale = Problem("valid_from", wording("threshold.other_adopted", version=newest.id))
        return Refused(Why.CHANGED, (stale,))
    answers, problems = read_adoption(acting.tx, typed, acting.now)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    return _adopt(acting, changes, date.fromisoformat(answers["valid_from"]), answers["why"])


def _adopt(acting: Acting, changes: Changes, valid_from: date, reason: str) -> RiskConfig:
    tx, now = acting.tx, acting.now
    base = base_config(tx)
    # The first is called as the method is, and those after it are numbered on from it.
    number = number_of(base) + 1
    numbers = changed(base, changes)
    config = replace(numbers, id=f"risk-{number}", valid_from=valid_from, decided_by=acting.person.name)
    risk_configs.adopt(tx, config, reason, now)
    detail = ", ".join(f"{name} {value}" for name, value in changes.items())
    acting.log("write", What.RISK_CONFIG.of(config.id), detail=detail[:300])
    score_under_new(tx, now)
    return config


def number_of(config: RiskConfig) -> int:
    return int(config.id.rpartition("-")[2])


def score_under_new(tx: Transaction, now: datetime, most: int | None = None) -> int:
    """Scores the units, so many of them, whose newest score was made before the configuration of today held."""
    if len(risk_configs.adopted(tx)) == 1:
        return 0
    config, _ = scores.method_on(tx, municipal_day(now))
    otherwise = risk_configs.units_scored_otherwise(tx, config.id)[:most]
    for unit_id in otherwise:
        rescore(tx, unit_id, now)
    return len(otherwise)
