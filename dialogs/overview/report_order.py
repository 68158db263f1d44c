"""The year's report ordered in chat (rapport 2026): a link to each document, and publishing the public ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dialogs.card import Button, Card, Download, Part, Text
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Press, Reply, Stored, Turn
from followup.access.municipality import Municipality
from followup.figures.published import Edition
from followup.messages.message import LinkKind
from followup.people import Conversation
from followup.selection.cycle import SelectionRefusedError
from followup.selection.selection_frame import FIRST_YEAR
from followup.times.calendar import municipal_day
from followup.wording.form import read
from followup.wording.wording import Problem
from services.acting import Refused
from services.publishing import (
    REVIEW,
    NotPublished,
    Ready,
    make_ready,
    newest_edition,
    publish_as_ready,
    read_basis,
)
from services.selection.year import DOCUMENTS, facts_of_year
from storage.engine.database import Transaction

KIND: LinkKind = "report"


def order(turn: Turn) -> Reply:
    """Without a year, this year's; nothing is made before a link is opened."""
    say, this_year = turn.say, municipal_day(turn.now).year
    year = _year(turn.said.text, this_year)
    if year is None:
        return Reply(text=say("order.which_year", first=str(FIRST_YEAR), last=str(this_year)))
    return Reply(card=_card(turn, year, {}, []))


def _year(text: str, this_year: int) -> int | None:
    words = text.split()[1:]
    if not words:
        return this_year
    typed = words[0].rstrip("!?.,")
    known = len(words) == 1 and len(typed) == 4 and typed.isascii() and typed.isdigit()
    return int(typed) if known and FIRST_YEAR <= int(typed) <= this_year else None


def _card(turn: Turn, year: int, typed: Mapping[str, str], problems: Sequence[Problem], *said: Part) -> Card:
    say, edition = turn.say, newest_edition(turn.acting, year)
    title = say("order.title", year=str(year))
    number = edition.number if edition else 0
    stands = say("publish.draft")
    if edition:
        named = {"who": edition.reviewed_by, "day": edition.reviewed_on}
        stands = say("publish.stands", number=number, **named)
    parts = (
        Text(title, "title"),
        *said,
        Text(say("order.about")),
        *(download(turn, year, name) for name in DOCUMENTS),
        Text(say("publish.heading"), "heading"),
        Text(stands),
        Text(say("publish.corrects" if edition else "publish.means")),
        *problem_banner(problems, say),
        *fields(REVIEW, typed, problems, say, "publish"),
    )
    press = Button(
        say("publish.correct" if edition else "publish.publish"), "publish_report", takes_inputs=True
    )
    return Card(title, parts, (press,), {"year": year, "edition": number})


def prepare(
    tx: Transaction, press: Press, now: datetime, municipality: Municipality
) -> Callable[[], Ready] | None:
    """What may be published as of now, where all else is in order; what is not, the turn says."""
    year = _asked(press, now)
    if year is None or read(REVIEW, press.inputs, municipal_day(now))[1]:
        return None
    try:
        basis = read_basis(tx, facts_of_year(tx, year, municipality.year, now))
    except SelectionRefusedError:
        return None
    return lambda: make_ready(basis)


def _asked(press: Press, now: datetime) -> int | None:
    year = press.number("year")
    return year if year is not None and FIRST_YEAR <= year <= municipal_day(now).year else None


def publish_report(turn: Turn) -> Reply:
    """As it was made ready before the turn; not where somebody else has published since the card was drawn."""
    year = _asked(turn.press, turn.now)
    if year is None:
        return Reply(notice=turn.say("press.unknown"))
    seen, typed = turn.press.number("edition"), turn.press.inputs
    ready = turn.ready if isinstance(turn.ready, Ready) else None
    done = publish_as_ready(turn.acting, year, seen, typed, ready)
    match done:
        case Refused():
            return Reply(notice=turn.say("refused.role"))
        case NotPublished("wrong", problems):
            return Reply(card=_card(turn, year, typed, problems))
        case NotPublished("frame", said=said):
            return Reply(text="\n".join(turn.say.say(one) for one in said))
        case NotPublished(why):
            return _again(turn, year, f"publish.{why}")
        case Edition(number=number):
            effect = Stored("edition", {"year": year, "number": number})
            return replace(told_again(turn, year, number), effect=effect)


def _again(turn: Turn, year: int, why: str) -> Reply:
    return Reply(card=_card(turn, year, turn.press.inputs, [], Text(turn.say(why), "warning")))


def told_again(turn: Turn, year: int, number: int) -> Reply:
    """Which edition it became, with the files as they are now."""
    done = Text(turn.say("publish.done", number=number), "good")
    return Reply(card=_card(turn, year, {}, [], done))


def download(turn: Turn, year: int, document: str) -> Download:
    say = turn.say
    return Download(
        title=say(f"order.{document}"),
        about=say(f"order.{document}.about"),
        fetch=say("order.fetch"),
        otherwise=say("order.no_address", year=str(year)),
        kind=KIND,
        subject={"year": year, "document": document, "person": turn.person.id},
    )


OFFERED = (
    Command(
        "year_report",
        Conversation.YEAR_REPORT,
        ("rapport", "årsrapport", "arsrapport", "oktoberrapport", "report"),
        order,
        takes_words=True,
    ),
    Verb("publish_report", Conversation.YEAR_REPORT, publish_report),
)
