"""A unit as its reader may see it: band, level, why, what is placed there, follow-ups and contracts; no child."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from followup import UnitId
from followup.access.access import DataKind
from followup.access.small_unit import Audience, Matter, Telling, is_small, year_before
from followup.log.subject import What
from followup.people import Conversation
from followup.placement import PlacementFigures
from followup.provider import Unit
from followup.risk.bands import Judgement, Shown, never_plain_green
from followup.risk.chart import Tone
from followup.risk.counted import differences
from followup.risk.expected_range import expected_range
from followup.risk.explanation import explain
from followup.risk.inputs import ItemKind
from followup.risk.stored_score import Measured
from followup.terms import SignalCode
from followup.times.month import Month, Months, months_between
from followup.wording.wording import Wording
from services.acting import Acting, Reader, Refused, Why
from services.risk.scoring import RiskReading, read_as_of, read_newest
from services.unit_sight import UnitSight, sight_of
from services.views.outcomes import UnitOutcome, outcome_of
from services.views.reasons import kinds_that_raise
from storage.overview import unit_figures
from storage.register import placements, units
from storage.risk import scores, standings
from storage.signals import signals

SHOWN_BANDS: tuple[Shown, ...] = ("red", "yellow", "green", "insufficient")
MONTHS_SHOWN = 24
# Rows of a long list; how many there are more is said after them.
MOST_LISTED = 20
ENDS_SOON = timedelta(days=365)
MOST_KINDS = 3
# What is said in the place of what the quality team alone reads.
HIDDEN: Literal["hidden"] = "hidden"
Hidden = Literal["hidden"]


@dataclass(frozen=True)
class ShortWhy:
    """What decides the band when that is not the level, and the kinds that raise it most."""

    decides: str | None
    kinds: tuple[ItemKind, ...]


@dataclass(frozen=True)
class UnitRow:
    """`uncertain` where another band than green is shown on too little; `why` is None where it is not told at all."""

    unit: Unit
    band: Tone
    uncertain: bool
    why: ShortWhy | Hidden | None


@dataclass(frozen=True)
class UnitRows:
    """The first of `number` units."""

    rows: Sequence[UnitRow]
    number: int


@dataclass(frozen=True)
class UnitWhy:
    """Each kind that raises the ratio, with how many and how much; and the level, with no day.

    `differences` say of each kind why not all of it counts, and are None for those who do not read the evidence.
    """

    kinds: tuple[tuple[ItemKind, int, float], ...]
    level: tuple[Wording, ...]
    differences: tuple[Wording, ...] | None


@dataclass(frozen=True)
class LastFollowUp:
    """`day` is None for those who may not know when, `verdict` where there was none."""

    day: date | None
    verdict: str | None


@dataclass(frozen=True)
class Contracts:
    """Of those in force which end within a year; `ended` is the last day where none is in force any more."""

    in_force: bool
    ends: tuple[date, ...]
    ended: date | None


@dataclass(frozen=True)
class MonthIndex:
    """`expected` is between what chance alone puts the index of a unit of normal level, with as much placed there."""

    month: Month
    index: int | None = None
    expected: tuple[int, int] | None = None


@dataclass(frozen=True)
class UnitView:
    """What is None is not told to this reader; `followed_up` is None where the unit never was, too.

    Of a small unit `placed` is a word for some, and `coverage` whether it is enough. `coverage` is of the months
    `reported`, `signals` of `months`, by the day of the event.
    """

    unit: Unit
    band: Tone
    placed: int | Literal["few"] | None
    index: int | None
    coverage: Fraction | Literal["nothing", "enough", "not_enough"] | None
    reported: Months | None
    months: Months
    signals: tuple[tuple[SignalCode, int], ...] | None
    followed_up: LastFollowUp | None
    open_to_all: bool
    contracts: Contracts | None
    placements: PlacementFigures | None
    trend: tuple[MonthIndex, ...] | None
    why: UnitWhy | Hidden | None
    outcome: UnitOutcome | None


@dataclass(frozen=True)
class ProviderView:
    """The unit that was asked for and the worst ones in full, the others a row each."""

    provider_id: int
    name: str
    number: int
    in_full: tuple[UnitView, ...]
    rest: tuple[UnitRow, ...]


def provider(
    acting: Acting, own: Sequence[Unit], *, in_full: int, first: int | None = None
) -> ProviderView | Refused:
    """Of the units, all one provider's; logged with each of them. `first` is the one that was named."""
    if not acting.may(Conversation.PROVIDER) or not acting.sees(DataKind.UNIT):
        return acting.refuse(What.PROVIDER.of(own[0].provider_id if own else "?"))
    if not own:
        return Refused(Why.UNKNOWN)
    acting.log("read", What.PROVIDER.of(own[0].provider_id), seen=What.UNIT.each(unit.id for unit in own))
    readings = [(unit, read_as_of(acting.tx, unit, acting.today, acting.now)) for unit in own]
    readings.sort(key=lambda pair: (pair[0].id != first, SHOWN_BANDS.index(shown_band(pair[1].judgement))))
    return ProviderView(
        own[0].provider_id,
        own[0].provider_name,
        len(own),
        tuple(_unit(acting, unit, reading) for unit, reading in readings[:in_full]),
        tuple(row_of(acting, unit, reading) for unit, reading in readings[in_full:]),
    )


def shown_band(judgement: Judgement) -> Shown:
    return never_plain_green(judgement.band, enough=judgement.enough)


def rows_in_bands(
    reader: Reader,
    bands: Sequence[Shown],
    most: int = MOST_LISTED,
    counted: Mapping[Shown, int] | None = None,
) -> UnitRows:
    """The units shown in one of the bands, in the order of the bands; none for one to whom the table gives no unit.

    `counted` is how many are shown in each, where that is known already.
    """
    if not reader.sees(DataKind.UNIT):
        return UnitRows((), 0)
    listed: list[UnitId] = []
    for band in bands:
        listed += standings.in_band(reader.tx, band, most - len(listed))
    followed = [units.get(reader.tx, unit_id) for unit_id in listed]
    rows = [row_of(reader, unit, read_newest(reader.tx, unit, reader.now)) for unit in followed]
    numbers = standings.counted(reader.tx) if counted is None else counted
    return UnitRows(tuple(rows), sum(numbers.get(band, 0) for band in bands))


def bands_of(reader: Reader, unit_ids: Collection[UnitId]) -> Mapping[UnitId, Shown]:
    """As each is shown to all who know of units; none of one that is not followed."""
    return standings.shown_of(reader.tx, unit_ids) if reader.sees(DataKind.UNIT) else {}


def row_of(reader: Reader, unit: Unit, reading: RiskReading) -> UnitRow:
    sight, judgement = sight_of(reader.tx, unit.id, reader.audience, reader.now), reading.judgement
    hides = sight.told(Matter.COVERAGE) == Telling.NOTHING or judgement.band == "green"
    return UnitRow(
        unit, shown_band(judgement), not judgement.enough and not hides, _short_why(reading, sight)
    )


def _short_why(reading: RiskReading, sight: UnitSight) -> ShortWhy | Hidden | None:
    if sight.told(Matter.EVIDENCE) == Telling.NOTHING:
        return None
    if not sight.whole(Matter.EVIDENCE):
        return HIDDEN
    floor = reading.judgement.raised_by
    most = MOST_KINDS - (floor is not None)
    return ShortWhy(
        floor.reason if floor else None, tuple(kinds_that_raise(reading.score.contributions)[:most])
    )


def _unit(reader: Reader, unit: Unit, reading: RiskReading) -> UnitView:
    sight = sight_of(reader.tx, unit.id, reader.audience, reader.now)
    placed = unit_figures.open_placements(reader.tx, unit, reader.now)
    return UnitView(
        unit=unit,
        band=shown_band(reading.judgement),
        placed=_placed(placed, sight),
        index=reading.score.index if sight.whole(Matter.LEVEL) else None,
        coverage=_coverage(reading.judgement, sight),
        reported=reading.judgement.months,
        months=Months.year_to(reader.today),
        signals=_signals(reader, unit) if sight.whole(Matter.EVIDENCE) else None,
        followed_up=_last_follow_up(reader, unit, sight),
        open_to_all=not sight.whole(Matter.FOLLOW_UP),
        contracts=_contracts(reader, unit) if sight.whole(Matter.CONTRACT) else None,
        placements=placed if sight.whole(Matter.ANSWERS) else None,
        trend=_trend(reader, unit, sight) if sight.whole(Matter.LEVEL) else None,
        why=_why(reading, sight),
        outcome=outcome_of(reader, sight, unit.id),
    )


def _placed(placed: PlacementFigures, sight: UnitSight) -> int | Literal["few"] | None:
    if sight.told(Matter.PLACEMENTS) == Telling.NOTHING:
        return None
    return placed.number if sight.whole(Matter.PLACEMENTS) else "few"


def _coverage(
    judgement: Judgement, sight: UnitSight
) -> Fraction | Literal["nothing", "enough", "not_enough"] | None:
    if sight.told(Matter.COVERAGE) == Telling.NOTHING:
        return None
    if not sight.whole(Matter.COVERAGE):
        return "enough" if judgement.enough else "not_enough"
    return "nothing" if judgement.completeness is None else judgement.completeness


def _signals(reader: Reader, unit: Unit) -> tuple[tuple[SignalCode, int], ...]:
    """By kind over the twelve months, the dismissed ones left out; the most first."""
    since = Months.year_to(reader.today).starts
    counted = Counter(
        one.kind
        for one in signals.of_unit(reader.tx, unit.id, reader.now)
        if one.event_on >= since and not one.dismissed
    )
    return tuple(counted.most_common())


def _last_follow_up(reader: Reader, unit: Unit, sight: UnitSight) -> LastFollowUp | None:
    day, verdict = units.last_follow_up(reader.tx, unit.id)
    if day is None:
        return None
    return LastFollowUp(day if sight.whole(Matter.FOLLOW_UP) else None, verdict)


def _contracts(reader: Reader, unit: Unit) -> Contracts:
    today, found = reader.today, units.contracts(reader.tx, unit.id)
    standing = [one for one in found if one.in_force(today)]
    soon = sorted(one.ends for one in standing if one.ends and one.ends <= today + ENDS_SOON)
    ended = max((one.ends for one in found if one.ends and one.ends < today), default=None)
    return Contracts(bool(standing), tuple(soon), None if standing else ended)


def _trend(reader: Reader, unit: Unit, sight: UnitSight) -> tuple[MonthIndex, ...]:
    """The stored month ends; a month without one is a gap, so that nothing is made up."""
    last = Month.of(reader.today).previous
    months = months_between(last.plus(1 - MONTHS_SHOWN), last)
    indexes = _indexes_told(reader, unit, months, sight)
    return tuple(_month_index(reader, month, indexes.get(month.last)) for month in months)


def _month_index(reader: Reader, month: Month, measured: Measured | None) -> MonthIndex:
    if measured is None:
        return MonthIndex(month)
    config, _ = scores.method_on(reader.tx, month.last)
    return MonthIndex(month, measured.index, expected_range(measured.e, measured.et, config))


def _indexes_told(
    reader: Reader, unit: Unit, months: Sequence[Month], sight: UnitSight
) -> Mapping[date, Measured]:
    """A unit that has grown stays small for what happened before: the months that tell of that are gaps."""
    indexes = scores.indexes(reader.tx, unit.id)
    if sight.audience == Audience.QUALITY:
        return indexes
    first = year_before(months[0].last)
    stays = placements.stays(reader.tx, unit.id, first, reader.today)
    return {
        day: index
        for day, index in indexes.items()
        if not is_small(stays, max(first, year_before(day)), reader.today)
    }


def _why(reading: RiskReading, sight: UnitSight) -> UnitWhy | Hidden | None:
    if sight.told(Matter.EVIDENCE) == Telling.NOTHING:
        return None
    if not sight.whole(Matter.EVIDENCE):
        return HIDDEN
    rows = [row for row in reading.score.contributions if row.raises > 0]
    raised = []
    for kind in kinds_that_raise(rows):
        own = [row for row in rows if row.kind == kind]
        raised.append((kind, len(own), float(sum(row.raises for row in own))))
    reads = sight.audience == Audience.QUALITY
    return UnitWhy(
        tuple(raised),
        tuple(_level(reading)),
        differences(reading.score.contributions) if reads else None,
    )


def _level(reading: RiskReading) -> Iterable[Wording]:
    """What holds or lifts it, without the last sentence, which a card of several units says once."""
    said = explain(reading.score, reading.inputs, reading.judgement).conclusion
    return (one for one in said if one.id not in ("risk.items", "risk.floor.event", "risk.last"))
