"""Away: leave with a substitute, who gets the placements meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from dialogs import stored
from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.form_fields import by_field, problem_banner
from dialogs.forms.offered import Command, Verb
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.form import read_day
from followup.log.subject import What
from followup.people import Conversation, Leave, Person, Role
from followup.times.calendar import municipal_day
from followup.wording import Problem, wording
from storage import people

LONGEST_LEAVE = timedelta(days=366)


def leave_form(turn: Turn) -> Reply:
    return Reply(card=_card(turn, {"starts": municipal_day(turn.now).isoformat()}, []))


def _card(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem], *notes: Part) -> Card:
    say, standing = turn.say, _standing(turn)
    wrong = by_field(problems, say)
    choices = tuple(Choice(str(one.id), one.name) for one in _possible_substitutes(turn))
    parts = (
        Text(say("leave.title"), "title"),
        Text(say("leave.about")),
        *(_stands(turn, one) for one in standing.values()),
        *notes,
        *problem_banner(problems, say),
        *(_day(turn, name, typed, wrong) for name in ("starts", "ends")),
        Field(
            "substitute",
            "choice",
            say("leave.substitute"),
            typed.get("substitute", ""),
            choices,
            required=True,
            problem=wrong.get("substitute", ""),
            compact=True,
        ),
    )
    seen = {"leaves": list(standing)}
    cancel = (Button(say("leave.cancel"), "cancel_leave", seen),) if standing else ()
    return Card(
        say("leave.title"), parts, (Button(say("leave.send"), "leave", seen, takes_inputs=True), *cancel)
    )


def _day(turn: Turn, name: str, typed: Mapping[str, str], wrong: Mapping[str, str]) -> Field:
    label, problem = turn.say(f"leave.{name}"), wrong.get(name, "")
    return Field(name, "date", label, typed.get(name, ""), required=True, problem=problem)


def _standing(turn: Turn) -> dict[int, Leave]:
    """The person's own leaves from today on, by number."""
    return people.leaves_of(turn.tx, turn.person.id, municipal_day(turn.now))


def _stands(turn: Turn, away: Leave) -> Text:
    return Text(turn.say("leave.standing", leave=_written(turn, away)))


def _written(turn: Turn, away: Leave) -> str:
    named = people.some(turn.tx, [away.substitute_id]) if away.substitute_id else {}
    name = named[away.substitute_id].name if away.substitute_id else turn.say("alert.nobody_short")
    return turn.say("leave.written", starts=away.starts, ends=away.ends, substitute=name)


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
        return Reply(card=_card(turn, typed, problems))
    away = Leave(turn.person.id, starts, ends, substitute.id)
    here, seen = _recorded_here(turn), {*turn.press.ids("leaves")}
    standing = _standing(turn)
    unseen = [one for number, one in standing.items() if _meet(one, away) and number not in {*here, *seen}]
    if unseen and away not in unseen:
        return Reply(card=_card(turn, typed, [], _beside(turn, unseen, away)))
    return _record(turn, away, [number for number in here if number in standing])


def _recorded_here(turn: Turn) -> list[int]:
    """The leaves that this very card recorded, newest first."""
    return [one.numbers["leave"] for one in stored.of_card(turn.tx, turn.said.card, "leave")]


def _meet(one: Leave, other: Leave) -> bool:
    return one.starts <= other.ends and other.starts <= one.ends


def _beside(turn: Turn, unseen: Sequence[Leave], typed: Leave) -> Text:
    before = "; ".join(_written(turn, one) for one in unseen)
    return Text(turn.say("leave.before", stored=before, typed=_written(turn, typed)), "problem")


def _record(turn: Turn, away: Leave, corrected: Sequence[int]) -> Reply:
    """What the same card said before was a mistake, and goes."""
    people.cancel_leaves(turn.tx, corrected, turn.now)
    number = people.record_leave(turn.tx, away, turn.now)
    # Whom the leave opens the placements to.
    named = f"substitute {away.substitute_id}, {away.starts}–{away.ends}"
    turn.log("write", What.LEAVE.of(), detail=named, records=0)
    return _done(turn, away, Stored("leave", {"leave": number}))


def _done(turn: Turn, away: Leave, effect: Stored | None, *notes: Part) -> Reply:
    said = turn.say("leave.done", leave=_written(turn, away))
    return Reply(
        card=Card(said, (Text(said, "good"), *notes, Text(turn.say("leave.back"), "subtle"))), effect=effect
    )


def told_again(turn: Turn, leave_id: int) -> Reply:
    """The leave that was recorded, and whether it stands."""
    away = people.leave_by_id(turn.tx, leave_id)
    ended = leave_id not in _standing(turn) and away.ends >= municipal_day(turn.now)
    return _done(turn, away, None, *([Text(turn.say("receipt.changed"), "subtle")] if ended else []))


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
    """Ends the leaves that the card shows; where there are others by now, it shows those first."""
    standing, seen = _standing(turn), turn.press.ids("leaves")
    if not standing.keys() <= {*seen}:
        return Reply(card=_card(turn, {"starts": municipal_day(turn.now).isoformat()}, []))
    people.cancel_leaves(turn.tx, standing, turn.now)
    turn.log("write", What.LEAVE.of(), records=0)
    return cancelled(turn, Stored("leave_cancelled", {"leaves": list(standing)}) if standing else None)


def cancelled(turn: Turn, effect: Stored | None = None) -> Reply:
    said = turn.say("leave.cancelled")
    # Told again later, there may be another by then.
    standing = [_stands(turn, one) for one in _standing(turn).values()]
    return Reply(card=Card(said, (Text(said, "good"), *standing)), effect=effect)


OFFERED = (
    Command("leave_form", Conversation.LEAVE, ("ledig", "frånvaro", "leave", "away"), leave_form),
    Verb("leave_form", Conversation.LEAVE, leave_form),
    Verb("leave", Conversation.LEAVE, leave),
    Verb("cancel_leave", Conversation.LEAVE, cancel_leave),
)
