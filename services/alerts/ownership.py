"""An alert in the quality team's hands: taken, handed over, noted, and its notes opened with a reason."""

from collections.abc import Collection, Mapping

from followup import AlertId, PersonId
from followup.access.access import DataKind, Reach
from followup.alerts.alert import Alert
from followup.log.subject import What
from followup.messages.alerts import EvidenceAsked, HandedOver, OwnAlert
from followup.people import Conversation, Person, Role
from followup.times.calendar import working_moment
from followup.wording.form import Question, asked, read, refused_free_text
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why, which
from services.signals.progress import follow_alert
from storage.alerts import alert_notes, alerts
from storage.engine.locks import hold_alert
from storage.log import openings
from storage.messages import queueing
from storage.register import people

MESSAGE = Question("message", "text", "desk", required=False)
NOTE = Question("note", "text", "desk")
NOBODY = PersonId(0)


def held(acting: Acting, alert_id: AlertId) -> Alert | Refused:
    """The alert, for one who handles alerts."""
    named = which(What.ALERT, alert_id)
    if not acting.may(Conversation.ALERT_DESK) or acting.reach(DataKind.ALERT) == Reach.NOTHING:
        return acting.refuse(named)
    hold_alert(acting.tx, alert_id)
    return alerts.get(acting.tx, alert_id) or acting.refuse(named, Why.UNKNOWN)


def changed(acting: Acting, alert: Alert) -> Alert:
    """As it is stored now, logged as written."""
    acting.log("write", What.ALERT.of(alert.id))
    found = alerts.get(acting.tx, alert.id)
    assert found is not None
    return found


def take(acting: Acting, alert_id: AlertId) -> Alert | Refused:
    """The first to take it owns it."""
    alert = held(acting, alert_id)
    if isinstance(alert, Refused):
        return alert
    if alert.taken_at is not None or alert.closed_at is not None:
        return Refused(Why.DONE)
    alerts.take(acting.tx, alert.id, acting.person.id, acting.now)
    alert_notes.add(acting.tx, alert.id, acting.person.id, acting.now, handed_to_id=acting.person.id)
    follow_alert(acting, alert, "investigating", owner_id=acting.person.id)
    return changed(acting, alert)


def colleagues(acting: Acting, owner_id: PersonId | None) -> list[Person]:
    """To whom what the owner has can be handed over."""
    return [one for one in people.with_role(acting.tx, Role.QUALITY) if one.id != owner_id]


def hand_over(
    acting: Acting, alert_id: AlertId, typed: Mapping[str, str], seen_with: Collection[PersonId]
) -> Alert | Refused:
    """The colleague owns the alert and is told so, without a word about what it is.

    `seen_with` is whom she has seen that it is with, NOBODY included; with another by now, it stays there.
    """
    alert = held(acting, alert_id)
    if isinstance(alert, Refused):
        return alert
    if alert.closed_at is not None:
        return Refused(Why.DONE)
    ids = tuple(str(one.id) for one in colleagues(acting, alert.owner_id))
    free_text = acting.municipality.free_text
    questions = asked((Question("colleague", "choice", "desk", choices=ids), MESSAGE), free_text=free_text)
    answers, problems = read(questions, typed, acting.today)
    problems += refused_free_text([MESSAGE], typed, "colleague", acting.municipality.text_refused)
    problems += _changed_hands(acting, alert, seen_with)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    _give(acting, alert, PersonId(int(answers["colleague"])), answers.get("message"))
    return changed(acting, alert)


def _changed_hands(acting: Acting, alert: Alert, seen_with: Collection[PersonId]) -> list[Problem]:
    if (alert.owner_id or NOBODY) in seen_with:
        return []
    owner = people.PeopleById(acting.tx).get(alert.owner_id or NOBODY)
    name = owner.name if owner else wording("alert.nobody_short")
    return [Problem("colleague", wording("desk.owner_changed", name=name))]


def _give(acting: Acting, alert: Alert, to_id: PersonId, message: str | None) -> None:
    tx, person_id, now = acting.tx, acting.person.id, acting.now
    alerts.hand_over(tx, alert.id, to_id, now)
    follow_alert(acting, alert, "investigating", owner_id=to_id)
    note_id = alert_notes.add(tx, alert.id, person_id, now, handed_to_id=to_id, text=message)
    if to_id != person_id:
        told = HandedOver(alert.id, person_id)
        queueing.queue(tx, told.key(note_id), told, now, person_id=to_id, not_before=working_moment(now))


def note(acting: Acting, alert_id: AlertId, typed: Mapping[str, str]) -> Alert | Refused:
    """What was done is noted also on an alert that has been closed meanwhile: nothing written is lost."""
    alert = held(acting, alert_id)
    if isinstance(alert, Refused):
        return alert
    if not acting.municipality.free_text:
        said = "on_page.text" if acting.municipality.texts_on_page else "minimal.note"
        return Refused(Why.WRONG, (Problem("note", wording(said)),))
    answers, problems = read([NOTE], typed, acting.today)
    if problems:
        return Refused(Why.WRONG, tuple(problems))
    alert_notes.add(acting.tx, alert.id, acting.person.id, acting.now, text=answers["note"])
    return changed(acting, alert)


def open_notes(acting: Acting, alert_id: AlertId, reason: str) -> Alert | Refused:
    """Opens what was written until midnight; the reason is stored before anything is shown, each time anew."""
    refused, alert = refuse_notes(acting, alert_id), alerts.get(acting.tx, alert_id)
    if refused is not None:
        return refused
    if alert is None or not reason:
        return Refused(Why.NO_REASON)
    notes = What.ALERT_NOTES.of(alert.id)
    openings.open_until_midnight(acting.tx, notes, acting.person.id, acting.today)
    acting.log("read", notes, reason=reason)
    return alert


def refuse_notes(acting: Acting, alert_id: AlertId) -> Refused | None:
    """Why she may not read what is written about the alert, whatever her reason; None where she may."""
    alert, named = held(acting, alert_id), which(What.ALERT, alert_id)
    if isinstance(alert, Refused):
        return alert
    if acting.channel:
        return acting.refuse(named, Why.CHANNEL)
    return None if acting.opens(DataKind.NOTES) else acting.refuse(named)


def send_to_own_chat(
    acting: Acting, alert_id: AlertId, asked: OwnAlert | EvidenceAsked, press: str
) -> Alert | Refused:
    """What is asked for where others look on is sent to her own chat, once for the press, and logged when it is."""
    alert = held(acting, alert_id)
    if isinstance(alert, Refused):
        return alert
    key = asked.key(acting.person.key, press)
    queueing.queue(acting.tx, key, asked, acting.now, person_id=acting.person.id, urgent=True)
    return alert
