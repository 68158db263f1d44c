"""The forms of a clock: the meeting's day and who decided, and what a plan says of each point that the law names."""

from collections.abc import Mapping, Sequence
from datetime import date

from dialogs.card import Button, Card, Text
from dialogs.clocks.clock_rows import named, note
from dialogs.clocks.my_clocks import list_reply
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Stored, Turn
from followup import PlacementId
from followup.people import Conversation
from followup.wording.form import read_day
from followup.wording.law import paragraph
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.clocks.own_clocks import RunningClock
from services.clocks.recording import (
    BY_ENDING,
    CHECKLISTS,
    PLAN_OF,
    own_recorded,
    own_running,
    read_through,
    record_done,
)


def done_form(turn: Turn) -> Reply:
    return _opened(turn, {}, [])


def _opened(turn: Turn, typed: Mapping[str, str], problems: Sequence[Problem]) -> Reply:
    found = own_running(turn.acting, turn.press.id("placement", PlacementId), _code(turn))
    if isinstance(found, Refused):
        return _gone(turn, found)
    if found.clock.ends == "checklist":
        return Reply(card=_plan_form(turn, found, typed, problems))
    if found.clock.ends not in BY_ENDING:
        return Reply(notice=turn.say("clock.unknown"))
    return Reply(card=_done_form(turn, found, typed, problems))


def _code(turn: Turn) -> str:
    value = turn.press.data.get("clock")
    return value if isinstance(value, str) else ""


def _gone(turn: Turn, refused: Refused) -> Reply:
    """Done by now, or another's: what was typed is said not to be saved by who asked."""
    return turn.refusal(refused, "clock.unknown")


def _done_form(
    turn: Turn, found: RunningClock, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Card:
    say = turn.say
    word = say.say(found.clock.said("clock"))
    committee = paragraph("delegated_to_committee", turn.acting.today)
    about = (
        [Text(say("clock.only_committee", cited=committee), "subtle")]
        if found.clock.ends == "meeting" and committee
        else []
    )
    parts = (
        Text(f"{named(found.placement)}: {word}", "title"),
        Text(say("clock.where", unit=found.placement.unit_name, day=found.due.due)),
        Text(note(found.due, turn.acting.today, say), "subtle"),
        *about,
        *problem_banner(problems, say),
        *fields(BY_ENDING[found.clock.ends], typed, problems, say, "clock"),
    )
    save = Button(say("clock.save"), "clock_done", _data(found), takes_inputs=True)
    return Card(say("clock.form"), parts, (save, Button(say("clock.back"), "clocks")))


def _plan_form(
    turn: Turn, found: RunningClock, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Card:
    say, plan = turn.say, PLAN_OF[found.clock.code]
    parts = (
        Text(f"{named(found.placement)}: {say.say(found.clock.said('clock'))}", "title"),
        Text(say("plan_check.about", day=found.due.since)),
        *problem_banner(problems, say),
        *fields(CHECKLISTS[plan], typed, problems, say, f"plan_check.{plan}"),
    )
    save = Button(say("clock.save"), "plan_check", _data(found), takes_inputs=True)
    return Card(say("clock.form"), parts, (save, Button(say("clock.back"), "clocks")))


def _data(found: RunningClock) -> Mapping[str, object]:
    return {
        "placement": found.placement.id,
        "clock": found.clock.code,
        "due": found.due.due.isoformat(),
    }


def _due(turn: Turn) -> date | None:
    """The last day of the time that the form was about: by now another may run."""
    value = turn.press.data.get("due")
    return read_day(value) if isinstance(value, str) else None


def save_done(turn: Turn) -> Reply:
    placement, typed = turn.press.id("placement", PlacementId), turn.press.inputs
    stored = record_done(turn.acting, placement, _code(turn), _due(turn), typed)
    if isinstance(stored, Refused):
        if stored.why == Why.WRONG:
            return _opened(turn, turn.press.inputs, stored.problems)
        return _gone(turn, stored)
    return list_reply(turn, [_receipt(turn, stored.id)], Stored("clock_done", {"done": stored.id}))


def _receipt(turn: Turn, done_id: int) -> Text:
    """What was stored, of what she recorded herself."""
    found = own_recorded(turn.acting, done_id)
    if found is None:
        return Text(turn.say("receipt.saved"), "good")
    stored, clock = found
    return Text(turn.say("clock.saved", clock=clock.said("clock"), day=stored.done_on), "good")


def done_told_again(turn: Turn, done_id: int) -> Reply:
    return list_reply(turn, [_receipt(turn, done_id)])


def save_check(turn: Turn) -> Reply:
    plan = PLAN_OF.get(_code(turn))
    placement, typed = turn.press.id("placement", PlacementId), turn.press.inputs
    stored = read_through(turn.acting, placement, plan, _due(turn), typed)
    if isinstance(stored, Refused):
        if stored.why == Why.WRONG:
            return _opened(turn, turn.press.inputs, stored.problems)
        return _gone(turn, stored)
    kept = {"plan": stored.plan, "missing": list(stored.missing)}
    return list_reply(turn, [_check_receipt(turn, stored.plan, stored.missing)], Stored("plan_check", kept))


def _check_receipt(turn: Turn, plan: str, missing: Sequence[str]) -> Text:
    say = turn.say
    if not missing:
        return Text(say("plan_check.whole"), "good")
    points = ", ".join(say(f"plan_check.{plan}.{point}") for point in missing)
    return Text(say("plan_check.missing", points=points), "warning")


def check_told_again(turn: Turn, plan: str, missing: Sequence[str]) -> Reply:
    return list_reply(turn, [_check_receipt(turn, plan, missing)])


OFFERED = (
    Verb("clock_done_form", Conversation.CLOCKS, done_form),
    Verb("clock_done", Conversation.CLOCKS, save_done),
    Verb("plan_check_form", Conversation.CLOCKS, done_form),
    Verb("plan_check", Conversation.CLOCKS, save_check),
)
