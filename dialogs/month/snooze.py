"""Later: a reminder on a day of one's own choice."""

from collections.abc import Sequence
from datetime import date

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.named_weeks import week_notes
from dialogs.forms.verbs import Command, Verb
from dialogs.month.my_tasks import list_again, ticked_tasks
from dialogs.turn import Reply, Stored, Turn, stored_by_presses
from followup.people import Conversation
from followup.wording.form import read_day
from services.acting import Refused
from services.month.own_tasks import own_tasks
from services.month.snoozing import (
    SnoozeOtherwise,
    SnoozeRecorded,
    days_to_choose,
    last_snooze,
    snooze,
    take_back_snooze,
)
from texts.named_days import days_in
from texts.named_spans import spelled


def snooze_form(turn: Turn) -> Reply:
    """The working days left to choose from; the typed `påminn mig på torsdag` is taken at its word."""
    named = _named_day(turn)
    if named is not None:
        return _answer(turn, snooze(turn.acting, named), named)
    days = days_to_choose(turn.acting)
    return Reply(card=_form(turn, days[0], days, *week_notes(turn))) if days else _too_late(turn)


def _form(turn: Turn, chosen: date, days: Sequence[date], *notes: Part) -> Card:
    say = turn.say
    choices = tuple(Choice(day.isoformat(), say.weekday(day)) for day in days)
    parts = (
        Text(say("snooze.title"), "title"),
        *notes,
        Field("day", "choice", say("snooze.day"), chosen.isoformat(), choices, compact=True),
    )
    last = last_snooze(turn.acting).number
    buttons = (
        Button(say("snooze.send"), "snooze", {"last": last}, takes_inputs=True),
        Button(say("report.back"), "my_tasks"),
    )
    ticked = ticked_tasks(turn.said.press) if turn.said.press else []
    return Card(say("snooze.title"), parts, buttons, {"ticked": ticked} if ticked else {})


def _too_late(turn: Turn) -> Reply:
    """Or nothing is left to be reminded of."""
    left = any(not one.answered for one in own_tasks(turn.acting))
    said = "snooze.too_late" if left else "snooze.nothing_left"
    return Reply(card=list_again(turn, [Text(turn.say(said), "subtle")]))


def choose_day(turn: Turn) -> Reply:
    """A day chosen anew where the card shows what was chosen before, or chose it; otherwise that is shown first."""
    here = [one.numbers["last"] for one in stored_by_presses(turn.tx, turn.said.card, "snooze")]
    shown = turn.press.number("last")
    seen = {*here, *([] if shown is None else [shown])}
    return _answer(turn, snooze(turn.acting, read_day(turn.press.inputs.get("day", "")), seen))


def _answer(turn: Turn, done: SnoozeRecorded | SnoozeOtherwise | Refused, named: date | None = None) -> Reply:
    """A day that was `named` and comes after the last day to answer is told of beside the one that it became."""
    say = turn.say
    match done:
        case Refused():
            return _too_late(turn)
        case SnoozeRecorded(until, last):
            effect = Stored("snooze", {"day": until.toordinal(), "last": last})
            sooner = named is not None and until < named
            return _done(turn, until, effect, *([Text(say("snooze.last_day", day=named))] if sooner else []))
        case SnoozeOtherwise(until, day):
            before = say("snooze.before", stored=say.weekday(until), typed=say.weekday(day))
            days = days_to_choose(turn.acting)
            return Reply(card=_form(turn, day, days, Text(before, "problem")))


def _done(turn: Turn, until: date, effect: Stored | None, *notes: Part) -> Reply:
    said = turn.say("snooze.done", day=turn.say.weekday(until))
    parts = (Text(said, "good"), *notes, Text(turn.say("snooze.mine"), "subtle"))
    return Reply(card=Card(said, parts), effect=effect)


def told_again(turn: Turn, day: int, last: int) -> Reply:
    """The day that was chosen, and whether another has been chosen since."""
    is_changed = last_snooze(turn.acting).number > last
    since = [Text(turn.say("receipt.changed"), "subtle")] if is_changed else []
    return _done(turn, date.fromordinal(day), None, *since)


def cancel_snooze(turn: Turn) -> Reply:
    refused = take_back_snooze(turn.acting)
    if refused is not None:
        return turn.refusal(refused, "press.unknown")
    return cancelled(turn, Stored("snooze_cancelled", {}))


def cancelled(turn: Turn, effect: Stored | None = None) -> Reply:
    return Reply(card=list_again(turn, [Text(turn.say("snooze.cancelled"), "good")]), effect=effect)


def _named_day(turn: Turn) -> date | None:
    """The first day to come that is named in what was typed."""
    today = turn.acting.today
    return next((day for day in days_in(spelled(turn.said.text, today), today) if day > today), None)


OFFERED = (
    Command("snooze_form", Conversation.MY_TASKS, ("påminn", "paminn", "remind", "snooze"), snooze_form),
    Verb("snooze_form", Conversation.MY_TASKS, snooze_form),
    Verb("snooze", Conversation.MY_TASKS, choose_day),
    Verb("cancel_snooze", Conversation.MY_TASKS, cancel_snooze),
)
