"""Away: leave with a substitute, who gets the placements meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import date

from dialogs.card import Button, Card, Choice, Field, Part, Text
from dialogs.forms.form_fields import by_field, problem_banner
from dialogs.forms.named_weeks import week_notes
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn, stored_by_presses
from followup import PersonId
from followup.people import Conversation, Leave
from followup.wording.form import read_day
from followup.wording.wording import Problem
from services.acting import Acting, Refused
from services.month.leave import (
    LeaveOtherwise,
    LeaveRecorded,
    record_leave,
    recorded_leave,
    stand_in_chosen,
    standing_leaves,
    substitutes,
    take_back_leave,
)
from services.views.people import name_of
from texts.catalogue import Texts
from texts.named_spans import span_in

NAMED = "substitute_name"


def leave_form(turn: Turn) -> Reply:
    """From today on, or the first and the last of the days that were named, else those that nobody stands in on."""
    named = span_in(turn.said.text, turn.acting.today) or _declined(turn.acting)
    typed = {"starts": named[0].isoformat(), **({"ends": named[-1].isoformat()} if len(named) > 1 else {})}
    return Reply(card=_card(turn, typed, [], *week_notes(turn)))


def _declined(acting: Acting) -> list[date]:
    """The days of the leave whose substitute has said no, from today on; today where there is none."""
    today = acting.today
    declined = [one for one in standing_leaves(acting).values() if one.answer == "no"]
    return [max(declined[0].starts, today), declined[0].ends] if declined else [today]


def _card(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem], *notes: Part) -> Card:
    say, standing = turn.say, standing_leaves(turn.acting)
    wrong = by_field(problems, say)
    parts = (
        Text(say("leave.title"), "title"),
        Text(say("leave.about")),
        *(
            [stands(turn.acting, say, one) for one in standing.values()]
            or [Text(say("leave.none"), "subtle")]
        ),
        *notes,
        *problem_banner(problems, say),
        *(_day(turn, name, typed, wrong) for name in ("starts", "ends")),
        _whom(turn, typed, wrong.get("substitute", "")),
    )
    seen = {"leaves": list(standing)}
    cancel = (Button(say("leave.cancel"), "cancel_leave", seen),) if standing else ()
    return Card(
        say("leave.title"), parts, (Button(say("leave.send"), "leave", seen, takes_inputs=True), *cancel)
    )


def _day(turn: Turn, name: str, typed: Mapping[str, str], wrong: Mapping[str, str]) -> Field:
    label, problem = turn.say(f"leave.{name}"), wrong.get(name, "")
    return Field(name, "date", label, typed.get(name, ""), required=True, problem=problem)


def _whom(turn: Turn, typed: Mapping[str, str], problem: str) -> Field:
    """Chosen among her colleagues; where they are too many, by the name that is typed."""
    say, offered = turn.say, substitutes(turn.acting)
    if offered is None:
        label, value = say("leave.substitute_name"), _named(turn, typed)
        return Field(NAMED, "line", label, value, required=True, problem=problem)
    return Field(
        "substitute",
        "choice",
        say("leave.substitute"),
        typed.get("substitute", ""),
        tuple(Choice(str(one.id), one.name) for one in offered),
        required=True,
        problem=problem,
        compact=True,
    )


def _named(turn: Turn, typed: Mapping[str, str]) -> str:
    """As it was typed, or as she is called who was chosen in a card from when there were fewer."""
    chosen = (
        stand_in_chosen(turn.acting, turn.press.chosen("substitute", PersonId)) if turn.said.press else None
    )
    return typed.get(NAMED, "") or (chosen.name if chosen else "")


def stands(acting: Acting, say: Texts, away: Leave) -> Text:
    """One of her own, with what the substitute has said."""
    said = say("leave.standing", leave=_written(acting, say, away))
    return Text(f"{said} {_answer(acting, say, away)}".rstrip())


def _answer(acting: Acting, say: Texts, away: Leave) -> str:
    """What the substitute has said to being asked."""
    name = name_of(acting, away.substitute_id)
    texts = {"yes": "leave.said_yes", "no": "leave.said_no", None: "leave.not_answered"}
    return say(texts[away.answer], name=name) if name else ""


def _written(acting: Acting, say: Texts, away: Leave) -> str:
    name = name_of(acting, away.stand_in) or say("alert.nobody_short")
    return say("leave.written", starts=away.starts, ends=away.ends, substitute=name)


def leave(turn: Turn) -> Reply:
    typed = turn.press.inputs
    here = [one.numbers["leave"] for one in stored_by_presses(turn.tx, turn.said.card, "leave")]
    done = record_leave(
        turn.acting,
        read_day(typed.get("starts", "")),
        read_day(typed.get("ends", "")),
        turn.press.chosen("substitute", PersonId),
        named=typed.get(NAMED, ""),
        seen=turn.press.ids("leaves"),
        corrects=here,
    )
    match done:
        case Refused(problems=problems):
            return Reply(card=_card(turn, typed, problems))
        case LeaveOtherwise(before, away):
            return Reply(card=_card(turn, typed, [], _beside(turn, before, away)))
        case LeaveRecorded(away, number):
            return _done(turn, away, Stored("leave", {"leave": number}))


def _beside(turn: Turn, unseen: Sequence[Leave], typed: Leave) -> Text:
    before = "; ".join(_written(turn.acting, turn.say, one) for one in unseen)
    return Text(
        turn.say("leave.before", stored=before, typed=_written(turn.acting, turn.say, typed)), "problem"
    )


def _done(turn: Turn, away: Leave, effect: Stored | None, *notes: Part) -> Reply:
    said = turn.say("leave.done", leave=_written(turn.acting, turn.say, away))
    return Reply(
        card=Card(
            said,
            (
                Text(said, "good"),
                *notes,
                Text(_answer(turn.acting, turn.say, away)),
                Text(turn.say("leave.back"), "subtle"),
            ),
        ),
        effect=effect,
    )


def told_again(turn: Turn, leave_id: int) -> Reply:
    """The leave that was recorded, and whether it stands."""
    away = recorded_leave(turn.acting, leave_id)
    ended = leave_id not in standing_leaves(turn.acting) and away.ends >= turn.acting.today
    return _done(turn, away, None, *([Text(turn.say("receipt.changed"), "subtle")] if ended else []))


def cancel_leave(turn: Turn) -> Reply:
    """Ends the leaves that the card shows; where there are others by now, it shows those first."""
    ended = take_back_leave(turn.acting, turn.press.ids("leaves"))
    if isinstance(ended, Refused):
        return Reply(card=_card(turn, {"starts": turn.acting.today.isoformat()}, []))
    return cancelled(turn, Stored("leave_cancelled", {"leaves": list(ended)}) if ended else None)


def cancelled(turn: Turn, effect: Stored | None = None) -> Reply:
    said = turn.say("leave.cancelled")
    # Told again later, there may be another by then.
    standing = [stands(turn.acting, turn.say, one) for one in standing_leaves(turn.acting).values()]
    return Reply(card=Card(said, (Text(said, "good"), *standing)), effect=effect)


OFFERED = (
    Command("leave_form", Conversation.LEAVE, ("ledig", "frånvaro", "leave", "away"), leave_form),
    Verb("leave_form", Conversation.LEAVE, leave_form),
    Verb("leave", Conversation.LEAVE, leave),
    Verb("cancel_leave", Conversation.LEAVE, cancel_leave),
)
