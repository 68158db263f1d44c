"""The year's report ordered in chat (rapport 2026): a link to each document, for ten minutes and once."""

from assessment.year import DOCUMENTS
from dialogs.card import Card, Download, Text
from dialogs.turn import Reply, Turn
from followup.calendar import municipal_day
from followup.selection_frame import FIRST_YEAR

KIND = "report"


def order(turn: Turn) -> Reply:
    """Without a year, this year's; nothing is made before a link is opened."""
    say, this_year = turn.say, municipal_day(turn.now).year
    year = _year(turn.said.text, this_year)
    if year is None:
        return Reply(text=say("order.which_year", first=str(FIRST_YEAR), last=str(this_year)))
    title = say("order.title", year=str(year))
    files = (_download(turn, year, name) for name in DOCUMENTS)
    return Reply(card=Card(title, (Text(title, "title"), Text(say("order.about")), *files)))


def _year(text: str, this_year: int) -> int | None:
    words = text.split()[1:]
    if not words:
        return this_year
    typed = words[0].rstrip("!?.,")
    known = len(words) == 1 and len(typed) == 4 and typed.isascii() and typed.isdigit()
    return int(typed) if known and FIRST_YEAR <= int(typed) <= this_year else None


def _download(turn: Turn, year: int, document: str) -> Download:
    say = turn.say
    return Download(
        title=say(f"order.{document}"),
        about=say(f"order.{document}.about"),
        fetch=say("order.fetch"),
        otherwise=say("order.no_address", year=str(year)),
        kind=KIND,
        subject={"year": year, "document": document, "person": turn.person.id},
    )
