"""The forms for closing an alert and for the decision whether to notify IVO."""

from collections.abc import Callable, Mapping, Sequence

from dialogs.alerts.alert_card import back_to
from dialogs.alerts.alert_desk import changed, done_meanwhile, form, fresh, pressed, refused
from dialogs.alerts.desk_form import form_card, sent_back
from dialogs.card import Button, Card
from dialogs.forms.verbs import Verb
from dialogs.turn import Reply, Turn
from followup.alerts.alert import Alert
from followup.alerts.closing import DECISION
from followup.people import Conversation
from followup.wording.form import Question
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.alerts import closing
from services.views.alerts import AlertHead

Draw = Callable[[Turn, AlertHead, Mapping[str, str], Sequence[Problem]], Card]


def decision_form(turn: Turn) -> Reply:
    def draw(head: AlertHead) -> Reply:
        if head.undecided is None:
            return fresh(turn, head.id)
        return Reply(card=_decision_card(turn, head, _prefilled(turn), []))

    return form(turn, draw)


def _prefilled(turn: Turn) -> Mapping[str, str]:
    return {"decided_on": turn.acting.today.isoformat(), "decided_by": turn.person.name}


def _decision_card(
    turn: Turn, head: AlertHead, typed: Mapping[str, str], problems: Sequence[Problem]
) -> Card:
    say = turn.say
    return form_card(
        turn,
        say("desk.decision_title", number=head.number, unit=head.unit),
        [say("desk.duty", paragraph=head.undecided), say("desk.decision_means")],
        DECISION,
        typed,
        problems,
        (
            Button(turn.say("desk.decision_send"), "decide_alert", {"alert": head.id}, takes_inputs=True),
            back_to(head.id, turn.say),
        ),
    )


def decide(turn: Turn) -> Reply:
    done = closing.decide(turn.acting, pressed(turn), turn.press.inputs)
    return _answer(turn, done, _decision_card)


def _answer(turn: Turn, done: Alert | Refused, draw: Draw) -> Reply:
    """What was done; or the form with all that is wrong; or what stands already, beside the card."""
    if not isinstance(done, Refused):
        return changed(turn, done)
    if done.why == Why.DONE:
        return form(turn, lambda head: done_meanwhile(turn, head))
    if done.why != Why.WRONG:
        return refused(turn, done)

    def drawn(head: AlertHead) -> Reply:
        return sent_back(turn, draw(turn, head, turn.press.inputs, done.problems), done.problems)

    return form(turn, drawn)


def close_form(turn: Turn) -> Reply:
    def draw(head: AlertHead) -> Reply:
        if head.closed is not None:
            return fresh(turn, head.id)
        return Reply(card=_close_card(turn, head, _prefilled(turn), []))

    return form(turn, draw)


def _questions(head: AlertHead) -> tuple[Question, ...]:
    return closing.closing_questions(head.undecided, head.kind)


def _close_card(turn: Turn, head: AlertHead, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    about = [say(f"desk.close_means.{head.kind}")] if head.kind else []
    if head.undecided:
        about.append(say("desk.close_needs", paragraph=head.undecided))
    return form_card(
        turn,
        say("desk.close_title", number=head.number, unit=head.unit),
        about,
        _questions(head),
        typed,
        problems,
        (
            Button(turn.say("desk.close_send"), "close_alert", {"alert": head.id}, takes_inputs=True),
            back_to(head.id, turn.say),
        ),
    )


def close(turn: Turn) -> Reply:
    done = closing.close(turn.acting, pressed(turn), turn.press.inputs)
    return _answer(turn, done, _close_card)


OFFERED = (
    Verb("decision_form", Conversation.ALERT_DESK, decision_form),
    Verb("decide_alert", Conversation.ALERT_DESK, decide),
    Verb("close_form", Conversation.ALERT_DESK, close_form),
    Verb("close_alert", Conversation.ALERT_DESK, close),
)
