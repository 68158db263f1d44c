"""A figure that was asked for in words: counted as in the report, with its days and what it is beside always said."""

from collections.abc import Sequence
from datetime import date

from dialogs.card import Card, Download, Grid, Part, Text
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn
from followup.figures.asked import By, Count, ToldRow, What
from followup.messages.message import LinkKind
from followup.people import Conversation
from followup.questions.beside import beside
from followup.questions.days import Days
from followup.questions.reading import Reading
from followup.times.month import Month
from followup.wording.share import percent
from services.acting import Refused
from services.views.figures import Few, FigureView, WantedFigure, figure, newest_round, remembered
from texts.catalogue import Texts

KIND: LinkKind = "figures"
# By the words for signals; what is no kind of them is told by the intent.
_KINDS: dict[str, What] = {
    "deviation": "deviation",
    "complaint": "complaint",
    "suggestion": "remark",
    "signals": "signals",
}
_OTHERS: dict[str, What] = {
    "visit_count": "visits",
    "response_rate": "response",
    "rate_by": "response",
    "placement_count": "placements",
    "replacement_count": "replacement",
}


def as_file(turn: Turn) -> Reply:
    """The figure that she was shown last, if it was lately, else all that can be asked for."""
    say, shown = turn.say, remembered(turn.acting)
    title = say("figure.file.one", what=say(f"figure.of.{shown.what}")) if shown else say("figure.file.all")
    parts = (Text(say("figure.file.title"), "title"), _download(turn, [shown] if shown else [], title))
    return Reply(card=Card(say("figure.file.title"), parts))


def response_file(turn: Turn, month: Month) -> Download:
    """How many reports of the month are in, beside the month before."""
    days, before = (of_months(one, one) for one in (month, month.previous))
    wanted = WantedFigure("response", days, before, "unit")
    return _download(turn, [wanted], turn.say("figure.file.one", what=turn.say("figure.of.response")))


def all_in_file(turn: Turn) -> Download:
    return _download(turn, [], turn.say("figure.file.all"))


def _download(turn: Turn, wanted: Sequence[WantedFigure], title: str) -> Download:
    """Of nothing in particular all that can be asked for; it is counted when it is fetched."""
    say = turn.say
    return Download(
        title=title,
        about=say("figure.file.is"),
        fetch=say("order.fetch"),
        otherwise=say("figure.file.no_address"),
        kind=KIND,
        subject={"wanted": [one.written() for one in wanted], "person": turn.person.id},
    )


def what_can_be_asked(turn: Turn) -> Reply:
    say = turn.say
    examples = tuple(Text(f"• {say(f'figure.example.{number}')}") for number in range(1, 7))
    file = all_in_file(turn)
    return Reply(card=Card(say("figure.title"), (Text(say("figure.title"), "title"), *examples, file)))


def answer(turn: Turn, reading: Reading) -> Reply:
    """What is compared is the last figure that she was shown, if it was lately."""
    wanted = _compared(turn, reading) if reading.intent == "compared" else _wanted(turn, reading)
    if wanted is None:
        shown = remembered(turn.acting)
        said = "figure.no_such_days" if shown or reading.intent != "compared" else "figure.nothing_before"
        return Reply(card=_asked_back(turn, turn.say(said)))
    found = figure(turn.acting, wanted)
    if isinstance(found, Refused):
        return Reply(text=turn.say("refused.role"))
    return Reply(card=_card(turn, found), figure=wanted.written())


def _asked_back(turn: Turn, said: str) -> Card:
    card = what_can_be_asked(turn).card
    assert card is not None
    return Card(said, (Text(said, "title"), *card.parts[1:]))


def _compared(turn: Turn, reading: Reading) -> WantedFigure | None:
    shown = remembered(turn.acting)
    other = beside(shown.days, reading.days) if shown and reading.days else None
    return (
        None
        if shown is None or other is None
        else WantedFigure(shown.what, shown.days, other, shown.by, shown.home)
    )


def _wanted(turn: Turn, reading: Reading) -> WantedFigure | None:
    what = _KINDS.get(reading.topic) or _OTHERS.get(reading.intent) or "signals"
    days = reading.days or _usual_days(turn, what, reading.beside)
    if what == "response":
        days = _whole_months(turn, days)
    other = beside(days, reading.beside)
    by: By = reading.by
    return None if other is None else WantedFigure(what, days, other, by, reading.about)


def _whole_months(turn: Turn, days: Days) -> Days:
    """Reports are asked for by the month: of those that are named, to the newest one that has been asked about."""
    first, last, newest = Month.of(days.first), Month.of(days.last), newest_round(turn.acting)
    return of_months(first, min(last, newest) if newest and newest >= first else last)


def of_months(first: Month, last: Month) -> Days:
    return Days(first.first, last.last)


def _usual_days(turn: Turn, what: What, compared: Days | None) -> Days:
    """This year so far; of reports the newest month that was asked about; of placements today."""
    today = turn.acting.today
    if what == "placements":
        return Days(today, today)
    if what == "response":
        month = newest_round(turn.acting) or Month.of(today)
        return of_months(month, month)
    if compared and compared.first.month == compared.last.month:
        return Days(today.replace(day=1), today)
    return Days(date(today.year, 1, 1), today)


def _card(turn: Turn, found: FigureView) -> Card:
    say, wanted = turn.say, found.wanted
    title = say(f"figure.of.{wanted.what}")
    about = "own" if found.own else wanted.what
    parts: list[Part] = [
        Text(f"{title}: {wanted.home}" if wanted.home else title, "title"),
        Text(_sentence(found.total, wanted.days, wanted.what, say), "heading"),
        Text(_sentence(found.beside, wanted.beside, wanted.what, say)),
        *_rows(found, say),
        *([Text(say("figure.answerable", day=found.answerable), "warning")] if found.answerable else []),
        *([Text(say("figure.begins", month=found.begins), "warning")] if found.begins else []),
        *([Text(say("figure.about.own"), "subtle")] if about == "own" else []),
        Text(say(f"figure.about.{wanted.what}"), "subtle"),
        _download(turn, [wanted], say("figure.file.one", what=title)),
    ]
    return Card(title, tuple(parts))


def _sentence(count: Count | Few, days: Days, what: What, say: Texts) -> str:
    period = period_in_words(days, say)
    if count == "few":
        return say("figure.few", period=period)
    if count is None:
        return say("figure.nothing_due" if what == "response" else "figure.nothing", period=period)
    return say("figure.number", period=period, number=in_words(count, say))


def in_words(count: Count | Few, say: Texts) -> str:
    match count:
        case (part, whole):
            return say("figure.share", part=part, all=whole, percent=percent(part, whole))
        case None | "few":
            return "–"
        case int():
            return str(count)


def period_in_words(days: Days, say: Texts) -> str:
    """A whole month or year by its name."""
    month = Month.of(days.first)
    if days == of_months(month, month):
        return say.write(month)
    if days == Days(date(days.first.year, 1, 1), date(days.first.year, 12, 31)):
        return str(days.first.year)
    if days.first == days.last:
        return say.write(days.first)
    return say("figure.days", first=days.first, last=days.last)


def _rows(found: FigureView, say: Texts) -> list[Part]:
    wanted = found.wanted
    if not found.apart:
        return [Text(say("figure.not_apart"), "warning")]
    told = [*found.rows, *([found.rest] if found.rest else [])]
    if not told:
        return []
    heads = (
        say(f"figure.by.{wanted.by}"),
        *(period_in_words(days, say) for days in (wanted.days, wanted.beside)),
    )
    return [Grid(heads, tuple(_row(one, say) for one in told))]


def _row(row: ToldRow, say: Texts) -> tuple[str, ...]:
    return (row.name or say("figure.rest"), in_words(row.count, say), in_words(row.beside, say))


OFFERED = (
    Command("figures", Conversation.STATUS, ("siffror", "siffra", "figures"), what_can_be_asked),
    Command("figures_file", Conversation.STATUS, ("excel", "xlsx"), as_file, listed=False),
    Verb("figures", Conversation.STATUS, what_can_be_asked),
    Verb("figures_file", Conversation.STATUS, as_file),
)
