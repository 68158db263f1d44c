"""How many of the reports are in, month by month: all of them for the quality team, a manager's own teams' for her."""

from collections.abc import Sequence

from dialogs.card import Button, Card, Grid, Part, Text
from dialogs.turn import Reply, Turn
from followup.access.access import DataKind, Reach
from followup.risk.chart import Amount, BarChart
from followup.times.month import Month
from services.views.response_rates import ResponseRate, TeamRate, newest_rates, rates_of_teams
from texts.catalogue import Texts, capital


def rate_parts(turn: Turn, rates: Sequence[ResponseRate]) -> list[Part]:
    """What has come in so far, the newest closed month against the one before it, and the months as bars."""
    say = turn.say
    parts: list[Part] = [rate_heading(turn)]
    if not rates:
        return [*parts, Text(say("status.no_responses"), "subtle")]
    parts += [Text(sentence) for sentence in _sentences(rates, say)]
    if len(rates) > 1:
        parts.append(_bars(rates, say))
    return parts


def rate_heading(turn: Turn) -> Text:
    own = turn.acting.reach(DataKind.RESPONSES) == Reach.OWN_PEOPLE
    return Text(turn.say("responses.own" if own else "status.responses"), "heading")


def rate_sentence(rate: ResponseRate, say: Texts) -> str:
    """Of a month that can still be answered, how many are in so far."""
    values = {"month": rate.month, "answered": rate.answered, "all": rate.asked, "percent": rate.percent}
    if rate.last_day is None:
        return capital(say("status.response", **values))
    return capital(say("status.response.so_far", day=rate.last_day, **values))


def _sentences(rates: Sequence[ResponseRate], say: Texts) -> list[str]:
    """Months that go on say how far they have come; only closed months are compared."""
    going_on = [rate_sentence(one, say) for one in rates if one.last_day is not None]
    closed = [one for one in rates if one.last_day is None]
    return [*going_on, *([_against_the_month_before(closed, say)] if closed else [])]


def _against_the_month_before(closed: Sequence[ResponseRate], say: Texts) -> str:
    newest = closed[0]
    said = rate_sentence(newest, say)
    if len(closed) < 2:
        return said
    points = newest.percent - closed[1].percent
    direction = "up" if points > 0 else "down" if points < 0 else "same"
    values = {"month": closed[1].month, "percent": closed[1].percent, "n": abs(points)}
    return f"{said} {say(f'status.response.{direction}', **values)}"


def _bars(rates: Sequence[ResponseRate], say: Texts) -> BarChart:
    shown = list(reversed(rates))
    each = [say("status.rate", month=one.month, percent=one.percent) for one in shown]
    return BarChart(
        title=say("status.rates"),
        sentence=capital(f"{', '.join(each)}."),
        axis=say("status.percent"),
        bars=tuple(Amount(say.short(one.month), one.percent) for one in shown),
        most=100,
    )


def rates_by_team(turn: Turn, month: Month | None) -> Reply:
    """A manager's own teams in the month, or in the newest one, beside the month before; to others all in one."""
    say, rates = turn.say, newest_rates(turn.acting)
    shown = month or next((one.month for one in rates), None)
    teams = rates_of_teams(turn.acting, shown) if shown else []
    if shown is None or not teams:
        parts = rate_parts(turn, rates)
    else:
        parts = [Text(say("page.status.teams", month=shown), "heading"), _teams(teams, shown, say)]
    status = Button(say("status.title"), "status")
    return Reply(card=Card(say("status.title"), tuple(parts), (status,), page="lage"))


def _teams(teams: Sequence[TeamRate], month: Month, say: Texts) -> Grid:
    heads = (
        say("page.unanswered.team"),
        say("page.status.in"),
        say("page.status.before", month=month.previous),
    )
    return Grid(heads, tuple(_team(one, say) for one in teams))


def _team(one: TeamRate, say: Texts) -> tuple[str, str, str]:
    answered, before = (
        say("page.status.in_of", answered=rate.answered, all=rate.asked) if rate else "–"
        for rate in (one, one.before)
    )
    return one.team or say("overdue.no_team"), answered, before
