"""A signal taken in hand and ended with a reason: two buttons on its card, and the form of the second."""

from collections.abc import Mapping, Sequence

from dialogs.alerts.desk_form import form_card
from dialogs.card import Button
from dialogs.forms.verbs import Verb
from dialogs.signals.signal_card import carried
from dialogs.signals.signal_desk import UNKNOWN, shown
from dialogs.turn import Reply, Stored, Turn
from followup import AlertId, PersonId, SignalId
from followup.people import Conversation
from followup.signals.signal import Signal
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.signals import progress
from services.signals.progress import END_QUESTIONS
from services.views.signals import ToChange, to_change


def take(turn: Turn) -> Reply:
    seen_with = PersonId(turn.press.number("seen_with") or 0)
    return _answer(turn, progress.take(turn.acting, _pressed(turn), seen_with), "signals.taken")


def _pressed(turn: Turn) -> SignalId:
    return SignalId(turn.press.number("signal") or 0)


def _answer(turn: Turn, done: Signal | Refused, said: str) -> Reply:
    if isinstance(done, Refused):
        if done.why in (Why.DONE, Why.CHANGED):
            return shown(turn, _pressed(turn), done=turn.say("signals.handled_meanwhile"))
        return turn.refusal(done, UNKNOWN)
    numbers = {"signal": done.id, "version": done.version, "alert": turn.press.number("alert")}
    return shown(turn, done.id, done=turn.say(said), effect=Stored("signal_change", numbers))


def end_form(turn: Turn) -> Reply:
    found = to_change(turn.acting, _pressed(turn))
    return turn.refusal(found, UNKNOWN) if isinstance(found, Refused) else _form(turn, found, {}, [])


def _form(turn: Turn, found: ToChange, typed: Mapping[str, str], problems: Sequence[Problem]) -> Reply:
    say, back = turn.say, carried(found.signal.id, turn.press.id("alert", AlertId))
    card = form_card(
        turn,
        say("signals.end.title", number=found.signal.number, unit=found.unit),
        [say("signals.end.means")],
        END_QUESTIONS,
        typed,
        problems,
        (
            Button(say("signals.end.send"), "end_signal", back, takes_inputs=True),
            Button(say("signals.back"), "show_signal", back),
        ),
    )
    return Reply(card=card)


def end(turn: Turn) -> Reply:
    typed = turn.press.inputs
    done = progress.end(turn.acting, _pressed(turn), typed)
    if isinstance(done, Refused) and done.why == Why.WRONG:
        found = to_change(turn.acting, _pressed(turn))
        return (
            turn.refusal(found, UNKNOWN)
            if isinstance(found, Refused)
            else _form(turn, found, typed, done.problems)
        )
    if isinstance(done, Refused) and done.why == Why.DONE:
        # In words alone, so that the form with what she has written stays.
        return Reply(notice=turn.say("signals.ended_meanwhile"))
    return _answer(turn, done, "signals.ended")


OFFERED = (
    Verb("take_signal", Conversation.SIGNAL_DESK, take),
    Verb("end_signal_form", Conversation.SIGNAL_DESK, end_form),
    Verb("end_signal", Conversation.SIGNAL_DESK, end),
)
