"""An alert in the quality team's hands: shown, taken, its history, and what of it is done in one's own chat."""

from collections.abc import Callable

from dialogs.alerts.alert_card import alert_card, back_to, decided
from dialogs.alerts.alert_history import sentence, where_to_read
from dialogs.card import Button, Card, Part, Text
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Stored, Turn, read_beside, when_read
from followup import AlertId
from followup.alerts.alert import NUMBER, Alert, id_in
from followup.messages.alerts import OwnAlert
from followup.people import Conversation
from followup.times.calendar import municipal_day
from services.acting import Refused, Why
from services.alerts import ownership
from services.views import alert_history, alerts
from services.views.alerts import AlertHead

# A note can be long, and a card is not.
HISTORY_PAGE = 5
UNKNOWN = "alert.unknown"
# What a channel may do with an alert on a small unit too: it looks the same whatever the alert is about.
ALIKE = frozenset({"take_alert", "alert_evidence", "open_alert"})


def pressed(turn: Turn) -> AlertId:
    """Which alert the button names; 0 where it names none."""
    return AlertId(turn.press.number("alert") or 0)


def show(turn: Turn) -> Reply:
    return fresh(turn, pressed(turn))


def fresh(turn: Turn, alert_id: AlertId, effect: Stored | None = None) -> Reply:
    """The alert as it stands now, with what was written about it only in one's own chat."""
    return read_beside(turn, lambda later: _as_it_stands(later, alert_id), effect)


def _as_it_stands(turn: Turn, alert_id: AlertId) -> Reply:
    view = alerts.alert(turn.acting, alert_id)
    return (
        turn.refusal(view, UNKNOWN) if isinstance(view, Refused) else Reply(card=alert_card(view, turn.say))
    )


def form(turn: Turn, draw: Callable[[AlertHead], Reply]) -> Reply:
    """What is drawn of the alert that the button names; of a small unit a form would tell what it is about."""
    head = alerts.head(turn.acting, pressed(turn))
    if isinstance(head, Refused):
        return turn.refusal(head, UNKNOWN)
    return fresh(turn, head.id) if head.kind is None else draw(head)


def take(turn: Turn) -> Reply:
    """The first to take it owns it; a later press shows who that is."""
    taken = ownership.take(turn.acting, pressed(turn))
    return refused(turn, taken) if isinstance(taken, Refused) else changed(turn, taken)


def refused(turn: Turn, why: Refused) -> Reply:
    return fresh(turn, pressed(turn)) if why.why == Why.DONE else turn.refusal(why, UNKNOWN)


def changed(turn: Turn, alert: Alert, **more: int) -> Reply:
    """What was done with the alert is stored, and this is how it stands."""
    return fresh(turn, alert.id, Stored("alert", {"alert": alert.id, **more}))


def done_meanwhile(turn: Turn, head: AlertHead) -> Reply:
    """What stands already, said beside the card, so that what is typed in it stays with the one who typed it."""
    say = turn.say
    if head.closed is not None:
        name, day = head.closed.by, municipal_day(head.closed.at)
        if name is None:
            return Reply(notice=say("alert.closed_by_method", day=day))
        return Reply(notice=say("desk.closed_meanwhile", number=head.number, name=name, day=day))
    if head.decided is None:
        return fresh(turn, head.id)
    made = decided(head.decided, say)
    return Reply(notice=say("desk.decided_meanwhile", number=head.number, decided=made, name=head.decided.by))


def show_numbered(turn: Turn) -> Reply:
    """`larm L-2`, by the number that its card has."""
    shown = _in_own_chat(turn, id_in(turn.said.rest) or AlertId(0))
    return when_read(turn, shown, lambda _, read: read if read.card else Reply(text=read.notice))


def open_own(turn: Turn) -> Reply:
    return _in_own_chat(turn, pressed(turn))


def _in_own_chat(turn: Turn, alert_id: AlertId) -> Reply:
    """The whole alert, which from the channel comes in the own chat of the one who asks."""
    if not turn.said.channel:
        return fresh(turn, alert_id)
    own = OwnAlert(alert_id)
    sent = ownership.send_to_own_chat(turn.acting, own.alert_id, own, turn.said.activity_id)
    if isinstance(sent, Refused):
        return turn.refusal(sent, UNKNOWN)
    filled_in = turn.said.press is not None and turn.said.press.filled_in
    return Reply(notice=turn.say("alert.done_in_own_chat" if filled_in else "alert.sent"))


def in_own_chat_if_small(dialog: Callable[[Turn], Reply]) -> Callable[[Turn], Reply]:
    """What is done with an alert on a small unit is done in one's own chat: its forms would tell what it is about."""

    def answered(turn: Turn) -> Reply:
        small = turn.said.channel and alerts.is_small(turn.acting, pressed(turn))
        return open_own(turn) if small else dialog(turn)

    return answered


def show_history(turn: Turn) -> Reply:
    """All that was done with the alert, a page at a time; what was written is never shown in the channel."""
    return history_card(turn, pressed(turn))


def history_card(turn: Turn, alert_id: AlertId) -> Reply:
    """With what was written as far as it is open to the reader."""
    say, start = turn.say, turn.press.number("start") or 0
    shown = alert_history.history(turn.acting, alert_id, start, size=HISTORY_PAGE)
    if isinstance(shown, Refused):
        return turn.refusal(shown, UNKNOWN)
    rest, following = shown.total - start - HISTORY_PAGE, {"alert": alert_id, "start": start + HISTORY_PAGE}
    more = (Button(say("list.more", n=rest), "alert_history", following),) if rest > 0 else ()
    parts: list[Part] = [
        Text(say("desk.history_of", number=shown.number), "title"),
        *(Text(sentence(one, say)) for one in shown.events),
        *where_to_read(alert_id, shown, say),
    ]
    return Reply(card=Card(say("alert.summary"), tuple(parts), (*more, back_to(alert_id, say))))


OFFERED = (
    Command(
        "show_alert",
        Conversation.ALERT_DESK,
        ("larm", "alert"),
        show_numbered,
        takes_words=True,
        listed=False,
        followed_by=NUMBER.pattern,
    ),
    Verb("show_alert", Conversation.ALERT_DESK, show),
    Verb("take_alert", Conversation.ALERT_DESK, take),
    Verb("open_alert", Conversation.ALERT_DESK, open_own),
    Verb("alert_history", Conversation.ALERT_DESK, show_history),
)
