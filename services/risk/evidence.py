"""Gathers the inputs of a unit's score as known at a moment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from followup.month.findings import LETTERS, ReportFinding, about_care, findings
from followup.placement import days_in_months
from followup.provider import Unit
from followup.risk.counting import NOT_CARE
from followup.risk.inputs import CONCERN, REGISTERED, REPORT_MISSING, Exposure, Inputs, Item, ItemKind
from followup.risk.risk_config import RiskConfig
from followup.signals.signal import REASONS_THAT_COUNT, Signal, item_of
from followup.times.calendar import municipal_day
from followup.times.month import Month, Months, months_between
from services.risk.safety import open_notices
from storage.engine.database import Transaction
from storage.register import placements
from storage.risk import coverage, evidence, report_items, scores
from storage.risk.evidence import ReportFact
from storage.risk.report_items import JudgedItem
from storage.signals import signals

REGISTER_LETTER = "P"


def inputs_of(
    tx: Transaction, unit: Unit, as_of: date, known_until: datetime, config: RiskConfig | None = None
) -> Inputs:
    """With the configuration in force on the day, unless another is to be tried; the unit has a segment."""
    assert unit.segment is not None
    in_force, base_levels = scores.method_on(tx, as_of)
    config = config or in_force
    facts = evidence.report_facts(tx, unit.id, Month.of(as_of), known_until)
    known = signals.of_unit(tx, unit.id, known_until)
    return Inputs(
        unit=unit.key,
        segment=unit.segment,
        as_of=as_of,
        items=(
            *(item_of(signal, config) for signal in known),
            *_judged(
                tx,
                unit,
                known_until,
                [
                    *_report_items(facts, as_of, municipal_day(known_until), config),
                    *_registered(tx, unit, as_of, known, config),
                ],
            ),
        ),
        exposure=_exposure(tx, unit, as_of, facts),
        config=config,
        base_levels=base_levels.with_own(unit.segment, unit.care.level),
        coverage=coverage.begins(tx),
        notices=open_notices(tx, unit, as_of, known_until, facts),
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


def _judged(tx: Transaction, unit: Unit, known_until: datetime, items: Sequence[Item]) -> list[Item]:
    judged = report_items.of_unit(tx, unit.id, known_until) if items else {}
    return [_as_judged(item, judged.get(item.id)) for item in items]


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


def _registered(
    tx: Transaction, unit: Unit, as_of: date, known: Sequence[Signal], config: RiskConfig
) -> Iterator[Item]:
    """Moves for want of quality that stand in the register alone; a signal of the same move is the item instead."""
    told = {
        one.placement_id
        for one in known
        if one.kind == "replacement" and one.reasons & REASONS_THAT_COUNT and one.placement_id is not None
    }
    for moved in placements.moved_for_quality(tx, unit.id, as_of):
        if not told & moved.same_case:
            number = f"{REGISTER_LETTER}-{moved.placement_id}"
            yield Item(number, 1, REGISTERED, moved.left_on, config.points_replacement)


def _exposure(tx: Transaction, unit: Unit, as_of: date, facts: Sequence[ReportFact]) -> tuple[Exposure, ...]:
    """A report that is in counts as expected at once; one that is not counts, as missing, from its deadline."""
    months = _year_to(Month.of(as_of))
    days = _days(tuple(placements.spans(tx, unit.id, months[0].first)), months, as_of)
    expected, missing = [0] * len(months), [0] * len(months)
    for fact in facts:
        # What was asked about an earlier month weighs nothing any more.
        if (place := months[0].until(fact.month)) >= 0:
            expected[place] += fact.arrived + fact.missing
            missing[place] += fact.missing
    return tuple(map(Exposure, months, days.values(), expected, missing))


# Whoever hands in for a unit finds its placements as they were for the one before.
_days = lru_cache(maxsize=1024)(days_in_months)


@cache
def _year_to(last: Month) -> tuple[Month, ...]:
    year = Months.year_to(last.last)
    return tuple(months_between(year.first, year.last))
