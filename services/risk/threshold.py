"""Changing the risk method's numbers: which units would change band, and adopting the change from a day on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from followup import UnitId
from followup.log.subject import What
from followup.people import Conversation
from followup.provider import Unit
from followup.risk.bands import Judgement, judge, reading
from followup.risk.inputs import Inputs
from followup.risk.risk import score
from followup.risk.risk_config import FIRST_BASE_LEVELS, FIRST_CONFIG, RiskConfig
from followup.risk.risk_parameters import WEIGHING, Changes, changed
from followup.times.calendar import end_of_day, municipal_day
from followup.wording.form import Answers, Question, read
from followup.wording.wording import Problem, Wording, wording
from services.acting import Acting, Refused, Why
from services.risk.evidence import inputs_of_each
from services.risk.scoring import rescore
from services.risk.shifts import Counted, Shifts, compare, counted
from storage.engine.database import Transaction
from storage.engine.locks import hold
from storage.register import units
from storage.risk import risk_configs, scores

VALID_FROM = Question("valid_from", "date", "threshold", may_be_future=True)
WHY = Question("why", "text", "threshold")
LONGEST_AHEAD = timedelta(days=366)
# So many units are scored in the transaction that adopts the change.
AT_ONCE = 10


@dataclass(frozen=True)
class Preview(Shifts):
    """What a change of the base would do."""

    base: RiskConfig
    changes: Changes


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
    base = base_config(tx)

    def both(some: Sequence[Unit], day: date) -> Iterator[tuple[Unit, Sequence[Inputs]]]:
        return _tried(tx, some, day, base, [changes])

    return Preview(**vars(compare(tx, both, now)), base=base, changes=changes)


def _tried(
    tx: Transaction, some: Iterable[Unit], day: date, base: RiskConfig, tried: Sequence[Changes]
) -> Iterator[tuple[Unit, Sequence[Inputs]]]:
    """Of each unit its evidence under the base, and then under each of the changes of it.

    Weighed anew only where the weights change.
    """
    configs, known_until = [changed(base, one) for one in tried], end_of_day(day)
    if any(WEIGHING & set(one) for one in tried):
        yield from inputs_of_each(tx, some, day, known_until, base, *configs)
        return
    for unit, [inputs] in inputs_of_each(tx, some, day, known_until, base):
        yield unit, [inputs, *(replace(inputs, config=one) for one in configs)]


@dataclass(frozen=True)
class UnitsWith:
    """What today's evidence alone makes of the units with a number, whatever they were before."""

    value: Decimal
    units: Counted


def reached_with(tx: Transaction, name: str, values: Sequence[Decimal], now: datetime) -> list[UnitsWith]:
    """With each of the values of one number; all else stays as it was adopted last."""
    base, today = base_config(tx), municipal_day(now)
    judged: list[list[Judgement]] = [[] for _ in values]
    changes = [{name: value} for value in values]
    for _, [_, *each] in _tried(tx, units.followed_units(tx), today, base, changes):
        for tried, found in zip(each, judged, strict=True):
            found.append(judge(tried, reading(score(tried).level, tried.config)))
    return [
        UnitsWith(value, counted(found, sum(one.rate == "red" for one in found)))
        for value, found in zip(values, judged, strict=True)
    ]


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
    hold(acting.tx, "method")
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
    # The next wake goes on with the others, a piece at a time.
    score_under_new(tx, now, UnitId(0), AT_ONCE)
    return config


def number_of(config: RiskConfig) -> int:
    return int(config.id.rpartition("-")[2])


def score_under_new(tx: Transaction, now: datetime, after: UnitId, most: int) -> tuple[int, UnitId | None]:
    """Of so many units after the one named, scores those whose newest score was made before the numbers of today held.

    How many were scored, and the last that was looked at, None where there are no more of them.
    """
    some = [] if _only_first_method(tx) else units.units_after(tx, after, most)
    if not some:
        return 0, None
    config, levels = scores.method_on(tx, municipal_day(now))
    otherwise = risk_configs.units_scored_otherwise(tx, config.id, levels.id, after, some[-1].id)
    for unit_id in sorted(otherwise):
        rescore(tx, unit_id, now)
    return len(otherwise), some[-1].id


def _only_first_method(tx: Transaction) -> bool:
    return risk_configs.number_of_versions(tx) == len((FIRST_CONFIG, FIRST_BASE_LEVELS))


def config_numbered(tx: Transaction, number: int) -> RiskConfig:
    """The adopted version, or the one in force where there is none such."""
    return next((one for one in risk_configs.adopted(tx) if number_of(one) == number), base_config(tx))
