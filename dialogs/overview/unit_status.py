"""One unit as each may see it: level, index over two years, what raises it, signals, follow-ups, contracts, plans."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from dialogs.alerts.evidence_card import (
    completeness_told,
    level_sentences,
    shown_band,
)
from dialogs.card import Facts, Part, Text
from dialogs.follow_ups.unit_follow_ups import follow_up_parts, number_open
from dialogs.turn import Turn
from followup.access.small_unit import Audience, Matter, Telling, is_small, year_before
from followup.month.plans import PLANS
from followup.provider import Contract, Unit, on_framework
from followup.risk.chart import LineChart, Point
from followup.share import percent_of
from followup.times.calendar import municipal_day
from followup.times.month import Month, months_between
from services.risk.scoring import Reading
from services.unit_sight import UnitSight, sight_of
from services.views.reasons import kinds_that_raise
from storage import placements, units
from storage.overview import unit_figures
from storage.overview.unit_figures import OpenPlacements
from storage.risk import scores
from storage.signals import signals
from texts.catalogue import Texts, capital

MONTHS_SHOWN, SIGNAL_MONTHS = 24, 12
RED_INDEX = 100
ENDS_SOON = timedelta(days=365)


def unit_parts(turn: Turn, unit: Unit, reading: Reading) -> list[Part]:
    """What the reader may be told of the unit; of a small one not what would tell of a child."""
    say, sight = turn.say, sight_of(turn.tx, unit.id, turn.acting.audience, turn.now)
    return [
        Text(f"{say(f'band.mark.{shown_band(reading.judgement)}')} · {unit.name}", "heading"),
        Facts(tuple((say(name), value) for name, value in _facts(turn, unit, reading, sight))),
        *([_trend(turn, unit, sight)] if sight.whole(Matter.LEVEL) else []),
        *(Text(sentence) for sentence in _why(reading, sight, say)),
        *follow_up_parts(turn, unit),
    ]


def _facts(turn: Turn, unit: Unit, reading: Reading, sight: UnitSight) -> Iterator[tuple[str, str]]:
    say, today = turn.say, municipal_day(turn.now)
    placed = unit_figures.open_placements(turn.tx, unit, turn.now)
    yield "provider.form", say(f"form_of_care.{unit.form}")
    if sight.told(Matter.PLACEMENTS) != Telling.NOTHING:
        yield "provider.placed", _number_placed(placed.number, sight, say)
    if sight.whole(Matter.LEVEL):
        yield "evidence.index", say("evidence.index_of", index=reading.score.index)
    if sight.told(Matter.COVERAGE) != Telling.NOTHING:
        yield "evidence.completeness", completeness_told(reading.judgement, sight, say)
    if sight.whole(Matter.EVIDENCE):
        yield "provider.signals", _signals(turn, unit)
    yield "provider.last_follow_up", _last_follow_up(turn, unit, sight)
    if not sight.whole(Matter.FOLLOW_UP):
        yield "provider.open_follow_ups", say.write(number_open(turn, unit))
    if sight.whole(Matter.CONTRACT):
        yield "provider.contract", _contracts(units.contracts(turn.tx, unit.id), today, say)
    if sight.whole(Matter.ANSWERS):
        yield "provider.plans", _plans(placed, say)
        yield "provider.framework", _framework(placed, say)


def _number_placed(number: int, sight: UnitSight, say: Texts) -> str:
    return str(number) if sight.whole(Matter.PLACEMENTS) else say("small.few")


def _trend(turn: Turn, unit: Unit, sight: UnitSight) -> Part:
    """The stored month ends; a month without one is a gap, so that nothing is made up."""
    say, last = turn.say, Month.of(municipal_day(turn.now)).previous
    months = months_between(last.plus(1 - MONTHS_SHOWN), last)
    indexes = _indexes_told(turn, unit, months, sight)
    points = tuple(Point(str(month.last), say.short(month), indexes.get(month.last)) for month in months)
    if all(point.value is None for point in points):
        return Text(say("provider.no_trend"), "subtle")
    return LineChart(
        title=say("provider.trend"),
        sentence=_in_words(months, points, say),
        axis=say("evidence.index"),
        points=points,
        limit=RED_INDEX,
        limit_label=say("provider.limit", index=RED_INDEX),
    )


def _indexes_told(turn: Turn, unit: Unit, months: Sequence[Month], sight: UnitSight) -> Mapping[date, int]:
    """A unit that has grown stays small for what happened before: the months that tell of that are gaps."""
    indexes, today = scores.indexes(turn.tx, unit.id), municipal_day(turn.now)
    if sight.audience == Audience.QUALITY:
        return indexes
    first = year_before(months[0].last)
    stays = placements.stays(turn.tx, unit.id, first, today)
    return {
        day: index
        for day, index in indexes.items()
        if not is_small(stays, max(first, year_before(day)), today)
    }


def _in_words(months: Sequence[Month], points: Sequence[Point], say: Texts) -> str:
    figures = ", ".join("–" if one.value is None else f"{one.value:.0f}" for one in points)
    said = capital(say("provider.trend_words", first=months[0], last=months[-1], figures=figures))
    return f"{said} {say('provider.gaps')}" if any(one.value is None for one in points) else said


def _why(reading: Reading, sight: UnitSight, say: Texts) -> list[str]:
    """One sentence a kind of evidence, with no day."""
    if sight.told(Matter.EVIDENCE) == Telling.NOTHING:
        return []
    if not sight.whole(Matter.EVIDENCE):
        return [f"{say('small.quality_reads')}."]
    kinds = kinds_that_raise(reading.score.contributions)
    if not kinds:
        return [say("evidence.none"), *level_sentences(reading, say)]
    rows = [row for row in reading.score.contributions if row.raises > 0]
    said = []
    for kind in kinds:
        own = [row for row in rows if row.kind == kind]
        number, raised = sum(row.missing or 1 for row in own), float(sum(row.raises for row in own))
        said.append(
            say("provider.raises", kind=capital(say(f"risk.kinds.{kind}")), number=number, raised=raised)
        )
    return [*said, *level_sentences(reading, say)]


def _signals(turn: Turn, unit: Unit) -> str:
    """By kind over twelve months, the dismissed ones left out."""
    say = turn.say
    since = Month.of(municipal_day(turn.now)).plus(1 - SIGNAL_MONTHS).first
    counted = Counter(
        one.kind
        for one in signals.of_unit(turn.tx, unit.id, turn.now)
        if one.event_on >= since and not one.dismissed
    )
    if not counted:
        return say("provider.no_signals")
    return ", ".join(f"{say(f'risk.kinds.{kind}')} {number}" for kind, number in counted.most_common())


def _last_follow_up(turn: Turn, unit: Unit, sight: UnitSight) -> str:
    """The verdict, and its day for those who may know when."""
    day, verdict = units.last_follow_up(turn.tx, unit.id)
    if day is None:
        return turn.say("provider.never_followed_up")
    said = [turn.say.write(day)] if sight.whole(Matter.FOLLOW_UP) else []
    said += [turn.say(f"verdict.{verdict}")] if verdict else []
    return ", ".join(said) or turn.say("provider.no_verdict")


def _contracts(contracts: Sequence[Contract], today: date, say: Texts) -> str:
    """The agreements in force: which end within a year, or that there is none."""
    standing = [one for one in contracts if one.starts <= today and (one.ends is None or one.ends >= today)]
    if not standing:
        ended = max((one.ends for one in contracts if one.ends and one.ends < today), default=None)
        return say("provider.contract_ended", day=ended) if ended else say("provider.no_contract")
    soon = sorted(one.ends for one in standing if one.ends and one.ends <= today + ENDS_SOON)
    if not soon:
        return say("provider.contract_lasts")
    return ", ".join(say("provider.contract_ends", day=day) for day in soon)


def _plans(placed: OpenPlacements, say: Texts) -> str:
    if not placed.number:
        return say("provider.no_placements")
    missing = [
        say(f"provider.missing.{plan}", number=placed.missing[plan]) for plan in PLANS if placed.missing[plan]
    ]
    return ", ".join(missing) or say("provider.none_missing")


def _framework(placed: OpenPlacements, say: Texts) -> str:
    """Own regi needs no agreement; a placement of whose contract nobody has said anything is not on one."""
    if not placed.number:
        return say("provider.no_placements")
    share = on_framework(placed.forms)
    if share is None:
        return say("provider.framework_own")
    if not any(placed.forms):
        return say("provider.framework_unknown")
    return say(
        "provider.framework_share", percent=percent_of(Fraction(*share)), number=share[0], all=share[1]
    )
