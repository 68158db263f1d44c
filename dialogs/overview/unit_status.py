"""One unit as each may see it: level, index over two years, what raises it, signals, follow-ups, contracts, plans."""

from collections.abc import Iterator
from fractions import Fraction

from dialogs.alerts.evidence_card import completeness
from dialogs.card import Facts, Part, Text
from dialogs.follow_ups.unit_follow_ups import follow_up_parts, number_open
from dialogs.forms.supplementary import supplementary_parts
from dialogs.overview.unit_rows import band_mark
from dialogs.turn import Turn
from followup import UnitId
from followup.month.plans import PLANS
from followup.placement import PlacementFigures
from followup.provider import on_framework
from followup.risk.chart import LineChart, Point
from followup.risk.inputs import ItemKind
from followup.terms import SignalCode
from followup.times.month import Months
from followup.wording.share import percent_of
from services.views.outcomes import UnitOutcome
from services.views.supplementary import supplementary
from services.views.units import HIDDEN, Contracts, LastFollowUp, MonthIndex, UnitView, UnitWhy
from texts.catalogue import Texts, capital

RED_INDEX = 100


def unit_parts(turn: Turn, view: UnitView) -> list[Part]:
    say = turn.say
    return [
        Text(f"{band_mark(view.band, say)} · {view.unit.name}", "heading"),
        Facts(tuple((say(name), value) for name, value in _facts(turn, view))),
        *([] if view.trend is None else [_trend(view.unit.id, view.trend, say)]),
        *(Text(sentence) for sentence in _why(view, say)),
        *follow_up_parts(turn, view.unit),
        *supplementary_parts(supplementary(turn.acting, view.unit.id), turn.municipality.contact_days, say),
    ]


def _facts(turn: Turn, view: UnitView) -> Iterator[tuple[str, str]]:
    say = turn.say
    yield "provider.form", say.say(view.unit.care.said("form_of_care"))
    if view.placed is not None:
        yield "provider.placed", say("small.few") if view.placed == "few" else str(view.placed)
    if view.index is not None:
        yield "evidence.index", say("evidence.index_of", index=view.index)
    if view.coverage is not None:
        yield "evidence.completeness", _coverage(view, say)
    if view.signals is not None:
        yield "provider.signals", _signals(view.signals, view.months, say)
    yield "provider.last_follow_up", _last_follow_up(view.followed_up, say)
    if view.open_to_all:
        yield "provider.open_follow_ups", say.write(number_open(turn, view.unit))
    if view.outcome is not None:
        yield "outcome.title", _outcome(view.outcome, say)
    if view.contracts is not None:
        yield "provider.contract", _contracts(view.contracts, say)
    if view.placements is not None:
        yield "provider.plans", _plans(view.placements, say)
        yield "provider.framework", _framework(view.placements, say)


def _coverage(view: UnitView, say: Texts) -> str:
    if isinstance(view.coverage, Fraction):
        return completeness(view.coverage, view.reported, say)
    return say("completeness.nothing" if view.coverage == "nothing" else f"small.{view.coverage}")


def _trend(unit_id: UnitId, trend: tuple[MonthIndex, ...], say: Texts) -> Part:
    points = tuple(_point(one, say) for one in trend)
    if all(point.value is None for point in points):
        return Text(say("provider.no_trend"), "subtle")
    return LineChart(
        title=say("provider.trend"),
        sentence=_in_words(trend, say),
        axis=say("evidence.index"),
        points=points,
        limit=RED_INDEX,
        limit_label=say("provider.limit", index=RED_INDEX),
        unit_id=unit_id,
        expected_label=say("provider.expected"),
    )


def _point(one: MonthIndex, say: Texts) -> Point:
    low, high = one.expected or (None, None)
    return Point(str(one.month.last), say.short(one.month), one.index, low, high)


def _in_words(trend: tuple[MonthIndex, ...], say: Texts) -> str:
    figures = ", ".join("–" if one.index is None else f"{one.index:.0f}" for one in trend)
    said = [capital(say("provider.trend_words", first=trend[0].month, last=trend[-1].month, figures=figures))]
    if any(one.index is None for one in trend):
        said.append(say("provider.gaps"))
    newest = [one for one in trend if one.expected]
    if newest and newest[-1].expected:
        low, high = newest[-1].expected
        said.append(say("provider.expected_words", month=newest[-1].month, low=low, high=high))
    return " ".join(said)


def _why(view: UnitView, say: Texts) -> list[str]:
    """One sentence a kind of evidence, with no day."""
    match view.why:
        case None:
            return []
        case UnitWhy() as why:
            raised = [_raises(*one, say) for one in why.kinds] or [say("evidence.none")]
            return [
                *raised,
                *_why_counts_differ(view, why, say),
                *(say.say(sentence) for sentence in why.level),
            ]
        case _:
            assert view.why == HIDDEN
            return [f"{say('small.quality_reads')}."]


def _why_counts_differ(view: UnitView, why: UnitWhy, say: Texts) -> list[str]:
    """By kind with each reason for those who read the evidence; for others that, and why, the card's counts differ."""
    if why.differences is not None:
        return [say.say(sentence) for sentence in why.differences]
    counted = {kind: number for kind, number, _ in why.kinds}
    differ = any(number != counted.get(ItemKind(kind), 0) for kind, number in view.signals or ())
    return [say("provider.counts_differ")] if differ else []


def _raises(kind: ItemKind, number: int, raised: float, say: Texts) -> str:
    return say("provider.raises", kind=capital(say(f"risk.kinds.{kind}")), number=number, raised=raised)


def _signals(counted: tuple[tuple[SignalCode, int], ...], months: Months, say: Texts) -> str:
    said = ", ".join(f"{say(f'risk.kinds.{kind}')} {number}" for kind, number in counted)
    return say("provider.signals_in", months=months, kinds=said or say("provider.no_signals"))


def _last_follow_up(followed_up: LastFollowUp | None, say: Texts) -> str:
    """The verdict, and its day for those who may know when."""
    if followed_up is None:
        return say("provider.never_followed_up")
    said = [say.write(followed_up.day)] if followed_up.day else []
    said += [say(f"verdict.{followed_up.verdict}")] if followed_up.verdict else []
    return ", ".join(said) or say("provider.no_verdict")


def _outcome(outcome: UnitOutcome, say: Texts) -> str:
    """In words alone, of a group that is named by the day until which it was told of."""
    told = (say(f"outcome.{what}", share=say(f"outcome.{share}")) for what, share in outcome.shares.items())
    return " ".join([say("outcome.of", day=outcome.until), *told])


def _contracts(contracts: Contracts, say: Texts) -> str:
    """The agreements in force: which end within a year, or that there is none."""
    if not contracts.in_force:
        ended = contracts.ended
        return say("provider.contract_ended", day=ended) if ended else say("provider.no_contract")
    ends = ", ".join(say("provider.contract_ends", day=day) for day in contracts.ends)
    return ends or say("provider.contract_lasts")


def _plans(placed: PlacementFigures, say: Texts) -> str:
    if not placed.number:
        return say("provider.no_placements")
    missing = [
        say(f"provider.missing.{plan}", number=placed.missing[plan]) for plan in PLANS if placed.missing[plan]
    ]
    if placed.unknown:
        missing.append(say("provider.plans_unknown", number=placed.unknown))
    return ", ".join(missing) or say("provider.none_missing")


def _framework(placed: PlacementFigures, say: Texts) -> str:
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
