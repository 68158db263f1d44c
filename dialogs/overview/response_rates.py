"""How many of the reports are in, month by month: all of them for the quality team, a manager's own teams' for her."""

from collections.abc import Sequence

from dialogs.card import Part, Text
from dialogs.turn import Turn
from followup.access.access import Kind, Reach
from followup.risk.chart import Amount, BarChart
from services.views.response_rates import Rate
from texts.catalogue import Texts, capital


def rate_parts(turn: Turn, rates: Sequence[Rate]) -> list[Part]:
    """The newest month against the one before, in a sentence, and the months as bars."""
    say = turn.say
    own = turn.acting.reach(Kind.RESPONSES) == Reach.OWN_PEOPLE
    parts: list[Part] = [Text(say("responses.own" if own else "status.responses"), "heading")]
    if not rates:
        return [*parts, Text(say("status.no_responses"), "subtle")]
    parts.append(Text(against_last_month(rates, say)))
    if len(rates) > 1:
        parts.append(_bars(rates, say))
    return parts


def rate_sentence(rate: Rate, say: Texts) -> str:
    values = {"month": rate.month, "answered": rate.answered, "all": rate.asked, "percent": rate.percent}
    return capital(say("status.response", **values))


def against_last_month(rates: Sequence[Rate], say: Texts) -> str:
    newest = rates[0]
    said = rate_sentence(newest, say)
    if len(rates) < 2:
        return said
    points = newest.percent - rates[1].percent
    direction = "up" if points > 0 else "down" if points < 0 else "same"
    values = {"month": rates[1].month, "percent": rates[1].percent, "n": abs(points)}
    return f"{said} {say(f'status.response.{direction}', **values)}"


def _bars(rates: Sequence[Rate], say: Texts) -> BarChart:
    shown = list(reversed(rates))
    each = [say("status.rate", month=one.month, percent=one.percent) for one in shown]
    return BarChart(
        title=say("status.rates"),
        sentence=capital(f"{', '.join(each)}."),
        axis=say("status.percent"),
        bars=tuple(Amount(say.short(one.month), one.percent) for one in shown),
        most=100,
    )
