"""An alert in the quality team's hands: shown, taken, its history, and what of it is done in one's own chat."""

from collections.abc import Callable

from dialogs.alerts.alert_card import alert_card, back_to
from dialogs.alerts.alert_history import log_notes_read, newest_first, opening_to, where_to_read
from dialogs.alerts.small_alert import sight_of_alert
from dialogs.alerts.whom_to_ask import with_names
from dialogs.card import Card, Part, Text
from dialogs.forms.lists import page_of
from dialogs.forms.offered import Verb
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.access.small_unit import Matter
from followup.log.subject import What
from followup.messages.alerts import OwnAlert
from followup.people import Conversation
from followup.times.calendar import municipal_day
from storage import people
from storage.alerts import alert_decisions, alert_notes, alerts
from storage.alerts.alerts import Alert
from storage.messages import outbox

# A note can be long, and a card is not.
HISTORY_PAGE = 5
# What a channel may do with an alert on a small unit too: it looks the same whatever the alert is about.
ALIKE = frozenset({"take_alert", "alert_evidence", "open_alert"})


def pressed(turn: Turn) -> Alert | None:
    alert_id = turn.press.number("alert")
    return None if alert_id is None else alerts.get(turn.tx, alert_id)


def show(turn: Turn) -> Reply:
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    return Reply(card=fresh(turn, alert.id))


def take(turn: Turn) -> Reply:
    """The first to take it owns it; a later press shows who that is."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if alert.taken_at is not None or alert.closed_at is not None:
        return Reply(card=fresh(turn, alert.id))
    alerts.take(turn.tx, alert.id, turn.person.id, turn.now)
    alert_notes.add(turn.tx, alert.id, turn.person.id, turn.now, handed_to_id=turn.person.id)
    turn.log("write", What.ALERT.of(alert.id))
    return changed(turn, alert)


def changed(turn: Turn, alert: Alert, **more: int) -> Reply:
    """What was done with the alert is stored, and this is how it stands."""
    return Reply(card=fresh(turn, alert.id), effect=Stored("alert", {"alert": alert.id, **more}))


def fresh(turn: Turn, alert_id: int) -> Card:
    """The alert as it stands now, with what was written about it only in one's own chat."""
    alert = alerts.get(turn.tx, alert_id)
    assert alert is not None
    card = alert_card(turn.tx, alert, turn.now, turn.say, turn.acting)
    if turn.said.channel:
        return card
    return with_names(turn.tx, card, alert, turn.person, turn.now, turn.say, turn.municipality.access)


def done_meanwhile(turn: Turn, alert: Alert) -> Reply:
    """What stands already, said beside the card, so that what is typed in it stays with the one who typed it."""
    say, decision = turn.say, alert_decisions.of_alert(turn.tx, alert.id)
    if alert.closed_at is not None and alert.closed_by is not None:
        name, day = people.everyone(turn.tx)[alert.closed_by].name, municipal_day(alert.closed_at)
        return Reply(notice=say("desk.closed_meanwhile", number=alert.number, name=name, day=day))
    if decision is None:
        return Reply(card=fresh(turn, alert.id))
    decided = say(f"desk.decided.{'yes' if decision.notified else 'no'}", day=decision.decided_on)
    said = say("desk.decided_meanwhile", number=alert.number, decided=decided, name=decision.decided_by)
    return Reply(notice=said)


def open_own(turn: Turn) -> Reply:
    """The whole alert, which from the channel comes in the own chat of the one who asks."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if not turn.said.channel:
        return Reply(card=fresh(turn, alert.id))
    own = OwnAlert(alert.id)
    key = own.key(turn.person.key, turn.said.activity_id)
    outbox.queue(turn.tx, key, own, turn.now, person_id=turn.person.id, urgent=True)
    return Reply(notice=turn.say("alert.sent"))


def in_own_chat_if_small(dialog: Callable[[Turn], Reply]) -> Callable[[Turn], Reply]:
    """What is done with an alert on a small unit is done in one's own chat: its forms would tell what it is about."""

    def answered(turn: Turn) -> Reply:
        alert = pressed(turn) if turn.said.channel else None
        if alert is None or sight_of_alert(turn.tx, alert, turn.acting.audience, turn.now).whole(
            Matter.EVIDENCE
        ):
            return dialog(turn)
        return open_own(turn)

    return answered


def show_history(turn: Turn) -> Reply:
    """All that was done with the alert, a page at a time; what was written is never shown in the channel."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if turn.said.channel:
        return Reply(notice=turn.say("refused.channel"))
    return Reply(card=history_card(turn, alert))


def history_card(turn: Turn, alert: Alert) -> Card:
    """With what was written as far as it is open to the reader."""
    say, events = turn.say, newest_first(turn.tx, alert, turn.say)
    opening = opening_to(alert, turn.acting)
    page, more = page_of(turn, events, "alert_history", {"alert": alert.id}, size=HISTORY_PAGE)
    log_notes_read(turn.acting, alert, page, opening)
    parts: list[Part] = [
        Text(say("desk.history_of", number=alert.number), "title"),
        *(Text(one.shown_to(opening)) for one in page),
        *where_to_read(alert, events, opening, say),
    ]
    return Card(say("alert.summary"), tuple(parts), (*more, back_to(alert, say)))


OFFERED = (
    Verb("show_alert", Conversation.ALERT_DESK, show),
    Verb("take_alert", Conversation.ALERT_DESK, take),
    Verb("open_alert", Conversation.ALERT_DESK, open_own),
    Verb("alert_history", Conversation.ALERT_DESK, show_history),
)
