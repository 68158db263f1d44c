"""The year's report ordered in chat (rapport 2026): a link to each document, and publishing the public ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dialogs.card import Button, Card, Download, Part, Text
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.offered import Command, Verb
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.form import read
from followup.people import Conversation
from followup.selection.selection_frame import FIRST_YEAR
from followup.selection.selection_refusal import SelectionRefusedError
from followup.times.calendar import municipal_day
from followup.wording import Problem
from services.publishing import REVIEW, not_to_be_published, publish, read_facts
from services.selection.year import DOCUMENTS
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


def publish_report(turn: Turn) -> Reply:
    """As of now; not where somebody else has published since the card was drawn."""
    year = turn.press.number("year")
    if year is None or not FIRST_YEAR <= year <= municipal_day(turn.now).year:
        return Reply(notice=turn.say("press.unknown"))
    newest = editions.newest(turn.tx, year)
    if turn.press.number("edition") != (newest.number if newest else 0):
        return Reply(
            card=_card(turn, year, turn.press.inputs, [], Text(turn.say("publish.other"), "warning"))
        )
    answers, problems = read(REVIEW, turn.press.inputs, municipal_day(turn.now))
    if problems:
        return Reply(card=_card(turn, year, turn.press.inputs, problems))
    try:
        facts = read_facts(turn.tx, year, turn.house.year, turn.now, turn.now, person_id=turn.person.id)
    except SelectionRefusedError as refused:
        return Reply(text="\n".join(turn.say.say(problem) for problem in refused.problems))
    reviewed_on = date.fromisoformat(answers["reviewed_on"])
    problems = not_to_be_published(facts, reviewed_on)
    if problems:
        return Reply(card=_card(turn, year, turn.press.inputs, problems))
    # The documents are the municipality's, in Swedish whatever the language of who publishes them.
    written = Texts("sv").say
    edition = publish(
        turn.tx, facts, answers["reviewed_by"], reviewed_on, turn.now, written, person_id=turn.person.id
    )
    return replace(
        told_again(turn, year, edition.number),
        effect=Stored("edition", {"year": year, "number": edition.number}),
    )


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
