"""The closing report by itself: of a placement that ended, whose last month's report did not ask for it."""

from collections.abc import Mapping, Sequence

from dialogs.card import Button, Card, Text
from dialogs.clocks.clock_rows import named, note
from dialogs.clocks.my_clocks import list_reply
from dialogs.forms.elsewhere import where_to_write
from dialogs.forms.form_fields import fields, problem_banner
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Stored, Turn
from followup import PlacementId
from followup.clocks.rows import CLOSING
from followup.month.closing_report import QUESTIONS
from followup.people import Conversation
from followup.wording.form import asked, read_day
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.clocks.own_clocks import RunningClock
from services.clocks.recording import own_running, tell_end
from services.month.closing import first_closing


def open_form(turn: Turn) -> Reply:
    return _opened(turn, None, [])


def _opened(turn: Turn, typed: Mapping[str, str] | None, problems: Sequence[Problem]) -> Reply:
    found = own_running(turn.acting, turn.press.id("placement", PlacementId), CLOSING)
    if isinstance(found, Refused):
        return turn.refusal(found, "closing.gone")
    answers = first_closing(turn.acting, found.placement.id) if typed is None else typed
    return Reply(card=_card(turn, found, answers, problems))


def _card(turn: Turn, found: RunningClock, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say, free_text = turn.say, turn.municipality.free_text
    parts = (
        Text(f"{named(found.placement)}: {say.say(found.clock.said('clock'))}", "title"),
        Text(say("closing.about", unit=found.placement.unit_name, day=found.due.since)),
        Text(note(found.due, turn.acting.today, say), "subtle"),
        *problem_banner(problems, say),
        *fields(asked(QUESTIONS, free_text=free_text), typed, problems, say, "closing"),
        *([] if free_text else [Text(where_to_write(turn, "closing"), "subtle")]),
    )
    data = {"placement": found.placement.id, "due": found.due.due.isoformat()}
    save = Button(say("clock.save"), "hand_in_closing", data, takes_inputs=True)
    return Card(say("clock.form"), parts, (save, Button(say("clock.back"), "clocks")), page="frister")


def hand_in_closing(turn: Turn) -> Reply:
    due = turn.press.data.get("due")
    day = read_day(due) if isinstance(due, str) else None
    stored = tell_end(turn.acting, turn.press.id("placement", PlacementId), day, turn.press.inputs)
    if isinstance(stored, Refused):
        if stored.why == Why.WRONG:
            return _opened(turn, turn.press.inputs, stored.problems)
        return turn.refusal(stored, "closing.gone")
    return list_reply(turn, [_saved(turn)], Stored("closing", {"placement": stored.placement.id}))


def _saved(turn: Turn) -> Text:
    return Text(turn.say("closing.saved"), "good")


def told_again(turn: Turn) -> Reply:
    return list_reply(turn, [_saved(turn)])


OFFERED = (
    Verb("closing_form", Conversation.CLOCKS, open_form),
    Verb("hand_in_closing", Conversation.CLOCKS, hand_in_closing),
)
