"""Closing an alert with a reason, and the decision whether to notify IVO, without which a serious one stays open."""

from collections.abc import Mapping, Sequence
from datetime import date

from dialogs.alerts.alert_card import back_to
from dialogs.alerts.alert_desk import changed, done_meanwhile, fresh, pressed
from dialogs.alerts.desk_form import form_card, kept
from dialogs.card import Button, Card
from dialogs.forms.offered import Verb
from dialogs.turn import Reply, Turn
from followup.alerts.closing import DECISION, REASON, duty, read_closing
from followup.form import Answers, Question
from followup.log.subject import What
from followup.people import Conversation
from followup.times.calendar import municipal_day
from followup.wording import Problem
from services.risk.scoring import rescore
from services.signals.led_to import tell_of_alert
from storage import units
from storage.alerts import alert_decisions, alerts
from storage.alerts.alert_decisions import AlertDecision
from storage.alerts.alerts import Alert
from storage.signals import signals


def decision_form(turn: Turn) -> Reply:
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if not _awaits_decision(turn, alert):
        return Reply(card=fresh(turn, alert.id))
    return Reply(card=_decision_card(turn, alert, _prefilled(turn), []))


def _awaits_decision(turn: Turn, alert: Alert) -> bool:
    """Whether a decision is still to be recorded on the alert."""
    needed = duty(alert.kind, municipal_day(turn.now)) is not None and alert.closed_at is None
    return needed and alert_decisions.of_alert(turn.tx, alert.id) is None


def _prefilled(turn: Turn) -> Mapping[str, str]:
    return {"decided_on": municipal_day(turn.now).isoformat(), "decided_by": turn.person.name}


def _decision_card(turn: Turn, alert: Alert, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    cited = duty(alert.kind, municipal_day(turn.now))
    return form_card(
        turn,
        say("desk.decision_title", number=alert.number, unit=_unit_name(turn, alert)),
        [say("desk.duty", paragraph=cited), say("desk.decision_means")],
        DECISION,
        typed,
        problems,
        (
            Button(turn.say("desk.decision_send"), "decide_alert", {"alert": alert.id}, takes_inputs=True),
            back_to(alert, turn.say),
        ),
    )


def _unit_name(turn: Turn, alert: Alert) -> str:
    return units.get(turn.tx, alert.unit_id).name


def decide(turn: Turn) -> Reply:
    """Records the decision; the event's floor is lifted by it as the method says, and the unit scored anew."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if not _awaits_decision(turn, alert):
        return done_meanwhile(turn, alert)
    answers, problems = read_closing(DECISION, turn.press.inputs, municipal_day(turn.now))
    if problems:
        return Reply(card=_decision_card(turn, alert, kept(turn, DECISION), problems))
    _record(turn, alert, answers)
    tell_of_alert(turn.acting, alert, "decided")
    return changed(turn, alert)


def _record(turn: Turn, alert: Alert, answers: Answers) -> None:
    decision = AlertDecision(
        notified=answers["notified"] == "yes",
        reason=answers["decision_reason"],
        decided_on=date.fromisoformat(answers["decided_on"]),
        decided_by=answers["decided_by"],
        recorded_by=turn.person.id,
        recorded_at=turn.now,
    )
    alert_decisions.record(turn.tx, alert.id, decision)
    turn.log("write", What.ALERT.of(alert.id, "decision"))
    _decide_event(turn, alert, decision.reason)


def _decide_event(turn: Turn, alert: Alert, reason: str) -> None:
    """A decision on the alert is one on every report of its event; the reports stay as evidence."""
    if alert.signal_id is None:
        return
    undecided = [one for one in signals.of_event(turn.tx, alert.signal_id) if not one.decided]
    for signal in undecided:
        signals.revise(
            turn.tx, signal.id, {"decided": True}, reason=reason, author_id=turn.person.id, now=turn.now
        )
    if undecided:
        rescore(turn.tx, alert.unit_id, turn.now)


def close_form(turn: Turn) -> Reply:
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if alert.closed_at is not None:
        return Reply(card=fresh(turn, alert.id))
    return Reply(card=_close_card(turn, alert, _prefilled(turn), []))


def _questions(turn: Turn, alert: Alert) -> tuple[Question, ...]:
    return (*DECISION, REASON) if _awaits_decision(turn, alert) else (REASON,)


def _close_card(turn: Turn, alert: Alert, typed: Mapping[str, str], problems: Sequence[Problem]) -> Card:
    say = turn.say
    about = [say(f"desk.close_means.{alert.kind}")]
    if _awaits_decision(turn, alert):
        about.append(say("desk.close_needs", paragraph=duty(alert.kind, municipal_day(turn.now))))
    return form_card(
        turn,
        say("desk.close_title", number=alert.number, unit=_unit_name(turn, alert)),
        about,
        _questions(turn, alert),
        typed,
        problems,
        (
            Button(turn.say("desk.close_send"), "close_alert", {"alert": alert.id}, takes_inputs=True),
            back_to(alert, turn.say),
        ),
    )


def close(turn: Turn) -> Reply:
    """Closes with a reason and, where it is serious, the decision; the event it is about stays as evidence."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if alert.closed_at is not None:
        return done_meanwhile(turn, alert)
    questions = _questions(turn, alert)
    answers, problems = read_closing(questions, turn.press.inputs, municipal_day(turn.now))
    if problems:
        return Reply(card=_close_card(turn, alert, kept(turn, questions), problems))
    if len(questions) > 1:
        _record(turn, alert, answers)
    alerts.close(turn.tx, alert.id, turn.person.id, answers["reason"], turn.now)
    turn.log("write", What.ALERT.of(alert.id))
    _decide_event(turn, alert, answers["reason"])
    tell_of_alert(turn.acting, alert, "closed")
    return changed(turn, alert)


OFFERED = (
    Verb("decision_form", Conversation.ALERT_DESK, decision_form),
    Verb("decide_alert", Conversation.ALERT_DESK, decide),
    Verb("close_form", Conversation.ALERT_DESK, close_form),
    Verb("close_alert", Conversation.ALERT_DESK, close),
)
