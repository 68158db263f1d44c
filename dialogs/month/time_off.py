"""Later: a reminder on a day of one's own choice."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from dialogs import stored
from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.offered import Command, Verb
from dialogs.month.my_tasks import list_again, ticked_tasks
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.form import read_day
from followup.log.subject import What
from followup.month.rounds import Round, snooze_until
from followup.people import Conversation
from followup.times.calendar import is_working_day, municipal_day, next_working_day
from storage.month import awaiting, rounds


def snooze_form(turn: Turn) -> Reply:
    """The working days left to choose from; the typed `påminn mig på torsdag` is taken at its word."""
    named = _named_day(turn)
    if named is not None:
        return _snooze(turn, named)
    days = _days_to_choose(turn)
    return Reply(card=_form(turn, days[0], days)) if days else _too_late(turn)


def _form(turn: Turn, chosen: date, days: Sequence[date], *notes: Part) -> Card:
    say = turn.say
    choices = tuple(Choice(day.isoformat(), say.weekday(day)) for day in days)
    parts = (
        Text(say("snooze.title"), "title"),
        *notes,
        Field("day", "choice", say("snooze.day"), chosen.isoformat(), choices, compact=True),
    )
    buttons = (
        Button(say("snooze.send"), "snooze", {"last": _last(turn)[0]}, takes_inputs=True),
        Button(say("report.back"), "my_tasks"),
    )
    ticked = ticked_tasks(turn.said.press) if turn.said.press else []
    return Card(say("snooze.title"), parts, buttons, {"ticked": ticked} if ticked else {})


def _last(turn: Turn) -> tuple[int, datetime | None]:
    """The person's newest snooze in the rounds that wait for her, by number, and until when; 0 where there is none."""
    own = [rounds.snoozes(turn.tx, one.id).get(turn.person.id, (0, None)) for one in _rounds_left(turn)]
    return max(own, key=lambda one: one[0], default=(0, None))


def _too_late(turn: Turn) -> Reply:
    return Reply(card=list_again(turn, [Text(turn.say("snooze.too_late"), "subtle")]))


def snooze(turn: Turn) -> Reply:
    """A day chosen anew where the card shows what was chosen before, or chose it; otherwise that is shown first."""
    day = _working_day(turn, read_day(turn.press.inputs.get("day", "")))
    number, until = _last(turn)
    here = [one.numbers["last"] for one in stored.of_card(turn.tx, turn.said.card, "snooze")]
    if until is None or until <= turn.now or number in (turn.press.number("last"), *here):
        return _snooze(turn, day)
    days = _days_to_choose(turn)
    if day not in days or municipal_day(until) == day:
        return _snooze(turn, day)
    note = turn.say(
        "snooze.before", stored=turn.say.weekday(municipal_day(until)), typed=turn.say.weekday(day)
    )
    return Reply(card=_form(turn, day, days, Text(note, "problem")))


def _working_day(turn: Turn, wanted: date | None) -> date:
    tomorrow = municipal_day(turn.now) + timedelta(days=1)
    day = max(wanted or tomorrow, tomorrow)
    return day if is_working_day(day) else next_working_day(day)


def _snooze(turn: Turn, wanted: date) -> Reply:
    """Nothing is said about the round before the working day; the last day to answer is the longest it can wait."""
    day = _working_day(turn, wanted)
    left = [one for one in _rounds_left(turn) if snooze_until(day, one) > turn.now]
    if not left:
        return _too_late(turn)
    turn.log("write", What.SNOOZE.of(), records=0)
    for round_ in left:
        rounds.record_snooze(turn.tx, turn.person.id, round_.id, snooze_until(day, round_), turn.now)
    until = municipal_day(min(snooze_until(day, round_) for round_ in left))
    return _done(turn, until, Stored("snooze", {"day": until.toordinal(), "last": _last(turn)[0]}))


def _done(turn: Turn, until: date, effect: Stored | None, *notes: Part) -> Reply:
    said = turn.say("snooze.done", day=turn.say.weekday(until))
    parts = (Text(said, "good"), *notes, Text(turn.say("snooze.mine"), "subtle"))
    return Reply(card=Card(said, parts), effect=effect)


def told_again(turn: Turn, day: int, last: int) -> Reply:
    """The day that was chosen, and whether another has been chosen since."""
    since = [Text(turn.say("receipt.changed"), "subtle")] if _last(turn)[0] > last else []
    return _done(turn, date.fromordinal(day), None, *since)


def _rounds_left(turn: Turn) -> list[Round]:
    waiting = {
        task.round_id for task in awaiting.of_person(turn.tx, turn.person, turn.now) if not task.answered
    }
    asked = rounds.asking_rounds(turn.tx, turn.now)
    return [one for one in asked if one.id in waiting and one.deadline > turn.now]


def _days_to_choose(turn: Turn) -> list[date]:
    today, left = municipal_day(turn.now), _rounds_left(turn)
    if not left:
        return []
    last = municipal_day(max(one.deadline for one in left))
    days = [today + timedelta(days=step) for step in range(1, (last - today).days + 1)]
    return [day for day in days if is_working_day(day)]


def _named_day(turn: Turn) -> date | None:
    """The next day with the weekday named in what was typed, or tomorrow."""
    words = turn.said.text.casefold().split()
    today = municipal_day(turn.now)
    if turn.say("snooze.tomorrow") in words:
        return today + timedelta(days=1)
    coming = [today + timedelta(days=step) for step in range(1, 8)]
    return next((day for day in coming if turn.say.weekday(day).split()[0].casefold() in words), None)


OFFERED = (
    Command("snooze_form", Conversation.MY_TASKS, ("påminn", "paminn", "remind", "snooze"), snooze_form),
    Verb("snooze_form", Conversation.MY_TASKS, snooze_form),
    Verb("snooze", Conversation.MY_TASKS, snooze),
)
