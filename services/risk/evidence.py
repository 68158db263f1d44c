"""Gathers the inputs of a unit's score as known at a moment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from followup.month.findings import LETTERS, ReportFinding, about_care, findings
from followup.placement import days_in_months
from followup.provider import Unit
from followup.risk.counting import NOT_CARE
from followup.risk.inputs import CONCERN, REGISTERED, REPORT_MISSING, Exposure, Inputs, Item, ItemKind
from followup.risk.risk_config import BaseLevels, RiskConfig
from followup.signals.signal import REASONS_THAT_COUNT, item_of
from followup.times.calendar import municipal_day
from followup.times.month import Month, Months, months_between
from services.risk.known import KnownOfUnit, known_of, known_of_each
from services.risk.safety import open_notices
from storage.engine.database import Transaction
from storage.risk import coverage, scores
from storage.risk.evidence import ReportFact
from storage.risk.report_items import JudgedItem

REGISTER_LETTER = "P"


# So many units are read together: more take hardly less each, and hold more in memory.
TOGETHER = 50


def inputs_of(
    tx: Transaction, unit: Unit, as_of: date, known_until: datetime, config: RiskConfig | None = None
) -> Inputs:
    """With the configuration in force on the day, unless another is to be tried; the unit has a segment."""
    known = known_of(tx, unit.id, as_of, known_until)
    return _Reading.of(tx, as_of, known_until).inputs(tx, unit, known, config)


def inputs_of_each(
    tx: Transaction, some: Iterable[Unit], as_of: date, known_until: datetime, *tried: RiskConfig
) -> Iterator[tuple[Unit, Sequence[Inputs]]]:
    """The same of many units in the order of their ids, of each under every configuration that is to be tried.

    So many of them are read together, and what is known of each once.
    """
    ordered, reading = sorted(some, key=lambda one: one.id), _Reading.of(tx, as_of, known_until)
    for at in range(0, len(ordered), TOGETHER):
        together = ordered[at : at + TOGETHER]
        known = known_of_each(tx, [one.id for one in together], as_of, known_until)
        for unit in together:
            yield unit, [reading.inputs(tx, unit, known[unit.id], one) for one in tried or (None,)]


@dataclass(frozen=True)
class _Reading:
    """What the inputs of every unit have in common, which is read once."""

    as_of: date
    known_until: datetime
    in_force: RiskConfig
    base_levels: BaseLevels
    coverage: Month | None

    @classmethod
    def of(cls, tx: Transaction, as_of: date, known_until: datetime) -> "_Reading":
        return cls(as_of, known_until, *scores.method_on(tx, as_of), coverage.begins(tx))

    def inputs(self, tx: Transaction, unit: Unit, known: KnownOfUnit, config: RiskConfig | None) -> Inputs:
        assert unit.segment is not None
        as_of, config = self.as_of, config or self.in_force
        of_reports = _report_items(known.facts, as_of, municipal_day(self.known_until), config)
        unsigned = [*of_reports, *_registered(known, config)]
        return Inputs(
            unit=unit.key,
            segment=unit.segment,
            as_of=as_of,
            items=(
                *(item_of(signal, config) for signal in known.signals),
                *(_as_judged(item, known.judged.get(item.id)) for item in unsigned),
            ),
            exposure=_exposure(known, as_of),
            config=config,
            base_levels=self.base_levels.with_own(unit.segment, unit.care.level),
            coverage=self.coverage,
            notices=open_notices(tx, unit, as_of, self.known_until, known),
        )


def _report_items(
    facts: Sequence[ReportFact], as_of: date, known_on: date, config: RiskConfig
) -> Iterator[Item]:
    """Each row of a report that is evidence; what the provider has not sent is none until it is late."""
    late_from = int(config.report_late_from)
    for fact in facts:
        for found in findings(fact.answers, fact.month, late_from) if fact.task_id is not None else ():
            kind = ItemKind(found)
            is_due = known_on - fact.month.last >= timedelta(days=late_from)
            if kind != REPORT_MISSING or is_due:
                beside = NOT_CARE if kind == CONCERN and not about_care(fact.answers) else None
                yield _report_item(fact, found, as_of, config, beside)


def _report_item(
    fact: ReportFact, found: ReportFinding, as_of: date, config: RiskConfig, beside: str | None
) -> Item:
    number = f"{LETTERS[found]}-{fact.task_id}"
    weight = Decimal(0) if beside else getattr(config, POINTS[found])
    day = min(fact.month.last, as_of)
    return Item(
        number, fact.version, ItemKind(found), day, weight, zero_because=beside, placement=fact.placement_id
    )


# By kind the parameter that says what it weighs where nobody has graded it.
POINTS: Mapping[str, str] = {
    "unsafe": "points_unsafe",
    "concern": "points_concern",
    "provider_report_missing": "points_report_missing",
    "provider_report_late": "points_report_flawed",
    "provider_report_poor": "points_report_flawed",
    REGISTERED: "points_replacement",
}


def _as_judged(item: Item, judged: JudgedItem | None) -> Item:
    """As a person has graded, linked or dismissed it; a concern that is not about the care stays beside."""
    if judged is None:
        return item
    weight, why = item.weight, item.zero_because
    if judged.consequence is not None and why is None:
        weight = Decimal(judged.consequence)
    if judged.dismissed:
        weight, why = Decimal(0), "dismissed"
    return Item(
        **{
            **vars(item),
            "weight": weight,
            "zero_because": why,
            "event": judged.event,
            "consequence": judged.consequence,
            "judged": judged.version,
        }
    )


def _registered(known: KnownOfUnit, config: RiskConfig) -> Iterator[Item]:
    """Moves for want of quality that stand in the register alone; a signal of the same move is the item instead."""
    told = {
        one.placement_id
        for one in known.signals
        if one.kind == "replacement" and one.reasons & REASONS_THAT_COUNT and one.placement_id is not None
    }
    for moved in known.moved:
        if not told & moved.same_case:
            number = f"{REGISTER_LETTER}-{moved.placement_id}"
            yield Item(number, 1, REGISTERED, moved.left_on, config.points_replacement)


def _exposure(known: KnownOfUnit, as_of: date) -> tuple[Exposure, ...]:
    """A report that is in counts as expected at once; one that is not counts, as missing, from its deadline."""
    months = _year_to(Month.of(as_of))
    days = _days(tuple(known.spans), months, as_of)
    expected, missing = [0] * len(months), [0] * len(months)
    for fact in known.facts:
        # What was asked about an earlier month weighs nothing any more.
        if (place := months[0].until(fact.month)) >= 0:
            expected[place] += fact.arrived + fact.missing
            missing[place] += fact.missing
    return tuple(map(_exposed, months, days.values(), expected, missing))


# Most months are in one score after another, and what is the same thing need not be compared.
_exposed = lru_cache(maxsize=16_384)(Exposure)


# Whoever hands in for a unit finds its placements as they were for the one before.
_days = lru_cache(maxsize=1024)(days_in_months)


@cache
def _year_to(last: Month) -> tuple[Month, ...]:
    year = Months.year_to(last.last)
    return tuple(months_between(year.first, year.last))
