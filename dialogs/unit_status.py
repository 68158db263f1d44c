"""One unit as a manager sees it: level, index over two years, what raises it, signals, follow-up, contracts, plans."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from assessment.scoring import Reading
from dialogs.card import Facts, Part, Text
from dialogs.evidence_card import completeness, kinds_that_raise, level_sentences, percent
from dialogs.status import shown_band
from dialogs.texts import Texts, capital
from dialogs.turn import Turn
from followup.calendar import municipal_day
from followup.chart import LineChart, Point
from followup.month import Month, months_between
from followup.provider import Contract, Unit
from followup.secrecy import is_few
from storage import scores, signals, unit_figures, units
from storage.unit_figures import PLANS, OpenPlacements

MONTHS_SHOWN, SIGNAL_MONTHS = 24, 12
RED_INDEX = 100
ENDS_SOON = timedelta(days=365)


def unit_parts(turn: Turn, unit: Unit, reading: Reading) -> list[Part]:
    say, today = turn.say, municipal_day(turn.now)
    placed = unit_figures.open_placements(turn.tx, unit.id, today)
    facts = [
        (say("provider.form"), say(f"form_of_care.{unit.form}")),
        (say("evidence.index"), say("evidence.index_of", index=reading.score.index)),
        (say("evidence.completeness"), completeness(reading.judgement, say)),
        (say("provider.signals"), _signals(turn, unit, placed)),
        (say("provider.last_follow_up"), _last_follow_up(turn, unit)),
        (say("provider.contract"), _contracts(units.contracts(turn.tx, unit.id), today, say)),
        (say("provider.plans"), _plans(placed, say)),
        (say("provider.framework"), _framework(placed, say)),
    ]
    return [
        Text(f"{say(f'band.mark.{shown_band(reading.judgement)}')} · {unit.name}", "heading"),
        Facts(tuple(facts)),
        _trend(turn, unit),
        *(Text(sentence) for sentence in _why(reading, placed, say)),
    ]


def _trend(turn: Turn, unit: Unit) -> Part:
    """The stored month ends; a month without one is a gap, so that nothing is made up."""
    say, last = turn.say, Month.of(municipal_day(turn.now)).previous
    indexes = scores.indexes(turn.tx, unit.id)
    months = months_between(last.plus(1 - MONTHS_SHOWN), last)
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


def _in_words(months: Sequence[Month], points: Sequence[Point], say: Texts) -> str:
    figures = ", ".join("–" if one.value is None else f"{one.value:.0f}" for one in points)
    said = capital(say("provider.trend_words", first=months[0], last=months[-1], figures=figures))
    return f"{said} {say('provider.gaps')}" if any(one.value is None for one in points) else said


def _why(reading: Reading, placed: OpenPlacements, say: Texts) -> list[str]:
    """One sentence a kind of evidence, with no day and, where there are few placements, no number."""
    kinds = kinds_that_raise(reading.score.contributions)
    if not kinds:
        return [say("evidence.none"), *level_sentences(reading, say)]
    if is_few(placed.number):
        named = ", ".join(say(f"risk.kinds.{kind}") for kind in kinds)
        return [say("reasons.few", kinds=named), *level_sentences(reading, say)]
    rows = [row for row in reading.score.contributions if row.raises > 0]
    said = []
    for kind in kinds:
        own = [row for row in rows if row.kind == kind]
        number, raised = sum(row.missing or 1 for row in own), float(sum(row.raises for row in own))
        said.append(
            say("provider.raises", kind=capital(say(f"risk.kinds.{kind}")), number=number, raised=raised)
        )
    return [*said, *level_sentences(reading, say)]


def _signals(turn: Turn, unit: Unit, placed: OpenPlacements) -> str:
    """By kind over twelve months, the dismissed ones left out; numbers only where they point at no child."""
    say = turn.say
    since = Month.of(municipal_day(turn.now)).plus(1 - SIGNAL_MONTHS).first
    counted = Counter(
        one.kind
        for one in signals.of_unit(turn.tx, unit.id, turn.now)
        if one.event_on >= since and not one.dismissed
    )
    if not counted:
        return say("provider.no_signals")
    if is_few(placed.number):
        kinds = ", ".join(say(f"risk.kinds.{kind}") for kind, _ in counted.most_common())
        return say("provider.few_of", what=kinds)
    return ", ".join(f"{say(f'risk.kinds.{kind}')} {number}" for kind, number in counted.most_common())


def _last_follow_up(turn: Turn, unit: Unit) -> str:
    day, verdict = units.last_follow_up(turn.tx, unit.id)
    if day is None:
        return turn.say("provider.never_followed_up")
    said = turn.say.write(day)
    return f"{said}, {turn.say(f'verdict.{verdict}')}" if verdict else said


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
    if is_few(placed.number):
        return say("provider.few")
    missing = [
        say(f"provider.missing.{plan}", number=placed.missing[plan]) for plan in PLANS if placed.missing[plan]
    ]
    return ", ".join(missing) or say("provider.none_missing")


def _framework(placed: OpenPlacements, say: Texts) -> str:
    if not placed.number:
        return say("provider.no_placements")
    if is_few(placed.number):
        return say("provider.few")
    if not placed.known_form:
        return say("provider.framework_unknown")
    share = percent(Fraction(placed.on_framework, placed.known_form))
    return say("provider.framework_share", percent=share, number=placed.on_framework, all=placed.known_form)
