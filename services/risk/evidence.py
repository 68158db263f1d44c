"""Gathers the inputs of a unit's score as known at a moment."""

from collections import Counter
from datetime import date, datetime

from followup.placement import days_in_months
from followup.provider import Unit
from followup.risk.risk import Exposure, Inputs, Item
from followup.risk.risk_config import RiskConfig
from followup.signals.signal import item_of
from followup.times.month import Month, months_between
from storage import placements
from storage.engine.database import Transaction
from storage.risk import evidence, scores
from storage.risk.evidence import ReportFact
from storage.signals import signals

MONTHS = 12


def inputs_of(
    tx: Transaction, unit: Unit, as_of: date, known_until: datetime, config: RiskConfig | None = None
) -> Inputs:
    """With the configuration in force on the day, unless another is to be tried; the unit has a segment."""
    assert unit.segment is not None
    in_force, base_levels = scores.method_on(tx, as_of)
    config = config or in_force
    last = Month.of(as_of)
    facts = evidence.report_facts(tx, unit.id, last.plus(1 - MONTHS), last, known_until)
    signal_items = [item_of(signal, config) for signal in signals.of_unit(tx, unit.id, known_until)]
    return Inputs(
        unit=unit.key,
        segment=unit.segment,
        as_of=as_of,
        items=(*signal_items, *_report_items(facts, as_of, config)),
        exposure=_exposure(tx, unit, as_of, facts),
        config=config,
        base_levels=base_levels.with_own(unit.segment, unit.care.level),
    )


def _report_items(facts: list[ReportFact], as_of: date, config: RiskConfig) -> list[Item]:
    """A report with a concern, or one that says that the provider's own report never came (R38), is an item."""
    items = []
    for fact in facts:
        day = min(fact.month.last, as_of)
        if fact.concern:
            items.append(Item(f"R-{fact.task_id}", fact.version, "concern", day, config.points_concern))
        if fact.provider_report_missing:
            items.append(
                Item(f"U-{fact.task_id}", fact.version, "provider_report_missing", day, config.points_missing)
            )
    return items


def _exposure(tx: Transaction, unit: Unit, as_of: date, facts: list[ReportFact]) -> tuple[Exposure, ...]:
    """A report that is in counts as expected at once; one that is not counts, as missing, from its deadline."""
    last = Month.of(as_of)
    months = months_between(last.plus(1 - MONTHS), last)
    days = days_in_months(placements.spans(tx, unit.id, months[0].first), months, as_of)
    arrived, missing = Counter[Month](), Counter[Month]()
    for fact in facts:
        arrived[fact.month] += fact.arrived
        missing[fact.month] += fact.missing
    return tuple(
        Exposure(month, days[month], arrived[month] + missing[month], missing[month]) for month in months
    )
