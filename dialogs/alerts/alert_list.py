"""The open alerts, a row each; the quality team opens them from there, and a manager only reads."""

from collections.abc import Sequence
from dataclasses import replace

from dialogs.alerts.alert_card import alert_row
from dialogs.card import Button, Card, Part, Text
from dialogs.forms.lists import at_most, narrowed_in, narrowed_parts, none_of, page_of, still_counting
from dialogs.forms.verbs import Command, Verb
from dialogs.turn import Reply, Turn
from followup.people import Conversation
from followup.questions.narrowed import NarrowedQuestion
from services.acting import Refused
from services.views.alerts import AlertHead, HistoryAlerts, OpenAlerts, open_alerts
from texts.catalogue import Texts

MOST_ROWS = 15


def open_list(turn: Turn, only: NarrowedQuestion | None = None) -> Reply:
    """Open alerts with a button each, a page at a time; a manager sees them without buttons."""
    say, only = turn.say, narrowed_in(turn, only)
    found = open_alerts(turn.acting, only)
    in_all = 0 if isinstance(found, Refused) else found.in_all
    # None for those who may not know of alerts.
    page, more = page_of(turn, () if isinstance(found, Refused) else found, "alerts", only.written())
    rows: list[Part] = [alert_row(one, say) for one in page]
    parts = [
        Text(say("alerts.title"), "title"),
        *narrowed_parts(only, say),
        *(rows or [none_of(only, in_all, say("alerts.none"), say)]),
        *still_counting(isinstance(found, OpenAlerts) and found.may_be_more, say),
    ]
    return Reply(card=Card(say("alerts.title"), tuple(parts), more))


def first_alerts(turn: Turn, most: int) -> list[Part]:
    """So many of them, how many more there are, or that there are none."""
    found = open_alerts(turn.acting)
    heads = () if isinstance(found, Refused) else found
    rows: list[Part] = [alert_row(one, turn.say) for one in heads[:most]]
    none = [] if rows else [Text(turn.say("alerts.none"), "good")]
    return at_most(most, rows or none, turn.say("alerts.all"), turn.say, of=max(len(heads), 1))


def history_card(found: HistoryAlerts, say: Texts, *, repeated: bool = False) -> Card:
    """What history that was read in gave rise to, in the place of a message about each."""
    again = [Text(say("alert.repeated", raised=found.read_on), "warning")] if repeated else []
    rows = [alert_row(head, say, since) for head, since in found.alerts]
    parts: tuple[Part, ...] = (
        Text(say("alerts.history"), "title"),
        *again,
        Text(say("alerts.history.about", n=len(found.alerts), day=found.read_on, first=found.first)),
        *at_most(MOST_ROWS, rows, say("alerts.all"), say),
    )
    return Card(say("alerts.history"), parts, (Button(say("alerts.title"), "alerts"),))


def again_card(untaken: Sequence[AlertHead], say: Texts, *, channel: bool) -> Card:
    """Several that nobody has taken, in one message; from a channel each opens in the own chat of the one who asks."""
    rows = [
        replace(alert_row(one, say), button=_open_own(one, say) if channel or one.handled else None)
        for one in untaken
    ]
    listed = at_most(MOST_ROWS, rows, say("alerts.all"), say)
    parts: tuple[Part, ...] = (Text(say("alerts.again", n=len(untaken)), "title"), *listed)
    return Card(say("alerts.title"), parts, (Button(say("alerts.title"), "alerts"),))


def _open_own(head: AlertHead, say: Texts) -> Button:
    return Button(say("alerts.open"), "open_alert", {"alert": head.id})


OFFERED = (
    Command("alerts", Conversation.ALERTS, ("larm", "alerts"), open_list),
    Verb("alerts", Conversation.ALERTS, open_list),
)
