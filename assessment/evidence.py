"""Gathers the inputs of a unit's score as known at a moment."""

from collections import Counter
from datetime import date, datetime

from followup.month import Month, months_between
from followup.placement import open_days
from followup.provider import Unit
from followup.risk import Exposure, Inputs, Item
from followup.risk_config import RiskConfig
from followup.signal import item_of
from storage import evidence, placements, scores, signals
from storage.database import Transaction
from storage.evidence import ReportFact

MONTHS = 12


def inputs_of(tx: Transaction, unit: Unit, as_of: date, known_until: datetime) -> Inputs:
    """The unit must be a followed one, with a segment."""
    assert unit.segment is not None
    config = scores.config_on(tx, as_of)
    last = Month.of(as_of)
    facts = evidence.report_facts(tx, unit.id, last.plus(1 - MONTHS), last, known_until)
    signal_items = [item_of(signal, config) for signal in signals.of_unit(tx, unit.id, known_until)]
    return Inputs(
        unit=unit.key,
        segment=unit.segment,
        as_of=as_of,
        items=(*signal_items, *_report_items(facts, as_of, config)),
        exposure=_exposure(tx, unit, as_of, facts, known_until),
        config=config,
        base_levels=scores.base_levels_on(tx, as_of),
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


def _exposure(
    tx: Transaction, unit: Unit, as_of: date, facts: list[ReportFact], known_until: datetime
) -> tuple[Exposure, ...]:
    """A report that is in counts as expected at once; one that is not counts, as missing, from its deadline."""
    spans = placements.spans(tx, unit.id)
    arrived = Counter(fact.month for fact in facts if fact.version)
    missing = Counter(fact.month for fact in facts if fact.overdue(known_until))
    last = Month.of(as_of)
    rows = []
    for month in months_between(last.plus(1 - MONTHS), last):
        first_day, last_day = month.first, min(month.last, as_of)
        days = sum(open_days(starts, ends, first_day, last_day) for starts, ends in spans)
        rows.append(Exposure(month, days, arrived[month] + missing[month], missing[month]))
    return tuple(rows)
