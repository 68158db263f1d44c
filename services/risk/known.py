"""What is known of units at a moment, which their scores are made of: of one unit, or of many in a statement each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from followup import UnitId
from followup.signals.signal import Signal
from followup.times.month import Month, Months
from storage.alerts import safety_notices
from storage.alerts.safety_notices import RaisedNotice
from storage.engine.database import Transaction
from storage.engine.several_units import Units
from storage.register import placements
from storage.register.placements import MovedForQuality
from storage.risk import evidence, report_items
from storage.risk.evidence import ReportFact
from storage.risk.report_items import JudgedItem
from storage.signals import signals


@dataclass(frozen=True)
class KnownOfUnit:
    """`spans` are the days of placements that had not ended before the year, `raised` the notices of safety."""

    facts: Sequence[ReportFact]
    signals: Sequence[Signal]
    moved: Sequence[MovedForQuality]
    spans: Sequence[tuple[date, date | None]]
    raised: Sequence[RaisedNotice]
    judged: Mapping[str, JudgedItem]


def known_of(tx: Transaction, unit_id: UnitId, as_of: date, known_until: datetime) -> KnownOfUnit:
    facts = evidence.report_facts(tx, unit_id, Month.of(as_of), known_until)
    moved = placements.moved_for_quality(tx, unit_id, as_of)
    may_be_judged = moved or any(fact.task_id is not None for fact in facts)
    return KnownOfUnit(
        facts,
        signals.of_unit(tx, unit_id, known_until),
        moved,
        placements.spans(tx, unit_id, _year_of(as_of)),
        safety_notices.raised_by(tx, unit_id, known_until),
        report_items.of_unit(tx, unit_id, known_until) if may_be_judged else {},
    )


def known_of_each(
    tx: Transaction, unit_ids: Sequence[UnitId], as_of: date, known_until: datetime
) -> Mapping[UnitId, KnownOfUnit]:
    """The same of several, which are given in the order of their ids; what lies between them is read in vain."""
    several = Units(unit_ids)
    facts = evidence.report_facts_of(tx, several, Month.of(as_of), known_until)
    known = signals.of_units(tx, several, known_until)
    moved = placements.moved_for_quality_of(tx, several, as_of)
    spans = placements.spans_of(tx, several, _year_of(as_of))
    raised = safety_notices.raised_by_each(tx, several, known_until)
    judged = report_items.of_units(tx, several, known_until)
    return {
        one: KnownOfUnit(facts[one], known[one], moved[one], spans[one], raised[one], judged[one])
        for one in unit_ids
    }


def _year_of(as_of: date) -> date:
    return Months.year_to(Month.of(as_of).last).first.first
