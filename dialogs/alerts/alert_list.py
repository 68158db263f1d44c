"""The open alerts, a row each; the quality team opens them from there, and a manager only reads."""

from dialogs.alerts.alert_card import raised, title
from dialogs.alerts.small_alert import sight_of_alert
from dialogs.card import Button, Card, Item, Part, Text
from dialogs.forms.lists import page_of
from dialogs.forms.offered import Command, Verb
from dialogs.turn import Reply, Turn
from followup.people import Conversation, Role
from storage import people, units
from storage.alerts import alerts


def open_list(turn: Turn) -> Reply:
    """Open alerts with a button each, a page at a time; a manager sees them without buttons."""
    say = turn.say
    page, more = page_of(turn, alert_rows(turn), "alerts")
    parts = [Text(say("alerts.title"), "title"), *(page or [Text(say("alerts.none"), "good")])]
    return Reply(card=Card(say("alerts.title"), tuple(parts), more))


def alert_rows(turn: Turn) -> list[Part]:
    say, everyone = turn.say, people.everyone(turn.tx)
    rows: list[Part] = []
    for alert in alerts.open_alerts(turn.tx):
        unit = units.get(turn.tx, alert.unit_id)
        sight = sight_of_alert(turn.tx, alert, turn.acting.audience, turn.now)
        owner = everyone[alert.owner_id].name if alert.owner_id else say("alert.nobody_short")
        button = Button(say("alerts.open"), "show_alert", {"alert": alert.id})
        rows.append(
            Item(
                title(alert, unit, sight, say),
                say("alerts.row", raised=raised(alert, sight), owner=owner),
                button=button if turn.person.role == Role.QUALITY else None,
            )
        )
    return rows


OFFERED = (
    Command("alerts", Conversation.ALERTS, ("larm", "alerts"), open_list),
    Verb("alerts", Conversation.ALERTS, open_list),
)
