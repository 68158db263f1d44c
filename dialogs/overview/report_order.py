"""The year's report ordered in chat (rapport 2026): a link to each document, and publishing the public ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from dialogs.card import Button, Card, Download, Part, Text
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.offered import Command, Verb
from dialogs.stored import Stored
from dialogs.turn import Press, Reply, Turn
from followup.access.municipality import Municipality
from followup.form import read
from followup.people import Conversation
from followup.selection.selection_frame import FIRST_YEAR
from followup.selection.selection_refusal import SelectionRefusedError
from followup.times.calendar import municipal_day
from followup.wording import Problem
from services.publishing import (
    REVIEW,
    MovedError,
    Ready,
    log_births,
    make_ready,
    not_to_be_published,
    publish,
    read_basis,
    read_facts,
)
from services.selection.year import DOCUMENTS, facts_of_year
from storage.engine.database import Transaction
from storage.overview import editions
from texts.catalogue import Texts

KIND = "report"


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
    say, edition = turn.say, editions.newest(turn.tx, year)
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
        *(_download(turn, year, name) for name in DOCUMENTS),
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
    newest = editions.newest(turn.tx, year)
    if turn.press.number("edition") != (newest.number if newest else 0):
        return _again(turn, year, "publish.other")
    answers, problems = read(REVIEW, turn.press.inputs, municipal_day(turn.now))
    if problems:
        return Reply(card=_card(turn, year, turn.press.inputs, problems))
    if turn.ready is None:
        return _why_not_ready(turn, year)
    return _publish(turn, turn.ready, answers["reviewed_by"], date.fromisoformat(answers["reviewed_on"]))


def _again(turn: Turn, year: int, why: str) -> Reply:
    return Reply(card=_card(turn, year, turn.press.inputs, [], Text(turn.say(why), "warning")))


def _publish(turn: Turn, ready: Ready, reviewed_by: str, reviewed_on: date) -> Reply:
    facts, year = ready.basis.facts, ready.basis.facts.period.year
    log_births(turn.tx, facts, turn.now, person_id=turn.person.id)
    problems = not_to_be_published(facts, reviewed_on)
    if problems:
        return Reply(card=_card(turn, year, turn.press.inputs, problems))
    if ready.public is None:
        return _again(turn, year, "publish.too_long")
    # The documents are the municipality's, in Swedish whatever the language of who publishes them.
    written, by = Texts("sv").say, turn.person.id
    try:
        edition = publish(
            turn.tx, ready.basis, ready.public, reviewed_by, reviewed_on, turn.now, written, person_id=by
        )
    except MovedError:
        return _again(turn, year, "publish.moved")
    return replace(
        told_again(turn, year, edition.number),
        effect=Stored("edition", {"year": year, "number": edition.number}),
    )


def _why_not_ready(turn: Turn, year: int) -> Reply:
    """A frame that was tampered with, or something that has changed since."""
    try:
        read_facts(turn.tx, year, turn.municipality.year, turn.now, turn.now, person_id=turn.person.id)
    except SelectionRefusedError as refused:
        return Reply(text="\n".join(turn.say.say(problem) for problem in refused.problems))
    return _again(turn, year, "publish.moved")


def told_again(turn: Turn, year: int, number: int) -> Reply:
    """Which edition it became, with the files as they are now."""
    done = Text(turn.say("publish.done", number=number), "good")
    return Reply(card=_card(turn, year, {}, [], done))


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
