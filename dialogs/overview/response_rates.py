"""How many of the reports are in, month by month: all of them for the quality team, a manager's own teams' for her."""

from collections.abc import Sequence
from dataclasses import replace

from dialogs.card import Button, Card, Grid, Part, Text
from dialogs.overview import figures
from dialogs.turn import Reply, Turn
from followup.access.access import DataKind, Reach
from followup.questions.days import Days
from followup.questions.reading import Reading
from followup.risk.chart import Amount, BarChart
from followup.times.month import Month, Months
from services.views.response_rates import (
    ResponseRate,
    TeamRate,
    TeamRates,
    newest_rates,
    rates_of_teams,
)
from texts.catalogue import Texts, capital

# Of a month the one before it is beside it, as on the page, and of a longer time the same months a year earlier.
A_YEAR = 12


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


def rates_by_team(turn: Turn, reading: Reading) -> Reply:
    """A manager's own teams in the time that is asked for, or in the newest month; to others all in one."""
    say, newest = turn.say, newest_rates(turn.acting)
    month = next((one.month for one in newest), Month.of(turn.acting.today))
    days = reading.days or figures.of_months(month, month)
    months = Months(Month.of(days.first), Month.of(days.last))
    told = rates_of_teams(turn.acting, months, 1 if months.first == months.last else A_YEAR)
    if told is None:
        return _of_all(turn, reading, newest)
    status = Button(say("status.title"), "status")
    parts = (
        Text(say("status.title"), "title"),
        *_told(told, days, say),
        Text(say("figure.about.response"), "subtle"),
    )
    return Reply(card=Card(say("status.title"), parts, (status,), page="lage"))


def _of_all(turn: Turn, reading: Reading, newest: Sequence[ResponseRate]) -> Reply:
    """Who is not told by team is told so, and the sum of what she asked for."""
    note = Text(turn.say("responses.not_by_team"), "warning")
    if reading.days is not None:
        reply = figures.answer(turn, replace(reading, intent="response_rate"))
        card = reply.card
        return reply if card is None else replace(reply, card=replace(card, parts=(note, *card.parts)))
    title = turn.say("status.title")
    status = Button(title, "status")
    return Reply(card=Card(title, (note, *rate_parts(turn, newest)), (status,), page="lage"))


def _told(told: TeamRates, days: Days, say: Texts) -> list[Part]:
    """Reports are asked for by the month: where those are not the days that she asked for, it is said."""
    asked = figures.period_in_words(days, say)
    if told.months is None or told.before is None or not told.rows:
        return [Text(say("figure.nothing_due", period=asked), "warning")]
    counted = figures.period_in_words(figures.of_months(told.months.first, told.months.last), say)
    heading = Text(say("page.status.teams", month=told.months), "heading")
    whole = [Text(say("responses.months", asked=asked, told=told.months))] if asked != counted else []
    until = [Text(say("figure.answerable", day=told.answerable), "warning")] if told.answerable else []
    return [heading, *whole, _teams(told.rows, told.before, say), *until]


def _teams(teams: Sequence[TeamRate], before: Months, say: Texts) -> Grid:
    heads = (say("page.unanswered.team"), say("page.status.in"), say("page.status.before", month=before))
    return Grid(heads, tuple(_team(one, say) for one in teams))


def _team(one: TeamRate, say: Texts) -> tuple[str, str, str]:
    then = one.before
    return (
        one.team or say("overdue.no_team"),
        figures.in_words((one.answered, one.asked), say),
        figures.in_words((then.answered, then.asked) if then else None, say),
    )
