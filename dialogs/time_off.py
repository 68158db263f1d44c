"""Later, and away: a reminder on a day of one's own choice, and leave with a substitute."""

from collections.abc import Sequence
from datetime import date, timedelta

from dialogs.card import Button, Card, Choice, Field, Text
from dialogs.form_fields import by_field, problem_banner
from dialogs.my_tasks import list_again, ticked_tasks
from dialogs.turn import Reply, Turn
from followup.calendar import is_working_day, municipal_day, next_working_day
from followup.form import read_day
from followup.people import Leave, Person, Role
from followup.rounds import Round, snooze_until
from followup.subject import What
from followup.wording import Problem, wording
from storage import awaiting, people, rounds

LONGEST_LEAVE = timedelta(days=366)


def snooze_form(turn: Turn) -> Reply:
    """The working days left to choose from; the typed `påminn mig på torsdag` is taken at its word."""
    named = _named_day(turn)
    if named is not None:
        return _snooze(turn, named)
    days = _days_to_choose(turn)
    if not days:
        return _too_late(turn)
    say = turn.say
    choices = tuple(Choice(day.isoformat(), say.weekday(day)) for day in days)
    parts = (
        Text(say("snooze.title"), "title"),
        Field("day", "choice", say("snooze.day"), days[0].isoformat(), choices, compact=True),
    )
    buttons = (
        Button(say("snooze.send"), "snooze", takes_inputs=True),
        Button(say("report.back"), "my_tasks"),
    )
    ticked = ticked_tasks(turn.said.press) if turn.said.press else []
    return Reply(card=Card(say("snooze.title"), parts, buttons, {"ticked": ticked} if ticked else {}))


def _too_late(turn: Turn) -> Reply:
    return Reply(card=list_again(turn, [Text(turn.say("snooze.too_late"), "subtle")]))


def snooze(turn: Turn) -> Reply:
    day = read_day(turn.press.inputs.get("day", ""))
    return _snooze(turn, day or municipal_day(turn.now) + timedelta(days=1))


def _snooze(turn: Turn, day: date) -> Reply:
    """Nothing is said about the round before the working day; the last day to answer is the longest it can wait."""
    day = max(day, municipal_day(turn.now) + timedelta(days=1))
    day = day if is_working_day(day) else next_working_day(day)
    left = [one for one in _rounds_left(turn) if snooze_until(day, one) > turn.now]
    if not left:
        return _too_late(turn)
    turn.log("write", What.SNOOZE.of(), records=0)
    for round_ in left:
        rounds.record_snooze(turn.tx, turn.person.id, round_.id, snooze_until(day, round_), turn.now)
    until = municipal_day(min(snooze_until(day, round_) for round_ in left))
    said = turn.say("snooze.done", day=turn.say.weekday(until))
    return Reply(card=Card(said, (Text(said, "good"), Text(turn.say("snooze.mine"), "subtle"))), effect=True)


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


def leave_form(turn: Turn) -> Reply:
    return Reply(card=_leave_card(turn, municipal_day(turn.now).isoformat(), "", "", []))


def _leave_card(turn: Turn, starts: str, ends: str, substitute: str, problems: Sequence[Problem]) -> Card:
    say = turn.say
    wrong = by_field(problems, say)
    choices = tuple(Choice(str(one.id), one.name) for one in _possible_substitutes(turn))
    parts = (
        Text(say("leave.title"), "title"),
        Text(say("leave.about")),
        *problem_banner(problems, say),
        Field("starts", "date", say("leave.starts"), starts, required=True, problem=wrong.get("starts", "")),
        Field("ends", "date", say("leave.ends"), ends, required=True, problem=wrong.get("ends", "")),
        Field(
            "substitute",
            "choice",
            say("leave.substitute"),
            substitute,
            choices,
            required=True,
            problem=wrong.get("substitute", ""),
            compact=True,
        ),
    )
    cancel = (Button(say("leave.cancel"), "cancel_leave"),) if _has_leave(turn) else ()
    return Card(say("leave.title"), parts, (Button(say("leave.send"), "leave", takes_inputs=True), *cancel))


def _has_leave(turn: Turn) -> bool:
    return any(one.person_id == turn.person.id for one in people.leaves(turn.tx, municipal_day(turn.now)))


def _possible_substitutes(turn: Turn) -> list[Person]:
    """Colleagues, those of the same team first."""
    others = [one for one in people.with_role(turn.tx, Role.WORKER) if one.id != turn.person.id]
    return sorted(others, key=lambda one: (one.team != turn.person.team, one.name))


def leave(turn: Turn) -> Reply:
    typed = turn.press.inputs
    starts, ends = read_day(typed.get("starts", "")), read_day(typed.get("ends", ""))
    substitute = next(
        (one for one in _possible_substitutes(turn) if str(one.id) == typed.get("substitute")), None
    )
    problems = _leave_problems(starts, ends, municipal_day(turn.now))
    problems += _substitute_problems(turn, substitute, starts, ends)
    if problems or starts is None or ends is None or substitute is None:
        card = _leave_card(
            turn, typed.get("starts", ""), typed.get("ends", ""), typed.get("substitute", ""), problems
        )
        return Reply(card=card)
    people.record_leave(turn.tx, Leave(turn.person.id, starts, ends, substitute.id), turn.now)
    # Whom the leave opens the placements to.
    named = f"substitute {substitute.id}, {starts}–{ends}"
    turn.log("write", What.LEAVE.of(), detail=named, records=0)
    said = turn.say("leave.done", starts=starts, ends=ends, substitute=substitute.name)
    return Reply(card=Card(said, (Text(said, "good"), Text(turn.say("leave.back"), "subtle"))), effect=True)


def _leave_problems(starts: date | None, ends: date | None, today: date) -> list[Problem]:
    problems = []
    if starts is None:
        problems.append(Problem("starts", wording("form.not_a_date")))
    if ends is None:
        problems.append(Problem("ends", wording("form.not_a_date")))
    elif starts is not None and ends < starts:
        problems.append(Problem("ends", wording("leave.ends_first")))
    elif ends < today or ends > today + LONGEST_LEAVE:
        problems.append(Problem("ends", wording("leave.ends_odd")))
    return problems


def _substitute_problems(
    turn: Turn, substitute: Person | None, starts: date | None, ends: date | None
) -> list[Problem]:
    """Someone, and not someone who is away on any of the days."""
    if substitute is None:
        return [Problem("substitute", wording("form.missing"))]
    if starts is None or ends is None:
        return []
    leaves = [one for one in people.leaves(turn.tx, starts) if one.person_id == substitute.id]
    away = any(one.starts <= ends for one in leaves)
    return [Problem("substitute", wording("leave.substitute_away", name=substitute.name))] if away else []


def cancel_leave(turn: Turn) -> Reply:
    people.cancel_leave(turn.tx, turn.person.id, turn.now)
    turn.log("write", What.LEAVE.of(), records=0)
    said = turn.say("leave.cancelled")
    return Reply(card=Card(said, (Text(said, "good"),)), effect=True)
