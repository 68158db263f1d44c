"""Closing an alert with a reason, and the decision whether to notify IVO, without which a serious one stays open."""

from collections.abc import Mapping
from datetime import date

from followup import AlertId
from followup.alerts.alert import Alert, AlertDecision
from followup.alerts.closing import DECISION, duty, ending, read_closing
from followup.log.subject import What
from followup.provider import Unit
from followup.risk.bands import AlertKind
from followup.wording.form import Answers, Question
from services.acting import Acting, Reader, Refused, Why
from services.alerts.ownership import changed, held
from services.risk.scoring import rescore
from services.signals.led_to import tell_of_end
from services.signals.progress import follow_alert
from storage.alerts import alert_decisions, alerts
from storage.register import units
from storage.signals import signals


def undecided(reader: Reader, alert: Alert) -> str | None:
    """The paragraph under which a decision is still to be recorded on the alert; None where none is."""
    if alert_decisions.of_alert(reader.tx, alert.id) is not None:
        return None
    return to_decide_under(reader, alert, units.get(reader.tx, alert.unit_id))


def to_decide_under(reader: Reader, alert: Alert, unit: Unit) -> str | None:
    """The same of one that has no decision, at its unit."""
    if alert.closed_at is not None:
        return None
    return duty(alert.kind, reader.today, licensed=unit.care.licensed)


def decide(acting: Acting, alert_id: AlertId, typed: Mapping[str, str]) -> Alert | Refused:
    """Records the decision; the event's floor is lifted by it as the method says, and the unit scored anew."""
    alert = held(acting, alert_id)
    if isinstance(alert, Refused):
        return alert
    if undecided(acting, alert) is None:
        return Refused(Why.DONE)
    answers, problems = read_closing(DECISION, typed, acting.today)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    _record(acting, alert, answers)
    found = alerts.get(acting.tx, alert.id)
    assert found is not None
    return found


def _record(acting: Acting, alert: Alert, answers: Answers) -> None:
    decision = AlertDecision(
        notified=answers["notified"] == "yes",
        reason=answers["decision_reason"],
        decided_on=date.fromisoformat(answers["decided_on"]),
        decided_by=answers["decided_by"],
        recorded_by=acting.person.id,
        recorded_at=acting.now,
    )
    alert_decisions.record(acting.tx, alert.id, decision)
    acting.log("write", What.ALERT.of(alert.id, "decision"))
    _decide_event(acting, alert, decision.reason)


def _decide_event(acting: Acting, alert: Alert, reason: str) -> None:
    """A decision on the alert is one on every report of its event; the reports stay as evidence."""
    if alert.signal_id is None:
        return
    tx, now, author_id = acting.tx, acting.now, acting.person.id
    awaiting = [one for one in signals.of_event(tx, alert.signal_id) if not one.decided]
    for signal in awaiting:
        signals.revise(tx, signal.id, {"decided": True}, reason=reason, author_id=author_id, now=now)
    if awaiting:
        rescore(tx, alert.unit_id, now)


def closing_questions(paragraph: str | None, kind: AlertKind | None) -> tuple[Question, ...]:
    """What is asked; the decision too, where a paragraph demands one that is still to be recorded."""
    return (*DECISION, ending(kind)) if paragraph else (ending(kind),)


def close(acting: Acting, alert_id: AlertId, typed: Mapping[str, str]) -> Alert | Refused:
    """Closes with a reason and, where it is serious, the decision; the event it is about stays as evidence."""
    alert = held(acting, alert_id)
    if isinstance(alert, Refused):
        return alert
    if alert.closed_at is not None:
        return Refused(Why.DONE)
    cited = undecided(acting, alert)
    answers, problems = read_closing(closing_questions(cited, alert.kind), typed, acting.today)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    if cited:
        _record(acting, alert, answers)
    reason = answers[ending(alert.kind).id]
    alerts.close(acting.tx, alert.id, acting.person.id, reason, acting.now)
    closed = changed(acting, alert)
    _decide_event(acting, alert, reason)
    follow_alert(acting, alert, "remedied", reason=reason)
    if alert.kind == "safety":
        # Its floor is lifted by the record of what was done, and by nothing else.
        rescore(acting.tx, alert.unit_id, acting.now)
    tell_of_end(acting, alert)
    return closed
